"""What the org may still do: API calls in the last 24 hours, mails today.

Source: Salesforce Developer Limits and Allocations Quick Reference; REST API Developer Guide,
"Limits".
"""

from __future__ import annotations

from collections import deque
from datetime import UTC, datetime, timedelta
from typing import Final

DAY: Final = timedelta(hours=24)
#: Batches of bulk jobs in 24 hours.
BATCHES: Final = 15_000
#: What nothing here uses up.
_IDLE: Final = {
    "AnalyticsExternalDataSizeMB": 40_960,
    "ConcurrentAsyncGetReportInstances": 200,
    "ConcurrentSyncReportRuns": 20,
    "DailyAnalyticsDataflowJobExecutions": 60,
    "DailyAnalyticsUploadedFilesSizeMB": 51_200,
    "DailyAsyncApexExecutions": 250_000,
    "DailyBulkV2QueryFileStorageMB": 976_562,
    "DailyBulkV2QueryJobs": 10_000,
    "DailyDeliveredPlatformEvents": 50_000,
    "DailyDurableGenericStreamingApiEvents": 10_000,
    "DailyDurableStreamingApiEvents": 10_000,
    "DailyGenericStreamingApiEvents": 10_000,
    "DailyStandardVolumePlatformEvents": 10_000,
    "DailyStreamingApiEvents": 10_000,
    "DataStorageMB": 10_240,
    "DurableStreamingApiConcurrentClients": 20,
    "FileStorageMB": 10_240,
    "HourlyAsyncReportRuns": 1_200,
    "HourlyDashboardRefreshes": 200,
    "HourlyDashboardResults": 5_000,
    "HourlyDashboardStatuses": 999_999_999,
    "HourlyLongTermIdMapping": 100_000,
    "HourlyManagedContentPublicRequests": 50_000,
    "HourlyODataCallout": 20_000,
    "HourlyPublishedPlatformEvents": 50_000,
    "HourlyPublishedStandardVolumePlatformEvents": 1_000,
    "HourlyShortTermIdMapping": 100_000,
    "HourlySyncReportRuns": 500,
    "HourlyTimeBasedWorkflow": 1_000,
    "MassEmail": 5_000,
    "MonthlyPlatformEventsUsageEntitlement": 0,
    "Package2VersionCreates": 6,
    "PermissionSets": 1_500,
    "StreamingApiConcurrentClients": 20,
}


class Window:
    """What was used in the last 24 hours."""

    def __init__(self) -> None:
        self._uses: deque[tuple[datetime, int]] = deque()
        self._sum = 0

    def used(self, now: datetime) -> int:
        """The uses in the 24 hours before now."""
        while self._uses and self._uses[0][0] <= now - DAY:
            self._sum -= self._uses.popleft()[1]
        return self._sum

    def add(self, now: datetime, uses: int = 1) -> None:
        """More of it; those of one second are kept together."""
        second = now.replace(microsecond=0)
        same = bool(self._uses) and self._uses[-1][0] == second
        before = self._uses.pop()[1] if same else 0
        self._uses.append((second, before + uses))
        self._sum += uses


class Limits:
    """Counts and allowances, by the clock of the world."""

    def __init__(self) -> None:
        self.api = 100_000
        #: Recipients a day of logged or templated mail, and of other mail.
        self.single_mail = 5_000
        self.other_mail = 1_000
        #: API calls, and batches of bulk jobs.
        self.calls = Window()
        self.batches = Window()
        self._mailed: dict[tuple[str, str], int] = {}

    def mailed(self, now: datetime, kind: str, recipients: int = 0) -> int:
        """Recipients of this kind of mail on this day of Greenwich, after adding these."""
        key = (kind, now.astimezone(UTC).date().isoformat())
        self._mailed[key] = self._mailed.get(key, 0) + recipients
        return self._mailed[key]

    def header(self, now: datetime) -> str:
        """The value of ``Sforce-Limit-Info``."""
        return f"api-usage={self.calls.used(now)}/{self.api}"

    def all(self, now: datetime) -> dict[str, tuple[int, int]]:
        """Every allowance by its name: the most, and what is used of it."""
        used = {
            "DailyApiRequests": (self.api, self.calls.used(now)),
            "DailyBulkApiBatches": (BATCHES, self.batches.used(now)),
            "DailyWorkflowEmails": (self.other_mail, self.mailed(now, "workflow")),
            "SingleEmail": (self.single_mail, self.mailed(now, "single")),
        }
        return {**used, **{name: (most, 0) for name, most in _IDLE.items()}}
