"""HubSpot's words for tasks and notes, and for what they hang on.

Sources: "Tasks", "Notes" and "Associations" (type ids) in HubSpot's API reference.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from integrations.contract import NOTE, TASK, FieldType, Names, Note, Ref, Task, Value
from integrations.hubspot.values import decode, encode, plain, rich

#: The contract's objects -> HubSpot's.
OWN: Final = {TASK: "tasks", NOTE: "notes"}
#: Objects with pipelines -> the properties of a record's pipeline, and of its stage.
PIPELINES: Final = {
    "deals": ("pipeline", "dealstage"),
    "tickets": ("hs_pipeline", "hs_pipeline_stage"),
}
#: Objects whose modification date has another name.
_MODIFIED: Final = {"contacts": "lastmodifieddate"}
#: Objects that lists can hold -> their type.
TYPE_IDS: Final = {"contacts": "0-1", "companies": "0-2", "deals": "0-3", "tickets": "0-5"}
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
#: A search for tasks that are not done.
OPEN: Final = {"propertyName": "hs_task_status", "operator": "NEQ", "value": "COMPLETED"}
_NOTE: Final = {"body": "hs_note_body", "at": "hs_timestamp"}
_TYPES: Final = {
    "due": FieldType.MOMENT,
    "at": FieldType.MOMENT,
    "required": FieldType.FLAG,
    "promise": FieldType.FLAG,
}
#: The contract's word for a property of its own -> how HubSpot has it.
_WRITTEN: Final[Mapping[str, Callable[[Value], str]]] = {
    "done": lambda done: "COMPLETED" if done else "NOT_STARTED",
    "body": lambda body: rich(str(body or "")),
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


def word(object: str, property: str) -> str:
    """The contract's word for one of HubSpot's own properties of a task or note."""
    own = _TASK if object == TASK else _NOTE
    return next((name for name, known in own.items() if known == property), property)


def write(object: str, values: Mapping[str, Value], names: Names) -> dict[str, str]:
    """Our fields of a task or note as HubSpot's properties."""
    known = properties(object, names)
    return {
        known[name]: _WRITTEN.get(name, encode)(value)
        for name, value in values.items()
        if name in known
    }


def read(object: str, raw: Mapping[str, Any], names: Names) -> dict[str, Value]:
    """HubSpot's properties of a task or note as our fields."""
    return {
        name: _read(name, raw[property])
        for name, property in properties(object, names).items()
        if property in raw
    }


def _read(name: str, value: Any) -> Value:
    if name == "done":
        return bool(value == "COMPLETED")
    if name == "body":
        return plain(value) or None
    return decode(value, _TYPES.get(name, FieldType.TEXT))


def creation(key: str, item: Task | Note, names: Names) -> dict[str, Any]:
    """One input of a batch that creates tasks or notes, linked to what they are about."""
    object = TASK if isinstance(item, Task) else NOTE
    values = {name: getattr(item, name) for name in item.__slots__ if name != "about"}
    given = write(object, {**values, "key": key}, names)
    kind = {"hs_task_type": "TODO"} if object == TASK else {}
    return {
        "objectWriteTraceId": key,
        "properties": kind | {name: value for name, value in given.items() if value},
        "associations": [_link(OWN[object], item.about)],
    }


def can_be_about(item: Task | Note) -> bool:
    """Whether HubSpot's own type of association is known for what it is about."""
    own = OWN[TASK if isinstance(item, Task) else NOTE]
    return (own, plural(item.about.object)) in _ASSOCIATION


def _link(own: str, about: Ref) -> dict[str, Any]:
    type = _ASSOCIATION[own, plural(about.object)]
    return {
        "to": {"id": about.id},
        "types": [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": type}],
    }
