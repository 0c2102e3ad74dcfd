"""Runs a query: where to look, what fits, in which order, and what is shown of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from integrations.sandbox.salesforce.field import Value
from integrations.sandbox.salesforce.org import Org
from integrations.sandbox.salesforce.refusals import Refusal
from integrations.sandbox.salesforce.soql.aggregates import aggregate, has_aggregates
from integrations.sandbox.salesforce.soql.conditions import Keys, Place, Span, bind, demand, place
from integrations.sandbox.salesforce.soql.scope import Column, Scope
from integrations.sandbox.salesforce.soql.selection import Shown, columns, show
from integrations.sandbox.salesforce.soql.syntax import By, Query, parse
from integrations.sandbox.salesforce.table import MOMENTS, Row

OFFSET_LIMIT: Final = 2_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """The outcome: records by id, in order, or groups, which are shown at once."""

    total: int
    object: str
    ids: tuple[str, ...] = ()
    #: The names of the selected fields, and how a record is shown with them.
    fields: tuple[str, ...] = ()
    show: Callable[[Row], Shown] = lambda row: {}
    groups: tuple[Shown, ...] | None = None


def run(
    org: Org, text: str, version: str, *, all_rows: bool = False, tooling: bool = False
) -> Found:
    """Answer a query; raises Refusal. ``version`` is for the addresses of the records."""
    query = parse(text)
    scope = Scope(org, query, all_rows=all_rows, tooling=tooling)
    if query.offset > OFFSET_LIMIT:
        words = f"Maximum SOQL offset allowed is {OFFSET_LIMIT}"
        raise Refusal("NUMBER_OUTSIDE_VALID_RANGE", words)
    counting = len(query.items) == 1 and query.items[0].call == "COUNT" and not query.items[0].path
    grouping = has_aggregates(query) and not counting
    selected = () if counting or grouping else columns(scope, query)
    rows = _rows(scope, query)
    if counting:
        return Found(total=sum(1 for _ in rows), object=scope.sobject.name, groups=())
    if grouping:
        groups = tuple(aggregate(scope, query, rows))
        return Found(total=len(groups), object=scope.sobject.name, groups=groups)
    ids = tuple(str(row["Id"]) for row in rows)
    return Found(
        total=len(ids),
        object=scope.sobject.name,
        ids=ids,
        fields=tuple(column.field.name for column in selected),
        show=show(scope, selected, version),
    )


def _inner(scope: Scope, query: Query) -> Iterable[Value]:
    """The values of a query inside an IN."""
    inside = Scope(scope.org, query, all_rows=scope.all_rows, tooling=scope.tooling)
    (column,) = columns(inside, query)
    if column.field.type not in ("id", "reference"):
        words = f"The inner select field '{column.field.name}' must be an ID or a reference field"
        raise inside.refuse(column.path, words, code="MALFORMED_QUERY")
    values = (column.read(row) for row in _rows(inside, query))
    return {value for value in values if isinstance(value, str)}


def _rows(scope: Scope, query: Query) -> Iterator[Row]:
    """The records that fit, in order, from OFFSET to LIMIT."""
    bound = None
    if query.where:
        bound = bind(scope, query.where, lambda inner: _inner(scope, inner))
    order = [(by, scope.column(by.path)) for by in query.order]
    for _, column in order:
        if not column.field.sortable:
            words = f"field '{column.field.name}' can not be sorted in a query call"
            raise scope.refuse(column.path, words)
    where = place(scope, bound)
    along = _along(order)
    if along and (where is None or (isinstance(where, Span) and where.field == along)):
        where = where or Span(field=along)
        order = []
    fits = demand(bound) if bound else None
    rows: Iterable[Row] = (
        row
        for row in _candidates(scope, where)
        if (scope.all_rows or not row.get("IsDeleted")) and (fits is None or fits(row))
    )
    for by, column in reversed(order):
        rows = _sorted(list(rows), by, column)
    end = None if query.limit is None else query.offset + query.limit
    return islice(iter(rows), query.offset, end)


def _candidates(scope: Scope, where: Place) -> Iterable[Row]:
    table = scope.table
    if where is None:
        return table.rows.values()
    if isinstance(where, Keys):
        return (table.rows[key] for key in where.ids if key in table.rows)
    return (table.rows[key] for key in table.between(where.field, where.low, where.high))


def _along(order: list[tuple[By, Column]]) -> str | None:
    """The moment whose index already has the records in this order, if any."""
    if not order or any(by.descending or not column.plain for by, column in order):
        return None
    names = [column.field.name for _, column in order]
    return names[0] if names[0] in MOMENTS and names[1:] in ([], ["Id"]) else None


def _sorted(rows: list[Row], by: By, column: Column) -> list[Row]:
    key: Callable[[Any], Any] = column.field.key
    valued = [(key(value), row) for row in rows if (value := column.read(row)) is not None]
    empty = [row for row in rows if column.read(row) is None]
    valued.sort(key=lambda pair: pair[0], reverse=by.descending)
    full = [row for _, row in valued]
    return empty + full if by.nulls_first else full + empty
