"""``TYPEOF What WHEN Account THEN Phone ELSE Name END``: other fields for other kinds of parents.

Source: SOQL and SOSL Reference, "TYPEOF".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from integrations.sandbox.salesforce.field import Field
from integrations.sandbox.salesforce.shown import Json, Reader, as_name, attributes
from integrations.sandbox.salesforce.soql.scope import Scope
from integrations.sandbox.salesforce.soql.selection import Shown, columns, show
from integrations.sandbox.salesforce.soql.syntax import Branch, Item, Path, Query
from integrations.sandbox.salesforce.table import Row


def typeofs(scope: Scope, query: Query, version: str) -> dict[str, Reader]:
    """By relationship: how the parent of a record is shown; raises Refusal."""
    found: dict[str, Reader] = {}
    for item in query.items:
        if item.branches and item.path:
            step = _step(scope, item.path)
            found[step.relationship or step.name] = _parent(scope, step, item, version)
    return found


def _step(scope: Scope, path: Path) -> Field:
    step = scope.sobject.related(path.text)
    if step is None or not step.name_pointing:
        words = f"TYPEOF can be used with polymorphic relationships only: {path.text}"
        raise scope.refuse(path, words)
    return step


def _parent(scope: Scope, step: Field, item: Item, version: str) -> Reader:
    org = scope.org
    shown = {b.object.lower(): _shown(scope, step, b, version) for b in item.branches if b.object}
    rest = [path.text for b in item.branches if b.object is None for path in b.paths]

    def parent(row: Row) -> Json:
        target = row.get(step.name)
        found = org.get(target) if isinstance(target, str) else None
        home = org.schema.of_id(target) if isinstance(target, str) else None
        if found is None or home is None:
            return None
        if own := shown.get(home.name.lower()):
            return own(found)
        told: Shown = {"attributes": attributes(home.name, target, version)}
        return told | {name: as_name(org, name, found) for name in rest}

    return parent


def _shown(scope: Scope, step: Field, branch: Branch, version: str) -> Callable[[Row], Shown]:
    name = Path(text=branch.object or "", at=scope.query.object.at)
    if name.text.lower() not in [target.lower() for target in step.reference_to]:
        words = f"{name.text} is not a type that {step.relationship} can point at"
        raise scope.refuse(name, words, code="INVALID_TYPE")
    items = tuple(Item(path=path) for path in branch.paths)
    query = replace(scope.query, items=items, object=name, alias=None)
    inside = scope.inside(query)
    return show(inside, columns(inside, query), version)
