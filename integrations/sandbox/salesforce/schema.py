"""The objects of one org; the standard ones come from ``data/``, one file each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from integrations.sandbox.salesforce.field import Field, data_names, make, read_data

#: Where fields of ``Activity`` show.
ACTIVITIES: Final = ("Task", "Event")


@dataclass(kw_only=True)
class SObject:
    """An object with its fields, in the order of its describe."""

    name: str
    label: str
    #: The first three characters of its records' ids.
    prefix: str
    #: What a global describe tells of it.
    facts: Mapping[str, Any]
    scopes: tuple[tuple[str, str], ...]
    #: Only the Tooling API knows it.
    tooling: bool
    fields: dict[str, Field]

    def __post_init__(self) -> None:
        self._lower = {name.lower(): field for name, field in self.fields.items()}

    def find(self, name: str) -> Field | None:
        """A field by its name in any case."""
        return self._lower.get(name.lower())

    def related(self, name: str) -> Field | None:
        """The reference field whose relationship has this name."""
        wanted = name.lower()
        pointing = (f for f in self.fields.values() if f.reference_to)
        return next((f for f in pointing if (f.relationship or "").lower() == wanted), None)

    def add(self, field: Field) -> None:
        """A new field, or a new form of one that is there."""
        self.fields[field.name] = field
        self._lower[field.name.lower()] = field

    def remove(self, name: str) -> None:
        """The field goes, for good."""
        del self.fields[name], self._lower[name.lower()]


class Schema:
    """Every object of one org."""

    def __init__(self) -> None:
        self._objects = {name.lower(): _standard(name) for name in data_names()}
        #: Objects that this org has not turned on.
        self.hidden = {"AccountContactRelation"}
        self._prefixes = {o.facts["keyPrefix"]: o for o in self._objects.values()}

    def add(self, object: SObject) -> None:
        """An object that was not there."""
        self._objects[object.name.lower()] = object
        self._prefixes[object.prefix] = object

    def remove(self, object: SObject) -> None:
        """An object goes."""
        del self._objects[object.name.lower()], self._prefixes[object.prefix]

    def __iter__(self) -> Iterator[SObject]:
        """The objects of the data API."""
        there = (o for o in self._objects.values() if o.name not in self.hidden)
        return (o for o in there if not o.tooling)

    def __getitem__(self, name: str) -> SObject:
        return self._objects[name.lower()]

    def all(self) -> Iterator[SObject]:
        """The objects of the Tooling API too."""
        return iter(self._objects.values())

    def find(self, name: str, *, tooling: bool = False) -> SObject | None:
        """An object by its name in any case; the Tooling API sees more."""
        found = self._objects.get(name.lower())
        if found is None or found.name in self.hidden:
            return None
        return found if tooling or not found.tooling else None

    def of_id(self, id: str) -> SObject | None:
        """The object that a record id belongs to."""
        return self._prefixes.get(id[:3])

    def children(self, parent: str) -> Iterator[tuple[SObject, Field]]:
        """The fields of any object that point at this one."""
        for child in self:
            for field in child.fields.values():
                if parent in field.reference_to:
                    yield child, field

    def homes(self, object: str) -> list[SObject]:
        """Where a custom field of this object shows: one of ``Activity`` on tasks and events."""
        names = ACTIVITIES if object == "Activity" else (object,)
        return [found for name in names if (found := self.find(name))]


@cache
def _fields(name: str) -> Mapping[str, Field]:
    return {own["name"]: make(own) for own in read_data(name)["fields"]}


def _standard(name: str) -> SObject:
    own = dict(read_data(name)["object"])
    prefix = own.pop("idPrefix", own["keyPrefix"])
    tooling = own.pop("tooling", False)
    scopes = tuple((key, label) for key, label in own.pop("supportedScopes", ()))
    return SObject(
        name=name,
        label=own["label"],
        prefix=prefix or "000",
        facts={**read_data("defaults")["object"], **own},
        scopes=scopes,
        tooling=tooling,
        fields=dict(_fields(name)),
    )
