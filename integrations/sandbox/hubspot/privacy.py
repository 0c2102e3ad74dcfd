"""Deletes a person for good, as the GDPR asks. Source: "Contacts" guide, GDPR delete."""

from __future__ import annotations

from integrations.sandbox.http import Answer, Request
from integrations.sandbox.hubspot import wire
from integrations.sandbox.hubspot.errors import not_found
from integrations.sandbox.hubspot.kinds import CONTACTS
from integrations.sandbox.hubspot.objects import FAMILY, find
from integrations.sandbox.hubspot.operation import Operation
from integrations.sandbox.hubspot.portal import INTEGRATION
from integrations.sandbox.hubspot.writes import Writer


class Privacy:
    """The operation that deletes for good."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._portal = writer.portal

    def operations(self) -> list[Operation]:
        """What is here, for the router."""
        return [
            Operation(
                method="POST",
                family=FAMILY,
                rest=f"/{{object:(?i:{CONTACTS.plural}|{CONTACTS.type_id})}}/gdpr-delete",
                name="objects.contacts.erase",
                handler=self.erase,
            )
        ]

    def erase(self, request: Request) -> Answer:
        """Take a contact and everything that is said of it out of the portal."""
        body = wire.body(request, "objectId")
        id, key = wire.identifier(body, "objectId"), body.get("idProperty")
        record = find(self._writer, CONTACTS, id, key)
        if record is not None:
            self._writer.archive(record)
        else:
            record = self._portal.archived(CONTACTS, id)
        if record is None:
            raise not_found()
        self._portal.table(CONTACTS).erase(record)
        self._portal.choices.pop((record.get("email") or "").lower(), None)
        self._portal.tell("privacyDeletion", record, INTEGRATION)
        return Answer(status=204)
