"""How far a watch has come, at two speeds, in CRM time only. Pure.

CRMs show changes late: a search index lags, a long transaction commits with an older time. So a
little of what was read is read again (``OVERLAP``), and what comes twice does no harm. After a mass
update that would be many pages at every look; then the quick looks read only what is newest, and
one slow look confirms the rest when the overlap has passed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

#: Longer than any lag that is known of (Salesforce: bulk batches run for up to 5 minutes).
OVERLAP: Final = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class Watermark:
    """Between looks. Everything before ``low`` is confirmed, everything before ``at`` was seen."""

    at: datetime
    low: datetime
    #: Set after a mass update: only from then on is everything since ``low`` read again.
    confirm_at: datetime | None = None
    #: In the middle of a look: where it began, when (CRM time), and the last record it has passed.
    since: datetime | None = None
    begun_at: datetime | None = None
    passed: tuple[str, ...] = ()
    #: Records of this look that will be read again at the next one.
    recent: int = 0

    @classmethod
    def read(cls, cursor: str) -> Watermark:
        """From a cursor's text."""
        raw = json.loads(cursor)
        moments = {n: datetime.fromisoformat(raw[n]) for n in _MOMENTS if raw.get(n)}
        return cls(**moments, passed=tuple(raw.get("passed", ())), recent=raw.get("recent", 0))

    @property
    def cursor(self) -> str:
        """As a cursor's text."""
        raw = {n: v.isoformat() for n in _MOMENTS if (v := getattr(self, n)) is not None}
        if self.passed:
            return json.dumps({**raw, "passed": list(self.passed), "recent": self.recent})
        return json.dumps(raw)

    def begin(self) -> datetime:
        """From when on this look reads."""
        if self.passed and self.since:
            return self.since
        slow = self.confirm_at is None or self.at >= self.confirm_at
        return self.low if slow else self.at

    def through(
        self,
        modified: Iterable[datetime],
        *,
        since: datetime,
        begun_at: datetime,
        passed: tuple[str, ...],
    ) -> Watermark:
        """After a page that is not the last one."""
        edge = begun_at - OVERLAP
        recent = (self.recent if self.passed else 0) + sum(moment >= edge for moment in modified)
        return replace(self, since=since, begun_at=begun_at, passed=passed, recent=recent)

    def done(
        self,
        modified: Iterable[datetime],
        *,
        since: datetime,
        begun_at: datetime,
        page: int,
        covered: datetime | None = None,
    ) -> Watermark:
        """After the last page of a look; ``page`` is how many records one call brings.

        ``covered``: before when nothing new can appear, where the CRM vouches for it.
        """
        last = self.through(modified, since=since, begun_at=begun_at, passed=())
        if since > self.low and self.confirm_at is not None:
            return Watermark(at=begun_at, low=self.low, confirm_at=self.confirm_at)
        confirm_at = begun_at + OVERLAP if last.recent > page else None
        low = max(self.low, min(begun_at, covered or begun_at) - OVERLAP)
        return Watermark(at=begun_at, low=low, confirm_at=confirm_at)

    def pays(self, records: int, *, since: datetime, begun_at: datetime, page: int) -> bool:
        """Whether moving ``low`` on is worth a call; ``records``: those of the look's last page.

        What one page holds is read again for nothing, so it may wait until much has come together.
        """
        quick = since > self.low and self.confirm_at is not None
        if quick or not records:
            return False
        many = bool(self.passed) or records > page // 2
        return many or begun_at - self.low >= 2 * OVERLAP


#: The beginning of time, for a look at everything.
ALWAYS: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MOMENTS: Final = ("at", "low", "confirm_at", "since", "begun_at")
