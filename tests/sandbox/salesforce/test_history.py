"""When a tracked field changed, and by whom."""

from __future__ import annotations

from datetime import timedelta

from integrations.sandbox.salesforce import Salesforce
from integrations.sandbox.world import World

from .conftest import Api

HISTORY = (
    "SELECT AccountId, Field, OldValue, NewValue, CreatedDate, CreatedBy.Name FROM AccountHistory"
)


def test_moves_of_the_stage(api: Api, world: World, sandbox: Salesforce, account: str) -> None:
    omar = {name: key for key, name in sandbox.desk.colleagues()}["Omar Reed"]
    sandbox.desk.edit("Account", account, "Customer_Stage__c", "at_risk", by=omar)
    world.clock.advance(timedelta(minutes=5))
    api.patch(f"/sobjects/Account/{account}", {"Customer_Stage__c": "churning", "Phone": "1"})
    api.patch(f"/sobjects/Account/{account}", {"Customer_Stage__c": "churning"})
    first, second = api.query(f"{HISTORY} WHERE AccountId = '{account}' ORDER BY CreatedDate")
    assert (first["Field"], first["OldValue"], first["NewValue"]) == (
        "Customer_Stage__c",
        "active",
        "at_risk",
    )
    assert first["CreatedBy"]["Name"] == "Omar Reed"
    assert second["NewValue"] == "churning"
    assert second["CreatedDate"] == "2026-11-21T10:05:00.000+0000"
    assert second["CreatedBy"]["Name"] == "Integration User"


def test_a_new_record_has_an_entry_too(api: Api) -> None:
    made = api.create("Account", Name="New", Customer_Stage__c="churned")
    entry = api.one(f"{HISTORY} WHERE AccountId = '{made}'")
    assert (entry["Field"], entry["OldValue"], entry["NewValue"]) == ("created", None, None)


def test_values_cannot_be_filtered(api: Api) -> None:
    refused = api.refusal("SELECT Id FROM AccountHistory WHERE NewValue = 'churning'")
    assert "field 'NewValue' can not be filtered in a query call" in refused["message"]


def test_deals_keep_their_stages(api: Api, account: str) -> None:
    deal = api.create(
        "Opportunity",
        Name="Renewal",
        AccountId=account,
        StageName="Prospecting",
        CloseDate="2026-12-31",
    )
    api.patch(f"/sobjects/Opportunity/{deal}", {"StageName": "Closed Lost"})
    row = api.get(f"/sobjects/Opportunity/{deal}")
    assert (row["IsClosed"], row["IsWon"], row["Probability"]) == (True, False, 0.0)
    stages = api.query("SELECT StageName FROM OpportunityHistory ORDER BY CreatedDate, Id")
    assert [entry["StageName"] for entry in stages] == ["Prospecting", "Closed Lost"]


def test_people_have_a_history_too(api: Api, person: str) -> None:
    made = api.field("Contact.Tier__c", type="Text", label="Tier", length=20, trackHistory=True)
    assert made.status_code == 201
    api.patch(f"/sobjects/Contact/{person}", {"Tier__c": "gold"})
    entry = api.one("SELECT ContactId, Field, OldValue, NewValue FROM ContactHistory")
    assert (entry["ContactId"], entry["Field"], entry["NewValue"]) == (person, "Tier__c", "gold")
