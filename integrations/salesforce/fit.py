"""Whether values fit their fields, seen before they are sent.

Source: "sObject Describe" in the REST API developer guide: ``length`` is in characters, and a
restricted picklist takes none but its active values.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from integrations.contract import Field, FieldType, Value
from integrations.errors import Reject

_TEXTS: Final = (FieldType.TEXT, FieldType.WORDS, FieldType.URL)


def unfit(
    values: Mapping[str, Value],
    fields: Mapping[str, Field],
    offered: Mapping[str, frozenset[str]] | None = None,
) -> Reject | None:
    """Why Salesforce would refuse these values, if it would; the first reason.

    ``offered``: the choices that the record's type has, by field.
    """
    for name, value in values.items():
        field = fields.get(name)
        if field is None or value is None:
            continue
        if field.type in _TEXTS and field.length and len(str(value)) > field.length:
            words = f"the text is too long for {name}: Salesforce holds {field.length} characters"
            return Reject(words, code="STRING_TOO_LONG", field=name)
        of_type = (offered or {}).get(name)
        if field.restricted and not _chosen(value) <= _options(field, of_type):
            there = _chosen(value) <= _options(field)
            words = f"Salesforce has no such option in {name}"
            words += " for this type of record" if there else ""
            return Reject(words, code="INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", field=name)
    return None


def _chosen(value: Value) -> set[str]:
    return {str(one) for one in (value if isinstance(value, tuple) else (value,))}


def _options(field: Field, of_type: frozenset[str] | None = None) -> set[str]:
    return {o.value for o in field.options if o.active and (of_type is None or o.value in of_type)}
