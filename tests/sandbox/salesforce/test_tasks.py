"""Tasks: what the platform derives, and who can have them."""

from __future__ import annotations

from datetime import timedelta

from integrations.sandbox.world import World

from .conftest import Api


def test_a_task_knows_its_account_and_whether_it_is_done(
    api: Api, world: World, account: str, person: str
) -> None:
    task = api.create("Task", Subject="Call", WhatId=account, ActivityDate="2026-11-30")
    row = api.get(f"/sobjects/Task/{task}")
    assert (row["AccountId"], row["Status"], row["Priority"]) == (account, "Not Started", "Normal")
    assert (row["IsClosed"], row["IsHighPriority"], row["TaskSubtype"]) == (False, False, "Task")
    assert row["ActivityDate"] == "2026-11-30"

    world.clock.advance(timedelta(hours=1))
    api.patch(f"/sobjects/Task/{task}", {"Status": "Completed", "Priority": "High"})
    row = api.get(f"/sobjects/Task/{task}")
    assert (row["IsClosed"], row["IsHighPriority"]) == (True, True)
    assert row["CompletedDateTime"] == "2026-11-21T11:00:00.000+0000"
    api.patch(f"/sobjects/Task/{task}", {"Status": "In Progress"})
    assert api.get(f"/sobjects/Task/{task}")["CompletedDateTime"] is None

    with_person = api.create("Task", WhoId=person)
    assert api.get(f"/sobjects/Task/{with_person}")["AccountId"] == account


def test_settings_are_objects(api: Api) -> None:
    closed = api.query("SELECT ApiName FROM TaskStatus WHERE IsClosed = true")
    assert [row["ApiName"] for row in closed] == ["Completed"]
    assert api.one("SELECT MasterLabel FROM TaskPriority WHERE IsHighPriority = true")


def test_queues_of_tasks_can_own_tasks(api: Api) -> None:
    queues = api.query("SELECT Id, Name FROM Group WHERE Type = 'Queue' ORDER BY Name")
    assert [queue["Name"] for queue in queues] == ["Billing", "Customer Success", "IT"]
    served = api.query("SELECT Queue.Name FROM QueueSobject WHERE SobjectType = 'Task'")
    assert len(served) == 3
    task = api.create("Task", Subject="for a queue", OwnerId=queues[0]["Id"])
    found = api.one(f"SELECT Owner.Name, Owner.Type FROM Task WHERE Id = '{task}'")
    assert (found["Owner"]["Name"], found["Owner"]["Type"]) == ("Billing", "Group")
    owner = next(f for f in api.get("/sobjects/Task/describe")["fields"] if f["name"] == "OwnerId")
    assert owner["referenceTo"] == ["Group", "User"]

    group = api.create("Group", Name="Not for tasks", Type="Queue")
    refused = api.post("/sobjects/Task", {"OwnerId": group})
    assert refused.json()[0]["errorCode"] == "FIELD_INTEGRITY_EXCEPTION"


def test_the_subtype_is_set_once(api: Api) -> None:
    task = api.create("Task", TaskSubtype="Call")
    refused = api.patch(f"/sobjects/Task/{task}", {"TaskSubtype": "Email"})
    assert refused.json()[0]["errorCode"] == "INVALID_FIELD_FOR_INSERT_UPDATE"


def test_tasks_go_with_their_account(api: Api, account: str) -> None:
    api.create("Task", WhatId=account)
    api.delete(f"/sobjects/Account/{account}")
    assert api.query("SELECT Id FROM Task") == []
