"""How few calls the vendor's limits would have allowed, to hold against those that were made.

The least for some work is ``ceil(records / limit)``, added up over the calls that may not be
joined: other kinds of work, other waves, other cycles. Asking what has changed costs one call for
each polled object even when nothing has.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping


class Tally:
    """Adds up the least number of calls, by kind of work."""

    def __init__(self, limits: Mapping[str, int]) -> None:
        self._limits = limits
        self.least: Counter[str] = Counter()

    def add(self, kind: str, records: int, *, of: str | None = None) -> None:
        """So many records of one kind could have gone together; ``of`` names whose limit it is."""
        limit = self._limits[of or kind]
        self.least[kind] += -(-records // limit)

    def once(self, kind: str) -> None:
        """One call, however many records there are."""
        self.least[kind] += 1

    def page(self, kind: str, records: int) -> None:
        """So many records were changed since the last look."""
        self.least[kind] += max(1, -(-records // self._limits["page"]))

    @property
    def total(self) -> int:
        """The least for everything so far."""
        return self.least.total()
