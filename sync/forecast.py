"""What the rest of the CRM's day costs, besides the writes of now: looking, again and again.

A look that finds nothing costs one call for each polled object. Once an hour it is also asked who
we are, what there is, and what was removed. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

#: Fields, owners and lists are read again after this long.
REFRESH: Final = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Looking:
    """What is asked, how often, and how many calls each round of it takes."""

    polled: int
    poll: timedelta
    #: Who we are, fields, owners and lists.
    afresh: int
    #: What was deleted and merged; None for ``removals``: that is not asked.
    removed: int
    removals: timedelta | None

    def until(self, ends: datetime, now: datetime) -> int:
        """The calls from now to the end of the CRM's day."""
        rounds = [(self.polled, self.poll), (self.afresh, REFRESH)]
        if self.removals is not None:
            rounds.append((self.removed, self.removals))
        left = max(ends - now, timedelta())
        return sum(calls * (left // every) for calls, every in rounds)


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """The calls of a connection until the CRM's day ends."""

    writing: int
    looking: int
    ends: datetime
    #: What today's budget still allows.
    left: int

    @property
    def short(self) -> bool:
        """Whether the budget ends before the day."""
        return self.writing + self.looking > self.left
