"""HubSpot's words for tasks and notes, and for what they hang on.

Sources: "Tasks", "Notes" and "Associations" (type ids) in HubSpot's API reference.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from integrations.contract import NOTE, TASK, FieldType, Names, Note, Ref, Task, Value
from integrations.hubspot.values import decode, encode, plain, rich

#: The contract's objects -> HubSpot's.
OWN: Final = {TASK: "tasks", NOTE: "notes"}
#: Objects whose modification date has another name.
_MODIFIED: Final = {"contacts": "lastmodifieddate"}
_PLURAL: Final = {
    "company": "companies", "0-2": "companies", "contact": "contacts", "0-1": "contacts",
    "deal": "deals", "0-3": "deals", "ticket": "tickets", "0-5": "tickets",
}  # fmt: skip
#: (from, to) -> association type id, HUBSPOT_DEFINED.
_ASSOCIATION: Final = {
    ("tasks", "contacts"): 204, ("tasks", "companies"): 192,
    ("tasks", "deals"): 216, ("tasks", "tickets"): 230,
    ("notes", "contacts"): 202, ("notes", "companies"): 190,
    ("notes", "deals"): 214, ("notes", "tickets"): 228,
}  # fmt: skip

_TASK: Final = {
    "subject": "hs_task_subject",
    "body": "hs_task_body",
    "due": "hs_timestamp",
    "owner": "hubspot_owner_id",
    "done": "hs_task_status",
}
_NOTE: Final = {"body": "hs_note_body", "at": "hs_timestamp"}
_TYPES: Final = {
    "due": FieldType.MOMENT,
    "at": FieldType.MOMENT,
    "required": FieldType.FLAG,
    "promise": FieldType.FLAG,
}


def plural(object: str) -> str:
    """The name that is used in paths."""
    return OWN.get(object) or _PLURAL.get(object, object)


def modified(object: str) -> str:
    """The property that holds the modification date."""
    return _MODIFIED.get(plural(object), "hs_lastmodifieddate")


def properties(object: str, names: Names) -> Mapping[str, str]:
    """Our words for a task's or note's fields -> HubSpot's properties."""
    if object == TASK:
        return {**_TASK, **names.task}
    return {**_NOTE, **names.note}


def write(object: str, values: Mapping[str, Value], names: Names) -> dict[str, str]:
    """Our fields of a task or note as HubSpot's properties."""
    known = properties(object, names)
    raw: dict[str, str] = {}
    for name, value in values.items():
        if name not in known:
            continue
        if name == "done":
            raw[known[name]] = "COMPLETED" if value else "NOT_STARTED"
        elif name == "body":
            raw[known[name]] = rich(str(value or ""))
        else:
            raw[known[name]] = encode(value)
    if object == TASK and "hs_task_subject" in raw:
        raw.setdefault("hs_task_type", "TODO")
    return raw


def read(object: str, raw: Mapping[str, Any], names: Names) -> dict[str, Value]:
    """HubSpot's properties of a task or note as our fields."""
    fields: dict[str, Value] = {}
    for name, property in properties(object, names).items():
        if property not in raw:
            continue
        if name == "done":
            fields[name] = raw[property] == "COMPLETED"
        elif name == "body":
            fields[name] = plain(raw[property])
        else:
            fields[name] = decode(raw[property], _TYPES.get(name, FieldType.TEXT))
    return fields


def creation(key: str, item: Task | Note, names: Names) -> dict[str, Any]:
    """One input of a batch that creates tasks or notes, linked to what they are about."""
    object = TASK if isinstance(item, Task) else NOTE
    values = {name: getattr(item, name) for name in item.__slots__ if name != "about"}
    return {
        "objectWriteTraceId": key,
        "properties": write(object, {**values, "key": key}, names),
        "associations": [_link(OWN[object], item.about)],
    }


def _link(own: str, about: Ref) -> dict[str, Any]:
    type = _ASSOCIATION[own, plural(about.object)]
    return {
        "to": {"id": about.id},
        "types": [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": type}],
    }
