"""Salesforce's words for tasks and notes: both are Tasks, a note is a completed one without a step.

Source: "Task" in the Object reference. A task has a due date without a time; the time is its
reminder. Which status means done differs between orgs: ``TaskStatus`` says it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from integrations.contract import TASK, FieldType, Names, Note, Ref, Task, Value
from integrations.salesforce.values import decode, encode, moment

#: Characters.
SUBJECT, DESCRIPTION = 255, 32_000
#: Objects a task is linked to by ``WhoId``; everything else by ``WhatId``.
_PEOPLE: Final = ("Contact", "Lead")
_PLAIN: Final = {"subject": "Subject", "body": "Description", "owner": "OwnerId"}
_TYPES: Final = {"required": FieldType.FLAG, "promise": FieldType.FLAG}


@dataclass(frozen=True, kw_only=True)
class Activities:
    """What turns our tasks and notes into this org's Tasks, and back."""

    names: Names
    zone: ZoneInfo
    #: The status of an open and of a finished task.
    todo: str
    done: str

    def columns(self, kind: str) -> list[str]:
        """The fields to ask for."""
        ours = self.names.task if kind == TASK else self.names.note
        return [
            *_PLAIN.values(), "ActivityDate", "ReminderDateTime", "IsClosed", "WhatId", "WhoId",
            *ours.values(),
        ]  # fmt: skip

    def creation(self, key: str, item: Task | Note) -> dict[str, Any]:
        """A new record, linked to what it is about."""
        link = "WhoId" if item.about.object in _PEOPLE else "WhatId"
        record: dict[str, Any] = {"attributes": {"type": "Task"}, link: item.about.id}
        if isinstance(item, Note):
            lines = item.body.strip().splitlines()
            record |= {
                "Subject": (lines[0] if lines else "Note")[:SUBJECT],
                "Description": item.body[:DESCRIPTION],
                "Status": self.done,
                "ActivityDate": item.at.astimezone(self.zone).date().isoformat(),
                self.names.note["key"]: key,
            }
            return record
        values = {name: getattr(item, name) for name in Task.__slots__ if name != "about"}
        record |= self.write(TASK, {**values, "key": key})
        if not item.owner:
            del record["OwnerId"]
        return record

    def write(self, kind: str, values: Mapping[str, Value]) -> dict[str, Any]:
        """Our fields as Salesforce's."""
        ours = self.names.task if kind == TASK else self.names.note
        record: dict[str, Any] = {}
        for name, value in values.items():
            if name in ("due", "at") and isinstance(value, datetime):
                record["ActivityDate"] = value.astimezone(self.zone).date().isoformat()
                if name == "due":
                    record |= {"ReminderDateTime": encode(value), "IsReminderSet": True}
            elif name == "done":
                record["Status"] = self.done if value else self.todo
            elif name == "body":
                record["Description"] = str(value or "")[:DESCRIPTION]
            elif name in _PLAIN:
                record[_PLAIN[name]] = encode(value)
            elif name in ours:
                record[ours[name]] = encode(value)
        return record

    def read(self, kind: str, raw: Mapping[str, Any]) -> dict[str, Value]:
        """Salesforce's fields as ours."""
        ours = self.names.task if kind == TASK else self.names.note
        fields = {n: decode(raw.get(column), FieldType.TEXT) for n, column in _PLAIN.items()}
        fields |= {
            name: decode(raw.get(column), _TYPES.get(name, FieldType.TEXT))
            for name, column in ours.items()
        }
        fields["done"] = bool(raw.get("IsClosed"))
        fields["due" if kind == TASK else "at"] = self._due(raw)
        return fields

    def _due(self, raw: Mapping[str, Any]) -> Value:
        """The reminder, as long as it is on the due date; a person may have moved only one."""
        day = decode(raw.get("ActivityDate"), FieldType.DATE)
        reminder = raw.get("ReminderDateTime")
        if reminder:
            at = moment(reminder)
            if day is None or at.astimezone(self.zone).date() == day:
                return at
        if day is None:
            return None
        midnight = datetime.combine(day, time(), self.zone)  # type: ignore[arg-type]
        return midnight.astimezone(UTC)

    @staticmethod
    def about(raw: Mapping[str, Any], what: str) -> tuple[Ref, ...]:
        """What a task hangs on; ``what``: the object that ``WhatId`` means here."""
        links = ((what, raw.get("WhatId")), ("Contact", raw.get("WhoId")))
        return tuple(Ref(object=object, id=id) for object, id in links if id)
