"""Property groups. Source: "Properties" guide; an archived group is gone for good."""

from __future__ import annotations

from dataclasses import replace

from integrations.sandbox.http import Answer, Request
from integrations.sandbox.hubspot import wire
from integrations.sandbox.hubspot.errors import Refused, not_found
from integrations.sandbox.hubspot.operation import Operation
from integrations.sandbox.hubspot.portal import Portal
from integrations.sandbox.hubspot.properties import FAMILY
from integrations.sandbox.hubspot.schema import Group, Schema


class Groups:
    """The operations on groups."""

    def __init__(self, portal: Portal) -> None:
        self._portal = portal

    def operations(self) -> list[Operation]:
        """What is here, for the router; before the properties, whose paths would take these."""
        all_, one = "/{object}/groups", "/{object}/groups/{name}"
        rows = (
            ("GET", all_, "list", self.browse),
            ("POST", all_, "create", self.create),
            ("GET", one, "get", self.read),
            ("PATCH", one, "update", self.update),
            ("DELETE", one, "archive", self.archive),
        )
        return [
            Operation(
                method=method, family=FAMILY, rest=rest, name=f"groups.{name}", handler=handler
            )
            for method, rest, name, handler in rows
        ]

    def browse(self, request: Request) -> Answer:
        """Every group of an object."""
        groups = self._schema(request).groups.values()
        return Answer(body={"results": [_show(group) for group in groups]})

    def create(self, request: Request) -> Answer:
        """A new group."""
        body, schema = wire.body(request, "name", "label"), self._schema(request)
        name = wire.text(body["name"], "name")
        if name in schema.groups:
            raise Refused(
                409,
                f"A property group named '{name}' already exists.",
                category="OBJECT_ALREADY_EXISTS",
                sub_category="PropertyGroups.GROUP_WITH_NAME_EXISTS",
            )
        made = Group(name=name, label=wire.text(body["label"], "label"), order=wire.order(body, -1))
        schema.groups[name] = made
        return Answer(status=201, body=_show(made))

    def read(self, request: Request) -> Answer:
        """One group."""
        return Answer(body=_show(self._find(request)))

    def update(self, request: Request) -> Answer:
        """Its label and its place; the name stays."""
        before, body = self._find(request), wire.body(request)
        label = wire.text(body.get("label") or before.label, "label")
        made = replace(before, label=label, order=wire.order(body, before.order))
        self._schema(request).groups[made.name] = made
        return Answer(body=_show(made))

    def archive(self, request: Request) -> Answer:
        """Delete a group without active properties."""
        found, schema = self._find(request), self._schema(request)
        if any(one.group == found.name for one in schema.properties.values()):
            raise Refused(
                400,
                f"The group {found.name} has active properties and cannot be deleted.",
                sub_category="PropertyGroupError.GROUP_WITH_ACTIVE_PROPERTIES",
            )
        del schema.groups[found.name]
        return Answer(status=204)

    def _schema(self, request: Request) -> Schema:
        return self._portal.schema(self._portal.kind(request.params["object"]))

    def _find(self, request: Request) -> Group:
        found = self._schema(request).groups.get(request.params["name"])
        if found is None:
            raise not_found(f"No property group named '{request.params['name']}' exists.")
        return found


def _show(group: Group) -> wire.Json:
    return {
        "name": group.name,
        "label": group.label,
        "displayOrder": group.order,
        "archived": False,
    }
