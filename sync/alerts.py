"""Tells somebody outside when a connection stands still, and when it goes on again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from integrations import beacon
from sync.place import called, kind
from sync.store.connections import Standing

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Alert:
    """What is said about one connection."""

    connection: str
    #: Whether it is production; None: it has never signed in.
    kind: str | None
    #: ``stands_still`` or ``works_again``.
    state: str
    words: str
    at: datetime

    @property
    def as_json(self) -> Mapping[str, str | None]:
        """What is posted; ``text`` is what chat tools show."""
        return {
            "service": "aurevoir",
            "connection": self.connection,
            "kind": self.kind,
            "state": self.state,
            "text": f"Aurevoir: {called(self.connection, self.kind)} {self.words}",
            "at": self.at.isoformat(),
        }


def standstill(standing: Standing | None, begun: datetime, now: datetime, after: timedelta) -> str:
    """Why a connection counts as standing still, or nothing. Pure.

    A pause of everything is somebody's will; one that is parked waits for a limit to reset.
    """
    if standing is not None and standing.paused == "all":
        return ""
    if standing is not None and standing.held:
        return f"is held: {standing.held}"
    if standing is not None and standing.parked_until and now < standing.parked_until:
        return ""
    last = max(filter(None, (begun, standing.cycle_at if standing else None)))
    if now - last < after:
        return ""
    why = standing.trouble if standing and standing.trouble else "no cycle has ended"
    return f"stands still since {last:%Y-%m-%d %H:%M} UTC: {why}"


@dataclass(kw_only=True)
class Alerts:
    """Posts each change once; what did not arrive is posted again."""

    url: str | None
    heartbeat: str | None
    after: timedelta
    #: When the service began.
    begun: datetime
    post: Callable[[str, Mapping[str, str | None]], bool] = beacon.post
    ping: Callable[[str], bool] = beacon.ping
    _down: set[str] = field(default_factory=set)

    def look(self, standings: Iterable[tuple[str, Standing | None]], now: datetime) -> None:
        """Say what has changed since the last look, and that we are alive."""
        if self.heartbeat and not self.ping(self.heartbeat):
            log.warning("the heartbeat was not heard")
        for name, standing in standings:
            why = standstill(standing, self.begun, now, self.after)
            if why and name not in self._down:
                alert = Alert(
                    connection=name, kind=kind(standing), state="stands_still", words=why, at=now
                )
                if self._said(alert):
                    self._down.add(name)
            elif not why and name in self._down:
                words = "works again"
                alert = Alert(
                    connection=name, kind=kind(standing), state="works_again", words=words, at=now
                )
                if self._said(alert):
                    self._down.discard(name)

    def _said(self, alert: Alert) -> bool:
        log.warning("alert", state=alert.state, words=alert.words, of=alert.connection)
        if self.url is None or self.post(self.url, alert.as_json):
            return True
        log.warning("the alert was not taken")
        return False
