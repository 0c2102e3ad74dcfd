"""Queries among what is selected: ``(SELECT Name FROM Contacts)``, the records that point here.

Source: SOQL and SOSL Reference, "Using Relationship Queries", "Understanding Relationship Query
Limitations".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from integrations.sandbox.salesforce.field import Field
from integrations.sandbox.salesforce.schema import SObject
from integrations.sandbox.salesforce.shown import Json, Reader
from integrations.sandbox.salesforce.soql.scope import ADVICE, Column, Scope
from integrations.sandbox.salesforce.soql.search import Search
from integrations.sandbox.salesforce.soql.selection import Shown, columns, show
from integrations.sandbox.salesforce.soql.syntax import Query
from integrations.sandbox.salesforce.soql.typeof import typeofs
from integrations.sandbox.salesforce.table import Row

#: Children of one record that come with it; the others are fetched.
PAGE: Final = 2_000
#: How far below the queried records, and since which version so far.
LEVELS: Final = 4
DEEP: Final = 58.0
#: Keeps the records of an object for later, from the first that is still to come; the address.
Keep = Callable[[str, tuple[str, ...], Callable[[Row], Shown], int], str]


def whole(
    scope: Scope,
    query: Query,
    selected: Sequence[Column],
    version: str,
    keep: Keep,
    *,
    level: int = 0,
) -> tuple[Callable[[Row], Shown], bool]:
    """How a record is shown with the records it holds, and whether it holds any; raises Refusal."""
    own = show(scope, selected, version)
    below = typeofs(scope, query, version)
    for item in query.items:
        if item.query:
            name, read = _children(scope, item.query, version, keep, level + 1)
            below[name] = read
    return (_together(query, own, below) if below else own), bool(below)


def _children(
    scope: Scope, query: Query, version: str, keep: Keep, level: int
) -> tuple[str, Reader]:
    most = LEVELS if float(version[1:].partition("/")[0]) >= DEEP else 1
    if level > most:
        levels = "1 level" if most == 1 else f"{most} levels"
        words = "SOQL statements cannot query aggregate relationships more than "
        words += f"{levels} away from the root entity object."
        raise scope.refuse(query.object, words, code="MALFORMED_QUERY")
    child, field = _relationship(scope, query)
    inside = scope.inside(query, of=child)
    search, table = Search(inside, query), inside.table
    shown, _ = whole(inside, query, columns(inside, query), version, keep, level=level)

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


def _together(
    query: Query, own: Callable[[Row], Shown], below: Mapping[str, Reader]
) -> Callable[[Row], Shown]:
    """A record with the records it holds, in the order in which the query names them."""
    asked = ["attributes"]
    for item in query.items:
        path = item.query.object if item.query else item.path
        asked.append(path.text.split(".")[0].lower() if path else "")

    def show(row: Row) -> Shown:
        whole = own(row) | {key: read(row) for key, read in below.items()}
        places = {name: place for place, name in reversed(list(enumerate(asked)))}
        last = len(asked)
        return dict(sorted(whole.items(), key=lambda pair: places.get(pair[0].lower(), last)))

    return show


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
