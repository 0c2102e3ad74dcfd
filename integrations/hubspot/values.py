"""Field values between HubSpot's strings and their neutral form.

Source: "Properties" in HubSpot's API reference: every value travels as a string, ``""`` empties a
field, several choices are joined by ``;``, dates are days or midnight UTC in milliseconds.
"""

from __future__ import annotations

import html
import re
from datetime import UTC, date, datetime
from typing import Any

from integrations.contract import FieldType, Value

_BREAK = re.compile(r"<br\s*/?>\n?|</p>\s*<p>|</div>\s*<div>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]+>")
_TYPES = {
    ("enumeration", "checkbox"): FieldType.CHOICES,
    ("enumeration", "booleancheckbox"): FieldType.FLAG,
    ("string", "textarea"): FieldType.WORDS,
    ("string", "html"): FieldType.WORDS,
}
_BY_TYPE = {
    "bool": FieldType.FLAG,
    "date": FieldType.DATE,
    "datetime": FieldType.MOMENT,
    "enumeration": FieldType.CHOICE,
    "number": FieldType.NUMBER,
    "phone_number": FieldType.TEXT,
    "string": FieldType.TEXT,
}


def field_type(type: str, field_type: str, referenced: str | None = None) -> FieldType:
    """The neutral type of a property."""
    if referenced:
        return FieldType.REFERENCE
    return _TYPES.get((type, field_type)) or _BY_TYPE.get(type, FieldType.OTHER)


def encode(value: Value) -> str:
    """As HubSpot wants it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    return ";".join(value) if isinstance(value, tuple) else str(value)


def decode(raw: Any, type: FieldType) -> Value:
    """In neutral form; a text that is not of its type stays a text."""
    if raw is None or raw == "":
        return None
    text = str(raw)
    try:
        match type:
            case FieldType.FLAG:
                return text == "true"
            case FieldType.NUMBER | FieldType.PERCENT:
                number = float(text)
                return int(number) if number.is_integer() else number
            case FieldType.DATE:
                return moment(text).date()
            case FieldType.MOMENT:
                return moment(text)
            case FieldType.CHOICES:
                return tuple(sorted(text.split(";")))
    except ValueError:
        return text
    return text


def moment(raw: str) -> datetime:
    """A moment from ISO or from milliseconds; raises ValueError."""
    if raw.lstrip("-").isdigit():
        return datetime.fromtimestamp(int(raw) / 1000, UTC)
    parsed = datetime.fromisoformat(raw)
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def milliseconds(value: datetime) -> str:
    """For a search filter."""
    return str(int(value.timestamp() * 1000))


def rich(text: str) -> str:
    """Plain text as the HTML of a task's or note's body."""
    return html.escape(text, quote=False).replace("\n", "<br>")


def plain(body: str | None) -> str:
    """The text of such a body."""
    return html.unescape(_TAG.sub("", _BREAK.sub("\n", body or "")))
