"""What an org holds before anything has happened."""

from __future__ import annotations

from dataclasses import replace

from integrations.sandbox.salesforce import Salesforce
from integrations.sandbox.world import World

from .conftest import SEED, Api


def test_customers_and_their_people(api: Api, account: str) -> None:
    row = api.get(f"/sobjects/Account/{account}")
    expected = {
        "BillingCountry": "DE",
        "Industry": "Technology",
        "AnnualRevenue": 14406.0,
        "Website": "https://alder.example",
        "Customer_Stage__c": "active",
        "Plan__c": "Pro",
        "Seats__c": 12.0,
        "Mrr__c": 1200.5,
        "Open_Tickets__c": 3.0,
        "Product_Usage_30_Days__c": 90.0,
        "Contract_End_Date__c": "2027-01-31",
        "CreatedDate": "2026-02-01T08:00:00.000+0000",
    }
    assert {key: row[key] for key in expected} == expected
    people = api.query(
        "SELECT Name, Email, Title, HasOptedOutOfEmail FROM Contact ORDER BY FirstName"
    )
    assert [(p["Name"], p["Email"], p["HasOptedOutOfEmail"]) for p in people] == [
        ("Ada Alder", "ada@alder.example", False),
        ("Ben Out", "ben@alder.example", True),
    ]


def test_users(api: Api) -> None:
    users = api.query("SELECT Username, IsActive FROM User WHERE UserType = 'Standard'")
    assert {u["Username"]: u["IsActive"] for u in users} == {
        "integration@sandbox.example": True,
        "cora@vendor.example": True,
        "omar@vendor.example": True,
        "lea@vendor.example": False,
    }


def test_a_company_that_measures_nothing_yet(world: World, api: Api) -> None:
    world.reset(replace(SEED, fields=False))
    assert len(api.query("SELECT Id FROM Account")) == 3
    assert api.refusal("SELECT Customer_Stage__c FROM Account")["errorCode"] == "INVALID_FIELD"


def test_reset_forgets_everything(world: World, sandbox: Salesforce, api: Api) -> None:
    before = sandbox.credentials()
    api.key_field()
    api.create("Task", Subject="x")
    world.reset()
    assert sandbox.credentials() == before
    assert api.query("SELECT Id FROM Task") == []
    assert api.refusal("SELECT Key__c FROM Task")["errorCode"] == "INVALID_FIELD"
    assert api.call("GET", "/limits").headers["Sforce-Limit-Info"] == "api-usage=3/100000"


def test_operations_have_names(sandbox: Salesforce) -> None:
    names = sandbox.routes.operations()
    assert {"token", "query", "rows.create", "collections.upsert", "email.send"} <= set(names)
