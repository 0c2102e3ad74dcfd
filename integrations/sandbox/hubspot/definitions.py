"""Checks the definition of a property, and shows it as the API does.

Sources: "Properties" guide; what live portals answered, as published by kalup (docs/hubspot.md).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from integrations.sandbox.hubspot import wire
from integrations.sandbox.hubspot.errors import Refused
from integrations.sandbox.hubspot.schema import OWNER, Option, Property, Schema
from integrations.sandbox.hubspot.wire import Json, instant

#: Which fields show which type.
FIELD_TYPES: Final[Mapping[str, frozenset[str]]] = {
    "string": frozenset({"text", "textarea", "html", "file", "phonenumber", "select", "radio"}),
    "number": frozenset({"number"}),
    "bool": frozenset({"booleancheckbox"}),
    "enumeration": frozenset({"select", "radio", "checkbox", "booleancheckbox"}),
    "date": frozenset({"date"}),
    "datetime": frozenset({"date"}),
    "phone_number": frozenset({"phonenumber"}),
}
SENSITIVITIES: Final = ("non_sensitive", "sensitive", "highly_sensitive")
#: Unique properties that an object may have besides HubSpot's own.
MOST_UNIQUE: Final = 10
#: By the name in a body: the attribute, and how the value is read.
_Settable = Mapping[str, tuple[str, Callable[[Any, str], Any]]]
_NAME = re.compile(r"[a-z][a-z0-9_]{0,99}")
#: What a body may set, and the attribute it goes to. ``hasUniqueValue`` only when it is created.
_PLAIN: Final[_Settable] = {
    "label": ("label", wire.text),
    "type": ("type", wire.text),
    "fieldType": ("field_type", wire.text),
    "groupName": ("group", wire.text),
    "description": ("description", wire.text),
    "hidden": ("hidden", wire.truth),
    "formField": ("form_field", wire.truth),
}
_AT_CREATION: Final[_Settable] = {
    "hasUniqueValue": ("unique", wire.truth),
    "dataSensitivity": ("sensitivity", wire.text),
    "externalOptions": ("external", wire.truth),
    "referencedObjectType": ("referenced", wire.text),
}


def created(schema: Schema, body: Json, at: datetime) -> Property:
    """The property that a body describes; raises Refused."""
    name = str(body["name"])
    if not _NAME.fullmatch(name):
        raise _invalid(
            "INVALID_PROPERTY_NAME",
            f"{name} is no name for a property: lower-case letters, digits and underscores, "
            "a letter first.",
        )
    if name in schema.properties:
        raise Refused(
            409,
            f"A property named '{name}' already exists.",
            category="OBJECT_ALREADY_EXISTS",
            sub_category="Properties.PROPERTY_WITH_NAME_EXISTS",
        )
    blank = Property(
        name=name, label="", type="", field_type="", group="", created_at=at, updated_at=at
    )
    made = _with(blank, body, {**_PLAIN, **_AT_CREATION})
    if made.sensitivity not in SENSITIVITIES:
        raise _invalid("INVALID_DATA_SENSITIVITY", f"{made.sensitivity} is no data sensitivity.")
    _check(schema, made)
    taken = sum(one.unique for one in schema.custom)
    if made.unique and taken >= MOST_UNIQUE:
        raise _invalid(
            "MAX_UNIQUE_PROPERTIES", f"An object can have {MOST_UNIQUE} unique properties."
        )
    return made


def updated(schema: Schema, before: Property, body: Json, at: datetime) -> Property:
    """The property with what a body changes. Uniqueness and sensitivity stay; raises Refused."""
    if before.standard:
        raise _invalid("READ_ONLY_DEFINITION", f"The definition of {before.name} is read only.")
    made = replace(_with(before, body, _PLAIN), updated_at=at)
    _check(schema, made)
    return made


def show(definition: Property) -> Json:
    """The definition as the API shows it."""
    found: Json = {
        "updatedAt": instant(definition.updated_at),
        "createdAt": instant(definition.created_at),
        "name": definition.name,
        "label": definition.label,
        "type": definition.type,
        "fieldType": definition.field_type,
        "description": definition.description,
        "groupName": definition.group,
        "options": [_show_option(option) for option in definition.options],
        "displayOrder": definition.order,
        "calculated": definition.calculated,
        "externalOptions": definition.external,
        "hasUniqueValue": definition.unique,
        "hidden": definition.hidden,
        "hubspotDefined": definition.standard,
        "modificationMetadata": {
            "archivable": not definition.standard,
            "readOnlyDefinition": definition.standard,
            "readOnlyValue": definition.read_only or definition.calculated,
        },
        "formField": definition.form_field,
        "dataSensitivity": definition.sensitivity,
    }
    if definition.referenced:
        found["referencedObjectType"] = definition.referenced
    if not definition.standard:  # HubSpot leaves it out of its own ones
        found["archived"] = definition.archived_at is not None
    if definition.archived_at:
        found["archivedAt"] = instant(definition.archived_at)
    return found


def _show_option(option: Option) -> Json:
    found: Json = {
        "label": option.label,
        "value": option.value,
        "displayOrder": option.order,
        "hidden": option.hidden,
    }
    if option.description:
        found["description"] = option.description
    return found


def _with(definition: Property, body: Json, settable: _Settable) -> Property:
    changes: dict[str, Any] = {
        attribute: read(body[name], name)
        for name, (attribute, read) in settable.items()
        if body.get(name) is not None
    }
    changes["order"] = wire.order(body, definition.order)
    if body.get("options") is not None:
        changes["options"] = _options(body["options"])
    return replace(definition, **changes)


def _options(given: Any) -> tuple[Option, ...]:
    options = []
    for one in wire.entries(given, "options"):
        value, label = one.get("value"), one.get("label")
        if not isinstance(value, str) or not isinstance(label, str) or not value:
            raise _invalid("INVALID_OPTION", "Every option needs a label and a value.")
        options.append(
            Option(
                value=value,
                label=label,
                order=wire.order(one, -1),
                hidden=wire.truth(one.get("hidden") or False, "hidden"),
                description=wire.text(one.get("description") or "", "description"),
            )
        )
    for seen in ([o.value for o in options], [o.label for o in options]):
        if len(set(seen)) < len(seen):
            raise _invalid("DUPLICATE_OPTIONS", "Two options have the same value or label.")
    return tuple(options)


def _check(schema: Schema, made: Property) -> None:
    if made.field_type not in FIELD_TYPES.get(made.type, ()):
        raise _invalid(
            "INVALID_FIELD_TYPE",
            f"The type {made.type} does not go with the field type {made.field_type}.",
        )
    if made.group not in schema.groups:
        raise _invalid("GROUP_DOES_NOT_EXIST", f"The group {made.group} does not exist.")
    if made.external:
        if made.referenced != OWNER or made.options:
            raise _invalid(
                "INVALID_EXTERNAL_OPTIONS", "External options need a reference and no options."
            )
    elif made.type == "bool":
        if {option.value for option in made.options} != {"true", "false"}:
            raise _invalid(
                "INVALID_BOOLEAN_OPTION", "A bool property needs the options true and false."
            )
    elif made.type == "enumeration" and not made.options:
        raise _invalid("MISSING_OPTIONS", "An enumeration needs options.")
    if made.unique and made.type not in ("string", "number"):
        raise _invalid("INVALID_UNIQUE_PROPERTY", "Only text and numbers can be unique.")


def _invalid(code: str, words: str) -> Refused:
    return Refused(400, words, sub_category=f"PropertyValidationError.{code}")
