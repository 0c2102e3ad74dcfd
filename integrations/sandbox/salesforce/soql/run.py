"""Runs a query from its text to what is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from integrations.sandbox.salesforce.org import Org
from integrations.sandbox.salesforce.soql.aggregates import aggregate, has_aggregates
from integrations.sandbox.salesforce.soql.children import Keep, whole
from integrations.sandbox.salesforce.soql.scope import Scope
from integrations.sandbox.salesforce.soql.search import Search
from integrations.sandbox.salesforce.soql.selection import Shown, columns
from integrations.sandbox.salesforce.soql.syntax import Path, parse
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
    #: Records of the answer hold records of their own, or values that are made of several.
    nested: bool = False
    compound: bool = False
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
    shown, nested = whole(scope, query, selected, version, keep or _drop)
    return Found(
        total=len(ids),
        object=scope.sobject.name,
        ids=ids,
        fields=tuple(column.field.name for column in selected),
        paths=tuple(column.name for column in selected),
        nested=nested,
        compound=any(column.field.type == "address" for column in selected),
        show=shown,
    )


def _drop(object: str, ids: tuple[str, ...], show: Callable[[Row], Shown], start: int) -> str:
    """There is nobody to fetch the rest."""
    return ""


def _counts(path: Path | None) -> bool:
    """``COUNT()`` alone: the answer is its total."""
    return path is not None and path.call == "COUNT" and not path.text
