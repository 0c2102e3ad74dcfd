"""A field: what a describe call tells of it, and what it does not tell."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

#: A stored value. Dates and moments are text; several choices are one text with semicolons.
Value = str | int | float | bool | None

_CHARS: Final = {"string", "picklist", "textarea", "phone", "url", "email", "combobox"}
_EXACT: Final = {"id", "reference", "date", "datetime"}
#: Our names of what the sandbox itself looks at -> the key in a describe.
_FACTS: Final = {
    "name": "name",
    "label": "label",
    "type": "type",
    "soap_type": "soapType",
    "length": "length",
    "precision": "precision",
    "scale": "scale",
    "digits": "digits",
    "nillable": "nillable",
    "createable": "createable",
    "updateable": "updateable",
    "defaulted": "defaultedOnCreate",
    "filterable": "filterable",
    "sortable": "sortable",
    "groupable": "groupable",
    "unique": "unique",
    "external_id": "externalId",
    "id_lookup": "idLookup",
    "case_sensitive": "caseSensitive",
    "restricted": "restrictedPicklist",
    "custom": "custom",
    "permissionable": "permissionable",
    "auto_number": "autoNumber",
    "name_field": "nameField",
    "compound": "compoundFieldName",
    "relationship": "relationshipName",
    "name_pointing": "namePointing",
}
#: The keys in ``data/`` that are our own, by what a field has where it does not name them.
_OWN: Final = {"children": None, "cascade": False, "restrict": False, "tracked": False}


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """A value of a picklist."""

    value: str
    label: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """A field of an object."""

    #: Every key of the field in a describe, but for ``picklistValues``.
    facts: Mapping[str, Any]
    name: str
    label: str
    type: str
    soap_type: str
    length: int
    precision: int
    scale: int
    digits: int
    nillable: bool
    createable: bool
    updateable: bool
    defaulted: bool
    filterable: bool
    sortable: bool
    groupable: bool
    unique: bool
    external_id: bool
    id_lookup: bool
    case_sensitive: bool
    restricted: bool
    custom: bool
    permissionable: bool
    auto_number: bool
    name_field: bool
    compound: str | None
    relationship: str | None
    #: Points at records of several objects, which show as records of ``Name``.
    name_pointing: bool
    reference_to: tuple[str, ...]
    choices: tuple[Choice, ...]
    #: What a new record gets.
    default: Value
    #: What the parent calls the records that point at it through this field.
    children: str | None
    #: Deleting the parent deletes these records, or is refused while there are any.
    cascade: bool
    restrict: bool
    #: Changes are written to the object's history.
    tracked: bool

    @property
    def indexed(self) -> bool:
        """Whether records are found by this field without looking at all of them."""
        return self.type == "reference" or self.unique or self.external_id or self.id_lookup

    def key(self, value: Value) -> Value:
        """The value as it is compared: text without its case, unless the field minds it."""
        if isinstance(value, str) and self.type not in _EXACT and not self.case_sensitive:
            return value.casefold()
        return value


def make(own: Mapping[str, Any]) -> Field:
    """A field from what distinguishes it from others of its type, with the keys of ``data/``."""
    defaults = read_data("defaults")
    facts = {**defaults["field"], **defaults["types"].get(own["type"], {}), **own}
    if not facts["byteLength"] and own["type"] in _CHARS:
        facts["byteLength"] = 3 * facts["length"]
    choices = [[e, e] if isinstance(e, str) else e for e in facts.pop("values", ())]
    default = facts.pop("default", facts["defaultValue"])
    more = {key: facts.pop(key, value) for key, value in _OWN.items()}
    return Field(
        facts=facts,
        reference_to=tuple(facts["referenceTo"]),
        choices=tuple(Choice(value=value, label=label) for value, label in choices),
        default=default,
        **{name: facts[key] for name, key in _FACTS.items()},
        **more,
    )


@cache
def read_data(name: str) -> Any:
    """One file of ``data/``."""
    return json.loads((files(__package__) / "data" / f"{name}.json").read_text(encoding="utf-8"))


def data_names() -> list[str]:
    """The files of ``data/`` that hold an object each."""
    found = (entry.name for entry in (files(__package__) / "data").iterdir())
    return sorted(name.removesuffix(".json") for name in found if name[0].isupper())
