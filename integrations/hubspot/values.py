"""Field values between HubSpot's strings and their neutral form.

Source: "Properties" in HubSpot's API reference: every value travels as a string, ``""`` empties a
field, several choices are joined by ``;``, dates are days or midnight UTC in milliseconds, and a
number shown as a percentage is a fraction of one.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

from integrations.clip import clip
from integrations.contract import Field, FieldType, Value

#: Characters in a text, of rich text with its tags.
LONGEST: Final = 65_536
_BREAK: Final = re.compile(r"<br\s*/?>\n?|</(p|div)>\s*<\1\b[^>]*>", re.IGNORECASE)
_TAG: Final = re.compile(r"<[^>]+>")
_TYPES: Final = {
    ("enumeration", "checkbox"): FieldType.CHOICES,
    ("enumeration", "booleancheckbox"): FieldType.FLAG,
    ("string", "textarea"): FieldType.WORDS,
    ("string", "html"): FieldType.WORDS,
}
_BY_TYPE: Final = {
    "bool": FieldType.FLAG,
    "date": FieldType.DATE,
    "datetime": FieldType.MOMENT,
    "enumeration": FieldType.CHOICE,
    "number": FieldType.NUMBER,
    "phone_number": FieldType.TEXT,
    "string": FieldType.TEXT,
}


def field_type(definition: Mapping[str, Any]) -> FieldType:
    """The neutral type of a property."""
    if definition.get("referencedObjectType"):
        return FieldType.REFERENCE
    if definition.get("numberDisplayHint") == "percentage":
        return FieldType.PERCENT
    type, shown = str(definition.get("type")), str(definition.get("fieldType"))
    return _TYPES.get((type, shown)) or _BY_TYPE.get(type, FieldType.OTHER)


def encode(value: Value, type: FieldType | None = None) -> str:
    """As HubSpot wants it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float) and type is FieldType.PERCENT:
        return f"{Decimal(str(value)) / 100:f}"
    return ";".join(value) if isinstance(value, tuple) else str(value)


def decode(raw: Any, type: FieldType) -> Value:
    """In neutral form; a text that is not of its type stays a text."""
    if raw is None or raw == "":
        return None
    text = str(raw)
    try:
        return _DECODERS.get(type, str)(text)
    except (ArithmeticError, ValueError, OSError):
        return text


def takes(field: Field, value: Value) -> bool:
    """Whether a field has the choices of a value; one whose options are kept elsewhere may."""
    chosen = {*value} if isinstance(value, tuple) else {value} - {None, ""}
    return not (field.restricted and field.options) or chosen <= {o.value for o in field.options}


def holds(field: Field, value: Value) -> bool:
    """Whether a field has room for a text."""
    return not (isinstance(value, str) and field.length and len(value) > field.length)


def moment(raw: str) -> datetime:
    """A moment from ISO or from milliseconds; raises ValueError, OverflowError or OSError."""
    if raw.removeprefix("-").isdecimal():
        return datetime.fromtimestamp(int(raw) / 1000, UTC)
    parsed = datetime.fromisoformat(raw)
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).astimezone(UTC)


def milliseconds(value: datetime) -> str:
    """For a search filter."""
    return str(int(value.timestamp() * 1000))


def rich(text: str) -> str:
    """Plain text as the HTML of a task's or note's body, cut with a mark where it is too long."""
    if len(whole := _html(text)) <= LONGEST:
        return whole
    most = bisect_right(range(len(text)), LONGEST, key=lambda n: len(_html(text[:n]))) - 1
    return _html(clip(text, most))


def plain(body: str | None) -> str:
    """The text of such a body."""
    return html.unescape(_TAG.sub("", _BREAK.sub("\n", body or "")))


def _html(text: str) -> str:
    return html.escape(text, quote=False).replace("\n", "<br>")


def _number(text: str) -> Value:
    if text.removeprefix("-").isdecimal():
        return int(text)
    number = Decimal(text)
    if not number.is_finite():
        raise ValueError(text)
    return int(number) if number == number.to_integral_value() else float(number)


def _percent(text: str) -> Value:
    return _number(f"{Decimal(text) * 100:f}")


_DECODERS: Final[Mapping[FieldType, Callable[[str], Value]]] = {
    FieldType.CHOICES: lambda text: tuple(sorted(part for part in text.split(";") if part)) or None,
    FieldType.DATE: lambda text: moment(text).date(),
    FieldType.FLAG: lambda text: text == "true",
    FieldType.MOMENT: moment,
    FieldType.NUMBER: _number,
    FieldType.PERCENT: _percent,
}
