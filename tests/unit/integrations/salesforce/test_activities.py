"""Our tasks and notes as an org's Tasks."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from integrations.contract import NOTE, TASK, Names, Note, Ref, Task
from integrations.salesforce.activities import DESCRIPTION, SUBJECT, Activities, columns

NAMES = Names(
    task={"key": "Key__c", "step": "Step__c", "phase": "Phase__c", "department": "Department__c",
          "required": "Required__c", "promise": "Promise__c"},
    note={"key": "Key__c"},
)  # fmt: skip
ACTIVITIES = Activities(names=NAMES, zone=ZoneInfo("America/Los_Angeles"), todo="Open", done="Done")
ABOUT = Ref(object="Account", id="001")
#: The evening before in California.
DUE = datetime(2031, 3, 4, 2, tzinfo=UTC)


def task(**values: Any) -> Task:
    """A task with these values."""
    given = {"about": ABOUT, "subject": "Call", "body": "Now.", "due": DUE, "owner": "005"}
    where = {"step": "call", "phase": "leaving", "department": "sales"}
    return Task(**{**given, **where, **values})


def test_a_due_date_is_a_day_of_the_org() -> None:
    record = ACTIVITIES.creation("k", task())
    assert record["ActivityDate"] == "2031-03-03"
    assert record["ReminderDateTime"] == "2031-03-04T02:00:00Z"
    assert record["IsReminderSet"] is True


@pytest.mark.parametrize(
    ("day", "reminder", "due"),
    [
        ("2031-03-03", "2031-03-04T02:00:00.000+0000", DUE),
        # A person has moved the due date, and left the reminder.
        ("2031-03-10", "2031-03-04T02:00:00.000+0000", datetime(2031, 3, 10, 7, tzinfo=UTC)),
        ("2031-03-10", None, datetime(2031, 3, 10, 7, tzinfo=UTC)),
        (None, "2031-03-04T02:00:00.000+0000", DUE),
        (None, None, None),
    ],
)
def test_the_reminder_counts_where_it_is_on_the_day(
    day: str | None, reminder: str | None, due: datetime | None
) -> None:
    raw = {"ActivityDate": day, "ReminderDateTime": reminder}
    assert ACTIVITIES.read(TASK, raw) == {"due": due}


@pytest.mark.parametrize(
    ("object", "link"), [("Account", "WhatId"), ("Opportunity", "WhatId"), ("Contact", "WhoId")]
)
def test_people_are_linked_apart(object: str, link: str) -> None:
    record = ACTIVITIES.creation("k", task(about=Ref(object=object, id="1")))
    assert record[link] == "1"
    assert ({"WhatId", "WhoId"} - {link}).isdisjoint(record)


def test_a_note_is_a_completed_task() -> None:
    note = Note(about=ABOUT, body="\nLeft well.\nReally.\n", at=DUE)
    record = ACTIVITIES.creation("k", note)
    assert (record["Subject"], record["Status"]) == ("Left well.", "Done")
    assert record["Key__c"] == "k"
    assert "ReminderDateTime" not in record
    assert ACTIVITIES.creation("k", Note(about=ABOUT, body=" ", at=DUE))["Subject"] == "Note"


def test_texts_are_cut_with_a_mark() -> None:
    record = ACTIVITIES.creation("k", task(subject="Word. " * 99, body="Word. " * 9_999))
    assert len(record["Subject"]) <= SUBJECT
    assert len(record["Description"]) <= DESCRIPTION
    assert record["Subject"].endswith("[…]")
    assert record["Description"].endswith("[…]")
    assert ACTIVITIES.write(TASK, {"subject": "Two\nlines"}) == {"Subject": "Two lines"}


def test_nobody_is_no_owner() -> None:
    assert "OwnerId" not in ACTIVITIES.creation("k", task(owner=None))


def test_reads_what_there_is() -> None:
    raw = {"Description": "One.\r\nTwo.", "IsClosed": True, "Key__c": "k", "Promise__c": False}
    assert ACTIVITIES.read(TASK, raw) == {
        "body": "One.\nTwo.",
        "done": True,
        "key": "k",
        "promise": False,
    }


def test_asks_only_for_what_is_wanted() -> None:
    assert columns(TASK, ("done",), NAMES) == ["Key__c", "IsClosed"]
    assert columns(TASK, ("due",), NAMES) == ["Key__c", "ActivityDate", "ReminderDateTime"]
    assert columns(NOTE, ("body",), NAMES) == ["Key__c", "Description"]
    assert "Step__c" not in columns(NOTE, None, NAMES)
