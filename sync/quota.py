"""The share of the CRM's daily calls that a connection may use, counted for each day of the CRM.

It stands around every request, inside the pace that keeps below the limits per second: when the
budget is used up, or so little is left that others need it, work is parked until the day ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from integrations.contract import Usage, Wire
from integrations.errors import Park


@dataclass(kw_only=True)
class Budget:
    """Counts calls, and raises Park before the one that would be too many."""

    wire: Wire
    #: Percent of the daily limit that is ours, and that is left to others whoever used the rest.
    share: float
    reserve: float
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
    def most(self) -> int | None:
        """Our calls of one day; None where the CRM names no limit."""
        limit = self.usage().limit
        return None if limit is None else int(limit * self.share / 100)

    @property
    def left(self) -> int | None:
        """Our calls until the day ends."""
        usage, most = self.usage(), self.most
        if usage.limit is None or most is None:
            return None
        used = 0 if usage == self._yesterday else usage.used or 0
        others = usage.limit - used - int(usage.limit * self.reserve / 100)
        return max(0, min(most - self.calls, others))

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
        usage, most = self.usage(), self.most
        if most is not None and self.calls >= most:
            return f"today's budget of {most} calls is used ({self.share:g} % of {usage.limit})"
        return f"{usage.used} of {usage.limit} calls of today are used; the rest is for others"
