"""Properties, one by one and in batches. Source: "Properties" guide."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from integrations.sandbox.http import Answer, Request
from integrations.sandbox.hubspot import definitions, wire
from integrations.sandbox.hubspot.batch import MOST, answer
from integrations.sandbox.hubspot.errors import Refused, missing_fields, not_found
from integrations.sandbox.hubspot.kinds import NOTES, TASKS, Kind
from integrations.sandbox.hubspot.operation import Operation
from integrations.sandbox.hubspot.options import Options
from integrations.sandbox.hubspot.portal import Portal
from integrations.sandbox.hubspot.schema import Property
from integrations.sandbox.hubspot.wire import Json

FAMILY: Final = "crm/properties"
_NEEDED: Final = ("name", "label", "type", "fieldType", "groupName")


class Properties:
    """The operations on properties."""

    def __init__(self, portal: Portal, options: Options) -> None:
        self._portal = portal
        self._options = options

    def operations(self) -> list[Operation]:
        """What is here, for the router."""
        all_, one, batch = "/{object}", "/{object}/{name}", "/{object}/batch"
        rows = (
            ("GET", all_, "properties.list", self.browse),
            ("POST", all_, "properties.create", self.create),
            ("GET", one, "properties.get", self.read),
            ("PATCH", one, "properties.update", self.update),
            ("DELETE", one, "properties.archive", self.archive),
            ("POST", f"{batch}/create", "properties.batch.create", self.create_batch),
            ("POST", f"{batch}/read", "properties.batch.read", self.read_batch),
            ("POST", f"{batch}/archive", "properties.batch.archive", self.archive_batch),
        )
        return [
            Operation(method=method, family=FAMILY, rest=rest, name=name, handler=handler)
            for method, rest, name, handler in rows
        ]

    def browse(self, request: Request) -> Answer:
        """Every property of an object; with ``archived=true`` those in the recycling bin."""
        schema = self._portal.schema(self._portal.kind(request.params["object"]))
        archived = wire.flag(request, "archived")
        wanted = request.query.get("dataSensitivity", "non_sensitive")
        found = schema.archived if archived else schema.properties
        shown = [definitions.show(one) for one in found.values() if one.sensitivity == wanted]
        return Answer(body={"results": shown})

    def create(self, request: Request) -> Answer:
        """A new property; one of an archived name comes back, with its values."""
        kind = self._portal.kind(request.params["object"])
        made = self._create(kind, wire.body(request, *_NEEDED))
        where = {"Location": f"{request.path}/{made.name}"}
        return Answer(status=201, body=definitions.show(made), headers=where)

    def read(self, request: Request) -> Answer:
        """One property."""
        kind, name = self._portal.kind(request.params["object"]), request.params["name"]
        return Answer(
            body=definitions.show(self._find(kind, name, archived=wire.flag(request, "archived")))
        )

    def update(self, request: Request) -> Answer:
        """Change what is given; ``options`` replaces them all."""
        kind, name = self._portal.kind(request.params["object"]), request.params["name"]
        before, schema = self._find(kind, name), self._portal.schema(kind)
        made = definitions.updated(schema, before, wire.body(request), self._portal.now())
        self._portal.define(kind, made)
        return Answer(body=definitions.show(made))

    def archive(self, request: Request) -> Answer:
        """Into the recycling bin, where nothing uses the property."""
        self._archive(self._portal.kind(request.params["object"]), request.params["name"])
        return Answer(status=204)

    def create_batch(self, request: Request) -> Answer:
        """New properties; each fails by itself."""
        kind = self._portal.kind(request.params["object"])
        _, inputs = wire.inputs(request, most=MOST)
        started, results, errors = self._portal.now(), [], []
        for one in inputs:
            try:
                results.append(definitions.show(self._create(kind, one)))
            except Refused as refused:
                errors.append(refused.entry({"name": [str(one.get("name"))]}))
        # The OpenAPI files of 2026-09 say 200.
        status = 200 if wire.version(request) == "2026-09" else 201
        return answer(started, self._portal.now(), results, errors, status)

    def read_batch(self, request: Request) -> Answer:
        """Properties by name; those that are not there are told as errors."""
        kind = self._portal.kind(request.params["object"])
        whole, inputs = wire.inputs(request, most=MOST)
        started, results, errors = self._portal.now(), [], []
        for one in inputs:
            name = wire.identifier(one, "name")
            try:
                found = self._find(kind, name, archived=whole.get("archived") is True)
                results.append(definitions.show(found))
            except Refused as refused:
                errors.append(refused.entry({"name": [name]}))
        return answer(started, self._portal.now(), results, errors)

    def archive_batch(self, request: Request) -> Answer:
        """Into the recycling bin; what is not there is passed over."""
        kind = self._portal.kind(request.params["object"])
        _, inputs = wire.inputs(request, most=MOST)
        for one in inputs:
            name = wire.identifier(one, "name")
            if name in self._portal.schema(kind).properties:
                self._archive(kind, name)
        return Answer(status=204)

    def _create(self, kind: Kind, body: Json) -> Property:
        if missing := [name for name in _NEEDED if not body.get(name)]:
            raise missing_fields(missing)
        keys_allowed = self._options.on("unique_task_keys") or kind not in (TASKS, NOTES)
        if body.get("hasUniqueValue") and not keys_allowed:
            raise Refused(
                400,
                f"Unique properties are not supported for {kind.type_id}.",
                sub_category="PropertyValidationError.UNIQUE_NOT_SUPPORTED",
            )
        made = definitions.created(self._portal.schema(kind), body, self._portal.now())
        self._portal.define(kind, made)
        return made

    def _find(self, kind: Kind, name: str, *, archived: bool = False) -> Property:
        schema = self._portal.schema(kind)
        found = (schema.archived if archived else schema.properties).get(name)
        if found is None:
            raise not_found(f"No property named '{name}' exists for {kind.type_id}.")
        return found

    def _archive(self, kind: Kind, name: str) -> None:
        found, schema = self._find(kind, name), self._portal.schema(kind)
        if found.standard:
            raise Refused(
                400,
                f"{name} is HubSpot's own and cannot be archived.",
                sub_category="PropertyValidationError.CANNOT_DELETE_STANDARD_PROPERTY",
            )
        if uses := schema.uses.get(name):
            raise Refused(
                400,
                f"{name} is in use and cannot be deleted.",
                sub_category="PropertyValidationError.CANNOT_DELETE_PROPERTY_IN_USE",
                errors=[
                    {
                        "message": f"{name} is used by {user}",
                        "context": {"parentType": [type_], "parentName": [user]},
                    }
                    for type_, user in uses
                ],
            )
        del schema.properties[name]
        schema.archived[name] = replace(found, archived_at=self._portal.now())
