"""The share of the CRM's daily calls that a connection may use, counted for each day of the CRM.

It stands around every request, inside the pace that keeps below the limits per second: when the
budget is used up, or so little is left that others need it, work is parked until the day ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from integrations.contract import Usage, Wire
from integrations.errors import Park

#: How long a connection stands still where the CRM does not say when its limit resets.
PARKED: Final = timedelta(hours=1)


@dataclass(kw_only=True)
class Budget:
    """Counts calls, and raises Park before the one that would be too many."""

    wire: Wire
    #: Percent of the daily limit that is ours, and that is left to others whoever used the rest.
    share: float
    reserve: float
    #: Calls of one day where the CRM names no limit; None: nobody has said.
    daily: int | None = None
    usage: Callable[[], Usage] = Usage
    day: date | None = None
    calls: int = 0
    _ends: datetime | None = field(default=None, init=False)
    _free: bool = field(default=False, init=False)
    #: What the last answer of the day before said.
    _yesterday: Usage | None = field(default=None, init=False)

    def turn(self, now: datetime, zone: ZoneInfo) -> None:
        """Begin to count anew when the CRM's day has ended."""
        today = now.astimezone(zone).date()
        if today != self.day:
            self.day, self.calls, self._yesterday = today, 0, self.usage()
        self._ends = datetime.combine(today + timedelta(days=1), time(), zone)

    def resume(self, day: str | None, calls: int) -> None:
        """Go on from what was counted before the service was started."""
        if day:
            self.day, self.calls = date.fromisoformat(day), self.calls + calls

    @property
    def ends(self) -> datetime | None:
        """When the CRM's day ends; None before it has begun."""
        return self._ends

    @property
    def limit(self) -> int | None:
        """Everybody's calls of one day: as the CRM says, else as we were told; None: unknown."""
        said = self.usage().limit
        return self.daily if said is None else said

    @property
    def most(self) -> int | None:
        """Our calls of one day; None where there is no limit that we know of."""
        return None if self.limit is None else int(self.limit * self.share / 100)

    @property
    def left(self) -> int | None:
        """Our calls until the day ends."""
        limit, most = self.limit, self.most
        if limit is None or most is None:
            return None
        others = limit - self._used - int(limit * self.reserve / 100)
        return max(0, min(most - self.calls, others))

    @property
    def _used(self) -> int:
        """Everybody's calls of today, as far as we know; of others, only the CRM can tell."""
        usage = self.usage()
        if usage.limit is None:
            return self.calls
        return 0 if usage == self._yesterday else usage.used or 0

    @contextmanager
    def around(self, operation: str) -> Iterator[None]:
        """Enter before a request; raises Park instead of letting it out."""
        if self._ends is not None and self.left == 0 and not self._free:
            raise Park(self._words(), until=self._ends)
        self.calls += 1
        with self.wire(operation):
            yield

    @contextmanager
    def free(self) -> Iterator[None]:
        """Let out what is asked inside, whatever is left; it counts all the same."""
        self._free = True
        try:
            yield
        finally:
            self._free = False

    def _words(self) -> str:
        if self.most is not None and self.calls >= self.most:
            share = f"{self.share:g} % of {self.limit}"
            return f"today's budget of {self.most} calls is used ({share})"
        return f"{self._used} of {self.limit} calls of today are used; the rest is for others"
