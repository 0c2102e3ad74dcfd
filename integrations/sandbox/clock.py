"""The sandbox's time: the real one, or one that stands still until it is moved."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_SPAN = re.compile(r"(\d{1,6})\s*(second|minute|hour|day|week)s?")


def span(text: str) -> timedelta:
    """``90 seconds``, ``2 days``, ``1 week``; raises ValueError with the mend."""
    match = _SPAN.fullmatch(text.strip().lower())
    if not match:
        raise ValueError(f"{text!r} is no length of time; write 90 minutes or 2 days")
    return timedelta(**{f"{match[2]}s": int(match[1])})


class Clock:
    """Time in UTC. A manual clock moves only by :meth:`set` and :meth:`advance`."""

    def __init__(self, *, manual: datetime | None = None) -> None:
        self._manual = manual

    @property
    def manual(self) -> bool:
        """Whether the clock stands still by itself."""
        return self._manual is not None

    def now(self) -> datetime:
        """The time, aware, in UTC."""
        return self._manual or datetime.now(UTC)

    def set(self, moment: datetime) -> None:
        """Stand at this moment from now on. Time may go back: people want that in trials."""
        if moment.tzinfo is None:
            raise ValueError("the clock needs a time zone: 2026-03-02T09:00:00Z")
        self._manual = moment.astimezone(UTC)

    def advance(self, by: timedelta) -> None:
        """Move a manual clock; a real one becomes manual."""
        self.set(self.now() + by)

    def run(self) -> None:
        """Follow real time again."""
        self._manual = None
