"""Salesforce's words for tasks and notes: both are Tasks, a note is a completed one without a step.

Source: "Task" in the Object reference. A task has a due date without a time; the time is its
reminder. Which status means done differs between orgs: ``TaskStatus`` says it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from integrations.clip import clip
from integrations.contract import NOTE, TASK, FieldType, Names, Note, Task, Value
from integrations.salesforce.values import decode, encode, moment

#: Characters.
SUBJECT, DESCRIPTION = 255, 32_000
#: The contract's objects -> Salesforce's.
TABLES: Final = {TASK: "Task", NOTE: "Task"}
#: Objects a task is linked to by ``WhoId``; everything else by ``WhatId``.
_PEOPLE: Final = ("Contact", "Lead")
#: Our words for fields that every org has.
_PLAIN: Final = {"subject": "Subject", "body": "Description", "owner": "OwnerId"}
_DATES: Final = ("ActivityDate", "ReminderDateTime")
_TYPES: Final = {
    "body": FieldType.WORDS,
    "required": FieldType.FLAG,
    "promise": FieldType.FLAG,
}
#: Our words for texts -> how they are cut to what Salesforce holds.
_CUT: Final[Mapping[str, Callable[[Value], str]]] = {
    "subject": lambda text: clip(" ".join(str(text or "").split()), SUBJECT),
    "body": lambda text: clip(str(text or ""), DESCRIPTION),
}


@dataclass(frozen=True, kw_only=True)
class Activities:
    """What turns our tasks and notes into this org's Tasks, and back."""

    names: Names
    zone: ZoneInfo
    #: The status of an open and of a finished task.
    todo: str
    done: str

    def creation(self, key: str, item: Task | Note) -> dict[str, Any]:
        """A new record, linked to what it is about."""
        link = "WhoId" if item.about.object in _PEOPLE else "WhatId"
        record: dict[str, Any] = {"attributes": {"type": "Task"}, link: item.about.id}
        if isinstance(item, Note):
            lines = item.body.strip().splitlines()
            values: dict[str, Value] = {
                "subject": lines[0] if lines else "Note",
                "body": item.body,
                "at": item.at,
                "done": True,
            }
            return record | self.write(NOTE, {**values, "key": key})
        values = {name: getattr(item, name) for name in Task.__slots__ if name != "about"}
        given = {name: value for name, value in values.items() if value is not None}
        if not item.owner:
            given.pop("owner", None)
        return record | self.write(TASK, {**given, "key": key})

    def write(self, kind: str, values: Mapping[str, Value]) -> dict[str, Any]:
        """Our fields as Salesforce's."""
        ours = _ours(kind, self.names)
        record: dict[str, Any] = {}
        for name, value in values.items():
            if name in ("due", "at") and isinstance(value, datetime):
                record["ActivityDate"] = value.astimezone(self.zone).date().isoformat()
                if name == "due":
                    record |= {"ReminderDateTime": encode(value), "IsReminderSet": True}
            elif name == "done":
                record["Status"] = self.done if value else self.todo
            elif name in _CUT:
                record[_PLAIN[name]] = _CUT[name](value)
            elif name in _PLAIN:
                record[_PLAIN[name]] = encode(value)
            elif name in ours:
                record[ours[name]] = encode(value, _TYPES.get(name))
        return record

    def read(self, kind: str, raw: Mapping[str, Any]) -> dict[str, Value]:
        """What there is of our fields."""
        named = {**_PLAIN, **_ours(kind, self.names)}
        fields = {
            name: decode(raw[column], _TYPES.get(name, FieldType.TEXT))
            for name, column in named.items()
            if column in raw
        }
        if "IsClosed" in raw:
            fields["done"] = bool(raw["IsClosed"])
        if "ActivityDate" in raw:
            fields[_when(kind)] = self._due(raw)
        return fields

    def _due(self, raw: Mapping[str, Any]) -> Value:
        """The reminder, as long as it is on the due date; a person may have moved only one."""
        day = decode(raw["ActivityDate"], FieldType.DATE)
        if reminder := raw.get("ReminderDateTime"):
            at = moment(reminder)
            if day is None or at.astimezone(self.zone).date() == day:
                return at
        if not isinstance(day, date):
            return None
        return datetime.combine(day, time(), self.zone).astimezone(UTC)


def columns(kind: str, fields: Collection[str] | None, names: Names) -> list[str]:
    """The fields of a Task that hold these of ours, or all of ours; the key always."""
    ours = _ours(kind, names)
    wanted = {**_PLAIN, **ours, "done": "IsClosed"}
    held = [wanted[n] for n in (wanted if fields is None else fields) if n in wanted]
    dates = _DATES if fields is None or _when(kind) in fields else ()
    return list(dict.fromkeys((ours["key"], *held, *dates)))


def _ours(kind: str, names: Names) -> Mapping[str, str]:
    return names.task if kind == TASK else names.note


def _when(kind: str) -> str:
    return "due" if kind == TASK else "at"
