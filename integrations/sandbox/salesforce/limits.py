"""What the org may still do: API calls in the last 24 hours, mails today.

Source: Salesforce Developer Limits and Allocations Quick Reference.
"""

from __future__ import annotations

from collections import deque
from datetime import UTC, datetime, timedelta
from typing import Final

DAY: Final = timedelta(hours=24)
#: What nothing here uses up.
_IDLE: Final = {
    "DailyBulkApiBatches": 15_000,
    "DailyBulkV2QueryJobs": 10_000,
    "DailyAsyncApexExecutions": 250_000,
    "HourlyPublishedPlatformEvents": 50_000,
    "DataStorageMB": 10_240,
    "FileStorageMB": 10_240,
}


class Limits:
    """Counts and allowances, by the clock of the world."""

    def __init__(self) -> None:
        self.api = 100_000
        #: Recipients a day of logged or templated mail, and of other mail.
        self.single_mail = 5_000
        self.other_mail = 1_000
        self._calls: deque[tuple[datetime, int]] = deque()
        self._used = 0
        self._mailed: dict[tuple[str, str], int] = {}

    def used(self, now: datetime) -> int:
        """API calls in the 24 hours before now."""
        while self._calls and self._calls[0][0] <= now - DAY:
            self._used -= self._calls.popleft()[1]
        return self._used

    def count(self, now: datetime) -> None:
        """One more API call."""
        second = now.replace(microsecond=0)
        if self._calls and self._calls[-1][0] == second:
            self._calls[-1] = (second, self._calls[-1][1] + 1)
        else:
            self._calls.append((second, 1))
        self._used += 1

    def mailed(self, now: datetime, kind: str, recipients: int = 0) -> int:
        """Recipients of this kind of mail on this day of Greenwich, after adding these."""
        key = (kind, now.astimezone(UTC).date().isoformat())
        self._mailed[key] = self._mailed.get(key, 0) + recipients
        return self._mailed[key]

    def header(self, now: datetime) -> str:
        """The value of ``Sforce-Limit-Info``."""
        return f"api-usage={self.used(now)}/{self.api}"

    def all(self, now: datetime) -> dict[str, tuple[int, int]]:
        """Every allowance by its name: the most, and what is used of it."""
        used = {
            "DailyApiRequests": (self.api, self.used(now)),
            "DailyWorkflowEmails": (self.other_mail, self.mailed(now, "workflow")),
            "SingleEmail": (self.single_mail, self.mailed(now, "single")),
        }
        return {**used, **{name: (most, 0) for name, most in _IDLE.items()}}
