"""A value from a JSON body in its stored form, checked as its field's type demands."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Final

from integrations.sandbox.salesforce.field import Field, Value
from integrations.sandbox.salesforce.ids import normal
from integrations.sandbox.salesforce.moments import read_date, read_moment
from integrations.sandbox.salesforce.refusals import Refusal, unparsed, wrong_id

#: Enough of the rule to refuse what Salesforce refuses.
_EMAIL: Final = re.compile(r"[^@\s,;<>()\"]+@[^@\s,;<>()\".]+(\.[^@\s,;<>()\".]+)+")


def read(field: Field, value: object) -> Value:
    """The stored form; raises Refusal. Empty text and JSON's null are both None."""
    if value is None:
        return None
    return _READERS.get(field.type, _text)(field, value)


def check(field: Field, value: Value) -> Value:
    """The stored form within the field's own limits; raises Refusal."""
    if isinstance(value, str) and field.type in _LIMITED and len(value) > field.length:
        raise Refusal(
            "STRING_TOO_LONG",
            f"{field.label}: data value too large: {value} (max length={field.length})",
            fields=[field.name],
        )
    if field.type == "email" and isinstance(value, str) and not _EMAIL.fullmatch(value):
        raise Refusal(
            "INVALID_EMAIL_ADDRESS",
            f"{field.label}: invalid email address: {value}",
            fields=[field.name],
        )
    if isinstance(value, str) and field.choices:
        return _chosen(field, value)
    return value


_LIMITED: Final = {"string", "textarea", "email", "phone", "url", "combobox", "picklist"}


def _chosen(field: Field, value: str) -> str:
    known = {choice.value.casefold(): choice.value for choice in field.choices}
    several = field.type == "multipicklist"
    parts = [p.strip() for p in value.split(";") if p.strip()] if several else [value]
    if field.type == "combobox":
        return value
    if field.restricted and (bad := [p for p in parts if p.casefold() not in known]):
        raise Refusal(
            "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
            f"{field.label}: bad value for restricted picklist field: {bad[0]}",
            fields=[field.name],
        )
    named = [known.get(part.casefold(), part) for part in parts]
    if several:
        order = {choice.value: i for i, choice in enumerate(field.choices)}
        named = sorted(set(named), key=lambda part: (order.get(part, len(order)), part))
    return ";".join(named)


def _text(field: Field, value: object) -> Value:
    if not isinstance(value, str):
        raise unparsed(field.type, value)
    if field.type == "textarea":
        value = value.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")
    return value.strip() or None


def _email(field: Field, value: object) -> Value:
    text = _text(field, value)
    return text.lower() if isinstance(text, str) else text


def _boolean(field: Field, value: object) -> Value:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    raise unparsed(field.type, value)


def _number(field: Field, value: object) -> Value:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise unparsed(field.type, value)
    if value == "":
        return None
    try:
        exact = Decimal(str(value))
    except InvalidOperation:
        raise unparsed(field.type, value) from None
    if not exact.is_finite():
        raise unparsed(field.type, value)
    if field.type == "int":
        if exact != exact.to_integral_value():
            raise unparsed(field.type, value)
        return int(_within(field, exact, field.digits or 9))
    whole = field.precision - field.scale
    cents = Decimal(1).scaleb(-field.scale)
    return float(_within(field, _within(field, exact, whole).quantize(cents, ROUND_HALF_UP), whole))


def _within(field: Field, number: Decimal, digits: int) -> Decimal:
    if abs(number) >= Decimal(10) ** digits:
        raise Refusal(
            "NUMBER_OUTSIDE_VALID_RANGE",
            f"{field.label}: value outside of valid range on numeric field: {number}",
            fields=[field.name],
        )
    return number


def _date(field: Field, value: object) -> Value:
    found = read_date(value) if isinstance(value, str) else None
    if found is None:
        raise unparsed(field.type, value)
    return found


def _moment(field: Field, value: object) -> Value:
    found = read_moment(value) if isinstance(value, str) else None
    if found is None:
        raise unparsed(field.type, value)
    return found


def _id(field: Field, value: object) -> Value:
    if not isinstance(value, str):
        raise unparsed(field.type, value)
    if not value:
        return None
    found = normal(value)
    if found is None:
        raise wrong_id(field.label, value, field.name)
    return found


def _anything(field: Field, value: object) -> Value:
    return value if isinstance(value, str | int | float | bool) else None


_READERS: Final[dict[str, Callable[[Field, object], Value]]] = {
    "boolean": _boolean,
    "int": _number,
    "double": _number,
    "currency": _number,
    "percent": _number,
    "date": _date,
    "datetime": _moment,
    "id": _id,
    "reference": _id,
    "email": _email,
    "anyType": _anything,
}
