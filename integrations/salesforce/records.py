"""Records by their ids, with as many of the fields asked for as there are.

Source: "Retrieve Records with sObject Collections" in the REST API developer guide.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Final, TypeVar

from integrations.batches import batches
from integrations.contract import Record, Ref
from integrations.errors import Drift
from integrations.salesforce import recordtypes
from integrations.salesforce.activities import TABLES, columns
from integrations.salesforce.schema import Catalogue, table
from integrations.salesforce.values import decode, moment

#: Says into which record a deleted one was merged.
MASTER: Final = "MasterRecordId"
_STAMPS: Final = ("CreatedDate", "SystemModstamp")
#: A row of an answer.
Raw = Mapping[str, Any]
#: What a verb answers.
Found = TypeVar("Found")


class Records(Catalogue):
    """The verb that reads records, and what the others need for it."""

    def read(self, object: str, ids: Collection[str], fields: Collection[str]) -> dict[str, Record]:
        """Records by id, 2,000 a call."""
        path = f"composite/sobjects/{table(object)}"
        found = {}
        for some in batches(dict.fromkeys(ids), self.limits["read"]):
            raws = self._still(
                object, partial(self._read, path, some, lambda: self._columns(object, fields))
            )
            for raw in raws:
                if raw is not None:
                    record = self._record(object, raw, fields)
                    found[record.ref.id] = record
        return found

    def _read(
        self, path: str, ids: Sequence[str], columns: Callable[[], list[str]]
    ) -> list[Raw | None]:
        body = {"ids": list(ids), "fields": columns()}
        return self._client.records("collections.read", path, body)

    def _still(self, object: str, ask: Callable[[], Found]) -> Found:
        """Ask; and once more where fields have gone since they were read."""
        before = self.fields(object)
        try:
            return ask()
        except Drift:
            self._fields.pop(object, None)
            if self.fields(object).keys() == before.keys():
                raise
            return ask()

    def _columns(self, object: str, fields: Collection[str] | None) -> list[str]:
        """The columns to ask for: of what is wanted, all that we can see."""
        wanted = columns(object, fields, self._names) if object in TABLES else fields or ()
        known = self.fields(object)
        also = () if object in TABLES else [n for n in (MASTER, recordtypes.FIELD) if n in known]
        return list(dict.fromkeys(("Id", *(n for n in wanted if n in known), *_STAMPS, *also)))

    def _record(self, object: str, raw: Raw, fields: Collection[str]) -> Record:
        known = self.fields(object)
        self._types.note(raw)
        return Record(
            ref=Ref(object=object, id=raw["Id"]),
            fields=self.activities.read(object, raw)
            if object in TABLES
            else {n: decode(raw.get(n), known[n].type) for n in fields if n in known},
            created_at=_moment(raw.get("CreatedDate")),
            modified_at=_moment(raw.get("SystemModstamp")),
            gone=bool(raw.get("IsDeleted")),
            merged_into=raw.get(MASTER),
        )


def _moment(raw: str | None) -> datetime | None:
    return moment(raw) if raw else None
