from __future__ import annotations

from datetime import timedelta

import pytest

from integrations.sandbox.desk import Desk, Sheet
from integrations.sandbox.world import World
from tests.sandbox.hubspot.client import Api, about


@pytest.fixture
def desk(world: World) -> Desk:
    """The desk of the portal."""
    return world.dialects["hubspot"].desk


@pytest.fixture
def ada(desk: Desk) -> str:
    """A colleague's id."""
    return desk.colleagues()[0][0]


def sheet(desk: Desk, id: str) -> Sheet:
    found = desk.customer(id)
    assert found is not None
    return found


def test_only_people_with_a_seat_are_at_the_desk(desk: Desk) -> None:
    assert [name for _, name in desk.colleagues()] == ["Ada Moss", "Ben Hale"]


def test_customers_by_name(api: Api, desk: Desk) -> None:
    api.task(api.company("Birch Ltd"))
    rows = desk.customers()
    assert [(row.name, row.stage, row.owner, row.open_tasks) for row in rows] == [
        ("Birch Ltd", "Active", "Ben Hale", 1),
        ("Cedar Inc", "At risk", "", 0),
        ("Dogwood", "Active", "", 0),
    ]
    assert [row.name for row in desk.customers("CED")] == ["Cedar Inc"]
    assert [row.name for row in desk.customers(start=1, limit=1)] == ["Cedar Inc"]


def test_a_sheet_shows_what_the_business_added_by_its_label(api: Api, desk: Desk) -> None:
    lines = {line.label: line for line in sheet(desk, api.company("Birch Ltd")).lines}
    assert lines["Country/Region"].value == "DE"
    assert lines["Plan"].value == "Pro"
    stage = lines["Customer stage"]
    assert stage.value == "active"
    assert ("at_risk", "At risk") in stage.options
    assert {"Ada Moss", "Cleo Lind"} <= set(
        dict(lines["Customer success manager"].options).values()
    )
    api.key("companies")
    assert "Outer key" in [line.label for line in sheet(desk, api.company("Birch Ltd")).lines]


def test_people_with_their_segments(api: Api, desk: Desk) -> None:
    body = {"name": "Alumni: price", "objectTypeId": "0-1", "processingType": "MANUAL"}
    segment = api.post("/crm/lists/2026-09", body).json()["list"]["listId"]
    ida = api.contact("ida@birch.example")
    api("PUT", f"/crm/lists/2026-09/{segment}/memberships/add", [ida])
    people = sheet(desk, api.company("Birch Ltd")).contacts
    assert [(one.name, one.segments) for one in people] == [
        ("Ida Falk", ("Alumni: price",)),
        ("Jon Berg", ()),
    ]


def test_an_edit_is_the_users(api: Api, desk: Desk, ada: str) -> None:
    company = api.company("Birch Ltd")
    desk.edit("companies", company, "customer_stage", "churning", by=ada)
    read = api.get(
        f"/crm/objects/2026-09/companies/{company}",
        properties="hs_updated_by_user_id",
        propertiesWithHistory="customer_stage",
    ).json()
    newest = read["propertiesWithHistory"]["customer_stage"][0]
    assert newest["sourceType"] == "CRM_UI"
    assert str(newest["updatedByUserId"]) == read["properties"]["hs_updated_by_user_id"]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("customer_stage", "gone", "gone was not one of the allowed options"),
        ("mrr", "many", "many was not a valid number."),
        ("hs_object_id", "1", "read only"),
    ],
)
def test_a_wrong_edit_is_explained(
    api: Api, desk: Desk, ada: str, field: str, value: str, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        desk.edit("companies", api.company("Birch Ltd"), field, value, by=ada)


def test_an_edit_of_nothing_or_by_nobody(api: Api, desk: Desk, ada: str) -> None:
    with pytest.raises(ValueError, match="not there any more"):
        desk.edit("companies", "999", "city", "Ulm", by=ada)
    with pytest.raises(ValueError, match="no colleague"):
        desk.edit("companies", api.company("Birch Ltd"), "city", "Ulm", by="1")


def test_the_timeline_newest_first(api: Api, desk: Desk, world: World, ada: str) -> None:
    company, ida = api.company("Birch Ltd"), api.contact("ida@birch.example")
    choice = [{"value": "billing", "label": "Billing", "displayOrder": 0, "hidden": False}]
    department = {
        "name": "team",
        "label": "Department",
        "type": "enumeration",
        "fieldType": "select",
        "groupName": "task",
        "options": choice,
    }
    assert api.post("/crm/properties/2026-09/tasks", department).status_code == 201
    task = api.task(company, team="billing", hubspot_owner_id=ada, hs_task_body="<p>A &amp; B</p>")
    world.clock.advance(timedelta(hours=1))
    note = {"hs_timestamp": "2026-03-02T10:00:00Z", "hs_note_body": "<p>One<br>two</p>"}
    api.create("notes", [about(company, 190)], **note)
    world.clock.advance(timedelta(hours=1))
    desk.edit("companies", company, "customer_stage", "churning", by=ada)
    world.clock.advance(timedelta(hours=1))
    body = {"name": "Alumni: price", "objectTypeId": "0-1", "processingType": "MANUAL"}
    segment = api.post("/crm/lists/2026-09", body).json()["list"]["listId"]
    api("PUT", f"/crm/lists/2026-09/{segment}/memberships/add", [ida])

    member, change, written, open_task = sheet(desk, company).timeline
    assert (member.kind, member.title) == ("segment", "Ida Falk added to Alumni: price")
    assert (change.title, change.who) == ("Customer stage: Active to Churning", "Ada Moss")
    assert (written.kind, written.body, written.who) == ("note", "One\ntwo", "Aurevoir")
    assert (open_task.kind, open_task.id, open_task.done) == ("task", task, False)
    assert (open_task.title, open_task.body) == ("Call them", "A & B")
    assert (open_task.department, open_task.who) == ("Billing", "Ada Moss")
    desk.complete(task, by=ada)
    assert sheet(desk, company).timeline[-1].done is True


def test_nobody_there(desk: Desk) -> None:
    assert desk.customer("999") is None
    assert desk.customer("nonsense") is None
