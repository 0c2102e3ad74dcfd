"""Our tasks and notes in HubSpot's words."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from integrations.contract import NOTE, TASK, Names, Note, Ref, Task, Value
from integrations.hubspot import objects

NAMES = Names(
    task={"key": "our_key", "step": "our_step", "phase": "our_phase", "department": "our_dept",
          "required": "our_required", "promise": "our_promise"},
    note={"key": "our_key"},
)  # fmt: skip
DUE = datetime(2031, 3, 4, 2, tzinfo=UTC)


def task(**values: Any) -> Task:
    """A task with these values."""
    given = {"about": Ref(object="companies", id="1"), "subject": "Call", "body": "A < B\nC"}
    where = {"due": DUE, "owner": "9", "step": "call", "phase": "leaving", "department": "sales"}
    return Task(**{**given, **where, **values})


def test_what_is_written_can_be_read() -> None:
    item = task(done=True, promise=True)
    values = {name: getattr(item, name) for name in item.__slots__ if name != "about"}
    assert objects.read(TASK, objects.write(TASK, values, NAMES), NAMES) == values
    note: dict[str, Value] = {"body": "Left <well> & so on.\n\nReally.", "at": DUE}
    assert objects.read(NOTE, objects.write(NOTE, note, NAMES), NAMES) == note


def test_bodies_are_inert() -> None:
    properties = objects.write(TASK, {"body": "<script>x</script>\n<b>"}, NAMES)
    assert properties == {
        "hs_task_body": "&lt;script&gt;x&lt;/script&gt;<br>&lt;b&gt;",
    }


@pytest.mark.parametrize(
    ("object", "type"),
    [("companies", 192), ("contacts", 204), ("deals", 216), ("tickets", 230), ("0-2", 192)],
)
def test_a_task_is_created_with_its_link(object: str, type: int) -> None:
    made = objects.creation("k", task(about=Ref(object=object, id="1")), NAMES)
    assert made["objectWriteTraceId"] == made["properties"]["our_key"] == "k"
    assert made["associations"] == [
        {
            "to": {"id": "1"},
            "types": [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": type}],
        }
    ]


def test_knows_what_it_cannot_link() -> None:
    assert objects.can_be_about(task())
    assert not objects.can_be_about(task(about=Ref(object="p_machines", id="1")))
    assert not objects.can_be_about(Note(about=Ref(object="x", id="1"), body="", at=DUE))


def test_empty_values_are_left_out_of_a_new_record() -> None:
    properties = objects.creation("k", task(owner=None, body=""), NAMES)["properties"]
    assert "hubspot_owner_id" not in properties
    assert "hs_task_body" not in properties


def test_a_contact_has_another_name_for_its_last_change() -> None:
    assert objects.modified("contacts") == "lastmodifieddate"
    assert objects.modified("companies") == objects.modified(TASK) == "hs_lastmodifieddate"
