"""GROUP BY, and calls such as COUNT(Id) and MAX(CreatedDate)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from integrations.sandbox.salesforce.shown import Json
from integrations.sandbox.salesforce.soql.scope import Column, Scope
from integrations.sandbox.salesforce.soql.selection import Shown
from integrations.sandbox.salesforce.soql.syntax import Query
from integrations.sandbox.salesforce.table import Row

#: From the values that are not null, of which there is at least one but for COUNT.
_CALLS: Final[dict[str, Callable[[list[Any]], Json]]] = {
    "AVG": lambda values: sum(values) / len(values),
    "COUNT": len,
    "COUNT_DISTINCT": lambda values: len(set(values)),
    "MAX": max,
    "MIN": min,
    "SUM": sum,
}


def has_aggregates(query: Query) -> bool:
    """Whether the answer is made of groups, not of records."""
    return bool(query.group) or any(item.call in _CALLS for item in query.items)


def aggregate(scope: Scope, query: Query, rows: Iterable[Row]) -> list[Shown]:
    """One entry for each group, in the order of their first records; raises Refusal."""
    grouped = [scope.column(path) for path in query.group]
    for column in grouped:
        if not column.field.groupable:
            words = f"field '{column.field.name}' can not be grouped in a query call"
            raise scope.refuse(column.path, words)
    wanted = _wanted(scope, query, grouped)
    groups: dict[tuple[object, ...], list[Row]] = {} if grouped else {(): []}
    for row in rows:
        groups.setdefault(tuple(column.read(row) for column in grouped), []).append(row)
    return [
        {
            "attributes": {"type": "AggregateResult"},
            **{name: value(members) for name, value in wanted.items()},
        }
        for members in groups.values()
    ]


Cell = Callable[[list[Row]], Json]


def _wanted(scope: Scope, query: Query, grouped: list[Column]) -> dict[str, Cell]:
    names = {column.path.text.lower() for column in grouped}
    wanted: dict[str, Cell] = {}
    unnamed = 0
    for item in query.items:
        if item.path is None:
            raise scope.refuse(query.object, "unexpected token: '('", code="MALFORMED_QUERY")
        column = scope.column(item.path)
        if item.call is None:
            if item.path.text.lower() not in names:
                words = f"Field must be grouped or aggregated: {column.field.name}"
                raise scope.refuse(item.path, words, code="MALFORMED_QUERY")
            wanted[item.alias or column.field.name] = _first(column)
            continue
        name = item.alias or f"expr{unnamed}"
        unnamed += not item.alias
        wanted[name] = _called(item.call, column)
    return wanted


def _first(column: Column) -> Cell:
    return lambda rows: column.read(rows[0])


def _called(call: str, column: Column) -> Cell:
    def cell(rows: list[Row]) -> Json:
        values = [value for row in rows if (value := column.read(row)) is not None]
        return _CALLS[call](values) if values or call.startswith("COUNT") else None

    return cell
