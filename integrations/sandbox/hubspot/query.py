"""The filters of a search: what each operator means, and which records can match at all.

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
from typing import Any

from integrations.sandbox.hubspot.kinds import Kind, kind_of
from integrations.sandbox.hubspot.portal import Portal
from integrations.sandbox.hubspot.records import Record, Table
from integrations.sandbox.hubspot.schema import Property
from integrations.sandbox.hubspot.values import moment
from integrations.sandbox.hubspot.wire import Json, millis

Match = Callable[[Record], bool]
#: A comparable form of a value.
Key = Callable[[str], Any]

_TOKEN = re.compile(r"\w+")
_NEGATIVE = {"NEQ": "EQ", "NOT_IN": "IN", "NOT_CONTAINS_TOKEN": "CONTAINS_TOKEN"}
OPERATORS = frozenset(
    {"EQ", "IN", "CONTAINS_TOKEN", "LT", "LTE", "GT", "GTE", "BETWEEN"}
    | {"HAS_PROPERTY", "NOT_HAS_PROPERTY"}
    | set(_NEGATIVE)
)


class Nonsense(Exception):
    """A filter that HubSpot cannot make sense of."""


@dataclass(frozen=True, kw_only=True)
class Filter:
    """One condition: the values as comparable keys."""

    name: str
    operator: str
    low: Any = None
    high: Any = None
    values: frozenset[Any] = frozenset()


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


def parse(given: Json, definition: Property) -> Filter:
    """A filter from a body; raises Nonsense."""
    operator = given.get("operator", "")
    key = key_of(definition)
    try:
        if operator in ("HAS_PROPERTY", "NOT_HAS_PROPERTY"):
            return Filter(name=definition.name, operator=operator)
        if operator in ("IN", "NOT_IN"):
            exact = str if key is str.lower else key
            values = frozenset(exact(str(value)) for value in given["values"])
            return Filter(name=definition.name, operator=operator, values=values)
        if operator in ("CONTAINS_TOKEN", "NOT_CONTAINS_TOKEN"):
            key = str.lower
        high = key(str(given["highValue"])) if operator == "BETWEEN" else None
        low = key(str(given["value"]))
    except (KeyError, ValueError, TypeError):
        raise Nonsense from None
    if operator not in OPERATORS or low == "":
        raise Nonsense
    return Filter(name=definition.name, operator=operator, low=low, high=high)


def matcher(condition: Filter, definition: Property) -> Match:
    """The condition as a test of one record."""
    name, operator = condition.name, condition.operator
    if operator == "HAS_PROPERTY":
        return lambda record: bool(record.get(name))
    if operator == "NOT_HAS_PROPERTY":
        return lambda record: not record.get(name)
    key = str.lower if "TOKEN" in operator else key_of(definition)
    fits = _tests(condition)[_NEGATIVE.get(operator, operator)]
    several = definition.several

    def positive(record: Record) -> bool:
        text = record.get(name)
        if not text:
            return False
        try:
            return any(fits(key(part)) for part in (text.split(";") if several else (text,)))
        except ValueError:  # the property has had another type
            return False

    if operator in _NEGATIVE:
        return lambda record: not positive(record)
    return positive


def _tests(condition: Filter) -> Mapping[str, Callable[[Any], Any]]:
    low, high, values = condition.low, condition.high, condition.values
    return {
        "EQ": lambda value: value == low,
        "IN": lambda value: value in values,
        "LT": lambda value: value < low,
        "LTE": lambda value: value <= low,
        "GT": lambda value: value > low,
        "GTE": lambda value: value >= low,
        "BETWEEN": lambda value: low <= value <= high,
        "CONTAINS_TOKEN": _contains(low) if isinstance(low, str) else bool,
    }


def _contains(sought: str) -> Callable[[str], bool]:
    patterns = [re.compile(translate(word)) for word in sought.split()]

    def contains(text: str) -> bool:
        tokens = [*_TOKEN.findall(text), text]
        return all(any(pattern.match(token) for token in tokens) for pattern in patterns)

    return contains


def about(text: str, kind: Kind) -> Match:
    """The ``query`` of a search: every word begins or is inside one of the searched properties."""
    words = text.lower().split()

    def matches(record: Record) -> bool:
        told = " ".join((record.get(name) or "").lower() for name in kind.searched)
        return all(word in told for word in words)

    return matches


def associated(given: Json, kind: Kind, portal: Portal) -> frozenset[int]:
    """The records meant by the pseudo-property ``associations.{object}``; raises Nonsense."""
    target = kind_of(str(given["propertyName"]).removeprefix("associations."))
    values = [given.get("value")] if given.get("operator") == "EQ" else given.get("values")
    if given.get("operator") not in ("EQ", "IN") or not isinstance(values, list):
        raise Nonsense
    return frozenset(
        record
        for value in values
        if str(value).isdecimal()
        for record in portal.links.of(target, int(str(value)), kind)
    )


def candidates(filters: Iterable[Filter], table: Table) -> Iterable[int] | None:
    """Ids that hold all that can match, from the smallest index that helps; None for all."""
    best: tuple[int, Iterable[int]] | None = None
    for condition in filters:
        found = _indexed(condition, table)
        if found and (best is None or found[0] < best[0]):
            best = found
    return best and best[1]


def _indexed(condition: Filter, table: Table) -> tuple[int, Iterable[int]] | None:
    name, operator = condition.name, condition.operator
    if name == "hs_object_id" and operator in ("EQ", "IN"):
        wanted = condition.values or {condition.low}
        ids = sorted(int(one) for one in wanted if one in table.live)
        return len(ids), ids
    bounds = _bounds(condition)
    if bounds and name == "hs_object_id":
        ids = table.ids(*bounds)
        return len(ids), ids
    if bounds and name == table.kind.modified:
        return table.changed(*bounds)
    return None


def _bounds(condition: Filter) -> tuple[int, int] | None:
    """The whole numbers from and to that a range can hold; a little wide does no harm."""
    least, most = 0, 10**18
    low, high = condition.low, condition.high
    if condition.operator not in ("EQ", "LT", "LTE", "GT", "GTE", "BETWEEN"):
        return None
    return {
        "EQ": lambda: (int(low), int(low)),
        "LT": lambda: (least, int(low)),
        "LTE": lambda: (least, int(low)),
        "GT": lambda: (int(low), most),
        "GTE": lambda: (int(low), most),
        "BETWEEN": lambda: (int(low), int(high)),
    }[condition.operator]()
