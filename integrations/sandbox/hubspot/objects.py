"""Single records: list, read, create, update, archive. Source: "Using object APIs"."""

from __future__ import annotations

from typing import Final

from integrations.sandbox.http import Answer, Request
from integrations.sandbox.hubspot import wire
from integrations.sandbox.hubspot.errors import Refused, not_found
from integrations.sandbox.hubspot.kinds import Kind
from integrations.sandbox.hubspot.operation import Operation, per_object
from integrations.sandbox.hubspot.portal import INTEGRATION
from integrations.sandbox.hubspot.records import Record
from integrations.sandbox.hubspot.view import everything, shown
from integrations.sandbox.hubspot.writes import Writer

FAMILY: Final = "crm/objects"


def find(
    writer: Writer, kind: Kind, id: str, key: str | None, *, archived: bool = False
) -> Record | None:
    """A record by its id, or by the property ``key``; raises Refused for a wrong key.

    Of the live ones, or of those in the recycling bin.
    """
    if not key or key == "hs_object_id":
        return (writer.portal.archived if archived else writer.portal.record)(kind, id)
    definition = writer.portal.schema(kind).properties.get(key)
    if key != kind.identity and (definition is None or not definition.unique):
        raise Refused(400, f"{key} is not a unique identifier property of {kind.type_id}.")
    table = writer.portal.table(kind)
    if archived:
        wanted = id.lower() if key == kind.identity else id
        return next((one for one in table.archived.values() if one.get(key) == wanted), None)
    return table.holder(key, id)


class Objects:
    """The operations on single records."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._portal = writer.portal

    def operations(self) -> list[Operation]:
        """What is here, for the router."""
        one = "/{object}/{id}"
        rows = (
            ("GET", "/{object}", "list", self.browse),
            ("POST", "/{object}", "create", self.create),
            ("GET", one, "get", self.read),
            ("PATCH", one, "update", self.update),
            ("DELETE", one, "archive", self.archive),
        )
        return [
            operation
            for method, rest, name, handler in rows
            for operation in per_object(
                Operation(
                    method=method,
                    family=FAMILY,
                    rest=rest,
                    name=f"objects.{{object}}.{name}",
                    handler=handler,
                )
            )
        ]

    def browse(self, request: Request) -> Answer:
        """A page of records in the order of their ids; ``after`` is the next page's first."""
        kind = self._portal.kind(request.params["object"])
        history = wire.names(request, "propertiesWithHistory")
        most = 50 if history else 100
        limit = wire.number(request.query.get("limit"), "limit", default=10, most=most)
        after = wire.number(request.query.get("after"), "after", default=0, least=0, most=10**18)
        found = self._portal.table(kind).page(
            after, limit + 1, archived=wire.flag(request, "archived")
        )
        body: wire.Json = {"results": [self._shown(request, one) for one in found[:limit]]}
        if len(found) > limit:
            body["paging"] = wire.next_page(request, str(found[limit].id))
        return Answer(body=body)

    def create(self, request: Request) -> Answer:
        """A new record, with associations to existing ones."""
        kind = self._portal.kind(request.params["object"])
        draft = self._writer.create(kind, wire.body(request, "properties"))
        record = self._writer.commit(draft, INTEGRATION)
        return Answer(status=201, body=everything(self._portal, record))

    def read(self, request: Request) -> Answer:
        """One record."""
        kind = self._portal.kind(request.params["object"])
        record = self._find(request, kind, archived=wire.flag(request, "archived"))
        if record is None:
            raise not_found()
        return Answer(body=self._shown(request, record))

    def update(self, request: Request) -> Answer:
        """Set the properties given, and no others."""
        record = self._find(request, self._portal.kind(request.params["object"]))
        body = wire.body(request, "properties")
        if record is None:
            raise not_found()
        self._writer.commit(self._writer.update(record, body), INTEGRATION)
        return Answer(body=shown(self._portal, record, list(body["properties"])))

    def archive(self, request: Request) -> Answer:
        """Into the recycling bin; once more is no error."""
        kind = self._portal.kind(request.params["object"])
        record = self._find(request, kind)
        if record is not None:
            self._writer.archive(record)
        elif self._portal.archived(kind, request.params["id"]) is None:
            raise not_found()
        return Answer(status=204)

    def _find(self, request: Request, kind: Kind, *, archived: bool = False) -> Record | None:
        key = request.query.get("idProperty")
        return find(self._writer, kind, request.params["id"], key, archived=archived)

    def _shown(self, request: Request, record: Record) -> wire.Json:
        place = f"{request.params['root']}/{request.params['object']}/{record.id}/associations"

        def further(target: Kind, after: str) -> wire.Json:
            return wire.next_of(request, f"{place}/{target.plural}", after)

        return shown(
            self._portal,
            record,
            wire.names(request, "properties"),
            history=wire.names(request, "propertiesWithHistory"),
            associations=[self._portal.kind(name) for name in wire.names(request, "associations")],
            further=further,
        )
