"""Records addressed by a key of their own; upsert."""

from __future__ import annotations

import pytest

from .conftest import Api

TASK = "/sobjects/Task/Key__c"


@pytest.fixture(autouse=True)
def _key(api: Api) -> None:
    api.key_field()


def test_the_same_upsert_twice_is_one_record(api: Api, account: str) -> None:
    body = {"Subject": "Call", "WhatId": account}
    first = api.patch(f"{TASK}/case%3Astep%2F1", body)
    again = api.patch(f"{TASK}/case%3Astep%2F1", {"Subject": "Call again"})
    key = first.json()["id"]
    assert first.status_code == 201
    assert first.json() == {"id": key, "success": True, "errors": [], "created": True}
    assert again.status_code == 200
    assert again.json() == {"id": key, "success": True, "errors": [], "created": False}
    (task,) = api.query("SELECT Subject, Key__c FROM Task")
    assert (task["Subject"], task["Key__c"]) == ("Call again", "case:step/1")
    assert api.get(f"{TASK}/case%3Astep%2F1")["Subject"] == "Call again"


def test_update_only_creates_nothing(api: Api) -> None:
    refused = api.patch(f"{TASK}/new?updateOnly=true", {"Subject": "x"})
    assert refused.status_code == 404
    assert api.query("SELECT Id FROM Task") == []


@pytest.mark.parametrize("name", ["Id", "Key__c"])
def test_the_body_must_not_name_the_key(api: Api, name: str) -> None:
    answer = api.patch(f"{TASK}/k", {name: "k"})
    assert answer.json() == [
        {
            "message": f"The {name} field should not be specified in the sobject data.",
            "errorCode": "INVALID_FIELD",
        }
    ]


def test_a_field_that_is_no_key(api: Api) -> None:
    answer = api.patch("/sobjects/Account/Phone/123", {"Name": "x"})
    assert answer.status_code == 404
    assert answer.json() == [
        {
            "message": "Provided external ID field does not exist or is not accessible: Phone",
            "errorCode": "NOT_FOUND",
        }
    ]


def test_a_key_that_is_unique_is_unique_and_minds_its_case(api: Api) -> None:
    key = api.create("Task", Key__c="abc")
    answer = api.post("/sobjects/Task", {"Key__c": "abc"})
    assert answer.status_code == 400
    assert answer.json() == [
        {
            "message": f"duplicate value found: Key__c duplicates value on record with id: {key}",
            "errorCode": "DUPLICATE_VALUE",
            "fields": [],
        }
    ]
    assert api.patch(f"{TASK}/ABC", {"Subject": "another"}).status_code == 201
    api.delete(f"/sobjects/Task/{key}")
    assert api.patch(f"{TASK}/abc", {"Subject": "again"}).status_code == 201


def test_several_records_with_one_key(api: Api) -> None:
    made = api.field("Account.Ref__c", type="Text", label="Ref", length=20, externalId=True)
    assert made.status_code == 201
    keys = [api.create("Account", Name=name, Ref__c="r") for name in ("a", "b")]
    answer = api.patch("/sobjects/Account/Ref__c/R", {"Name": "c"})
    assert answer.status_code == 300
    assert answer.json() == [f"/services/data/v62.0/sobjects/Account/{key}" for key in keys]
    assert api.query("SELECT Id FROM Account WHERE Name = 'c'") == []


def test_deleting_by_key(api: Api) -> None:
    api.create("Task", Key__c="gone")
    assert api.delete(f"{TASK}/gone").status_code == 204
    assert api.call("GET", f"{TASK}/gone").status_code == 404


def test_a_parent_can_be_named_by_its_key(api: Api, account: str) -> None:
    key = {"type": "Text", "label": "Ref", "length": 20, "externalId": True, "unique": True}
    assert api.field("Account.Ref__c", **key).status_code == 201
    api.patch(f"/sobjects/Account/{account}", {"Ref__c": "A-1"})
    made = api.create("Contact", LastName="x", Account={"Ref__c": "A-1"})
    assert api.get(f"/sobjects/Contact/{made}")["AccountId"] == account
    refused = api.post("/sobjects/Contact", {"LastName": "x", "Account": {"Ref__c": "A-2"}})
    (error,) = refused.json()
    assert error["errorCode"] == "INVALID_FIELD"
    assert "Foreign key external ID: a-2 not found for field Ref__c" in error["message"]
    wrong = api.post("/sobjects/Contact", {"LastName": "x", "Account": {"Phone": "1"}}).json()[0]
    assert "Phone is not an External ID or indexed field for Account" in wrong["message"]
