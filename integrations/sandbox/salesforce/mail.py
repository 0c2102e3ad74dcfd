"""The standard action that sends a mail, and what it leaves on the records.

Source: Actions Developer Guide, "Simple Email Actions" (its inputs by API version).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from integrations.sandbox.desk import Letter
from integrations.sandbox.http import Answer
from integrations.sandbox.salesforce import save
from integrations.sandbox.salesforce.call import Call, Resource
from integrations.sandbox.salesforce.ids import normal
from integrations.sandbox.salesforce.moments import parse
from integrations.sandbox.salesforce.org import Org
from integrations.sandbox.salesforce.refusals import Refusal, dangling, missing
from integrations.sandbox.salesforce.table import Row

ACTION: Final = "emailSimple"
_ADDRESS: Final = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;]+")

#: Inputs by the versions that know them: name -> (type, first version, last version).
INPUTS: Final[Mapping[str, tuple[str, float, float]]] = {
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
    """A mail that is about to go out."""

    to: tuple[str, ...]
    copies: tuple[str, ...]
    subject: str
    body: str
    rich: bool
    logged: bool
    #: The person and the record that it is about.
    person: Row | None
    related: Row | None


def send(call: Call) -> Answer:
    """``POST /actions/standard/emailSimple``: one outcome for each input; sent is sent."""
    inputs = call.body.get("inputs")
    if not isinstance(inputs, list) or not all(isinstance(given, dict) for given in inputs):
        raise missing(["inputs"])
    outcomes = [_tried(call, given) for given in inputs]
    failed = any(outcome["errors"] for outcome in outcomes)
    return Answer(status=400 if failed else 200, body=outcomes)


def describe(call: Call) -> Answer:
    """``GET /actions/standard/emailSimple``: what the action takes in this version."""
    inputs = [
        {"name": name, "type": kind, "required": False, "maxOccurs": 1}
        for name, (kind, first, last) in INPUTS.items()
        if first <= _number(call) <= last
    ]
    body = {
        "name": ACTION,
        "label": "Send Email",
        "type": "EMAILSIMPLE",
        "standard": True,
        "inputs": inputs,
        "outputs": [],
    }
    return Answer(body=body)


def _tried(call: Call, given: Mapping[str, object]) -> dict[str, object]:
    errors = None
    try:
        _send(call, _message(call, given))
    except Refusal as refusal:
        errors = [refusal.row()]
    return {
        "actionName": ACTION,
        "errors": errors,
        "invocationId": None,
        "isSuccess": errors is None,
        "outcome": None,
        "outputValues": None,
        "sortOrder": -1,
        "version": 1,
    }


def _number(call: Call) -> float:
    return float(call.version[1:])


def _message(call: Call, given: Mapping[str, object]) -> Message:
    version, org = _number(call), call.org
    for name in given:
        _, first, last = INPUTS.get(name, ("", 99, 0))
        if not first <= version <= last:
            raise _invalid(f"The action has no input named {name} in API version {version}")
    for name in ("emailSubject", "emailBody"):
        if not given.get(name) and not given.get("emailTemplateId"):
            raise Refusal("REQUIRED_FIELD_MISSING", f"Missing required input parameter: {name}")
    if given.get("emailTemplateId"):
        raise dangling()
    sender = given.get("senderType") or "CurrentUser"
    if sender not in _SENDERS:
        raise _invalid(f"senderType: bad value: {sender}")
    if sender == "OrgWideEmailAddress" and not given.get("senderAddress"):
        words = "Missing required input parameter: senderAddress"
        raise Refusal("REQUIRED_FIELD_MISSING", words)
    person = _record(org, given, "recipientId", ("Contact", "Lead"))
    related = _record(org, given, "relatedRecordId", None)
    logged = _flag(given, "logEmailOnSend")
    if logged and not (person or related):
        raise _invalid("To log an email, specify recipientId or relatedRecordId")
    if logged and related and person and str(person["Id"]).startswith("00Q"):
        raise _invalid("relatedRecordId cannot be used when recipientId is a lead")
    to = [address for name in _TO for address in _addresses(given.get(name))]
    if person:
        if not person.get("Email"):
            raise Refusal("INVALID_EMAIL_ADDRESS", "The recipient has no email address")
        to = list(dict.fromkeys([str(person["Email"]), *to]))
    copies = [address for name in _COPIES for address in _addresses(given.get(name))]
    most = 5 if version < 64 else 150
    if not to or len(to) + len(copies) > most:
        raise _invalid(f"Specify at least one and at most {most} recipients")
    return Message(
        to=tuple(to),
        copies=tuple(copies),
        subject=str(given["emailSubject"]),
        body=str(given["emailBody"]),
        rich=_flag(given, "sendRichBody"),
        logged=logged,
        person=person,
        related=related,
    )


def _send(call: Call, message: Message) -> None:
    org, limits = call.org, call.org.limits
    recipients = len(message.to) + len(message.copies)
    kind, most = "single", limits.single_mail
    if not message.logged:
        kind, most = "workflow", limits.workflow_mail
    now = org.clock.now()
    if limits.mailed(now, kind) + recipients > most:
        words = "The daily limit for the org would be exceeded by this request"
        raise Refusal("SINGLE_EMAIL_LIMIT_EXCEEDED", words)
    if message.logged:
        _log(call, message)
    limits.mailed(now, kind, recipients)
    org.letters.append(
        Letter(
            at=parse(org.now()),
            to=", ".join(message.to),
            subject=message.subject,
            body=message.body,
            customer=_customer(org, message),
        )
    )


def _log(call: Call, message: Message) -> None:
    """A completed task on the timeline, and the message behind it."""
    org, by = call.org, call.session.user
    user = org["User"].rows[by]
    what, who = message.related, message.person
    head = f"To: {'; '.join(message.to)}\nCC: {'; '.join(message.copies)}\nBCC: \nAttachment: \n"
    task = save.insert(
        org,
        org.schema["Task"],
        {
            "Subject": f"Email: {message.subject}"[:255],
            "Description": f"{head}\nSubject: {message.subject}\nBody:\n{message.body}"[:32_000],
            "Status": "Completed",
            "TaskSubtype": "Email",
            "ActivityDate": org.now()[:10],
            "WhoId": who and who["Id"],
            "WhatId": what and what["Id"],
        },
        by=by,
    )
    org.make(
        "EmailMessage",
        by,
        ActivityId=task,
        Subject=message.subject,
        FromName=user["Name"],
        FromAddress=user["Email"],
        ToAddress="; ".join(message.to),
        Status="3",
        MessageDate=org.now(),
        RelatedToId=what["Id"] if what else None,
        **{"HtmlBody" if message.rich else "TextBody": message.body},
    )


def _customer(org: Org, message: Message) -> str:
    for row in (message.related, message.person):
        account = org.get(str(row.get("AccountId") or row["Id"])) if row else None
        if account and str(account["Id"]).startswith("001"):
            return str(account["Name"])
    return ""


def _record(
    org: Org, given: Mapping[str, object], name: str, objects: tuple[str, ...] | None
) -> Row | None:
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


def _addresses(value: object) -> list[str]:
    texts = value if isinstance(value, list) else str(value or "").split(",")
    found = [str(text).strip() for text in texts if str(text).strip()]
    for address in found:
        if not _ADDRESS.fullmatch(address):
            raise Refusal("INVALID_EMAIL_ADDRESS", f"Invalid email address: {address}")
    return found


def _flag(given: Mapping[str, object], name: str) -> bool:
    return str(given.get(name, "")).lower() == "true"


def _invalid(words: str) -> Refusal:
    return Refusal("INVALID_INPUT", words)


_PATH: Final = f"/actions/standard/{ACTION}"
ROUTES: Final[tuple[Resource, ...]] = (
    ("POST", _PATH, "email.send", send),
    ("GET", _PATH, "email.describe", describe),
)
