"""Records of one object type: values with their history, and the indexes a search needs."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from math import inf
from typing import Final, NamedTuple

from integrations.sandbox.hubspot.kinds import Kind
from integrations.sandbox.hubspot.wire import instant, millis

#: The sandbox gives every object type ids from here on: in HubSpot, too, an id says who a record
#: is only together with its object type.
FIRST_ID: Final = 30_214_560_001


class Source(NamedTuple):
    """Who changes something, as history tells it."""

    type: str
    id: str
    label: str = ""
    user: int | None = None


class Version(NamedTuple):
    """A value that a property has or had, and the one before it."""

    value: str
    at: datetime
    source: Source
    before: Version | None = None


class Record:
    """One record; ``now`` has the latest version of each property."""

    __slots__ = ("archived_at", "created_at", "id", "kind", "now", "updated_at")

    def __init__(self, *, id: int, kind: Kind, at: datetime) -> None:
        self.id = id
        self.kind = kind
        self.created_at = at
        self.updated_at = at
        self.archived_at: datetime | None = None
        self.now: dict[str, Version] = {}

    def get(self, name: str) -> str | None:
        """The value now; empty once it was cleared, None where there never was one."""
        version = self.now.get(name)
        return version.value if version else None

    def history(self, name: str) -> Iterator[Version]:
        """The versions of a property, newest first."""
        version = self.now.get(name)
        while version:
            yield version
            version = version.before


class Table:
    """The records of one object type."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self._next = FIRST_ID
        self.live: dict[int, Record] = {}
        self.archived: dict[int, Record] = {}
        #: Ids of records that were merged away -> the record that they went into.
        self.merged: dict[int, int] = {}
        #: Moves whenever a search might find something else.
        self.version = 0
        #: Ids of the live ones in order, and (milliseconds of the last change, id).
        self._ids: list[int] = []
        self._changes: list[tuple[int, int]] = []
        #: Unique properties, and the identity of the kind: value -> id.
        self._keys: dict[str, dict[str, int]] = {kind.identity: {}} if kind.identity else {}

    def next_id(self) -> int:
        """An id; HubSpot uses one up even for a create that it refuses."""
        taken = self._next
        self._next += 1
        return taken

    def find(self, id: int) -> Record | None:
        """A live record, also by the id of one that was merged into it."""
        while id in self.merged:
            id = self.merged[id]
        return self.live.get(id)

    def watch(self, name: str) -> None:
        """Keep an index of a unique property."""
        if name not in self._keys:
            self._keys[name] = {record.get(name) or "": record.id for record in self.uses(name)}

    def holder(self, name: str, value: str) -> Record | None:
        """The live record with this value in an indexed property."""
        found = self._keys[name].get(value.lower() if name == self.kind.identity else value)
        return None if found is None else self.live.get(found)

    def know(self, record: Record, value: str) -> None:
        """Let a second identity stand for a record: the address of one that was merged into it."""
        assert self.kind.identity
        self._keys[self.kind.identity].setdefault(value.lower(), record.id)

    def add(self, record: Record, values: Mapping[str, str], source: Source) -> None:
        """Put a new record in."""
        self._enter(record)
        self._write(record, values, record.created_at, source)

    def put_back(self, record: Record, at: datetime) -> None:
        """Take a record in that has its values already, as out of the recycling bin."""
        self.archived.pop(record.id, None)
        record.archived_at, record.updated_at = None, at
        for name, keys in self._keys.items():
            if value := record.get(name):
                keys.setdefault(value, record.id)
        self._enter(record)
        self.version += 1

    def change(
        self, record: Record, values: Mapping[str, str], at: datetime, source: Source
    ) -> bool:
        """Set values; what does not differ leaves no trace. Says whether anything changed."""
        differing = {
            name: value for name, value in values.items() if value != (record.get(name) or "")
        }
        if differing:
            self._forget_change(record)
            record.updated_at = at
            insort(self._changes, (millis(at), record.id))
            self._write(record, differing, at, source)
        return bool(differing)

    def archive(self, record: Record, at: datetime) -> None:
        """Take a record out; its unique values are free again."""
        self._forget_change(record)
        del self._ids[bisect_left(self._ids, record.id)]
        for name, keys in self._keys.items():
            if value := record.get(name):
                keys.pop(value, None)
        record.archived_at = at
        self.version += 1
        self.archived[record.id] = self.live.pop(record.id)

    def erase(self, record: Record) -> None:
        """Take an archived record out of the recycling bin, for good."""
        del self.archived[record.id]
        self.version += 1

    def changed(self, low: float, high: float) -> Iterable[Record]:
        """The live records that were last changed from one millisecond to another."""
        start = bisect_left(self._changes, (low, 0))
        end = bisect_right(self._changes, (high, inf))
        return (self.live[one] for _, one in self._changes[start:end])

    def page(self, after: int, limit: int, *, archived: bool) -> list[Record]:
        """Records from an id on, in the order of ids."""
        if archived:
            return [self.archived[one] for one in sorted(self.archived) if one >= after][:limit]
        start = bisect_left(self._ids, after)
        return [self.live[one] for one in self._ids[start : start + limit]]

    def uses(self, name: str) -> Iterable[Record]:
        """Live records with a value in this property."""
        return (record for record in self.live.values() if record.get(name))

    def _enter(self, record: Record) -> None:
        self.live[record.id] = record
        insort(self._ids, record.id)
        insort(self._changes, (millis(record.updated_at), record.id))

    def _write(
        self, record: Record, values: Mapping[str, str], at: datetime, source: Source
    ) -> None:
        for name, value in values.items():
            if (keys := self._keys.get(name)) is not None:
                if before := record.get(name):
                    keys.pop(before, None)
                if value:
                    keys[value] = record.id
            record.now[name] = Version(value, at, source, record.now.get(name))
        # Moves with every change; its own past is of no use to anybody.
        record.now[self.kind.modified] = Version(instant(at), at, source)
        self.version += 1

    def _forget_change(self, record: Record) -> None:
        del self._changes[bisect_left(self._changes, (millis(record.updated_at), record.id))]
