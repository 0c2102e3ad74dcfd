"""The WHERE of a query: what it demands of a record, and where to look for such records."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from operator import ge, gt, le, lt
from typing import Any, Final

from integrations.sandbox.salesforce.field import Field, Value
from integrations.sandbox.salesforce.soql.literals import Period, like, read, wrong_escape
from integrations.sandbox.salesforce.soql.scope import Column, Scope
from integrations.sandbox.salesforce.soql.syntax import Condition, Query, Test
from integrations.sandbox.salesforce.table import Row

Demand = Callable[[Row], bool]
#: Runs a query in parentheses: the values of its one field.
Inner = Callable[[Query], Iterable[Value]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """A test whose names and values are resolved."""

    column: Column
    operator: str
    values: tuple[Value | Period, ...]
    pattern: re.Pattern[str] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Joint:
    """Checks joined by AND, OR or NOT."""

    word: str
    terms: tuple[Bound, ...]


Bound = Check | Joint


@dataclass(frozen=True, kw_only=True, slots=True)
class Keys:
    """Only these records can fit."""

    ids: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """Only records with a moment in this span can fit, both ends included."""

    field: str
    low: str = ""
    high: str = "~"


Place = Keys | Span | None


def bind(scope: Scope, condition: Condition, inner: Inner) -> Bound:
    """Resolve every name and value; raises Refusal."""
    if not isinstance(condition, Test):
        terms = tuple(bind(scope, term, inner) for term in condition.terms)
        return Joint(word=condition.word, terms=terms)
    column, operator = scope.column(condition.path), condition.operator
    if column.field.type == "address":
        words = "Address fields can only be filtered using Distance expressions"
        raise scope.refuse(condition.path, words)
    if not column.field.filterable:
        words = f"field '{column.field.name}' can not be filtered in a query call"
        raise scope.refuse(condition.path, words)
    if condition.subquery:
        return Check(column=column, operator=operator, values=tuple(inner(condition.subquery)))
    if not _takes(operator, column.field):
        words = f"invalid operator on {column.field.type} field"
        raise scope.refuse(condition.path, words, code="INVALID_QUERY_FILTER_OPERATOR")
    if operator == "LIKE" and condition.values[0].kind == "STRING":
        try:
            pattern = like(condition.values[0].text)
        except ValueError as error:
            raise wrong_escape(scope, condition.path, condition.values[0], error) from None
        return Check(column=column, operator=operator, values=(), pattern=pattern)
    values = tuple(read(scope, column, literal) for literal in condition.values)
    return Check(column=column, operator=operator, values=values)


def _takes(operator: str, field: Field) -> bool:
    """Whether fields of this kind are compared in this way."""
    if operator in ("INCLUDES", "EXCLUDES"):
        return field.type == "multipicklist"
    if field.type == "boolean":
        return operator in ("=", "!=", "IN", "NOT IN")
    texts = field.soap_type in ("xsd:string", "xsd:anyType")
    return operator != "LIKE" or (texts and field.type not in ("id", "reference"))


def demand(bound: Bound) -> Demand:
    """Whether a record fits."""
    if isinstance(bound, Check):
        return _check(bound)
    parts = [demand(term) for term in bound.terms]
    if bound.word == "NOT":
        return lambda row: not parts[0](row)
    if bound.word == "AND":
        return lambda row: all(part(row) for part in parts)
    return lambda row: any(part(row) for part in parts)


def place(scope: Scope, bound: Bound | None) -> Place:
    """Where to look: the narrowest place the indexes know; None for the whole table."""
    if bound is None or (isinstance(bound, Joint) and bound.word == "NOT"):
        return None
    if isinstance(bound, Check):
        return _indexed(scope, bound)
    places = [place(scope, term) for term in bound.terms]
    keys = [found for found in places if isinstance(found, Keys)]
    spans = [found for found in places if isinstance(found, Span)]
    alike = [span for span in spans if span.field == spans[0].field]
    if bound.word == "AND":
        if keys:
            return min(keys, key=lambda found: len(found.ids))
        return _spanned(alike, max, min) if alike else None
    if len(keys) == len(places):
        return Keys(ids=tuple(dict.fromkeys(key for found in keys for key in found.ids)))
    return _spanned(alike, min, max) if len(alike) == len(places) else None


Pick = Callable[[Iterable[str]], str]


def _spanned(spans: list[Span], low: Pick, high: Pick) -> Span:
    return Span(
        field=spans[0].field, low=low(s.low for s in spans), high=high(s.high for s in spans)
    )


def _indexed(scope: Scope, check: Check) -> Place:
    field, values = check.column.field, check.values
    if not check.column.plain or None in values:
        return None
    exact = [value for value in values if not isinstance(value, Period)]
    if check.operator in ("=", "IN") and len(exact) == len(values):
        if field.type == "id":
            return Keys(ids=tuple(dict.fromkeys(map(str, exact))))
        if field.indexed:
            return Keys(ids=tuple(dict.fromkeys(scope.table.with_values(field, exact))))
    if not scope.table.sorted_by(field.name) or len(values) != 1:
        return None
    low, high = _ends(values[0])
    match check.operator:
        case "=":
            return Span(field=field.name, low=low, high=high)
        case ">" | ">=":
            return Span(field=field.name, low=low)
        case "<" | "<=":
            return Span(field=field.name, high=high)
    return None


def _ends(value: Value | Period) -> tuple[str, str]:
    return (value.low, value.high) if isinstance(value, Period) else (str(value), str(value))


Compare = Callable[[Any, Any], bool]
_ORDERS: Final[dict[str, Compare]] = {"<": lt, "<=": le, ">": gt, ">=": ge}
#: With a period: which of its ends counts, and how.
_PERIOD_ORDERS: Final[dict[str, tuple[Compare, str]]] = {
    "<": (lt, "low"),
    ">=": (ge, "low"),
    "<=": (lt, "high"),
    ">": (ge, "high"),
}
_NEGATED: Final = {"!=": "=", "NOT IN": "IN", "EXCLUDES": "INCLUDES"}


def _check(check: Check) -> Demand:
    read, key, values = check.column.read, check.column.field.key, check.values
    if positive := _NEGATED.get(check.operator):
        fits = _check(Check(column=check.column, operator=positive, values=values))
        return lambda row: not fits(row)
    if pattern := check.pattern:
        return lambda row: isinstance(v := read(row), str) and bool(pattern.fullmatch(v))
    if check.operator == "LIKE":  # null
        return lambda row: False
    if check.operator in ("=", "IN"):
        return _among(check)
    if check.operator == "INCLUDES":
        wanted = [_parts(key(value)) for value in values if isinstance(value, str)]
        return lambda row: any(part <= _parts(key(_scalar(read(row)))) for part in wanted)
    value = values[0]
    if isinstance(value, Period):
        compare, end = _PERIOD_ORDERS[check.operator]
        edge = key(value.low if end == "low" else value.high)
    else:
        compare, edge = _ORDERS[check.operator], key(value)

    def compares(row: Row) -> bool:
        held = key(_scalar(read(row)))
        return held is not None and edge is not None and compare(held, edge)

    return compares


def _among(check: Check) -> Demand:
    read, key = check.column.read, check.column.field.key
    wanted = {key(value) for value in check.values if not isinstance(value, Period)}
    periods = [value for value in check.values if isinstance(value, Period)]

    def among(row: Row) -> bool:
        held = _scalar(read(row))
        if isinstance(held, str) and any(p.low <= held < p.high for p in periods):
            return True
        return key(held) in wanted

    return among


def _parts(value: Value) -> set[str]:
    return set(value.split(";")) if isinstance(value, str) else set()


def _scalar(value: object) -> Value:
    return value if isinstance(value, str | int | float | bool) else None
