"""The conditions of a search: what each operator means.

Source: "CRM search" guide, and the remarks on letters there: enumerations tell them apart, strings
do not, except that the values of ``IN`` and ``NOT_IN`` are compared as they stand with strings in
lower case. A negative operator matches records without a value, too: nothing says otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fnmatch import translate
from functools import lru_cache
from math import inf, nextafter
from typing import Any, Final

from integrations.sandbox.hubspot.kinds import Kind
from integrations.sandbox.hubspot.records import Record
from integrations.sandbox.hubspot.schema import Property
from integrations.sandbox.hubspot.values import moment
from integrations.sandbox.hubspot.wire import Json, millis

Match = Callable[[Record], bool]
#: A comparable form of a value; raises ValueError where the value has none.
Key = Callable[[str], Any]

RANGES: Final = frozenset({"EQ", "LT", "LTE", "GT", "GTE", "BETWEEN"})
_NEGATIVE: Final = {"NEQ": "EQ", "NOT_IN": "IN", "NOT_CONTAINS_TOKEN": "CONTAINS_TOKEN"}
_TOKEN = re.compile(r"\w+")


class Nonsense(Exception):
    """A condition that HubSpot cannot make sense of."""


@dataclass(frozen=True, kw_only=True)
class Condition:
    """One filter, with its values in comparable form."""

    property: Property
    operator: str
    low: Any = None
    high: Any = None
    values: frozenset[Any] = frozenset()

    def span(self) -> tuple[float, float]:
        """What a range of numbers or milliseconds goes from and to, both included."""
        low, high = self.low, self.high
        return {
            "EQ": (low, low),
            "LT": (-inf, nextafter(low, -inf)),
            "LTE": (-inf, low),
            "GT": (nextafter(low, inf), inf),
            "GTE": (low, inf),
            "BETWEEN": (low, high),
        }[self.operator]


def span(conditions: Iterable[Condition]) -> tuple[float, float]:
    """What several ranges have in common."""
    spans = [(-inf, inf), *(condition.span() for condition in conditions)]
    return max(low for low, _ in spans), min(high for _, high in spans)


def parse(given: Json, definition: Property) -> Condition:
    """A filter from a body; raises Nonsense."""
    operator = given.get("operator")
    try:
        return Condition(property=definition, operator=str(operator), **_values(given, definition))
    except (KeyError, ValueError, TypeError):
        raise Nonsense from None


def _values(given: Json, definition: Property) -> Mapping[str, Any]:
    operator, key = given["operator"], key_of(definition)
    if given.get("value") is not None and not str(given["value"]).strip():
        raise ValueError("value must be non-empty and non-blank, if specified")
    if operator in ("HAS_PROPERTY", "NOT_HAS_PROPERTY"):
        return {}
    if operator in ("IN", "NOT_IN"):
        exact = str if key is str.lower else key
        return {"values": frozenset(exact(str(value)) for value in given["values"])}
    if given["value"] is None:
        raise ValueError("value must not be null")
    value = str(given["value"])
    if operator in ("CONTAINS_TOKEN", "NOT_CONTAINS_TOKEN"):
        return {"low": value.lower()}
    if operator == "BETWEEN":
        return {"low": key(value), "high": key(str(given["highValue"]))}
    if operator not in RANGES and operator not in _NEGATIVE:
        raise ValueError(operator)
    return {"low": key(value)}


def key_of(definition: Property) -> Key:
    """How values of a property compare."""
    if definition.type in ("date", "datetime"):
        return _millis
    if definition.type == "number":
        return float
    if definition.type in ("enumeration", "bool"):
        return str
    return str.lower


@lru_cache(maxsize=100_000)
def _millis(text: str) -> int:
    return millis(moment(text))


def comparable(definition: Property, text: str | None) -> Any:
    """A stored value as it compares; None where there is none, or of another type's time."""
    try:
        return key_of(definition)(text) if text else None
    except ValueError:
        return None


def matcher(condition: Condition) -> Match:
    """The condition as a test of one record."""
    definition, operator = condition.property, condition.operator
    name = definition.name
    if operator == "HAS_PROPERTY":
        return lambda record: bool(record.get(name))
    if operator == "NOT_HAS_PROPERTY":
        return lambda record: not record.get(name)
    fits = _tests(condition)[_NEGATIVE.get(operator, operator)]

    def positive(record: Record) -> bool:
        value = comparable(definition, record.get(name))
        return value is not None and bool(fits(value))

    def among(record: Record) -> bool:
        return any(fits(part) for part in (record.get(name) or "").split(";") if part)

    match = among if definition.several else positive
    if operator in _NEGATIVE:
        return lambda record: not match(record)
    return match


def _tests(condition: Condition) -> Mapping[str, Callable[[Any], Any]]:
    low, high, values = condition.low, condition.high, condition.values
    contains = _contains(str(low))
    return {
        "EQ": lambda value: value == low,
        "IN": lambda value: value in values,
        "LT": lambda value: value < low,
        "LTE": lambda value: value <= low,
        "GT": lambda value: value > low,
        "GTE": lambda value: value >= low,
        "BETWEEN": lambda value: low <= value <= high,
        "CONTAINS_TOKEN": lambda value: contains(str(value)),
    }


def _contains(sought: str) -> Callable[[str], bool]:
    patterns = [re.compile(translate(word)) for word in sought.split()]

    def contains(text: str) -> bool:
        tokens = [*_TOKEN.findall(text), text]
        return all(any(pattern.match(token) for token in tokens) for pattern in patterns)

    return contains


def about(text: str, kind: Kind) -> Match:
    """The ``query`` of a search: every word is inside one of the properties it looks at."""
    words = text.lower().split()

    def matches(record: Record) -> bool:
        told = " ".join((record.get(name) or "").lower() for name in kind.searched)
        return all(word in told for word in words)

    return matches
