"""The request log and its counters: what was really asked of the CRM."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

#: Entries kept, and characters of their bodies; the counters go on counting.
KEPT: Final = 20_000
ROOM: Final = 64_000_000
#: Operations that change nothing, by their last word. Everything else is a write.
READS: Final = frozenset({"read", "search", "query", "describe", "list", "get", "token", "info"})


def sender(crm: str) -> str:
    """What the log calls a CRM where it is the one that asks: its webhooks."""
    return f"{crm}.webhooks"


def writes(operation: str) -> bool:
    """Whether the operation can change records."""
    return operation.rsplit(".", 1)[-1] not in READS


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One request. ``request`` is its body, kept for writes only."""

    number: int
    at: datetime
    crm: str
    operation: str
    method: str
    path: str
    status: int
    request: str = ""

    @property
    def writes(self) -> bool:
        """Whether the operation can change records."""
        return writes(self.operation)


class Traffic:
    """What came in, newest last."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque()
        self.calls: Counter[tuple[str, str]] = Counter()
        self._number = 0
        self._room = ROOM

    def note(
        self,
        *,
        at: datetime,
        crm: str,
        operation: str,
        method: str,
        path: str,
        status: int,
        request: str,
    ) -> Entry:
        """Write down one request."""
        self._number += 1
        entry = Entry(
            number=self._number,
            at=at,
            crm=crm,
            operation=operation,
            method=method,
            path=path,
            status=status,
            request=request if writes(operation) else "",
        )
        self._entries.append(entry)
        self._room -= len(entry.request)
        while len(self._entries) > KEPT or (self._room < 0 and len(self._entries) > 1):
            self._room += len(self._entries.popleft().request)
        self.calls[crm, operation] += 1
        return entry

    def entries(self, *, crm: str | None = None, after: int = 0) -> Iterator[Entry]:
        """The kept entries, oldest first."""
        return (e for e in self._entries if e.number > after and crm in (None, e.crm))

    def count(self, crm: str) -> dict[str, int]:
        """Calls by operation."""
        return {op: n for (name, op), n in sorted(self.calls.items()) if name == crm}

    def totals(self, crm: str) -> dict[str, int]:
        """Calls that change nothing, and calls that can."""
        counted = self.count(crm).items()
        written = sum(n for operation, n in counted if writes(operation))
        return {"reads": sum(n for _, n in counted) - written, "writes": written}

    def clear(self) -> None:
        """Forget everything."""
        self._entries.clear()
        self.calls.clear()
        self._number = 0
        self._room = ROOM
