"""Records by way of a relationship: ``/sobjects/Contact/{id}/Account``, and the other way round.

Source: REST API Developer Guide, "sObject Relationships", "Traverse Relationships with Friendly
URLs".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final
from urllib.parse import quote

from integrations.sandbox.http import Answer
from integrations.sandbox.salesforce import rows
from integrations.sandbox.salesforce.call import Call, Handler, Resource
from integrations.sandbox.salesforce.field import Field
from integrations.sandbox.salesforce.org import Org
from integrations.sandbox.salesforce.refusals import not_found
from integrations.sandbox.salesforce.schema import SObject
from integrations.sandbox.salesforce.table import Row

#: Parents above parents.
LEVELS: Final = 5


def read(call: Call) -> Answer:
    """The parent, or a page of the children."""
    home, row, last = _arrived(call)
    if found := _children(call.org, home, last):
        child, field = found
        asked = call.request.query.get("fields")
        fields = rows.fields_named(call.org, child, asked.split(",")) if asked else None
        names = ",".join(f.name for f in fields or call.org.visible(child))
        parts = ("SELECT", names, "FROM", child.name, "WHERE", field.name, "=", f"'{row['Id']}'")
        page = f"/services/data/{call.version}/query?q={quote(' '.join(parts))}"
        return call.within("GET", page, None)
    return rows.read(_at(call, home, row, last))


def _of_parent(handler: Handler) -> Callable[[Call], Answer]:
    """Done with the parent; with children, which may be many, nothing can be done."""

    def done(call: Call) -> Answer:
        home, row, last = _arrived(call)
        return handler(_at(call, home, row, last))

    return done


def _arrived(call: Call) -> tuple[SObject, Row, str]:
    """The record before the last relationship, and its name; raises Refusal."""
    *steps, last = call.request.params["path"].split("/")
    home, row = call.sobject, call.org.locate(call.sobject, call.request.params["id"])
    if row is None or row.get("IsDeleted") or len(steps) >= LEVELS:
        raise not_found()
    for name in steps:
        home, row = _parent(call.org, home, row, name)
    return home, row, last


def _parent(org: Org, home: SObject, row: Row, name: str) -> tuple[SObject, Row]:
    step = home.related(name)
    target = row.get(step.name) if step and org.sees(home, step) else None
    above = org.schema.of_id(target) if isinstance(target, str) else None
    found = org.get(str(target)) if above else None
    if above is None or found is None or found.get("IsDeleted"):
        raise not_found()
    return above, found


def _children(org: Org, home: SObject, name: str) -> tuple[SObject, Field] | None:
    for child, field in org.schema.children(home.name):
        if (field.children or "").lower() == name.lower() and org.sees(child, field):
            return child, field
    return None


def _at(call: Call, home: SObject, row: Row, name: str) -> Call:
    """The call as if it were made to the parent itself; raises Refusal."""
    above, found = _parent(call.org, home, row, name)
    named = {"object": above.name, "id": str(found["Id"])}
    params = {**call.request.params, **named}
    return replace(call, request=replace(call.request, params=params))


#: Fifteen or eighteen characters; no key field has a name like that.
_ID: Final = "[0-9A-Za-z]" * 15 + "(?:" + "[0-9A-Za-z]" * 3 + ")?"
_PATH: Final = f"/sobjects/{{object}}/{{id:{_ID}}}/{{path:[A-Za-z].*[^/]}}"
ROUTES: Final[tuple[Resource, ...]] = (
    ("GET", _PATH, "relations.read", read),
    ("PATCH", _PATH, "relations.update", _of_parent(rows.update)),
    ("DELETE", _PATH, "relations.delete", _of_parent(rows.delete)),
)
