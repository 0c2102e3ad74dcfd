"""Functions of one field: parts of dates, labels, and values as people write them.

Source: SOQL and SOSL Reference, "Date Functions", "toLabel()", "FORMAT()".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from integrations.sandbox.salesforce.field import Field
from integrations.sandbox.salesforce.moments import parse
from integrations.sandbox.salesforce.shown import Json

#: Part of a moment -> how it is found. A fiscal year is a calendar year here.
_PARTS: Final[Mapping[str, Callable[[datetime], int]]] = {
    "CALENDAR_MONTH": lambda t: t.month,
    "CALENDAR_QUARTER": lambda t: (t.month + 2) // 3,
    "CALENDAR_YEAR": lambda t: t.year,
    "DAY_IN_MONTH": lambda t: t.day,
    "DAY_IN_WEEK": lambda t: t.isoweekday() % 7 + 1,
    "DAY_IN_YEAR": lambda t: t.timetuple().tm_yday,
    "FISCAL_MONTH": lambda t: t.month,
    "FISCAL_QUARTER": lambda t: (t.month + 2) // 3,
    "FISCAL_YEAR": lambda t: t.year,
    "HOUR_IN_DAY": lambda t: t.hour,
    "WEEK_IN_MONTH": lambda t: (t.day - 1) // 7 + 1,
    "WEEK_IN_YEAR": lambda t: (t.timetuple().tm_yday - 1) // 7 + 1,
}
_SHOWN: Final = ("TOLABEL", "FORMAT")
Apply = Callable[[Json], Json]


def takes(name: str, field: Field) -> bool:
    """Whether the function can be called on the field."""
    if name in _SHOWN:
        return True
    if name in ("CONVERTTIMEZONE", "HOUR_IN_DAY", "DAY_ONLY"):
        return field.type == "datetime"
    return field.type in ("date", "datetime")


def result(name: str, field: Field) -> Field:
    """The field as the function leaves it."""
    if name in _PARTS:
        return replace(field, type="int", soap_type="xsd:int", groupable=True, sortable=True)
    if name == "DAY_ONLY":
        return replace(field, type="date", soap_type="xsd:date", groupable=True)
    if name == "FORMAT":
        return replace(field, type="string", soap_type="xsd:string")
    return field


def function(name: str, field: Field, zone: ZoneInfo) -> Apply:
    """What it makes of a value; ``zone`` is that of the user."""
    if name == "TOLABEL":
        labels = {choice.value: choice.label for choice in field.choices}
        return lambda value: labels.get(value, value) if isinstance(value, str) else value
    if name == "FORMAT":
        return lambda value: _formatted(field, value, zone)
    if name == "CONVERTTIMEZONE":
        return lambda value: _local(value, zone)
    if name == "DAY_ONLY":
        return lambda value: value[:10] if isinstance(value, str) else None
    part = _PARTS[name]
    return lambda value: part(_moment(value)) if isinstance(value, str) else None


def _moment(value: str) -> datetime:
    return parse(value) if "T" in value else datetime.combine(date.fromisoformat(value), _MIDNIGHT)


_MIDNIGHT: Final = datetime.min.time()


def _local(value: Json, zone: ZoneInfo) -> Json:
    if not isinstance(value, str):
        return None
    return f"{parse(value).astimezone(zone):%Y-%m-%dT%H:%M:%S}.000+0000"


def _formatted(field: Field, value: Any, zone: ZoneInfo) -> Json:
    """As American English has it."""
    if value is None:
        return None
    if field.type == "datetime":
        local = parse(value).astimezone(zone)
        return f"{local.month}/{local.day}/{local.year}, {local:%I:%M %p}".replace(", 0", ", ")
    if field.type == "date":
        day = date.fromisoformat(value)
        return f"{day.month}/{day.day}/{day.year}"
    if field.type == "currency":
        return f"${value:,.{field.scale}f}"
    if field.type in ("double", "percent", "int"):
        return f"{value:,.{field.scale}f}"
    return str(value)
