"""One org: its schema, its records, its recycle bin, and who is working in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from integrations.sandbox.clock import Clock
from integrations.sandbox.desk import Letter
from integrations.sandbox.salesforce.bulk.job import Jobs
from integrations.sandbox.salesforce.field import Field, Value
from integrations.sandbox.salesforce.ids import Ids, normal
from integrations.sandbox.salesforce.limits import Limits
from integrations.sandbox.salesforce.moments import stamp
from integrations.sandbox.salesforce.refusals import Refusal
from integrations.sandbox.salesforce.schema import Schema, SObject
from integrations.sandbox.salesforce.sessions import Sessions
from integrations.sandbox.salesforce.table import Row, Table
from integrations.sandbox.world import Option

#: How long a deleted record can be seen by ``queryAll``.
RECYCLE_BIN: Final = timedelta(days=15)


class Org:
    """The data of one org. Writes go through ``save``; this is where they land."""

    def __init__(self, clock: Clock, options: dict[str, Option]) -> None:
        self.clock = clock
        self.options = options
        self.schema = Schema()
        self.ids = Ids()
        self.tables = {o.name: Table(o) for o in self.schema.all()}
        #: The organization's own record, the user that API clients work as, and the platform.
        self.id = ""
        self.integration = ""
        self.platform = ""
        self.sessions = Sessions()
        self.limits = Limits()
        self.jobs = Jobs()
        #: What was mailed, eldest first.
        self.letters: list[Letter] = []
        #: The metadata of record types, by their id.
        self.record_types: dict[str, Mapping[str, Any]] = {}
        #: By address: a digest of what was described there, and since when it is so.
        self.described: dict[str, tuple[str, datetime]] = {}
        #: The client at work saves duplicates that it is only warned of.
        self.duplicates_allowed = False
        #: Changes that are made, and not yet to be seen: a long transaction of somebody else.
        self.held: list[tuple[datetime, Callable[[], None]]] = []
        self._moment: datetime | None = None
        self._undo: list[tuple[Table, str, Row | None]] | None = None

    def add(self, object: SObject) -> None:
        """An object that was not there."""
        self.schema.add(object)
        self.tables[object.name] = Table(object)

    def remove(self, object: SObject) -> None:
        """An object goes, with its records."""
        self.schema.remove(object)
        del self.tables[object.name]

    def now(self) -> str:
        """The moment as records have it."""
        return stamp(self._moment or self.clock.now())

    def hold(self, change: Callable[[], None]) -> None:
        """Make a change later, as of now."""
        self.held.append((self.clock.now(), change))

    def commit(self) -> None:
        """Make the changes that were held, each with the stamps of its own moment."""
        held, self.held = self.held, []
        for self._moment, change in held:
            with suppress(Refusal):
                change()
        self._moment = None

    def __getitem__(self, object: str) -> Table:
        return self.tables[object]

    def get(self, id: str) -> Row | None:
        """A record of any object, deleted or not."""
        found = self.schema.of_id(id)
        return self.tables[found.name].rows.get(id) if found else None

    def locate(self, object: SObject, id: str) -> Row | None:
        """A record of this object by an id in either form, deleted or not."""
        return self.tables[object.name].rows.get(normal(id) or "")

    def make(self, object: str, by: str, **values: Value) -> str:
        """A record that the platform itself adds; its id. Nothing is checked."""
        sobject = self.schema[object]
        new = str(values.get("Id") or self.ids.next(sobject.prefix))
        made = {name: field.default for name, field in sobject.fields.items()}
        self.put(object, new, {**made, "Id": new, **self.born(sobject, by), **values})
        return new

    def born(self, object: SObject, by: str) -> dict[str, Value]:
        """The system fields of a new record."""
        born: dict[str, Value] = {"CreatedDate": self.now(), "CreatedById": by, "IsDeleted": False}
        own = {name: value for name, value in born.items() if name in object.fields}
        return {**own, **self.touched(object, by)}

    def touched(self, object: SObject, by: str) -> dict[str, Value]:
        """The system fields that every change sets."""
        now = self.now()
        stamps = {"LastModifiedDate": now, "LastModifiedById": by, "SystemModstamp": now}
        return {name: value for name, value in stamps.items() if name in object.fields}

    def put(self, object: str, id: str, row: Row | None) -> None:
        """Set a record, or take it out with None; an attempt can undo it."""
        table = self.tables[object]
        before = table.put(id, row)
        if self._undo is not None:
            self._undo.append((table, id, before))

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """All of what happens inside, or nothing where it raises. Attempts nest."""
        outermost = self._undo is None
        log = self._undo = [] if self._undo is None else self._undo
        mark = len(log)
        try:
            yield
        except BaseException:
            while len(log) > mark:
                table, key, before = log.pop()
                table.put(key, before)
            raise
        finally:
            if outermost:
                self._undo = None

    def declare(self, *, sandbox: bool) -> None:
        """What the org says of itself."""
        row = self["Organization"].rows[self.id]
        if row["IsSandbox"] is not sandbox:
            self.put("Organization", self.id, {**row, "IsSandbox": sandbox})

    def copy(self) -> None:
        """A refreshed sandbox: the same records, in an org with another id."""
        row = self["Organization"].rows[self.id]
        self.put("Organization", self.id, None)
        self.id = self.ids.next(self.schema["Organization"].prefix)
        self.put("Organization", self.id, {**row, "Id": self.id})

    def empty_bin(self) -> None:
        """Deleted records go for good when their time in the recycle bin is over."""
        limit = stamp(self.clock.now() - RECYCLE_BIN)
        for table in self.tables.values():
            for key in list(table.bin):
                if str(table.rows[key].get("SystemModstamp") or "") < limit:
                    table.put(key, None)

    def sees(self, object: SObject, field: Field, *, edit: bool = False) -> bool:
        """Whether API clients may read, or edit, the field.

        With field security on, a permission set must grant it, as for every new field in an org;
        and the options can take any field away.
        """
        own = f"{object.name}.{field.name}".lower()
        if own in _names(self.options["hidden_fields"]):
            return False
        if edit and own in _names(self.options["read_only_fields"]):
            return False
        if not self.options["field_security"] or not (field.custom and field.permissionable):
            return True
        name = f"{object.name}.{field.name}"
        right = "PermissionsEdit" if edit else "PermissionsRead"
        for assigned in self["PermissionSetAssignment"].having("AssigneeId", self.integration):
            for granted in self["FieldPermissions"].having("ParentId", assigned["PermissionSetId"]):
                if granted["Field"] == name and granted[right]:
                    return True
        return False

    def edits(self, object: SObject) -> bool:
        """Whether API clients may create and change records of this object."""
        return object.name.lower() not in _names(self.options["read_only_objects"])

    def visible(self, object: SObject) -> list[Field]:
        """The fields of an object that API clients may read."""
        return [f for f in object.fields.values() if self.sees(object, f)]

    def find_field(self, object: SObject, name: str) -> Field | None:
        """A field by its name in any case, where API clients may read it."""
        field = object.find(name)
        return field if field and self.sees(object, field) else None


@lru_cache(maxsize=32)
def _names(text: Option) -> frozenset[str]:
    """The fields of a list such as ``Account.Phone, Contact.Title``, in lower case."""
    return frozenset(name.strip().lower() for name in str(text).split(",") if name.strip())
