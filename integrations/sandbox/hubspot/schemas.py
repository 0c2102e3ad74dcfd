"""What an object type is like, as a whole. Source: "Custom objects" guide; the portal has none."""

from __future__ import annotations

from typing import Final

from integrations.sandbox.http import Answer, Request
from integrations.sandbox.hubspot import definitions, wire
from integrations.sandbox.hubspot.kinds import KINDS, Kind, kind_of
from integrations.sandbox.hubspot.operation import Operation
from integrations.sandbox.hubspot.portal import Portal
from integrations.sandbox.hubspot.wire import Json

#: Clients call the first, the guide the second.
FAMILIES: Final = (("crm-object-schemas", "/schemas"), ("crm/schemas", ""))


class Schemas:
    """The operations on object types."""

    def __init__(self, portal: Portal) -> None:
        self._portal = portal

    def operations(self) -> list[Operation]:
        """What is here, for the router."""
        rows = (("", "schemas.list", self.browse), ("/{object}", "schemas.get", self.read))
        return [
            Operation(method="GET", family=family, rest=head + rest, name=name, handler=handler)
            for family, head in FAMILIES
            for rest, name, handler in rows
        ]

    def browse(self, request: Request) -> Answer:
        """The custom object types; there are none."""
        return Answer(body={"results": []})

    def read(self, request: Request) -> Answer:
        """One object type with its properties and association types."""
        return Answer(body=self._show(kind_of(request.params["object"])))

    def _show(self, kind: Kind) -> Json:
        since = wire.instant(self._portal.since)
        types = [one for target in KINDS for one in self._portal.links.types(kind, target)]
        return {
            "id": kind.type_id,
            "objectTypeId": kind.type_id,
            "name": kind.singular.upper(),
            "fullyQualifiedName": kind.singular.upper(),
            "labels": {"singular": kind.singular.title(), "plural": kind.plural.title()},
            "primaryDisplayProperty": kind.shown[0] if kind.shown else kind.searched[0],
            "secondaryDisplayProperties": list(kind.shown[1:]),
            "searchableProperties": list(kind.searched),
            "requiredProperties": [names[0] for names in kind.required],
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
