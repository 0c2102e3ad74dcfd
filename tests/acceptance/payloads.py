"""What went over the wire, from the sandbox's request log, in the words that ``plan`` uses."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from html import unescape
from typing import Any

from tests.acceptance.office import Office

#: What a write is known by: our key, or for fields the record; and its values as texts.
Payloads = dict[str, dict[str, str]]

_LINK = re.compile(r"/([scn])/[\w-]+(\.[\w-]+)?")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
#: The vendor's names of what a task consists of.
_TASK = {
    "hubspot": {
        "hs_task_subject": "subject",
        "hs_task_body": "body",
        "hs_timestamp": "due",
        "hubspot_owner_id": "owner",
        "hs_task_status": "done",
        **{f"aurevoir_{name}": name for name in ("step", "phase", "department")},
        **{f"aurevoir_{name}": name for name in ("required", "promise")},
    },
    "salesforce": {
        "Subject": "subject",
        "Description": "body",
        "ReminderDateTime": "due",
        "OwnerId": "owner",
        "Status": "done",
        **{f"Aurevoir_{name}__c": name.lower() for name in ("Step", "Phase", "Department")},
        **{f"Aurevoir_{name}__c": name.lower() for name in ("Required", "Promise")},
    },
}
#: What the vendors call a task that is open.
_OPEN = ("NOT_STARTED", "Not Started")


def shown(writes: list[dict[str, Any]]) -> Payloads:
    """What ``plan --json`` has shown."""
    found: Payloads = {}
    for write in writes:
        place = write["record"] if write["kind"] == "fields" else write["key"]
        values = {name: value for name, value in write["values"].items() if value is not None}
        if write["kind"] in ("task", "note"):
            values["record"] = write["record"]
        if write["kind"] == "note":
            del values["at"]  # Salesforce keeps the day alone
        found.setdefault(place, {}).update({n: _text(v) for n, v in values.items()})
    return found


def sent(here: Office) -> Payloads:
    """What the CRM was sent since its counters were cleared."""
    with here.stage.sandbox.world.lock:
        entries = list(here.stage.sandbox.world.traffic.entries(crm=here.crm))
    found: Payloads = {}
    for entry in entries:
        if entry.request and entry.operation.endswith(("create", "update", "email.send")):
            for place, values in _READ[here.crm](json.loads(entry.request)):
                found.setdefault(place, {}).update(values)
    return found


def _hubspot(body: dict[str, Any]) -> Iterator[tuple[str, dict[str, str]]]:
    for one in body["inputs"]:
        properties = one["properties"]
        if "id" in one:
            yield one["id"], {name: _text(value) for name, value in properties.items()}
        elif "hs_task_subject" in properties:
            properties["hs_task_body"] = unescape(properties["hs_task_body"].replace("<br>", "\n"))
            (about,) = one["associations"]
            record = {"record": about["to"]["id"]}
            yield one["objectWriteTraceId"], _named(properties, _TASK["hubspot"]) | record
        elif "hs_note_body" in properties:
            text = unescape(properties["hs_note_body"].replace("<br>", "\n"))
            (about,) = one["associations"]
            yield one["objectWriteTraceId"], {"body": text, "record": about["to"]["id"]}


def _salesforce(body: dict[str, Any]) -> Iterator[tuple[str, dict[str, str]]]:
    for one in body.get("inputs", ()):
        text, _, key = one["emailBody"].rpartition("\n\nRef. ")
        mail = {"address": one["emailAddresses"], "subject": one["emailSubject"], "body": text}
        mail["about"] = f"Account:{one['relatedRecordId']}"
        yield key, {name: _text(value) for name, value in mail.items()}
    for one in body.get("records", ()):
        kind = one.pop("attributes")["type"]
        if kind != "Task":
            yield one.pop("Id"), {name: _text(value) for name, value in one.items()}
        elif one["Status"] != "Completed":
            assert one["ReminderDateTime"].startswith(one["ActivityDate"])
            yield (
                one["Aurevoir_Key__c"],
                _named(one, _TASK["salesforce"]) | {"record": one["WhatId"]},
            )
        else:  # a note
            yield one["Aurevoir_Key__c"], {"body": one["Description"], "record": one["WhatId"]}


_READ = {"hubspot": _hubspot, "salesforce": _salesforce}


def _named(given: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, str]:
    return {ours: _text(given[name]) for name, ours in names.items() if name in given}


def _text(value: Any) -> str:
    """A value as both sides would write it."""
    match value:
        case {"at": moment} | {"date": moment}:
            return _text(moment)
        case bool():
            return str(value).lower()
        case str() if value in _OPEN:
            return "false"
        case str() if _MOMENT.fullmatch(value):
            return datetime.fromisoformat(value).isoformat()
    return _LINK.sub(r"/\1/•••", str(value))
