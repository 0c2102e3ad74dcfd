"""What an object type is like, as a whole, and the ones that a portal makes.

Source: "Custom objects" guide. They need an Enterprise edition; how a portal without it refuses is
not told there: here it lacks the scopes, which such a portal cannot give.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Final

from integrations.sandbox.http import Answer, Request
from integrations.sandbox.hubspot import definitions, wire
from integrations.sandbox.hubspot.errors import Refused, bad_json, missing_fields, not_found
from integrations.sandbox.hubspot.kinds import Kind
from integrations.sandbox.hubspot.links import LinkType
from integrations.sandbox.hubspot.operation import Operation
from integrations.sandbox.hubspot.portal import Portal
from integrations.sandbox.hubspot.wire import Json

#: Clients call the first, the guide the second.
FAMILIES: Final = (("crm-object-schemas", "/schemas"), ("crm/schemas", ""))


#: The type id of the first custom object of a portal.
FIRST: Final = 58_214_301
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
#: What a property needs that comes along with its object.
_DEFINED: Final = ("name", "label", "type", "fieldType")
_NEEDED: Final = ("name", "labels", "requiredProperties", "properties", "primaryDisplayProperty")


class Schemas:
    """The operations on object types."""

    def __init__(self, portal: Portal) -> None:
        self._portal = portal
        self._made = 0

    def operations(self) -> list[Operation]:
        """What is here, for the router."""
        rows = (
            ("GET", "", "schemas.list", self.browse),
            ("POST", "", "schemas.create", self.create),
            ("GET", "/{object}", "schemas.get", self.read),
            ("PATCH", "/{object}", "schemas.update", self.update),
            ("DELETE", "/{object}", "schemas.archive", self.archive),
            ("POST", "/{object}/associations", "schemas.associations.create", self.connect),
            (
                "DELETE",
                "/{object}/associations/{type}",
                "schemas.associations.archive",
                self.disconnect,
            ),
        )
        return [
            Operation(method=method, family=family, rest=head + rest, name=name, handler=handler)
            for family, head in FAMILIES
            for method, rest, name, handler in rows
        ]

    def browse(self, request: Request) -> Answer:
        """The custom object types."""
        return Answer(body={"results": [self._show(kind) for kind in self._portal.custom]})

    def create(self, request: Request) -> Answer:
        """A new object type with its properties, and what its records are associated with."""
        body = wire.body(request, *_NEEDED)
        name, given = str(body["name"]), body["properties"]
        if not _NAME.fullmatch(name):
            raise Refused(400, f"{name} is no name for an object: letters, digits, underscores.")
        if any(kind.singular == name for kind in self._portal.custom):
            raise Refused(
                409,
                f"An object type named '{name}' already exists.",
                category="OBJECT_ALREADY_EXISTS",
            )
        if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
            raise bad_json("Cannot deserialize value of type `java.util.ArrayList` (properties)")
        display = [str(body["primaryDisplayProperty"])]
        named = {str(one.get("name")) for one in given}
        required = wire.strings(body["requiredProperties"], "requiredProperties")
        searched = wire.strings(body.get("searchableProperties"), "searchableProperties")
        if lacking := {*required, *display, *searched} - named:
            raise _undefined(lacking)
        about = wire.strings(body.get("associatedObjects"), "associatedObjects")
        targets = [self._portal.kind(one) for one in about]
        kind = self._kind(name, body["labels"], display, required, searched)
        self._portal.make(kind, targets)
        try:
            self._define(kind, given)
        except Refused:
            self._portal.unmake(kind)
            raise
        return Answer(status=201, body=self._show(kind))

    def read(self, request: Request) -> Answer:
        """One object type with its properties and association types."""
        return Answer(body=self._show(self._portal.kind(request.params["object"])))

    def update(self, request: Request) -> Answer:
        """Its words, and which properties are needed, shown and searched; the name stays."""
        before, body = self._own(request, "changed"), wire.body(request)
        labels = wire.mapping(body.get("labels"), "labels")
        one, many = before.labelled
        shown = list(before.shown)
        if body.get("primaryDisplayProperty"):
            shown[:1] = [wire.text(body["primaryDisplayProperty"], "primaryDisplayProperty")]
        if body.get("secondaryDisplayProperties") is not None:
            names = wire.strings(body["secondaryDisplayProperties"], "secondaryDisplayProperties")
            shown[1:] = names
        required = [name for (name, *_) in before.required]
        if body.get("requiredProperties") is not None:
            required = wire.strings(body["requiredProperties"], "requiredProperties")
        searched = list(before.searched)
        if body.get("searchableProperties") is not None:
            searched = wire.strings(body["searchableProperties"], "searchableProperties")
        known = self._portal.schema(before).properties
        if lacking := {*shown, *required, *searched} - known.keys():
            raise _undefined(lacking)
        after = replace(
            before,
            labels=(
                wire.text(labels.get("singular") or one, "singular"),
                wire.text(labels.get("plural") or many, "plural"),
            ),
            shown=tuple(shown),
            required=tuple((one,) for one in required),
            searched=tuple(searched),
        )
        self._portal.remake(before, after)
        return Answer(body=self._described(after) | {"portalId": self._portal.id})

    def connect(self, request: Request) -> Answer:
        """Let records of an object type be associated with those of another one."""
        kind = self._own(request, "associated so")
        body = wire.body(request, "fromObjectTypeId", "toObjectTypeId")
        ends = [self._portal.kind(str(body[f"{end}ObjectTypeId"])) for end in ("from", "to")]
        if kind not in ends:
            raise Refused(400, f"{kind.type_id} is at neither end of the association.")
        other = ends[0] if ends[1] == kind else ends[1]
        self._portal.links.connect(kind, other)
        made = self._portal.links.built_in(ends[0], ends[1])[-1]
        return Answer(status=201, body=_association(made, wire.instant(self._portal.now())))

    def disconnect(self, request: Request) -> Answer:
        """That is at an end, and so are the associations that were made by it."""
        kind = self._own(request, "associated so")
        for type_ in self._portal.links.plain.values():
            if kind in (type_.source, type_.target) and str(type_.id) == request.params["type"]:
                self._portal.links.forget(type_)
                return Answer(status=204)
        raise not_found(f"No association {request.params['type']} is defined.")

    def _own(self, request: Request, what: str) -> Kind:
        """The custom object type in the path."""
        kind = self._portal.kind(request.params["object"])
        if not kind.custom:
            raise Refused(400, f"{kind.type_id} is HubSpot's own and cannot be {what}.")
        return kind

    def archive(self, request: Request) -> Answer:
        """A custom object type goes, once it has no records."""
        kind = self._own(request, "deleted")
        if self._portal.table(kind).live:
            raise Refused(400, "An object type with records cannot be deleted.")
        self._portal.unmake(kind)
        return Answer(status=204)

    def _kind(
        self, name: str, labels: Any, shown: list[str], required: list[str], searched: list[str]
    ) -> Kind:
        type_id, full = f"2-{FIRST + self._made}", f"p{self._portal.id}_{name}"
        self._made += 1
        said = labels if isinstance(labels, dict) else {}
        return Kind(
            plural=full,
            singular=name,
            type_id=type_id,
            created="hs_createdate",
            shown=tuple(shown),
            required=tuple((one,) for one in required),
            searched=tuple(searched or shown),
            known_as=(type_id, full.lower(), f"p_{name}".lower()),
            labels=(str(said.get("singular") or name), str(said.get("plural") or name)),
        )

    def _define(self, kind: Kind, given: list[Json]) -> None:
        schema = self._portal.schema(kind)
        for one in given:
            if lacking := [name for name in _DEFINED if not one.get(name)]:
                raise missing_fields(lacking)
            body = {"groupName": next(iter(schema.groups)), **one}
            self._portal.define(kind, definitions.created(schema, body, self._portal.now()))

    def _show(self, kind: Kind) -> Json:
        since = wire.instant(self._portal.since)
        types = [
            one for target in self._portal.kinds for one in self._portal.links.types(kind, target)
        ]
        return self._described(kind) | {
            "properties": [
                definitions.show(one) for one in self._portal.schema(kind).properties.values()
            ],
            "associations": [_association(one, since) for one in types],
        }

    def _described(self, kind: Kind) -> Json:
        since = wire.instant(self._portal.since)
        return {
            "id": kind.type_id,
            "objectTypeId": kind.type_id,
            "name": kind.singular if kind.custom else kind.singular.upper(),
            "fullyQualifiedName": kind.plural if kind.custom else kind.singular.upper(),
            "labels": dict(zip(("singular", "plural"), kind.labelled, strict=True)),
            "primaryDisplayProperty": kind.shown[0] if kind.shown else kind.searched[0],
            "secondaryDisplayProperties": list(kind.shown[1:]),
            "searchableProperties": list(kind.searched),
            "requiredProperties": [names[0] for names in kind.required],
            "allowsSensitiveProperties": False,
            "archived": False,
            "createdAt": since,
            "updatedAt": since,
        }


def _undefined(names: set[str]) -> Refused:
    return Refused(400, f"These properties are not defined: {', '.join(sorted(names))}.")


def _association(type_: LinkType, since: str) -> Json:
    return {
        "id": str(type_.id),
        "fromObjectTypeId": type_.source.type_id,
        "toObjectTypeId": type_.target.type_id,
        "name": type_.name,
        "createdAt": since,
        "updatedAt": since,
    }
