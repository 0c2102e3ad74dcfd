"""Owners: the people and queues that records belong to. Source: "Owners" guide."""

from __future__ import annotations

from typing import Final

from integrations.sandbox.http import Answer, Request
from integrations.sandbox.hubspot import wire
from integrations.sandbox.hubspot.errors import not_found
from integrations.sandbox.hubspot.operation import Operation
from integrations.sandbox.hubspot.portal import Owner, Portal

FAMILY: Final = "crm/owners"


class Owners:
    """The operations on owners."""

    def __init__(self, portal: Portal) -> None:
        self._portal = portal

    def operations(self) -> list[Operation]:
        """What is here, for the router."""
        rows = (("", "owners.list", self.browse), ("/{id}", "owners.get", self.read))
        return [
            Operation(method="GET", family=FAMILY, rest=rest, name=name, handler=handler)
            for rest, name, handler in rows
        ]

    def browse(self, request: Request) -> Answer:
        """A page of owners; with ``archived=true`` those without a seat any more."""
        archived, email = wire.flag(request, "archived"), request.query.get("email")
        limit = wire.number(request.query.get("limit"), "limit", default=100, most=500)
        after = wire.number(request.query.get("after"), "after", default=0, least=0, most=10**18)
        found = [
            owner
            for owner in self._portal.owners.values()
            if owner.archived == archived
            and int(owner.id) >= after
            and email in (None, owner.email)
        ]
        body: wire.Json = {"results": [_show(owner) for owner in found[:limit]]}
        if len(found) > limit:
            body["paging"] = wire.next_page(request, found[limit].id)
        return Answer(body=body)

    def read(self, request: Request) -> Answer:
        """One owner by id, or with ``idProperty=userId`` by the user's."""
        wanted, archived = request.params["id"], wire.flag(request, "archived")
        by_user = request.query.get("idProperty") == "userId"
        for owner in self._portal.owners.values():
            if owner.archived == archived and wanted == (str(owner.user) if by_user else owner.id):
                return Answer(body=_show(owner))
        raise not_found()


def _show(owner: Owner) -> wire.Json:
    found: wire.Json = {
        "id": owner.id,
        "email": owner.email,
        "type": "QUEUE" if owner.user is None else "PERSON",
        "firstName": owner.first,
        "lastName": owner.last,
        "createdAt": wire.instant(owner.created_at),
        "updatedAt": wire.instant(owner.created_at),
        "archived": owner.archived,
    }
    if owner.user is not None:
        found["userId"] = None if owner.archived else owner.user
        found["userIdIncludingInactive"] = owner.user
    return found
