"""Queries among what is selected: ``(SELECT Name FROM Contacts)``, the records that point here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from integrations.sandbox.salesforce.field import Field
from integrations.sandbox.salesforce.schema import SObject
from integrations.sandbox.salesforce.shown import Json, Reader
from integrations.sandbox.salesforce.soql.scope import ADVICE, Scope
from integrations.sandbox.salesforce.soql.search import Search
from integrations.sandbox.salesforce.soql.selection import Shown, columns, show
from integrations.sandbox.salesforce.soql.syntax import Query
from integrations.sandbox.salesforce.table import Row

#: Children of one record that come with it; the others are fetched.
PAGE: Final = 2_000
#: Keeps the records of an object for later, from the first that is still to come; the address.
Keep = Callable[[str, tuple[str, ...], Callable[[Row], Shown], int], str]


def children(scope: Scope, query: Query, version: str, keep: Keep) -> dict[str, Reader]:
    """By relationship: how the children of a record are shown; raises Refusal."""
    return dict(_children(scope, item.query, version, keep) for item in query.items if item.query)


def _children(scope: Scope, query: Query, version: str, keep: Keep) -> tuple[str, Reader]:
    child, field = _relationship(scope, query)
    inside = scope.inside(query, of=child)
    search, table = Search(inside, query), inside.table
    shown = show(inside, columns(inside, query), version)

    def read(row: Row) -> Json:
        rows = list(search.among(table.with_values(field, (row["Id"],))))
        if not rows:
            return None
        told: dict[str, Json] = {"totalSize": len(rows), "done": len(rows) <= PAGE}
        if len(rows) > PAGE:
            ids = tuple(str(found["Id"]) for found in rows)
            told["nextRecordsUrl"] = keep(child.name, ids, shown, PAGE)
        told["records"] = [shown(found) for found in rows[:PAGE]]
        return told

    return field.children or "", read


def _relationship(scope: Scope, query: Query) -> tuple[SObject, Field]:
    wanted = query.object.text.lower()
    for child, field in scope.org.schema.children(scope.sobject.name):
        if (field.children or "").lower() == wanted and scope.org.sees(child, field):
            return child, field
    raise scope.refuse(
        query.object,
        f"Didn't understand relationship '{query.object.text}' in FROM part of query call. If you "
        "are attempting to use a custom relationship, be sure to append the '__r' after the custom "
        f"relationship name. {ADVICE}",
        code="INVALID_TYPE",
    )
