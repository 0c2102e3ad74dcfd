"""The properties and groups of one object type.

HubSpot's own properties are in ``data/properties.json``: per object a row each with name, label,
type, field type, group, flags and the name of its options. Flags: ``r`` the value is read-only,
``c`` calculated, ``u`` unique, ``o`` the options are the owners, ``x`` any option goes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any

from integrations.sandbox.hubspot.kinds import Kind

OWNER = "OWNER"


@dataclass(frozen=True, kw_only=True, slots=True)
class Option:
    """A choice of an enumeration."""

    value: str
    label: str
    order: int = -1
    hidden: bool = False
    description: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Property:
    """A property's definition."""

    name: str
    label: str
    type: str
    field_type: str
    group: str
    options: tuple[Option, ...] = ()
    description: str = ""
    order: int = -1
    unique: bool = False
    hidden: bool = False
    form_field: bool = False
    calculated: bool = False
    read_only: bool = False
    #: The options are not listed: those of ``referenced``, or any.
    external: bool = False
    #: ``OWNER``, or nothing.
    referenced: str | None = None
    sensitivity: str = "non_sensitive"
    standard: bool = False
    created_at: datetime
    updated_at: datetime
    archived_at: datetime | None = None

    @property
    def several(self) -> bool:
        """Whether a value is a list of choices with semicolons between them."""
        return self.type == "enumeration" and self.field_type == "checkbox"

    def lists(self, value: str) -> bool:
        """Whether the value is one of the options."""
        return any(option.value == value for option in self.options)


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """A property group."""

    name: str
    label: str
    order: int = -1


@dataclass(kw_only=True)
class Schema:
    """What one object type has."""

    properties: dict[str, Property] = field(default_factory=dict)
    archived: dict[str, Property] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    #: What keeps a property from being archived: its users' types and names.
    uses: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    @property
    def custom(self) -> list[Property]:
        """What was added to the portal, in that order."""
        return [found for found in self.properties.values() if not found.standard]


@cache
def _catalogue() -> Any:
    folder = resources.files("integrations.sandbox.hubspot") / "data"
    return json.loads((folder / "properties.json").read_text(encoding="utf-8"))


def standard(kind: Kind, *, since: datetime) -> Schema:
    """A fresh portal's properties of an object type."""
    catalogue = _catalogue()
    own = catalogue["custom" if kind.custom else kind.plural]
    if kind.custom:
        own = {**own, "groups": {f"{kind.singular}_information": f"{kind.singular} information"}}
    home = next(iter(own["groups"]))
    schema = Schema()
    for name, label in own["groups"].items():
        schema.groups[name] = Group(name=name, label=label)
    for row in own["properties"] + catalogue["every"]:
        made = _property(row, home, since, catalogue["options"])
        schema.properties[made.name] = made
    return schema


def _property(row: list[Any], home: str, since: datetime, options: Any) -> Property:
    name, label, type_, field_type, group = row[:5]
    flags = row[5] if len(row) > 5 else ""
    listed = options[row[6]] if len(row) > 6 else []
    return Property(
        name=name,
        label=label,
        type=type_,
        field_type=field_type,
        group=group or home,
        options=tuple(
            Option(value=value, label=text, order=order)
            for order, (value, text) in enumerate(listed)
        ),
        unique="u" in flags,
        calculated="c" in flags,
        read_only="r" in flags,
        external="o" in flags or "x" in flags,
        referenced=OWNER if "o" in flags else None,
        standard=True,
        created_at=since,
        updated_at=since,
    )
