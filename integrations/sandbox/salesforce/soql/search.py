"""Finds the records of a query: where to look, what fits, in which order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, Final

from integrations.sandbox.salesforce.field import Value
from integrations.sandbox.salesforce.refusals import Refusal
from integrations.sandbox.salesforce.soql.conditions import Keys, Place, Span, bind, demand, place
from integrations.sandbox.salesforce.soql.scope import Column, Scope
from integrations.sandbox.salesforce.soql.selection import columns
from integrations.sandbox.salesforce.soql.syntax import By, Query
from integrations.sandbox.salesforce.table import MOMENTS, Row

OFFSET_LIMIT: Final = 2_000


class Search:
    """A query whose names and values are resolved; making one raises Refusal."""

    def __init__(self, scope: Scope, query: Query) -> None:
        if query.offset > OFFSET_LIMIT:
            words = f"Maximum SOQL offset allowed is {OFFSET_LIMIT}"
            raise Refusal("NUMBER_OUTSIDE_VALID_RANGE", words)
        self._scope = scope
        self._query = query
        self._bound = bind(scope, query.where, self._inner) if query.where else None
        self._mine = scope.org.integration if query.scope == "mine" else None
        self._order = [(by, scope.column(by.path)) for by in query.order]
        for _, column in self._order:
            if not column.field.sortable:
                words = f"field '{column.field.name}' can not be sorted in a query call"
                raise scope.refuse(column.path, words)

    def rows(self) -> Iterator[Row]:
        """The records that fit, in order, from OFFSET to LIMIT."""
        where = place(self._scope, self._bound)
        along = _along(self._order)
        if along and (where is None or (isinstance(where, Span) and where.field == along)):
            return self._part(self._fitting(where or Span(field=along)))
        return self._part(self._sorted(where))

    def among(self, ids: Iterable[str]) -> Iterator[Row]:
        """The same of these records only."""
        return self._part(self._sorted(Keys(ids=tuple(ids))))

    def _part(self, rows: Iterable[Row]) -> Iterator[Row]:
        query = self._query
        end = None if query.limit is None else query.offset + query.limit
        return islice(iter(rows), query.offset, end)

    def _sorted(self, where: Place) -> Iterable[Row]:
        return ordered(self._fitting(where), self._order)

    def _fitting(self, where: Place) -> Iterator[Row]:
        fits = demand(self._bound) if self._bound else None
        for row in self._candidates(where):
            if row.get("IsDeleted") and not self._scope.all_rows:
                continue
            if self._mine and row.get("OwnerId") != self._mine:
                continue
            if fits is None or fits(row):
                yield row

    def _candidates(self, where: Place) -> Iterable[Row]:
        table = self._scope.table
        if where is None:
            return table.rows.values()
        if isinstance(where, Keys):
            return (table.rows[key] for key in where.ids if key in table.rows)
        return (table.rows[key] for key in table.between(where.field, where.low, where.high))

    def _inner(self, query: Query) -> Iterable[Value]:
        """The values of a query inside an IN."""
        inside = self._scope.inside(query)
        (column,) = columns(inside, query)
        if column.field.type not in ("id", "reference"):
            name = column.field.name
            words = f"The inner select field '{name}' must be an ID or a reference field"
            raise inside.refuse(column.path, words, code="MALFORMED_QUERY")
        values = (column.read(row) for row in Search(inside, query).rows())
        return {value for value in values if isinstance(value, str)}


def _along(order: list[tuple[By, Column]]) -> str | None:
    """The moment whose index already has the records in this order, if any."""
    if not order or any(by.descending or not column.plain for by, column in order):
        return None
    names = [column.field.name for _, column in order]
    return names[0] if names[0] in MOMENTS and names[1:] in ([], ["Id"]) else None


def ordered(rows: Iterable[Row], order: Iterable[tuple[By, Column]]) -> Iterable[Row]:
    """The rows as ORDER BY has them."""
    for by, column in reversed(list(order)):
        rows = _by(list(rows), by, column)
    return rows


def _by(rows: list[Row], by: By, column: Column) -> list[Row]:
    key: Callable[[Any], Any] = column.field.key
    valued = [(key(value), row) for row in rows if (value := column.read(row)) is not None]
    empty = [row for row in rows if column.read(row) is None]
    valued.sort(key=lambda pair: pair[0], reverse=by.descending)
    full = [row for _, row in valued]
    return empty + full if by.nulls_first else full + empty
