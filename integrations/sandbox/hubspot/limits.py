"""The rate limits of a service key on a Professional portal.

Source: "API usage guidelines and limits"; for search, "CRM search". The windows of seconds are
real time; the day is the portal's, by the sandbox's clock.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from integrations.sandbox.clock import Clock
from integrations.sandbox.hubspot.errors import over_limit


@dataclass(frozen=True, kw_only=True)
class Window:
    """At most ``most`` calls in any ``seconds``."""

    policy: str
    most: int
    seconds: float


class Limit(Enum):
    """What a call is counted against, besides the day."""

    APP = Window(policy="TEN_SECONDLY_ROLLING", most=190, seconds=10)
    ASSOCIATIONS = Window(policy="TEN_SECONDLY_ROLLING", most=150, seconds=10)
    SEARCH = Window(policy="SECONDLY", most=5, seconds=1)


class Meter:
    """Counts calls, and refuses those over a limit."""

    def __init__(
        self,
        clock: Clock,
        zone: ZoneInfo,
        *,
        daily: int = 625_000,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self.daily = daily
        self._clock = clock
        self._zone = zone
        self._ticks = ticks
        self._recent: dict[Limit, deque[float]] = {limit: deque() for limit in Limit}
        self._day: date | None = None
        self._today = 0

    @property
    def used(self) -> int:
        """Calls of today, as the portal counts days."""
        today = self._now().date()
        if today != self._day:
            self._day, self._today = today, 0
        return self._today

    @property
    def resets_at(self) -> datetime:
        """The next midnight of the portal."""
        tomorrow = self._now().date() + timedelta(days=1)
        return datetime.combine(tomorrow, datetime.min.time(), self._zone)

    def take(self, limit: Limit, *, enforced: bool) -> None:
        """Count a call; raises Refused with 429 where a limit is enforced and used up."""
        if enforced:
            recent, window = self._window(limit), limit.value
            if self.used >= self.daily:
                raise over_limit("DAILY")
            if len(recent) >= window.most:
                raise over_limit(window.policy)
            recent.append(self._ticks())
        self._today = self.used + 1

    def headers(self, limit: Limit, *, enforced: bool) -> Mapping[str, str]:
        """The rate-limit headers of an answer; a search has none."""
        if limit is Limit.SEARCH:
            return {}
        found = {
            "X-HubSpot-RateLimit-Daily": str(self.daily),
            "X-HubSpot-RateLimit-Daily-Remaining": str(max(0, self.daily - self.used)),
        }
        if enforced:
            window = limit.value
            found |= {
                "X-HubSpot-RateLimit-Interval-Milliseconds": str(int(window.seconds * 1000)),
                "X-HubSpot-RateLimit-Max": str(window.most),
                "X-HubSpot-RateLimit-Remaining": str(window.most - len(self._window(limit))),
            }
        return found

    def _window(self, limit: Limit) -> deque[float]:
        recent, earliest = self._recent[limit], self._ticks() - limit.value.seconds
        while recent and recent[0] <= earliest:
            recent.popleft()
        return recent

    def _now(self) -> datetime:
        return self._clock.now().astimezone(self._zone)
