"""Custom fields from their metadata: ``{"type": "Text", "label": ..., "length": 80}``.

Source: Metadata API Developer Guide, "CustomField".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from integrations.sandbox.salesforce.field import Field, make
from integrations.sandbox.salesforce.refusals import Refusal, unparsed

Metadata = Mapping[str, Any]
_NAME: Final = re.compile(r"(?P<object>\w+)\.(?P<name>[A-Za-z](?:[A-Za-z0-9]|_(?!_))*)__c")


def split(full_name: str) -> tuple[str, str]:
    """``Account.Plan__c`` in two; raises Refusal."""
    match = _NAME.fullmatch(full_name)
    if not match or match["name"].endswith("_") or len(match["name"]) > 40:
        words = "Invalid fullName, must end in a custom suffix ( for ex. __c )"
        raise Refusal("FIELD_INTEGRITY_EXCEPTION", words, fields=["FullName"])
    return match["object"], f"{match['name']}__c"


def build(name: str, metadata: Metadata) -> Field:
    """The field that the metadata means; raises Refusal."""
    kind, label = metadata.get("type"), metadata.get("label")
    if kind not in _TYPES:
        raise unparsed("complexvalue", kind)
    if not label:
        raise _wrong("Must specify a non-empty label for the CustomField", "label")
    if len(str(label)) > 40:
        words = f"Custom Field Label: data value too large: {label} (max length=40)"
        raise Refusal("STRING_TOO_LONG", words, fields=["MasterLabel"])
    needed, shape = _TYPES[kind]
    for key in needed:
        if metadata.get(key) is None:
            raise _wrong(f"Must specify '{key}' for a CustomField of type {kind}", key)
    own = {
        "name": name,
        "label": label,
        "custom": True,
        "inlineHelpText": metadata.get("inlineHelpText"),
        "nillable": not metadata.get("required"),
        "permissionable": not metadata.get("required"),
        "tracked": bool(metadata.get("trackHistory")),
        "relationshipName": f"{name.removesuffix('__c')}__r" if kind == "Lookup" else None,
    }
    return make({**own, **shape(metadata)})


def _text(metadata: Metadata) -> dict[str, Any]:
    length = _within(metadata, "length", 1, 255)
    key = bool(metadata.get("externalId"))
    return {
        "type": "string",
        "length": length,
        "externalId": key,
        "idLookup": key,
        "unique": bool(metadata.get("unique")),
        "caseSensitive": bool(metadata.get("caseSensitive")),
    }


def _long_text(metadata: Metadata) -> dict[str, Any]:
    sealed = ("aggregatable", "filterable", "groupable", "sortable")
    length = _within(metadata, "length", 256, 131_072)
    plain = {"extraTypeInfo": "plaintextarea"}
    return {"type": "textarea", "length": length, **plain, **dict.fromkeys(sealed, False)}


def _choice(metadata: Metadata) -> dict[str, Any]:
    return {"type": "picklist", "length": 255, **_values(metadata)}


def _choices(metadata: Metadata) -> dict[str, Any]:
    lines = _within(metadata, "visibleLines", 3, 10)
    return {"type": "multipicklist", "precision": lines, **_values(metadata)}


def _values(metadata: Metadata) -> dict[str, Any]:
    value_set = metadata.get("valueSet") or {}
    if not isinstance(value_set, Mapping):
        raise unparsed("valueSet", value_set)
    definition = value_set.get("valueSetDefinition")
    if not definition:
        raise _wrong("You must specify either picklist, globalPicklist, or valueSet", "valueSet")
    entries = [entry for entry in definition.get("value", ()) if entry.get("isActive") is not False]
    names = [(_value_name(entry), entry) for entry in entries]
    default = next((name for name, entry in names if entry.get("default")), None)
    return {
        "restrictedPicklist": bool(value_set.get("restricted")),
        "values": [[name, entry.get("label") or name] for name, entry in names],
        "default": default,
    }


def _value_name(entry: Mapping[str, Any]) -> str:
    """The Tooling API writes ``valueName``; it reads the Metadata API's ``fullName`` too."""
    name = entry.get("valueName") or entry.get("fullName")
    if not name:
        raise _wrong("Must specify a non-empty fullName for the CustomValue", "valueSet")
    return str(name)


def _number(type: str) -> Callable[[Metadata], dict[str, Any]]:
    def shape(metadata: Metadata) -> dict[str, Any]:
        precision = _within(metadata, "precision", 1, 18)
        scale = _within(metadata, "scale", 0, precision)
        key = bool(metadata.get("externalId"))
        unique = bool(metadata.get("unique"))
        numbers = {"precision": precision, "scale": scale}
        return {"type": type, **numbers, "externalId": key, "idLookup": key, "unique": unique}

    return shape


def _checkbox(metadata: Metadata) -> dict[str, Any]:
    return {
        "type": "boolean",
        "nillable": False,
        "defaultValue": str(metadata["defaultValue"]).lower() == "true",
    }


def _lookup(metadata: Metadata) -> dict[str, Any]:
    children = metadata.get("relationshipName")
    return {
        "type": "reference",
        "referenceTo": [metadata["referenceTo"]],
        "children": children and f"{children}__r",
        "restrict": metadata.get("deleteConstraint") == "Restrict",
        "cascade": metadata.get("deleteConstraint") == "Cascade",
    }


def _plain(type: str, **more: Any) -> Callable[[Metadata], dict[str, Any]]:
    return lambda metadata: {"type": type, **more}


#: Type in metadata -> what it cannot do without, and what it makes of a field.
_TYPES: Final[dict[str, tuple[tuple[str, ...], Callable[[Metadata], dict[str, Any]]]]] = {
    "Checkbox": (("defaultValue",), _checkbox),
    "Currency": (("precision", "scale"), _number("currency")),
    "Date": ((), _plain("date")),
    "DateTime": ((), _plain("datetime")),
    "Email": ((), _plain("email")),
    "LongTextArea": (("length", "visibleLines"), _long_text),
    "Lookup": (("referenceTo",), _lookup),
    "MultiselectPicklist": (("visibleLines",), _choices),
    "Number": (("precision", "scale"), _number("double")),
    "Percent": (("precision", "scale"), _number("percent")),
    "Phone": ((), _plain("phone")),
    "Picklist": ((), _choice),
    "Text": (("length",), _text),
    "TextArea": ((), _plain("textarea", extraTypeInfo="plaintextarea")),
    "Url": ((), _plain("url")),
}


def _within(metadata: Metadata, key: str, low: int, high: int) -> int:
    value = metadata[key]
    if not isinstance(value, int) or not low <= value <= high:
        raise _wrong(f"{key}: value outside of valid range {low} to {high}: {value}", key)
    return value


def _wrong(words: str, field: str) -> Refusal:
    return Refusal("FIELD_INTEGRITY_EXCEPTION", words, fields=[field])
