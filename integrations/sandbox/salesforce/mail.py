"""The standard action that sends a mail, and what it leaves on the records.

Source: Actions Developer Guide, "Simple Email Actions"; Salesforce Help, "General Email Limits".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from integrations.sandbox.desk import Letter
from integrations.sandbox.http import Answer
from integrations.sandbox.salesforce import message, save
from integrations.sandbox.salesforce.call import Call, Resource
from integrations.sandbox.salesforce.message import Message
from integrations.sandbox.salesforce.moments import parse
from integrations.sandbox.salesforce.org import Org
from integrations.sandbox.salesforce.refusals import Refusal, missing

ACTION: Final = "emailSimple"


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
        for name, kind in message.inputs(_version(call)).items()
    ]
    about = {"name": ACTION, "label": "Send Email", "type": "EMAILSIMPLE", "standard": True}
    return Answer(body={**about, "inputs": inputs, "outputs": []})


def _version(call: Call) -> float:
    return float(call.version[1:])


def _tried(call: Call, given: Mapping[str, object]) -> dict[str, object]:
    errors = None
    try:
        _send(call.org, message.read(call.org, given, _version(call)), by=call.session.user)
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


def _send(org: Org, mail: Message, *, by: str) -> None:
    limits, now = org.limits, org.clock.now()
    recipients = len(mail.to) + len(mail.copies)
    kind, most = ("single", limits.single_mail) if mail.logged else ("workflow", limits.other_mail)
    if limits.mailed(now, kind) + recipients > most:
        words = "The daily limit for the org would be exceeded by this request"
        raise Refusal("SINGLE_EMAIL_LIMIT_EXCEEDED", words)
    if mail.logged:
        _log(org, mail, by)
    limits.mailed(now, kind, recipients)
    letter = Letter(
        at=parse(org.now()),
        to=", ".join(mail.to),
        subject=mail.subject,
        body=mail.body,
        customer=_customer(org, mail),
    )
    org.letters.append(letter)


def _log(org: Org, mail: Message, by: str) -> None:
    """A completed task on the timeline, and the message behind it."""
    user = org["User"].rows[by]
    who, what = (row["Id"] if row else None for row in (mail.person, mail.related))
    head = f"To: {'; '.join(mail.to)}\nCC: {'; '.join(mail.copies)}\nBCC: \nAttachment: \n"
    task = save.insert(
        org,
        org.schema["Task"],
        {
            "Subject": f"Email: {mail.subject}"[:255],
            "Description": f"{head}\nSubject: {mail.subject}\nBody:\n{mail.body}"[:30_000],
            "Status": "Completed",
            "TaskSubtype": "Email",
            "ActivityDate": org.now()[:10],
            "WhoId": who,
            "WhatId": what,
        },
        by=by,
    )
    org.make(
        "EmailMessage",
        by,
        ActivityId=task,
        Subject=mail.subject,
        FromName=user["Name"],
        FromAddress=user["Email"],
        ToAddress="; ".join(mail.to),
        Status="3",
        MessageDate=org.now(),
        RelatedToId=what,
        **{"HtmlBody" if mail.rich else "TextBody": mail.body},
    )


def _customer(org: Org, mail: Message) -> str:
    for row in (mail.related, mail.person):
        account = org.get(str(row.get("AccountId") or row["Id"])) if row else None
        if account and str(account["Id"]).startswith("001"):
            return str(account["Name"])
    return ""


_PATH: Final = f"/actions/standard/{ACTION}"
ROUTES: Final[tuple[Resource, ...]] = (
    ("POST", _PATH, "email.send", send),
    ("GET", _PATH, "email.describe", describe),
)
