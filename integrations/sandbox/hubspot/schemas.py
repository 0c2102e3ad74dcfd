"""What an object type is like, as a whole, and the ones that a portal makes.

Source: "Custom objects" guide. They need an Enterprise edition; how a portal without it refuses is
not told there: here it lacks the scopes, which such a portal cannot give.
"""

from __future__ import annotations

import re
from typing import Any, Final

from integrations.sandbox.http import Answer, Request
from integrations.sandbox.hubspot import definitions, wire
from integrations.sandbox.hubspot.errors import Refused, bad_json, missing_fields
from integrations.sandbox.hubspot.kinds import Kind
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
            ("DELETE", "/{object}", "schemas.archive", self.archive),
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
            words = f"These properties are not defined: {', '.join(sorted(lacking))}."
            raise Refused(400, words)
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

    def archive(self, request: Request) -> Answer:
        """A custom object type goes, once it has no records."""
        kind = self._portal.kind(request.params["object"])
        if not kind.custom:
            raise Refused(400, f"{kind.type_id} is HubSpot's own and cannot be deleted.")
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
            "properties": [
                definitions.show(one) for one in self._portal.schema(kind).properties.values()
            ],
            "associations": [
                {
                    "id": str(one.id),
                    "fromObjectTypeId": one.source.type_id,
                    "toObjectTypeId": one.target.type_id,
                    "name": one.name,
                    "createdAt": since,
                    "updatedAt": since,
                }
                for one in types
            ],
        }
