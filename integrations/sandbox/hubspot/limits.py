"""The rate limits of a portal, as its options set them.

Source: "API usage guidelines and limits"; for search, "CRM search". The windows of seconds are
real time; the day is the portal's, by the sandbox's clock.
"""

from __future__ import annotations

import time
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Final
from zoneinfo import ZoneInfo

from integrations.sandbox.clock import Clock
from integrations.sandbox.hubspot.errors import over_limit
from integrations.sandbox.hubspot.options import Options

#: Calls in ten seconds of an app that many portals have installed.
APP_BURST: Final = 110
SEARCHES: Final = 5
#: Calls about associations in ten seconds, on the cheaper subscriptions and on the others.
ASSOCIATIONS: Final = (100, 150)
#: The burst limit of the cheaper subscriptions.
STARTER_BURST: Final = 100


class Limit(Enum):
    """What a call is counted against, besides the day: the policy and its seconds."""

    APP = ("TEN_SECONDLY_ROLLING", 10.0, "app")
    ASSOCIATIONS = ("TEN_SECONDLY_ROLLING", 10.0, "associations")
    SEARCH = ("SECONDLY", 1.0, "search")

    @property
    def policy(self) -> str:
        """As a refusal names it."""
        return self.value[0]

    @property
    def seconds(self) -> float:
        """How long a call counts."""
        return self.value[1]


class Meter:
    """Counts calls, and refuses those over a limit. ``app``: a call with an OAuth token."""

    def __init__(
        self,
        clock: Clock,
        zone: ZoneInfo,
        options: Options,
        *,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self._zone = zone
        self._options = options
        self._ticks = ticks
        self._recent: defaultdict[tuple[Limit, bool], deque[float]] = defaultdict(deque)
        self._day: date | None = None
        self._today = 0

    @property
    def daily(self) -> int:
        """Calls that a day may have."""
        return self._options.number("daily_limit")

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

    def take(self, limit: Limit, *, app: bool = False) -> None:
        """Count a call; raises Refused with 429 where a limit is enforced and used up."""
        if self._options.on("rate_limits"):
            recent = self._window(limit, app=app)
            if not app and self.used >= self.daily:
                raise over_limit("DAILY")
            if len(recent) >= self._most(limit, app=app):
                raise over_limit(limit.policy)
            recent.append(self._ticks())
        if not app:
            self._today = self.used + 1

    def headers(self, limit: Limit, *, app: bool = False) -> Mapping[str, str]:
        """The rate-limit headers of an answer; a search has none, an app none for the day."""
        if limit is Limit.SEARCH:
            return {}
        found: dict[str, str] = {}
        if not app:
            found["X-HubSpot-RateLimit-Daily"] = str(self.daily)
            found["X-HubSpot-RateLimit-Daily-Remaining"] = str(max(0, self.daily - self.used))
        if self._options.on("rate_limits"):
            most = self._most(limit, app=app)
            left = most - len(self._window(limit, app=app))
            found["X-HubSpot-RateLimit-Interval-Milliseconds"] = str(int(limit.seconds * 1000))
            found["X-HubSpot-RateLimit-Max"] = str(most)
            found["X-HubSpot-RateLimit-Remaining"] = str(max(0, left))
        return found

    def _most(self, limit: Limit, *, app: bool) -> int:
        burst = self._options.number("burst_limit")
        if limit is Limit.SEARCH:
            return SEARCHES
        if limit is Limit.ASSOCIATIONS:
            return ASSOCIATIONS[burst > STARTER_BURST]
        return APP_BURST if app else burst

    def _window(self, limit: Limit, *, app: bool) -> deque[float]:
        # All apps of a portal share the limit of searches.
        recent = self._recent[limit, app and limit is not Limit.SEARCH]
        earliest = self._ticks() - limit.seconds
        while recent and recent[0] <= earliest:
            recent.popleft()
        return recent

    def _now(self) -> datetime:
        return self._clock.now().astimezone(self._zone)
