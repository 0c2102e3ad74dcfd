"""GROUP BY and HAVING, and calls such as COUNT(Id) and MAX(CreatedDate)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Any, Final

from integrations.sandbox.salesforce.field import Field, make
from integrations.sandbox.salesforce.refusals import Refusal
from integrations.sandbox.salesforce.shown import Json
from integrations.sandbox.salesforce.soql.conditions import bind, demand
from integrations.sandbox.salesforce.soql.scope import Column, Scope
from integrations.sandbox.salesforce.soql.search import ordered
from integrations.sandbox.salesforce.soql.selection import Shown
from integrations.sandbox.salesforce.soql.syntax import Path, Query
from integrations.sandbox.salesforce.table import Row

#: Groups of one answer; there is no second page.
LIMIT: Final = 2_000
#: From the values that are not null, of which there is at least one but for COUNT.
_CALLS: Final[dict[str, Callable[[list[Any]], Json]]] = {
    "AVG": lambda values: sum(values) / len(values),
    "COUNT": len,
    "COUNT_DISTINCT": lambda values: len(set(values)),
    "MAX": max,
    "MIN": min,
    "SUM": sum,
}
_NUMBERS: Final = ("int", "double", "currency", "percent")
#: What the calls give; MIN and MAX give what the field has.
_GIVES: Final = {"AVG": "double", "SUM": "double", "COUNT": "int", "COUNT_DISTINCT": "int"}

#: From the records of a group to a value.
Cell = Callable[[list[Row]], Json]


def has_aggregates(query: Query) -> bool:
    """Whether the answer is made of groups, not of records."""
    return bool(query.group) or any(item.path and item.path.call for item in query.items)


def aggregate(scope: Scope, query: Query, rows: Iterable[Row]) -> list[Shown]:
    """One entry for each group that fits, in the order that is asked for; raises Refusal."""
    grouped = [scope.column(path) for path in query.group]
    for column in grouped:
        if not column.field.groupable:
            words = f"field '{column.field.name}' can not be grouped in a query call"
            raise scope.refuse(column.path, words)
    inside = _Groups(scope, query, grouped)
    names = _names(inside, query)
    order = [(by, inside.column(by.path)) for by in query.order]
    fits = demand(bind(inside, query.having, _no_query)) if query.having else None
    members: dict[tuple[object, ...], list[Row]] = {} if grouped else {(): []}
    for row in rows:
        members.setdefault(tuple(column.read(row) for column in grouped), []).append(row)
    groups = [inside.row(found) for found in members.values()]
    kept = [group for group in groups if fits is None or fits(group)]
    end = None if query.limit is None else query.offset + query.limit
    shown: list[Shown] = [
        {"attributes": {"type": "AggregateResult"}, **{k: c.read(row) for k, c in names.items()}}
        for row in islice(ordered(kept, order), query.offset, end)
    ]
    if len(shown) > LIMIT:
        words = (
            "Aggregate query does not support queryMore(), use LIMIT to restrict the results to a "
            "single batch"
        )
        raise Refusal("EXCEEDED_ID_LIMIT", words)
    return shown


class _Groups(Scope):
    """The names of a query that are about groups: a group is a row of the cells that are asked."""

    def __init__(self, scope: Scope, query: Query, grouped: Sequence[Column]) -> None:
        super().__init__(scope.org, query, all_rows=scope.all_rows, tooling=scope.tooling)
        self._outer = scope
        self._grouped = {column.path.key: column for column in grouped}
        self._cells: dict[str, Cell] = {}

    def row(self, members: list[Row]) -> Row:
        """A group as a row; made when every name is known."""
        return {key: _plain(cell(members)) for key, cell in self._cells.items()}

    def column(self, path: Path) -> Column:
        if path.call:
            field, cell = self._called(path, path.call)
        elif found := self._grouped.get(path.key):
            field, cell = found.field, _first(found)
        else:
            name = self._outer.column(path).field.name
            words = f"Field must be grouped or aggregated: {name}"
            raise self.refuse(path, words, code="MALFORMED_QUERY")
        key = " ".join(path.key)
        self._cells[key] = cell

        def read(row: Row) -> Json:
            return row[key]

        return Column(path=path, steps=(), field=field, leaf=read, read=read)

    def _called(self, path: Path, call: str) -> tuple[Field, Cell]:
        if not path.text:
            if call != "COUNT":
                raise self.refuse(path, "unexpected token: ')'", code="MALFORMED_QUERY")
            return make({"name": "count", "type": "int"}), len
        column = self._outer.column(Path(text=path.text, at=path.at))
        wrong = call in ("AVG", "SUM") and column.field.type not in _NUMBERS
        wrong = wrong or column.field.type == "address"
        if wrong or not (column.field.facts["aggregatable"] or call.startswith("COUNT")):
            words = f"field {column.field.name} does not support aggregate operator {call}"
            raise self.refuse(path, words, code="MALFORMED_QUERY")
        kind = _GIVES.get(call)
        field = make({"name": column.field.name, "type": kind}) if kind else column.field
        return field, _cell(call, column)


def _names(scope: _Groups, query: Query) -> dict[str, Column]:
    """What the answer shows, by the names it shows it under."""
    names: dict[str, Column] = {}
    unnamed = 0
    for item in query.items:
        if item.path is None or item.wide or item.branches:
            raise scope.refuse(query.object, "unexpected token: '('", code="MALFORMED_QUERY")
        column = scope.column(item.path)
        if item.alias or (not item.path.call and not item.path.functions):
            name = item.alias or column.field.name
        else:
            name, unnamed = f"expr{unnamed}", unnamed + 1
        if name in names:
            words = f"duplicate alias: {name}"
            raise scope.refuse(item.path, words, code="MALFORMED_QUERY")
        names[name] = column
    return names


def _first(column: Column) -> Cell:
    return lambda rows: column.read(rows[0])


def _cell(call: str, column: Column) -> Cell:
    def cell(rows: list[Row]) -> Json:
        values = [value for row in rows if (value := column.read(row)) is not None]
        return _CALLS[call](values) if values or call.startswith("COUNT") else None

    return cell


def _plain(value: Json) -> str | int | float | bool | None:
    return None if isinstance(value, dict | list) else value


def _no_query(query: Query) -> Iterable[str]:
    raise Refusal("MALFORMED_QUERY", "Nesting of semi join sub-selects is not supported")
