"""What has happened to a customer, as the record's page shows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, time
from typing import Final, Literal
from zoneinfo import ZoneInfo

from integrations.sandbox.desk import Happening
from integrations.sandbox.salesforce.field import Field, Value
from integrations.sandbox.salesforce.moments import parse
from integrations.sandbox.salesforce.org import Org
from integrations.sandbox.salesforce.table import Row

#: A field of this label on tasks says which department a task is for.
_DEPARTMENT: Final = "Department"


def timeline(org: Org, account: str, people: Sequence[Row]) -> tuple[Happening, ...]:
    """Tasks, notes, mails, tracked changes and campaigns, newest first."""
    entries = [*_activities(org, account), *_changes(org, account), *_segments(org, people)]
    return tuple(sorted(entries, key=lambda entry: (entry.at, entry.id), reverse=True))


def name_of(org: Org, id: Value) -> str:
    """The name of a record, or nothing."""
    row = org.get(str(id)) if id else None
    return str(row["Name"]) if row else ""


def label_of(field: Field, value: Value) -> str:
    """A value as people read it."""
    labels = {choice.value: choice.label for choice in field.choices}
    return "" if value is None else labels.get(str(value), str(value))


def _activities(org: Org, account: str) -> Iterator[Happening]:
    for task in org["Task"].having("AccountId", account):
        title, body = str(task["Subject"] or ""), str(task["Description"] or "")
        if task["TaskSubtype"] == "Email":
            yield _entry(org, "mail", task, title, body)
        elif _is_note(task):
            yield _entry(org, "note", task, title, body)
        else:
            yield _task(org, task, title, body)


def _is_note(task: Row) -> bool:
    """Whether the task was already done when somebody wrote it down."""
    written = task["CreatedDate"], task["CreatedById"]
    return bool(task["IsClosed"]) and written == (
        task["CompletedDateTime"],
        task["LastModifiedById"],
    )


def _task(org: Org, task: Row, title: str, body: str) -> Happening:
    custom = [field for field in org.schema["Task"].fields.values() if field.custom]
    department = next((field for field in custom if field.label == _DEPARTMENT), None)
    done = task["CompletedDateTime"]
    return Happening(
        kind="task",
        id=str(task["Id"]),
        at=parse(str(task["CreatedDate"])),
        title=title,
        body=body,
        who=name_of(org, task["OwnerId"]),
        due=_due(org, task),
        done=bool(task["IsClosed"]),
        done_at=parse(str(done)) if done else None,
        department=label_of(department, task.get(department.name)) if department else "",
        added={field.name: str(value) for field in custom if (value := task.get(field.name))},
    )


def _due(org: Org, task: Row) -> datetime | None:
    if task["IsReminderSet"] and task["ReminderDateTime"]:
        return parse(str(task["ReminderDateTime"]))
    if not task["ActivityDate"]:
        return None
    zone = ZoneInfo(str(org["Organization"].rows[org.id]["TimeZoneSidKey"]))
    return datetime.combine(datetime.fromisoformat(str(task["ActivityDate"])), time(), zone)


def _changes(org: Org, account: str) -> Iterator[Happening]:
    for entry in org["AccountHistory"].having("AccountId", account):
        if field := org.schema["Account"].find(str(entry["Field"])):
            old, new = (label_of(field, entry[side]) for side in ("OldValue", "NewValue"))
            yield _entry(org, "change", entry, f"{field.label}: {old or '-'} → {new or '-'}")


def _segments(org: Org, people: Sequence[Row]) -> Iterator[Happening]:
    for person in people:
        for member in org["CampaignMember"].having("ContactId", person["Id"]):
            title = f"{person['Name']}: {name_of(org, member['CampaignId'])}"
            yield _entry(org, "segment", member, title)


def _entry(
    org: Org,
    kind: Literal["mail", "note", "change", "segment"],
    row: Row,
    title: str,
    body: str = "",
) -> Happening:
    return Happening(
        kind=kind,
        id=str(row["Id"]),
        at=parse(str(row["CreatedDate"])),
        title=title,
        body=body,
        who=name_of(org, row["CreatedById"]),
    )
