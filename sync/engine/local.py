"""The service on one machine: `schedule` as the metronome, a thread for each connection.

The metronome only says "do what is due according to the store": a missed tick is caught by the
next, and a restart loses nothing. A job that raises never starves the others.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from traceback import extract_tb
from typing import Final

import schedule
import structlog

from integrations.errors import CrmError, Reauthorise
from mappings.findings import MappingError
from mappings.loaded import Loaded
from mappings.seats import Directory
from sync import clock, metrics
from sync.alerts import Alerts
from sync.connection import Connection
from sync.engine.jobs import Cycle, cycle, parked, refresh, waits
from sync.forecast import REFRESH
from sync.store.connections import Standing, WrongOrgError
from sync.store.database import DatabaseError, StoreGoneError
from sync.store.troubles import told

log = structlog.get_logger(__name__)

#: After trouble, the next look waits longer and longer, up to this.
PATIENCE: Final = timedelta(minutes=15)
#: Seconds. A tick is never so far ahead, unless somebody has set the machine's clock back.
BEHIND: Final = 5


@dataclass(kw_only=True)
class Line:
    """One connection in the service: how to open it, and how it fares."""

    name: str
    poll: timedelta
    open: Callable[[], Connection]
    #: Reads the mapping file again.
    load: Callable[[], Loaded]
    connection: Connection | None = None
    #: A changed mapping that the CRM cannot follow; it is not tried again before the next refresh.
    refused: Loaded | None = None
    refreshed_at: datetime | None = None
    next_at: datetime | None = None
    failures: int = 0
    running: Future[None] | None = None


@dataclass(kw_only=True)
class Local:
    """Runs until it is stopped. Times are the machine's own; what is due, the CRM's clock says."""

    lines: Mapping[str, Line]
    #: How a connection fares by the store.
    standing: Callable[[str], Standing | None] = lambda _: None
    alerts: Alerts | None = None
    #: How often somebody outside is told.
    every: timedelta = timedelta(minutes=5)
    now: Callable[[], datetime] = clock.system
    stopping: threading.Event = field(default_factory=threading.Event)
    #: Why nothing more can be kept.
    lost: StoreGoneError | None = None
    #: Rings when there may be something to do before the next tick.
    bell: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Work until :meth:`stop`; the call in flight is finished.

        Raises StoreGoneError where the store is lost, and with it what has been done.
        """
        metronome = schedule.Scheduler()
        # One thread more than connections: what is told outside waits for none of them.
        with ThreadPoolExecutor(len(self.lines) + 1, thread_name_prefix="connection") as pool:
            for line in self.lines.values():
                metronome.every(1).seconds.do(self._tick, pool, line)
            if self.alerts:
                seconds = max(1, int(self.every.total_seconds()))
                metronome.every(seconds).seconds.do(pool.submit, self._tell, self.alerts)
            metronome.run_all()
            while not self.stopping.is_set():
                if self.bell.wait(max(0.05, min(metronome.idle_seconds or 0, 1.0))):
                    self.bell.clear()
                    metronome.run_all()
                if (metronome.idle_seconds or 0) > BEHIND:  # the clock was set back
                    metronome.run_all()
                metronome.run_pending()
        log.info("stopped")
        if self.lost:
            raise self.lost

    def clock(self, name: str) -> datetime:
        """The time that a connection goes by, as far as it is known."""
        connection = self.lines[name].connection
        return connection.clock() if connection else self.now()

    def directory(self, name: str) -> Directory:
        """Who works at the CRM of a connection, as was read last."""
        connection = self.lines[name].connection
        return connection.rules.directory if connection else Directory.of(())

    def stop(self) -> None:
        """Finish what is on the wire, then return from :meth:`run`."""
        self.stopping.set()
        self.bell.set()

    def wake(self, name: str) -> None:
        """The CRM of a connection has told of something: look as soon as it is at rest."""
        log.debug("woken", connection=name)
        self.bell.set()

    def _tick(self, pool: ThreadPoolExecutor, line: Line) -> None:
        if line.running and not line.running.done():
            return
        now = self.now()
        # Further ahead than it was ever set: the clock was set back.
        back = line.next_at is not None and line.next_at - now > max(line.poll, PATIENCE)
        if line.next_at is None or now >= line.next_at or back or self._due(line):
            line.running = pool.submit(self._work, line)

    def _tell(self, alerts: Alerts) -> None:
        """Wrapped as everything is; a store that cannot be read leaves the heartbeat out."""
        try:
            alerts.look(
                [(line.name, self.standing(line.name)) for line in self.lines.values()], self.now()
            )
        except Exception:  # the next tick tries again
            log.exception("alerts failed")

    def _due(self, line: Line) -> bool:
        """Whether a case or a postponed write wants attention before the next poll."""
        connection = line.connection
        if connection is None or line.failures:
            return False
        now = connection.clock()
        try:
            return any(moment <= now for moment in waits(connection))
        except DatabaseError:
            return False  # the next poll says so
        except StoreGoneError:
            return True  # and the work finds out

    def _work(self, line: Line) -> None:
        """One cycle, wrapped: whatever happens is logged, and the line goes on."""
        with structlog.contextvars.bound_contextvars(connection=line.name):
            try:
                self._cycle(line)
                line.failures = 0
            except CrmError as problem:
                self._trouble(line, problem.name, problem.words, again=problem)
            except (MappingError, WrongOrgError) as problem:
                self._trouble(line, "refused", str(problem), again=None)
            except StoreGoneError as problem:
                self.lost = problem
                self.stop()
            except DatabaseError as problem:
                line.failures = 0  # it is asked again soon: nobody's limit is spent by that
                self._trouble(line, "store", told(problem), again=None)
            except Exception as problem:  # one connection must not stop the others
                self._trouble(line, type(problem).__name__.lower(), str(problem), again=None)
                log.exception("a job failed")
                self._unforeseen(line, problem)
            wait = min(line.poll * 2**line.failures, max(line.poll, PATIENCE))
            line.next_at = self.now() + wait

    def _cycle(self, line: Line) -> None:
        if line.connection is None:
            line.connection = line.open()
            line.refreshed_at = self.now()
            identity = line.connection.identity
            log.info("signed in", org=identity.org, name=identity.name, kind=identity.kind)
        elif fresh := _reopened(line, line.connection):
            line.connection, line.refreshed_at = fresh, self.now()
        elif self._stale(line) and not parked(line.connection):
            refresh(line.connection)
            line.refused, line.refreshed_at = None, self.now()
        done = cycle(line.connection, stop=self.stopping.is_set)
        _count(line.name, done)
        if done.opened or done.writes or done.failed or done.held or done.parked_until:
            log.info("cycle", **{k: v for k, v in done.as_json.items() if v})

    def _stale(self, line: Line) -> bool:
        if line.refreshed_at is None:
            return True
        return not timedelta() <= self.now() - line.refreshed_at < REFRESH

    def _trouble(self, line: Line, name: str, words: str, *, again: CrmError | None) -> None:
        line.failures += 1
        if isinstance(again, Reauthorise):
            line.connection = None
        metrics.TROUBLE.labels(connection=line.name, problem=name).inc()
        log.warning("trouble", problem=name, words=words, failures=line.failures)

    def _unforeseen(self, line: Line, problem: Exception) -> None:
        """Say where people look that something failed which nobody has thought of."""
        frame = extract_tb(problem.__traceback__)[-1]
        place = f"{Path(frame.filename).name}:{frame.lineno}"
        why = f"something unforeseen has happened ({type(problem).__name__} at {place})"
        with suppress(Exception):  # it is in the log already
            if line.connection:
                line.connection.stands_still(f"{why}; it is tried again, and the log says more")


def _reopened(line: Line, connection: Connection) -> Connection | None:
    """The connection under a changed mapping; a bad one is refused, and the old stays in force."""
    loaded = None
    try:
        loaded = line.load()
        if loaded == connection.loaded:
            line.refused = connection.refusal = None  # somebody has taken the change back
        if loaded in (connection.loaded, line.refused):
            return None
        fresh = line.open()
    except MappingError as problem:
        line.refused = loaded
        first, *more = str(problem).splitlines()
        others = f" ({len(more)} more: `aurevoir check`)" if more else ""
        why = "the changed mapping is refused, and the one from before stays in force"
        connection.refusal = f"{why}: {first}{others}"
        log.warning("the mapping was changed and is refused", words=str(problem))
        return None
    log.info("the mapping was changed", version=fresh.programme.version)
    return fresh


def _count(name: str, done: Cycle) -> None:
    metrics.CYCLES.labels(connection=name).inc()
    metrics.LAST_CYCLE.labels(connection=name).set_to_current_time()
    metrics.OPENED.labels(connection=name).inc(done.opened)
    metrics.WRITES.labels(connection=name).inc(done.writes)
    metrics.FAILED.labels(connection=name).inc(done.failed)
