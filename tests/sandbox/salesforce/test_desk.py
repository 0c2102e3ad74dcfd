"""What colleagues see and do."""

from __future__ import annotations

from datetime import timedelta

import pytest

from integrations.sandbox.salesforce import Salesforce
from integrations.sandbox.salesforce.desk import SalesforceDesk
from integrations.sandbox.world import World

from .conftest import Api


@pytest.fixture
def desk(sandbox: Salesforce) -> SalesforceDesk:
    return sandbox.desk


@pytest.fixture
def cora(desk: SalesforceDesk) -> str:
    return next(key for key, name in desk.colleagues() if name == "Cora Vance")


def test_colleagues_are_the_people_with_an_active_seat(desk: SalesforceDesk) -> None:
    assert [name for _, name in desk.colleagues()] == ["Cora Vance", "Omar Reed"]


def test_customers_by_name(desk: SalesforceDesk, api: Api, account: str) -> None:
    api.create("Task", WhatId=account)
    api.create("Task", WhatId=account, Status="Completed")
    listed = desk.customers()
    assert [row.name for row in listed] == ["Alder & Co", "Birch Ltd", "Cedar Inc"]
    alder = listed[0]
    assert (alder.stage, alder.owner, alder.open_tasks) == ("active", "Omar Reed", 1)
    assert [row.name for row in desk.customers("CEDAR")] == ["Cedar Inc"]
    assert [row.name for row in desk.customers(start=1, limit=1)] == ["Birch Ltd"]


def test_a_customer_with_its_fields_by_label(desk: SalesforceDesk, api: Api, account: str) -> None:
    api.field("Account.Words__c", type="LongTextArea", label="Words", length=500, visibleLines=3)
    sheet = desk.customer(account)
    assert sheet is not None
    lines = {line.label: line for line in sheet.lines}
    assert (lines["Seats"].value, lines["MRR"].value) == ("12", "1200.5")
    assert lines["Customer stage"].options[1] == ("at_risk", "At risk")
    assert dict(lines["Customer success manager"].options)[
        lines["Customer success manager"].value
    ] == ("Cora Vance")
    assert lines["Words"].long
    assert [person.name for person in sheet.contacts] == ["Ada Alder", "Ben Out"]
    opted = {line.label: line.value for line in sheet.contacts[1].lines}
    assert opted["Email Opt Out"] == "true"
    assert desk.customer("001Aj0000000zzzIAA") is None


def test_an_edit_is_done_by_the_colleague(
    desk: SalesforceDesk, api: Api, cora: str, account: str
) -> None:
    desk.edit("Account", account, "Customer_Stage__c", "churning", by=cora)
    row = api.get(f"/sobjects/Account/{account}")
    assert (row["Customer_Stage__c"], row["LastModifiedById"]) == ("churning", cora)
    desk.edit("Account", account, "Seats__c", "", by=cora)
    assert api.get(f"/sobjects/Account/{account}")["Seats__c"] is None


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("Seats__c", "many", "Seats cannot be set to many."),
        ("Customer_Stage__c", "gone", "bad value for restricted picklist field: gone"),
        ("CreatedDate", "2026-01-01", "Account has no field CreatedDate that can be edited."),
    ],
)
def test_an_edit_that_cannot_be(
    desk: SalesforceDesk, cora: str, account: str, field: str, value: str, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        desk.edit("Account", account, field, value, by=cora)
    with pytest.raises(ValueError, match="no colleague nobody"):
        desk.edit("Account", account, "Phone", "1", by="nobody")


def test_the_timeline(
    desk: SalesforceDesk, api: Api, world: World, cora: str, account: str, person: str
) -> None:
    departments = [{"valueName": "billing", "label": "Billing"}]
    api.field(
        "Activity.For__c",
        type="Picklist",
        label="Department",
        valueSet={"restricted": True, "valueSetDefinition": {"value": departments}},
    )
    desk.edit("Account", account, "Customer_Stage__c", "churning", by=cora)
    world.clock.advance(timedelta(minutes=1))
    task = api.create(
        "Task",
        Subject="Send the invoice",
        WhatId=account,
        OwnerId=cora,
        For__c="billing",
        ActivityDate="2026-12-01",
        IsReminderSet=True,
        ReminderDateTime="2026-12-01T14:00:00Z",
    )
    world.clock.advance(timedelta(minutes=1))
    api.create("Task", Subject="They said", Description="words", WhatId=account, Status="Completed")
    world.clock.advance(timedelta(minutes=1))
    mail = {"emailSubject": "Hi", "emailBody": "b", "recipientId": person, "logEmailOnSend": True}
    api.post("/actions/standard/emailSimple", {"inputs": [mail]})
    world.clock.advance(timedelta(minutes=1))
    campaign = api.create("Campaign", Name="Alumni: price")
    api.create("CampaignMember", CampaignId=campaign, ContactId=person)
    desk.complete(task, by=cora)

    sheet = desk.customer(account)
    assert sheet is not None
    kinds = [(entry.kind, entry.title) for entry in sheet.timeline]
    assert kinds == [
        ("segment", "Ada Alder: Alumni: price"),
        ("mail", "Email: Hi"),
        ("note", "They said"),
        ("task", "Send the invoice"),
        ("change", "Customer stage: Active → Churning"),
    ]
    entry = sheet.timeline[3]
    assert (entry.who, entry.department, entry.done) == ("Cora Vance", "Billing", True)
    assert entry.due is not None
    assert entry.due.isoformat() == "2026-12-01T14:00:00+00:00"
    assert sheet.timeline[4].who == "Cora Vance"
    assert sheet.contacts[0].segments == ("Alumni: price",)
