"""One form per value, so that what a CRM gives back can be compared with what we wrote.

CRMs trim texts, drop carriage returns, answer ``"5"`` for 5.0, cut moments to the second, sort
choices, and keep an empty field as nothing, as ``""`` or as ``false``. None of that is an edit.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation

from integrations.contract import FieldType, Value

#: Signs that no CRM keeps: control characters but tab and newline, and halves of signs.
_UNKEPT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def canonical(value: Value, type: FieldType) -> Value:
    """The value in the form of its type; a value that is not of the type stays as text."""
    if value in (None, "", ()):
        return False if type is FieldType.FLAG else None
    return _FORMS.get(type, _line)(value)


def same(left: Value, right: Value, type: FieldType) -> bool:
    """Whether two values of a field mean the same; a date equals any moment of that day in UTC."""
    days = type is FieldType.MOMENT and _is_day(left) != _is_day(right)
    form = FieldType.DATE if days else type
    return canonical(left, form) == canonical(right, form)


def _words(value: Value) -> Value:
    text = _text(value)
    if text.isascii() and text.isprintable():
        return text.strip() or None
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    lines = (line.rstrip() for line in _UNKEPT.sub("", text).split("\n"))
    return "\n".join(lines).strip() or None


def _line(value: Value) -> Value:
    return " ".join(_text(_words(value)).split()) or None


def _plain(value: Value) -> str:
    return _text(_line(value))


def _text(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return ";".join(value)
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)


def _number(value: Value) -> Value:
    try:
        number = Decimal(_plain(value)).quantize(Decimal("1.000000"))
    except InvalidOperation:
        return _line(value)
    if not number.is_finite():
        return _line(value)
    return int(number) if number == number.to_integral_value() else float(number)


def _moment(value: Value) -> Value:
    if not isinstance(value, datetime):
        try:
            value = datetime.fromisoformat(_plain(value))
        except ValueError:
            return _line(value)
    # A text without a zone is the CRM's own clock, which is UTC.
    aware = value if value.tzinfo else value.replace(tzinfo=UTC)
    return aware.astimezone(UTC).replace(microsecond=0)


def _day(value: Value) -> Value:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    moment = _moment(value)
    return moment.date() if isinstance(moment, datetime) else moment


def _is_day(value: Value) -> bool:
    text = _plain(value) if isinstance(value, str | date) else ""
    return len(text) == len("2026-05-03")


def _choices(value: Value) -> Value:
    parts = value if isinstance(value, tuple) else _text(value).split(";")
    return tuple(sorted({text for part in parts if (text := _text(_line(part)))})) or None


_FLAGS = dict.fromkeys(("true", "1", "yes"), True) | dict.fromkeys(("false", "0", "no", ""), False)


def _flag(value: Value) -> Value:
    text = _plain(value).casefold()
    return _FLAGS.get(text, text)


_FORMS: dict[FieldType, Callable[[Value], Value]] = {
    FieldType.WORDS: _words,
    FieldType.NUMBER: _number,
    FieldType.PERCENT: _number,
    FieldType.DATE: _day,
    FieldType.MOMENT: _moment,
    FieldType.CHOICES: _choices,
    FieldType.FLAG: _flag,
}
