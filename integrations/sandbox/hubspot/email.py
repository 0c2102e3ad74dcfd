"""The transactional single send. Source: "Single-send API" guide.

A paid add-on: without the portal's option it is refused as a missing scope. It mails whatever a
person's subscriptions say, and not more than once for each ``sendId``. The portal has an e-mail for
every positive ``emailId``; the letter is made of the custom properties ``subject`` and ``body``,
else of all of them.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Final

from integrations.sandbox.desk import Letter
from integrations.sandbox.http import Answer, Request
from integrations.sandbox.hubspot import wire
from integrations.sandbox.hubspot.errors import Refused, bad_json, missing_fields, missing_scopes
from integrations.sandbox.hubspot.kinds import COMPANIES, CONTACTS, EMAILS
from integrations.sandbox.hubspot.links import LinkType, link_types
from integrations.sandbox.hubspot.operation import Operation
from integrations.sandbox.hubspot.options import Options
from integrations.sandbox.hubspot.portal import INTEGRATION
from integrations.sandbox.hubspot.records import Record
from integrations.sandbox.hubspot.wire import Json
from integrations.sandbox.hubspot.writes import Writer

FAMILY: Final = "marketing/transactional"


class Email:
    """The operation that mails."""

    def __init__(self, writer: Writer, options: Options) -> None:
        self._writer = writer
        self._portal = writer.portal
        self._options = options

    def operations(self) -> list[Operation]:
        """What is here, for the router."""
        return [
            Operation(
                method="POST",
                family=FAMILY,
                rest="/single-email/send",
                name="email.send",
                handler=self.send,
            )
        ]

    def send(self, request: Request) -> Answer:
        """Mail one message to one address, whose contact is made where there is none."""
        if not self._options.on("transactional_email"):
            raise missing_scopes(["transactional-email"])
        body = wire.body(request, "emailId", "message")
        template, message = body["emailId"], body["message"]
        if not isinstance(template, int) or template <= 0:
            raise Refused(400, "emailId must be positive.")
        if not isinstance(message, dict) or not message.get("to"):
            raise missing_fields(["message.to"])
        send_id = str(message.get("sendId") or f"without id {len(self._portal.letters)}")
        status: Json = {"requestedAt": wire.instant(self._portal.now())}
        if known := self._portal.sent.get(send_id):
            ignored = {"status": "COMPLETE", "sendResult": "IDEMPOTENT_IGNORE"}
            return Answer(body=status | {"statusId": known} | ignored)
        contact = self._contact(str(message["to"]), _values(body, "contactProperties"))
        self._log(contact, _values(body, "customProperties"), str(template))
        made = str(uuid.uuid5(uuid.NAMESPACE_OID, send_id))
        self._portal.sent[send_id] = made
        return Answer(body=status | {"statusId": made, "status": "PENDING"})

    def _contact(self, address: str, values: Mapping[str, str]) -> Record:
        found = self._portal.contact(address)
        if found is None:
            draft = self._writer.create(CONTACTS, {"properties": {**values, "email": address}})
            return self._writer.commit(draft, INTEGRATION)
        if values:
            self._writer.commit(self._writer.update(found, {"properties": values}), INTEGRATION)
        return found

    def _log(self, contact: Record, values: Mapping[str, str], template: str) -> None:
        now, companies = self._portal.now(), self._portal.related(contact, COMPANIES)
        address = contact.get("email") or ""
        subject = values.get("subject") or f"E-mail {template}"
        text = values.get("body") or "\n".join(f"{name}: {v}" for name, v in values.items())
        draft = self._writer.create(
            EMAILS,
            {
                "properties": {
                    "hs_timestamp": wire.instant(now),
                    "hs_email_direction": "EMAIL",
                    "hs_email_status": "SENT",
                    "hs_email_subject": subject,
                    "hs_email_text": text,
                },
                "associations": [
                    _association(link_types(EMAILS, record.kind)[0], record)
                    for record in (contact, *companies)
                ],
            },
        )
        self._writer.commit(draft, INTEGRATION)
        self._portal.letters.append(
            Letter(
                at=now,
                to=address,
                subject=subject,
                body=text,
                customer=(companies[0].get("name") or "") if companies else "",
            )
        )


def _values(body: Json, name: str) -> dict[str, str]:
    """A map of names to values; some clients send a list of both."""
    given = body.get(name) or {}
    if isinstance(given, list) and all(isinstance(one, dict) for one in given):
        given = {one.get("name"): one.get("value") for one in given}
    if not isinstance(given, dict):
        raise bad_json(f"Cannot deserialize value of type `java.util.Map` ({name})")
    return {str(key): str(value) for key, value in given.items()}


def _association(type_: LinkType, record: Record) -> Json:
    spec = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": type_.id}
    return {"to": {"id": str(record.id)}, "types": [spec]}
