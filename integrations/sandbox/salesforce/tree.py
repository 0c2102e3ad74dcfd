"""Records and the records that belong to them, created in one call or not at all.

Source: REST API Developer Guide, "sObject Tree".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Final

from integrations.sandbox.http import Answer
from integrations.sandbox.salesforce import save
from integrations.sandbox.salesforce.call import Call, Resource
from integrations.sandbox.salesforce.field import Field
from integrations.sandbox.salesforce.refusals import Refusal, missing
from integrations.sandbox.salesforce.schema import SObject

LIMIT: Final = 200
DEPTH: Final = 5
TYPES: Final = 5


@dataclass(frozen=True, kw_only=True)
class Node:
    """One record to be: its values, and the reference that puts it below its parent."""

    reference: str
    sobject: SObject
    values: Mapping[str, object]
    parent: int | None
    link: Field | None


class _Failed(Exception):
    """One record is refused, so none is kept."""


def create(call: Call) -> Answer:
    """``POST /composite/tree/{object}``"""
    nodes = list(_nodes(call, call.body, call.sobject, None, None, 1, count()))
    twice = [name for name, n in Counter(node.reference for node in nodes).items() if n > 1]
    if twice:
        return _refused({twice[0]: Refusal("INVALID_INPUT", f"Duplicate ReferenceId {twice[0]}")})
    if len(nodes) > LIMIT:
        raise Refusal("LIMIT_EXCEEDED", f"The request has more than {LIMIT} records")
    if len({node.sobject.name for node in nodes}) > TYPES:
        raise Refusal("LIMIT_EXCEEDED", f"The request has more than {TYPES} types of records")
    ids: list[str] = []
    errors: dict[str, Refusal] = {}
    try:
        with call.org.attempt():
            for node in nodes:
                ids.append(_created(call, node, ids, errors))
            if errors:
                raise _Failed
    except _Failed:
        return _refused(errors)
    results = [{"referenceId": n.reference, "id": id} for n, id in zip(nodes, ids, strict=True)]
    return Answer(status=201, body={"hasErrors": False, "results": results})


def _created(call: Call, node: Node, ids: list[str], errors: dict[str, Refusal]) -> str:
    values = dict(node.values)
    if node.link is not None and node.parent is not None:
        if not ids[node.parent]:
            return ""  # its parent is refused already, and named
        values[node.link.name] = ids[node.parent]
    try:
        return save.insert(call.org, node.sobject, values, by=call.session.user)
    except Refusal as refusal:
        errors[node.reference] = refusal
        return ""


def _refused(errors: Mapping[str, Refusal]) -> Answer:
    results = [{"referenceId": key, "errors": r.rows()} for key, r in errors.items()]
    return Answer(status=400, body={"hasErrors": True, "results": results})


def _nodes(
    call: Call,
    body: object,
    sobject: SObject,
    link: Field | None,
    parent: int | None,
    depth: int,
    numbers: Iterator[int],
) -> Iterator[Node]:
    """Every record, parents before their children; raises Refusal."""
    records = body.get("records") if isinstance(body, Mapping) else None
    if not isinstance(records, list) or not records:
        raise missing(["records"])
    if depth > DEPTH:
        raise Refusal("LIMIT_EXCEEDED", f"The tree is more than {DEPTH} levels deep")
    for given in records:
        attributes = given.get("attributes") if isinstance(given, Mapping) else None
        if not isinstance(attributes, Mapping) or not attributes.get("referenceId"):
            raise Refusal("INVALID_INPUT", "Include a reference ID with every record.")
        if str(attributes.get("type", "")).lower() != sobject.name.lower():
            raise Refusal("INVALID_INPUT", "Include an entity type with your request.")
        below = {key: value for key, value in given.items() if _is_tree(value)}
        values = {k: v for k, v in given.items() if k not in below and k != "attributes"}
        own = next(numbers)
        yield Node(
            reference=str(attributes["referenceId"]),
            sobject=sobject,
            values=values,
            parent=parent,
            link=link,
        )
        for name, inner in below.items():
            child, field = _relationship(call, sobject, name)
            yield from _nodes(call, inner, child, field, own, depth + 1, numbers)


def _is_tree(value: object) -> bool:
    return isinstance(value, Mapping) and "records" in value


def _relationship(call: Call, parent: SObject, name: str) -> tuple[SObject, Field]:
    for child, field in call.org.schema.children(parent.name):
        if (field.children or "").lower() == name.lower():
            return child, field
    raise Refusal("INVALID_FIELD", f"No such relation '{name}' on entity '{parent.name}'")


ROUTES: Final[tuple[Resource, ...]] = (("POST", "/composite/tree/{object}", "tree.create", create),)
