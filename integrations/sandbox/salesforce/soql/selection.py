"""What a query selects, and how its records look in the answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from integrations.sandbox.salesforce.field import Field
from integrations.sandbox.salesforce.org import Org
from integrations.sandbox.salesforce.shown import Json, Reader, attributes
from integrations.sandbox.salesforce.soql.scope import Column, Scope
from integrations.sandbox.salesforce.soql.syntax import Item, Path, Query
from integrations.sandbox.salesforce.table import Row

Shown = dict[str, Json]
#: FIELDS(ALL) and FIELDS(CUSTOM) need a LIMIT of no more than this.
FIELDS_LIMIT: Final = 200
#: Which fields FIELDS() means: the custom ones, the others, or both.
_KINDS: Final = {"ALL": (False, True), "STANDARD": (False,), "CUSTOM": (True,)}


def columns(scope: Scope, query: Query) -> tuple[Column, ...]:
    """The selected fields; raises Refusal."""
    found: dict[tuple[str, ...], Column] = {}
    for item in query.items:
        for column in _expand(scope, query, item):
            name = (*(step.name for step in column.steps), column.shown)
            if name in found:
                words = f"duplicate field selected: {column.field.name}"
                raise scope.refuse(column.path, words)
            found[name] = column
    return tuple(found.values())


def _expand(scope: Scope, query: Query, item: Item) -> list[Column]:
    if item.path is None or item.branches:
        return []
    if not item.wide:
        if item.alias and not item.path.functions:
            words = "only aggregate expressions use field aliasing"
            raise scope.refuse(item.path, words, code="MALFORMED_QUERY")
        return [replace(scope.column(item.path), alias=item.alias)]
    kind = item.path.text.upper()
    if kind not in _KINDS:
        raise scope.refuse(item.path, f"unexpected token: '{kind}'", code="MALFORMED_QUERY")
    if kind != "STANDARD" and not (query.limit is not None and query.limit <= FIELDS_LIMIT):
        words = f"The SOQL FIELDS function must have a LIMIT of at most {FIELDS_LIMIT}"
        raise scope.refuse(item.path, words, code="MALFORMED_QUERY")
    fields = (f for f in scope.org.visible(scope.sobject) if f.custom in _KINDS[kind])
    return [scope.column(Path(text=field.name, at=item.path.at)) for field in fields]


def show(scope: Scope, selected: Sequence[Column], version: str) -> Callable[[Row], Shown]:
    """A function that makes a record of the answer."""
    parts = _parts(scope.org, selected, 0, version)
    name = scope.sobject.name
    return lambda row: {
        "attributes": attributes(name, row["Id"], version),
        **{key: read(row) for key, read in parts.items()},
    }


def _parts(org: Org, selected: Sequence[Column], depth: int, version: str) -> dict[str, Reader]:
    """By key: how a record's fields, and the records it points at, are shown."""
    parts: dict[str, Reader] = {}
    for column in selected:
        if len(column.steps) == depth:
            parts[column.shown] = column.leaf
            continue
        step = column.steps[depth]
        key = step.relationship or step.name
        if key not in parts:
            behind = [c for c in selected if len(c.steps) > depth and c.steps[depth] is step]
            parts[key] = _parent(org, step, _parts(org, behind, depth + 1, version), version)
    return parts


def _parent(org: Org, step: Field, parts: dict[str, Reader], version: str) -> Reader:
    face = "Name" if step.name_pointing else None

    def parent(row: Row) -> Json:
        target = row.get(step.name)
        found = org.get(target) if isinstance(target, str) else None
        home = org.schema.of_id(target) if isinstance(target, str) else None
        if found is None or home is None:
            return None
        shown: Shown = {"attributes": attributes(home.name, target, version, type=face)}
        shown.update((key, read(found)) for key, read in parts.items())
        return shown

    return parent
