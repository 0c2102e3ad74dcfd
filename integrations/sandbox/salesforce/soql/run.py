"""Runs a query from its text to what is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from integrations.sandbox.salesforce.org import Org
from integrations.sandbox.salesforce.shown import Reader
from integrations.sandbox.salesforce.soql.aggregates import aggregate, has_aggregates
from integrations.sandbox.salesforce.soql.children import Keep, children
from integrations.sandbox.salesforce.soql.scope import Scope
from integrations.sandbox.salesforce.soql.search import Search
from integrations.sandbox.salesforce.soql.selection import Shown, columns, show
from integrations.sandbox.salesforce.soql.syntax import Path, Query, parse
from integrations.sandbox.salesforce.soql.typeof import typeofs
from integrations.sandbox.salesforce.table import Row


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """The outcome: records by id, in order, or groups, which are shown at once."""

    total: int
    object: str
    ids: tuple[str, ...] = ()
    #: The names of the selected fields, and how a record is shown with them.
    fields: tuple[str, ...] = ()
    #: The same with the relationships that lead there: ``Owner.Name``.
    paths: tuple[str, ...] = ()
    #: Records of the answer hold records of their own.
    nested: bool = False
    show: Callable[[Row], Shown] = lambda row: {}
    groups: tuple[Shown, ...] | None = None


def run(
    org: Org,
    text: str,
    version: str,
    *,
    all_rows: bool = False,
    tooling: bool = False,
    keep: Keep | None = None,
) -> Found:
    """Answer a query; raises Refusal. ``version`` is for the addresses of the records."""
    query = parse(text)
    scope = Scope(org, query, all_rows=all_rows, tooling=tooling)
    counting = len(query.items) == 1 and _counts(query.items[0].path) and not query.group
    grouping = has_aggregates(query) and not counting
    selected = () if counting or grouping else columns(scope, query)
    if grouping:
        every = replace(query, order=(), limit=None, offset=0)
        groups = tuple(aggregate(scope, query, Search(scope, every).rows()))
        return Found(total=len(groups), object=scope.sobject.name, groups=groups)
    rows = Search(scope, query).rows()
    if counting:
        return Found(total=sum(1 for _ in rows), object=scope.sobject.name, groups=())
    ids = tuple(str(row["Id"]) for row in rows)
    own = show(scope, selected, version)
    below = children(scope, query, version, keep or _drop) | typeofs(scope, query, version)
    return Found(
        total=len(ids),
        object=scope.sobject.name,
        ids=ids,
        fields=tuple(column.field.name for column in selected),
        paths=tuple(column.name for column in selected),
        nested=bool(below),
        show=_together(query, own, below) if below else own,
    )


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


def _drop(object: str, ids: tuple[str, ...], show: Callable[[Row], Shown], start: int) -> str:
    """There is nobody to fetch the rest."""
    return ""


def _counts(path: Path | None) -> bool:
    """``COUNT()`` alone: the answer is its total."""
    return path is not None and path.call == "COUNT" and not path.text
