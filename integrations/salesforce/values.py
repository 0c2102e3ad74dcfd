"""Field values between Salesforce's JSON and their neutral form.

Source: "Field types" and "Primitive data types" in the Object reference; dates are ``YYYY-MM-DD``,
moments ``2026-11-21T10:00:00.000+0000``, several choices are joined by ``;``.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from integrations.contract import FieldType, Value

_TYPES = {
    "boolean": FieldType.FLAG,
    "combobox": FieldType.TEXT,
    "currency": FieldType.NUMBER,
    "date": FieldType.DATE,
    "datetime": FieldType.MOMENT,
    "double": FieldType.NUMBER,
    "email": FieldType.TEXT,
    "id": FieldType.REFERENCE,
    "int": FieldType.NUMBER,
    "long": FieldType.NUMBER,
    "multipicklist": FieldType.CHOICES,
    "percent": FieldType.PERCENT,
    "phone": FieldType.TEXT,
    "picklist": FieldType.CHOICE,
    "reference": FieldType.REFERENCE,
    "string": FieldType.TEXT,
    "textarea": FieldType.WORDS,
    "url": FieldType.URL,
}


def field_type(type: str) -> FieldType:
    """The neutral type of a described field."""
    return _TYPES.get(type, FieldType.OTHER)


def encode(value: Value) -> Any:
    """As Salesforce wants it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, date):
        return value.isoformat()
    return ";".join(value) if isinstance(value, tuple) else value


def decode(raw: Any, type: FieldType) -> Value:
    """In neutral form."""
    if raw is None or raw == "":
        return None
    match type:
        case FieldType.DATE:
            return date.fromisoformat(raw)
        case FieldType.MOMENT:
            return moment(raw)
        case FieldType.CHOICES:
            return tuple(sorted(raw.split(";")))
        case FieldType.NUMBER | FieldType.PERCENT if isinstance(raw, float) and raw.is_integer():
            return int(raw)
    return raw if isinstance(raw, str | int | float | bool) else None


def moment(raw: str) -> datetime:
    """A moment from an answer; raises ValueError."""
    return datetime.fromisoformat(raw).astimezone(UTC)
