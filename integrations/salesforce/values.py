"""Field values between Salesforce's JSON and their neutral form.

Source: "Field types" and "Primitive data types" in the Object reference; dates are ``YYYY-MM-DD``,
moments ``2026-11-21T10:00:00.000+0000``, several choices are joined by ``;``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any, Final

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


def encode(value: Value, type: FieldType | None = None) -> Any:
    """As Salesforce wants it; a checkbox cannot be empty."""
    if value is None and type is FieldType.FLAG:
        return False
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, date):
        return value.isoformat()
    return ";".join(value) if isinstance(value, tuple) else value


def decode(raw: Any, type: FieldType) -> Value:
    """In neutral form; a text that is not of its type stays a text."""
    if raw is None or raw == "":
        return None
    if isinstance(raw, str):
        try:
            return _TEXTS.get(type, str)(raw)
        except ValueError:
            return raw
    if isinstance(raw, float) and raw.is_integer():
        return int(raw)
    return raw if isinstance(raw, int | float) else None


def moment(raw: str) -> datetime:
    """A moment from an answer; raises ValueError."""
    return datetime.fromisoformat(raw).astimezone(UTC)


def _number(raw: str) -> Value:
    number = float(raw)
    return int(number) if number.is_integer() else number


#: What arrives as a text. Long ones come back with the line ends of a form.
_TEXTS: Final[Mapping[FieldType, Callable[[str], Value]]] = {
    FieldType.CHOICES: lambda raw: tuple(sorted(part for part in raw.split(";") if part)) or None,
    FieldType.DATE: lambda raw: date.fromisoformat(raw[:10]),
    FieldType.FLAG: lambda raw: raw == "true",
    FieldType.MOMENT: moment,
    FieldType.NUMBER: _number,
    FieldType.PERCENT: _number,
    FieldType.WORDS: lambda raw: raw.replace("\r\n", "\n"),
}
