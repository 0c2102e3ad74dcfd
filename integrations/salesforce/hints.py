"""Which records Salesforce's own messages are about: outbound messages, and callouts of a flow.

Source: "Outbound Messaging" in the SOAP API developer guide. Nothing is signed: the address ends
with a secret, and the message names the org. What it says of a record is never read.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterator
from typing import Any, Final
from xml.etree import ElementTree

from integrations.contract import Forged, Hint, Hook

_OUTBOUND: Final = "{http://soap.sforce.com/2005/09/outbound}"
_TYPE: Final = "{http://www.w3.org/2001/XMLSchema-instance}type"
#: The answer without which a message comes again, for a day.
ACK: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>'
    '<notificationsResponse xmlns="http://soap.sforce.com/2005/09/outbound"><Ack>true</Ack>'
    "</notificationsResponse></soapenv:Body></soapenv:Envelope>"
)


def hints(hook: Hook, *, secret: str) -> tuple[Hint, ...]:
    """The records of a message, each once; raises Forged.

    A flow sends ``{"org": "00D...", "records": [{"object": "Account", "id": "001..."}]}``.
    """
    given = hook.url.partition("?")[0].rpartition("/")[2]
    if not hmac.compare_digest(given.encode(), secret.encode()):
        raise Forged("its address does not end with the secret")
    found = _outbound(hook.body) if is_soap(hook) else _callout(hook.body)
    return tuple(dict.fromkeys(found))


def is_soap(hook: Hook) -> bool:
    """Whether it is an outbound message, which wants an answer of its own."""
    return "xml" in hook.headers.get("content-type", "")


def _outbound(body: bytes) -> Iterator[Hint]:
    # Documents of their own types can grow without end as they are read.
    if b"<!" in body or b"\0" in body:
        raise Forged("it is no plain XML")
    try:
        root = ElementTree.fromstring(body.decode())  # noqa: S314 - see above
    except (ElementTree.ParseError, ValueError):
        raise Forged("it is no XML") from None
    org = root.findtext(f".//{_OUTBOUND}OrganizationId") or ""
    for one in root.iter(f"{_OUTBOUND}sObject"):
        object = one.get(_TYPE, "").rpartition(":")[2]
        ids = (part.text for part in one if part.tag.rpartition("}")[2] == "Id")
        yield from _hint(org, object, next(ids, None))


def _callout(body: bytes) -> Iterator[Hint]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        raise Forged("it is no JSON") from None
    records = said.get("records") if isinstance(said, dict) else None
    if not isinstance(records, list):
        raise Forged("it names no records")
    for one in records:
        if isinstance(one, dict):
            yield from _hint(said.get("org"), one.get("object"), one.get("id"))


def _hint(org: Any, object: Any, id: Any) -> Iterator[Hint]:
    parts = (org, object, id)
    if all(
        isinstance(part, str) and part.isascii() and part.replace("_", "").isalnum()
        for part in parts
    ):
        yield Hint(org=org, object=object, id=id)
