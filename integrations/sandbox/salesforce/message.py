"""A mail as the standard action takes it, checked before it goes out.

Source: Actions Developer Guide, "Simple Email Actions", of several API versions. What it does not
say is the exact words of a refusal.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from integrations.sandbox.salesforce.ids import normal
from integrations.sandbox.salesforce.org import Org
from integrations.sandbox.salesforce.refusals import Refusal, dangling
from integrations.sandbox.salesforce.table import Row

Given = Mapping[str, object]
_ADDRESS: Final = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;]+")

#: Inputs: name -> type, first and last API version that knows them.
_INPUTS: Final[Mapping[str, tuple[str, float, float]]] = {
    "emailAddresses": ("STRING", 32, 64),
    "emailAddressesArray": ("STRING", 32, 64),
    "ccRecipientAddressList": ("STRING", 58, 64),
    "bccRecipientAddressList": ("STRING", 58, 64),
    "recipientAddresses": ("STRING", 65, 99),
    "ccAddresses": ("STRING", 65, 99),
    "bccAddresses": ("STRING", 65, 99),
    "recipientId": ("STRING", 58, 99),
    "relatedRecordId": ("STRING", 58, 99),
    "emailTemplateId": ("STRING", 58, 99),
    "emailSubject": ("STRING", 32, 99),
    "emailBody": ("TEXTAREA", 32, 99),
    "senderType": ("STRING", 32, 99),
    "senderAddress": ("STRING", 32, 99),
    "logEmailOnSend": ("BOOLEAN", 58, 99),
    "sendRichBody": ("BOOLEAN", 58, 99),
    "useLineBreaks": ("BOOLEAN", 58, 99),
    "addThreadingTokenToBody": ("BOOLEAN", 58, 99),
    "addThreadingTokenToSubject": ("BOOLEAN", 58, 99),
}
_TO: Final = ("emailAddresses", "emailAddressesArray", "recipientAddresses")
_COPIES: Final = (
    "ccRecipientAddressList",
    "bccRecipientAddressList",
    "ccAddresses",
    "bccAddresses",
)
_SENDERS: Final = ("CurrentUser", "DefaultWorkflowUser", "OrgWideEmailAddress")


@dataclass(frozen=True, kw_only=True)
class Message:
    """A mail that may go out."""

    to: tuple[str, ...]
    copies: tuple[str, ...]
    subject: str
    body: str
    rich: bool
    #: It shall be seen on the timeline of the person and of the related record.
    logged: bool
    person: Row | None
    related: Row | None


def inputs(version: float) -> dict[str, str]:
    """What the action takes in an API version, with its type."""
    found = _INPUTS.items()
    return {name: kind for name, (kind, first, last) in found if first <= version <= last}


def read(org: Org, given: Given, version: float) -> Message:
    """The message that the inputs ask for; raises Refusal."""
    for name in given:
        if name not in inputs(version):
            raise _invalid(f"The action has no input named {name} in API version {version}")
    if given.get("emailTemplateId"):
        raise dangling()  # this org has no templates
    _needs(given, "emailSubject", "emailBody")
    sender = given.get("senderType") or "CurrentUser"
    if sender not in _SENDERS:
        raise _invalid(f"senderType: bad value: {sender}")
    if sender == "OrgWideEmailAddress":
        _needs(given, "senderAddress")
    person = _record(org, given, "recipientId", ("Contact", "Lead"))
    related = _record(org, given, "relatedRecordId", ())
    logged = _flag(given, "logEmailOnSend")
    if logged and not (person or related):
        raise _invalid("To log an email, specify recipientId or relatedRecordId")
    if logged and related and person and str(person["Id"]).startswith("00Q"):
        raise _invalid("relatedRecordId cannot be used when recipientId is a lead")
    to, copies = [*_own(person), *_addresses(given, _TO)], _addresses(given, _COPIES)
    most = 5 if version < 64 else 150
    if not to or len(to) + len(copies) > most:
        raise _invalid(f"Specify at least one and at most {most} recipients")
    return Message(
        to=tuple(dict.fromkeys(to)),
        copies=tuple(copies),
        subject=str(given["emailSubject"]),
        body=str(given["emailBody"]),
        rich=_flag(given, "sendRichBody"),
        logged=logged,
        person=person,
        related=related,
    )


def _needs(given: Given, *names: str) -> None:
    for name in names:
        if not given.get(name):
            words = f"Missing required input parameter: {name}"
            raise Refusal("REQUIRED_FIELD_MISSING", words)


def _record(org: Org, given: Given, name: str, objects: tuple[str, ...]) -> Row | None:
    text = given.get(name)
    if not text:
        return None
    key = normal(str(text))
    found = org.schema.of_id(key) if key else None
    if key is None or found is None or (objects and found.name not in objects):
        raise Refusal("INVALID_ID_FIELD", f"{name}: id value of incorrect type: {text}")
    row = org.get(key)
    if row is None or row.get("IsDeleted"):
        raise dangling()
    return row


def _own(person: Row | None) -> list[str]:
    if person is None:
        return []
    if not person["Email"]:
        raise Refusal("INVALID_EMAIL_ADDRESS", "The recipient has no email address")
    return [str(person["Email"])]


def _addresses(given: Given, names: Iterable[str]) -> list[str]:
    found: list[str] = []
    for name in names:
        value = given.get(name)
        texts = value if isinstance(value, list) else str(value or "").split(",")
        found += [str(text).strip() for text in texts if str(text).strip()]
    for address in found:
        if not _ADDRESS.fullmatch(address):
            raise Refusal("INVALID_EMAIL_ADDRESS", f"Invalid email address: {address}")
    return found


def _flag(given: Given, name: str) -> bool:
    return str(given.get(name, "")).lower() == "true"


def _invalid(words: str) -> Refusal:
    return Refusal("INVALID_INPUT", words)
