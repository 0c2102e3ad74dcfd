"""The records of one object, and the indexes that find them."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final

from integrations.sandbox.salesforce.field import Field, Value
from integrations.sandbox.salesforce.schema import SObject

#: A record's values by field. Never changed: a new one takes its place.
Row = Mapping[str, Value]

#: The moments that Salesforce keeps an index on.
MOMENTS: Final = ("SystemModstamp", "CreatedDate", "LastModifiedDate")


class Table:
    """Records by id, those in the recycle bin included."""

    def __init__(self, object: SObject) -> None:
        self.object = object
        self.rows: dict[str, Row] = {}
        #: The records that are in the recycle bin.
        self.bin: set[str] = set()
        self._by_value: dict[str, dict[Value, dict[str, None]]] = {}
        self._by_moment: dict[str, list[tuple[str, str]]] = {
            name: [] for name in MOMENTS if name in object.fields
        }
        self._indexed: tuple[Field, ...] = ()
        self.reindex()

    def reindex(self) -> None:
        """The object's fields have changed."""
        self._indexed = tuple(f for f in self.object.fields.values() if f.indexed)
        self._by_value = {f.name: {} for f in self._indexed}
        for key, row in self.rows.items():
            self._enter(key, row)

    def put(self, id: str, row: Row | None) -> Row | None:
        """Set a record, or with None take it out; returns what was there."""
        before = self.rows.get(id)
        if before is not None:
            self._leave(id, before)
        if row is None:
            del self.rows[id]
        else:
            self.rows[id] = row
            self._enter(id, row)
        if row is not None and row.get("IsDeleted"):
            self.bin.add(id)
        else:
            self.bin.discard(id)
        for name, order in self._by_moment.items():
            old, new = before and before.get(name), row and row.get(name)
            if old == new:
                continue
            if isinstance(old, str):
                del order[bisect_left(order, (old, id))]
            if isinstance(new, str):
                insort(order, (new, id))
        return before

    def live(self) -> Iterator[Row]:
        """Records that are not deleted, eldest first."""
        return (row for row in self.rows.values() if not row.get("IsDeleted"))

    def with_values(self, field: Field, values: Collection[Value]) -> Iterator[str]:
        """Ids of the records that have one of these values in an indexed field."""
        index = self._by_value[field.name]
        for value in values:
            yield from index.get(field.key(value), ())

    def having(self, field: str, value: Value) -> Iterator[Row]:
        """The records, not deleted, that have this value in an indexed field."""
        for key in list(self.with_values(self.object.fields[field], (value,))):
            if not (row := self.rows[key]).get("IsDeleted"):
                yield row

    def between(self, field: str, low: str, high: str) -> Iterable[str]:
        """Ids in the order of a moment, from ``low`` to ``high``, both included."""
        order = self._by_moment[field]
        start, end = bisect_left(order, (low, "")), bisect_left(order, (high, "~"))
        return (key for _, key in order[start:end])

    def sorted_by(self, field: str) -> bool:
        """Whether :meth:`between` knows this field."""
        return field in self._by_moment

    def _enter(self, id: str, row: Row) -> None:
        for field in self._indexed:
            if (value := row.get(field.name)) is not None:
                self._by_value[field.name].setdefault(field.key(value), {})[id] = None

    def _leave(self, id: str, row: Row) -> None:
        for field in self._indexed:
            if (value := row.get(field.name)) is not None:
                self._by_value[field.name][field.key(value)].pop(id, None)
