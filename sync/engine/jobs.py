"""The jobs of a connection: each does what is due according to the store, and may be repeated."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from integrations.errors import CrmError, Drift, Park
from mappings.drift import vital
from sync.connection import Connection
from sync.deliver import Delivered, deliver, recover
from sync.failures import asked_again, heal, retry
from sync.hints import look_at_hints
from sync.moving import carry_out
from sync.notices import take_notices
from sync.planning import plan_awake
from sync.quota import PARKED
from sync.readback import read_back
from sync.refill import give_back, watch_gone
from sync.removals import look_for_removals
from sync.shipping import ship
from sync.store.cases import NEW
from sync.store.connections import Standing
from sync.triggers import look_at_triggers
from sync.watch import watch_customers
from sync.weekly import next_digest, plan_weeks


@dataclass(kw_only=True)
class Cycle:
    """What one cycle of a connection came to."""

    #: Changed customers that were looked at.
    seen: int = 0
    opened: int = 0
    #: In the stage since before the watch began.
    old: int = 0
    baseline: bool = False
    #: Tasks that people completed.
    done: int = 0
    planned: int = 0
    writes: int = 0
    failed: int = 0
    #: Why nothing was written, if something could have been.
    held: str | None = None
    paused: str | None = None
    #: Everything was done but the writes.
    shadow: bool = False
    parked_until: datetime | None = None

    @property
    def as_json(self) -> dict[str, Any]:
        """For ``--json`` and the log."""
        until = self.parked_until
        return {**asdict(self), "parked_until": until.isoformat() if until else None}


def cycle(connection: Connection, *, stop: Callable[[], bool] = bool, write: bool = True) -> Cycle:
    """Watch, read back, plan and deliver until nothing is due; ``write=False`` stops before that.

    Raises CrmError when the CRM cannot be worked with; what was found by then is kept.
    """
    done = Cycle()
    if until := parked(connection):
        done.parked_until = until
        return done
    standing = _standing(connection)
    _turn(connection)
    _shade(connection, standing)
    done.shadow = connection.shadow
    writes = write and not connection.shadow
    try:
        if connection.stale or (writes and asked_again(connection)):
            refresh(connection)
        if not connection.healed:
            # It may have been mended while we were not there, or by another mapping.
            heal(connection, connection.clock())
            connection.healed = True
        try:
            _cycle(connection, done, stop, write=writes)
        except Drift:
            if not _changed(connection):
                raise
            _cycle(connection, done, stop, write=writes)
    except Park as problem:
        done.parked_until = _park(connection, problem)
        return done
    except CrmError as problem:
        _note(connection, trouble=problem.words, trouble_at=connection.clock())
        raise
    finally:
        _count(connection)
    if standing.remembered != connection.fitness.remembered:
        with connection.store.transaction("jobs remember") as tables:
            tables.connections.remember(connection.name, connection.fitness.remembered)
    _note(
        connection,
        cycle_at=connection.clock(),
        trouble=None,
        parked_until=None,
        drift="\n".join(connection.fitness.told) or None,
        notes="\n".join((*filter(None, [connection.refusal]), *connection.fitness.noted)) or None,
    )
    return done


def _changed(connection: Connection) -> bool:
    """Whether the CRM is set up in another way than we knew; then the same may work after all."""
    before = connection.org
    refresh(connection)
    return connection.org != before


def parked(connection: Connection) -> datetime | None:
    """Until when a used-up limit keeps the connection still; None: it does not."""
    until = _standing(connection).parked_until
    if until and connection.clock() < until:
        connection.hear_time()
    return until if until and connection.clock() < until else None


def _park(connection: Connection, problem: Park) -> datetime:
    now = connection.clock()
    until = problem.until or now + PARKED
    _note(connection, parked_until=until, trouble=problem.words, trouble_at=now)
    return until


def _shade(connection: Connection, standing: Standing) -> None:
    """Enter or leave shadow mode; what was due in it is planned again, and mailed to nobody."""
    if connection.shadow == standing.shadow:
        return
    now = connection.clock()
    _note(connection, shadow=connection.shadow, live_since=None if connection.shadow else now)
    if not connection.shadow:
        connection.goes_live(now)
        with connection.store.transaction("jobs live") as tables:
            tables.cases.wake_all(connection.name, now)


def _turn(connection: Connection) -> None:
    if connection.budget:
        connection.budget.turn(connection.clock(), connection.rules.zone)


def _count(connection: Connection) -> None:
    """Keep what the day has cost so far."""
    budget, usage = connection.budget, connection.crm.usage()
    _note(
        connection,
        calls_on=budget.day.isoformat() if budget and budget.day else None,
        calls=budget.calls if budget else 0,
        used=usage.used,
        allowed=budget.limit if budget else usage.limit,
    )


def _cycle(connection: Connection, done: Cycle, stop: Callable[[], bool], *, write: bool) -> None:
    if write:
        retry(connection, connection.clock())
    watch_gone(connection)
    recover(connection, connection.clock())
    done.opened += look_at_hints(connection) + take_notices(connection)
    for watch in connection.programme.watch:
        watched = watch_customers(connection, watch)
        done.seen += watched.records
        done.opened += watched.opened
        done.old += watched.old
        done.baseline = done.baseline or watched.baseline
    done.opened += look_at_triggers(connection)
    done.done = read_back(connection).done
    look_for_removals(connection)
    now = connection.clock()
    ship(connection, now)
    _brake_entries(connection, now)
    woken = _new_mapping(connection, now)
    moved = carry_out(connection, now)
    planned = plan_awake(connection, now)
    done.planned = planned.cases
    plan_weeks(connection, now)
    if woken:
        touched = len(planned.changed - moved)  # somebody has looked at what is moved
        _brake(connection, touched, f"the new mapping changes {touched} open cases", now)
    while write and not stop():
        standing = _standing(connection)
        done.held, done.paused = standing.held, standing.paused
        if standing.held or standing.paused == "all":
            return
        give_back(connection)
        delivered = _deliver(connection, now, standing, stop)
        done.writes += delivered.writes
        done.failed += delivered.failed
        again = plan_awake(connection, now)
        done.planned += again.cases
        if not delivered.writes and not again.changed:
            return


def _deliver(
    connection: Connection, now: datetime, standing: Standing, stop: Callable[[], bool]
) -> Delivered:
    def halted() -> bool:
        current = _standing(connection)
        return stop() or bool(current.held) or current.paused != standing.paused

    return deliver(connection, now, outward=standing.paused is None, stop=halted)


def _new_mapping(connection: Connection, now: datetime) -> bool:
    """Whether the mapping has changed; then every open case is planned again."""
    version = connection.programme.version
    before = _standing(connection).programme
    if before == version:
        return False
    with connection.store.transaction("jobs mapping") as tables:
        tables.connections.set(connection.name, programme=version)
        if before is not None:
            tables.cases.wake_all(connection.name, now)
    return before is not None


def _brake_entries(connection: Connection, now: datetime) -> None:
    """Count what has never been planned, so that a crash after the watch releases no brake."""
    with connection.store.reading() as tables:
        entered = tables.cases.count(connection.name).get(NEW, 0)
    _brake(connection, entered, f"{entered} customers entered the stage at once", now)


def _brake(connection: Connection, many: int, reason: str, now: datetime) -> None:
    """Hold all writes if too much has happened at once: mass updates and imports do happen."""
    brake = connection.programme.brake
    if many <= brake.cases:
        return  # and the customers need no counting
    with connection.store.reading() as tables:
        customers = tables.watches.customers(connection.name)
    most = max(brake.cases, math.ceil(customers * brake.percent / 100))
    if many > most:
        _note(connection, held=f"{reason}; the brake is set to {most}", held_at=now)


def refresh(connection: Connection) -> None:
    """Read again what changes seldom; open cases are planned again if somebody left, say.

    Raises Drift where something is gone that nothing can work without.
    """
    _turn(connection)
    before = connection.org
    try:
        connection.refresh()
    except Park as limit:
        _park(connection, limit)
        raise
    if stops := vital(connection.loaded, connection.org, public_url=connection.links.address):
        problem = Drift(stops[0].told)
        _note(connection, trouble=problem.words, trouble_at=connection.clock())
        raise problem
    if connection.org != before:
        heal(connection, connection.clock())
        with connection.store.transaction("jobs refresh") as tables:
            tables.cases.wake_all(connection.name, connection.clock())


def waits(connection: Connection) -> Iterator[datetime]:
    """When the next case wants to be planned, a write tried again, or somebody asks."""
    with connection.store.reading() as tables:
        asked = tables.requests.open(connection.name) or tables.hints.of(connection.name)
        moments = (
            tables.cases.next_wake(connection.name),
            tables.ledger.next_due(connection.name),
            connection.clock() if asked else None,
        )
    yield from (moment for moment in moments if moment is not None)
    yield from next_digest(connection)


def _standing(connection: Connection) -> Standing:
    with connection.store.reading() as tables:
        found = tables.connections.get(connection.name)
    assert found is not None
    return found


def _note(connection: Connection, **values: Any) -> None:
    with connection.store.transaction("jobs note") as tables:
        tables.connections.set(connection.name, **values)
