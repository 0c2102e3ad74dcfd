"""The plan's only view of time, so that it always knows when it will change its mind."""

from __future__ import annotations

from datetime import datetime


class Horizon:
    """Answers "is it time yet?" and remembers the nearest moment at which an answer changes."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self.wake_at: datetime | None = None

    def reached(self, moment: datetime) -> bool:
        """Whether ``moment`` has come."""
        if moment <= self._now:
            return True
        if self.wake_at is None or moment < self.wake_at:
            self.wake_at = moment
        return False
