"""Single records by their id."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from integrations.sandbox.salesforce import Salesforce
from integrations.sandbox.world import World

from .conftest import Api


def test_a_record_is_created_read_changed_and_deleted(api: Api, world: World) -> None:
    made = api.post("/sobjects/Account", {"Name": "  New one ", "NumberOfEmployees": "70"})
    assert made.status_code == 201
    key = made.json()["id"]
    assert made.json() == {"id": key, "success": True, "errors": []}
    assert made.headers["Location"] == f"/services/data/v62.0/sobjects/Account/{key}"

    row = api.get(f"/sobjects/Account/{key}")
    assert row["attributes"] == {
        "type": "Account",
        "url": f"/services/data/v62.0/sobjects/Account/{key}",
    }
    assert (row["Name"], row["NumberOfEmployees"]) == ("New one", 70)
    assert row["CreatedDate"] == row["SystemModstamp"] == "2026-11-21T10:00:00.000+0000"
    assert row["OwnerId"] == row["CreatedById"]
    assert row["BillingAddress"] is None

    world.clock.advance(timedelta(seconds=90, milliseconds=700))
    changed = api.patch(f"/sobjects/Account/{key[:15]}", {"Name": "Newer", "Phone": ""})
    assert (changed.status_code, changed.content) == (204, b"")
    row = api.get(f"/sobjects/Account/{key}", fields="Name,Phone,CreatedDate,SystemModstamp")
    assert list(row) == ["attributes", "Name", "Phone", "CreatedDate", "SystemModstamp", "Id"]
    assert (row["Name"], row["Phone"]) == ("Newer", None)
    assert row["CreatedDate"] < row["SystemModstamp"] == "2026-11-21T10:01:30.000+0000"

    assert api.delete(f"/sobjects/Account/{key}").status_code == 204
    assert api.call("GET", f"/sobjects/Account/{key}").status_code == 404
    gone = api.patch(f"/sobjects/Account/{key}", {"Name": "x"})
    assert gone.status_code == 404
    assert gone.json()[0]["errorCode"] == "ENTITY_IS_DELETED"


def test_the_recycle_bin_is_seen_by_query_all_for_fifteen_days(
    api: Api, world: World, account: str
) -> None:
    api.delete(f"/sobjects/Account/{account}")
    soql = f"SELECT Id, IsDeleted FROM Account WHERE Id = '{account}'"
    people = f"SELECT Id FROM Contact WHERE AccountId = '{account}' AND IsDeleted = true"
    assert api.query(soql) == []
    assert api.get("/query", q="SELECT COUNT() FROM Account")["totalSize"] == 2
    (record,) = api.get("/queryAll", q=soql)["records"]
    assert record["IsDeleted"] is True
    assert len(api.get("/queryAll", q=people)["records"]) == 2, "contacts go with their account"
    world.clock.advance(timedelta(days=16))
    assert api.get("/queryAll", q=soql)["records"] == []


@pytest.mark.parametrize(
    ("object", "body", "error"),
    [
        (
            "Account",
            {},
            {
                "message": "Required fields are missing: [Name]",
                "errorCode": "REQUIRED_FIELD_MISSING",
                "fields": ["Name"],
            },
        ),
        (
            "Account",
            {"Name": "x", "Nonsense__c": 1},
            {
                "message": "No such column 'Nonsense__c' on sobject of type Account",
                "errorCode": "INVALID_FIELD",
            },
        ),
        (
            "Account",
            {"Name": "x" * 256},
            {
                "message": f"Account Name: data value too large: {'x' * 256} (max length=255)",
                "errorCode": "STRING_TOO_LONG",
                "fields": ["Name"],
            },
        ),
        (
            "Account",
            {"Name": "x", "Customer_Stage__c": "gone"},
            {
                "message": "Customer stage: bad value for restricted picklist field: gone",
                "errorCode": "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
                "fields": ["Customer_Stage__c"],
            },
        ),
        (
            "Account",
            {"Name": "x", "SystemModstamp": "2026-01-01T00:00:00Z"},
            {
                "message": "Unable to create/update fields: SystemModstamp. Please check the "
                "security settings of this field and verify that it is read/write for your "
                "profile or permission set.",
                "errorCode": "INVALID_FIELD_FOR_INSERT_UPDATE",
                "fields": ["SystemModstamp"],
            },
        ),
        (
            "Account",
            {"Name": "x", "Id": "001Aj0000000001IAA"},
            {
                "message": "The Id field should not be specified in the sobject data.",
                "errorCode": "INVALID_FIELD",
            },
        ),
        (
            "Account",
            {"Name": "x", "Contract_End_Date__c": "31.01.2027"},
            {
                "message": "Cannot deserialize instance of date from VALUE_STRING value 31.01.2027 "
                "or request may be missing a required field at [line:1, column:1]",
                "errorCode": "JSON_PARSER_ERROR",
            },
        ),
        (
            "Account",
            {"Name": ["x"]},
            {
                "message": "Cannot deserialize instance of string from START_ARRAY value "
                "[line:1, column:1]",
                "errorCode": "JSON_PARSER_ERROR",
            },
        ),
        (
            "Account",
            {"Name": {"a": 1}},
            {
                "message": "Cannot deserialize instance of string from START_OBJECT value { or "
                "request may be missing a required field at [line:1, column:1]",
                "errorCode": "JSON_PARSER_ERROR",
            },
        ),
        (
            "Contact",
            {"LastName": "x", "AccountId": "nonsense"},
            {
                "message": "Account ID: id value of incorrect type: nonsense",
                "errorCode": "MALFORMED_ID",
                "fields": ["AccountId"],
            },
        ),
        (
            "Contact",
            {"LastName": "x", "AccountId": "00TAj0000000001MAA"},
            {
                "message": "Account ID: id value of incorrect type: 00TAj0000000001MAA",
                "errorCode": "FIELD_INTEGRITY_EXCEPTION",
                "fields": ["AccountId"],
            },
        ),
        (
            "Contact",
            {"LastName": "x", "AccountId": "001Aj0000000zzzIAA"},
            {
                "message": "invalid cross reference id",
                "errorCode": "INVALID_CROSS_REFERENCE_KEY",
                "fields": [],
            },
        ),
        (
            "Contact",
            {"LastName": "x", "Email": "not an address"},
            {
                "message": "Email: invalid email address: not an address",
                "errorCode": "INVALID_EMAIL_ADDRESS",
                "fields": ["Email"],
            },
        ),
        (
            "Account",
            {"Name": "x", "Seats__c": 12345678901},
            {
                "message": "Seats: value outside of valid range on numeric field: 12345678901",
                "errorCode": "NUMBER_OUTSIDE_VALID_RANGE",
                "fields": ["Seats__c"],
            },
        ),
    ],
)
def test_refusals_in_the_words_of_salesforce(
    api: Api, object: str, body: dict[str, Any], error: dict[str, Any]
) -> None:
    answer = api.post(f"/sobjects/{object}", body)
    assert (answer.status_code, answer.json()) == (400, [error])
    assert len(api.query("SELECT Id FROM Account")) == 3, "nothing was written"


def test_an_inactive_user_can_own_nothing_new(api: Api, account: str) -> None:
    left = api.one("SELECT Id FROM User WHERE Username = 'lea@vendor.example'")["Id"]
    answer = api.patch(f"/sobjects/Account/{account}", {"OwnerId": left})
    assert answer.json() == [
        {
            "message": f"operation performed with inactive user [{left[:15]}] as owner of account",
            "errorCode": "INACTIVE_OWNER_OR_USER",
            "fields": [],
        }
    ]
    birch = api.one("SELECT Id, OwnerId FROM Account WHERE Name = 'Birch Ltd'")
    assert birch["OwnerId"] == left
    assert api.patch(f"/sobjects/Account/{birch['Id']}", {"Phone": "1"}).status_code == 204


def test_a_reference_to_a_deleted_record_is_refused(api: Api, account: str) -> None:
    api.delete(f"/sobjects/Account/{account}")
    answer = api.post("/sobjects/Contact", {"LastName": "x", "AccountId": account})
    assert answer.json() == [
        {"message": "entity is deleted", "errorCode": "ENTITY_IS_DELETED", "fields": []}
    ]


def test_values_come_back_as_salesforce_keeps_them(api: Api, account: str) -> None:
    body = {
        "Description": " one\ntwo \n",
        "Seats__c": 4.6,
        "Mrr__c": "10.005",
        "Customer_Stage__c": "Churning",
    }
    assert api.patch(f"/sobjects/Account/{account}", body).status_code == 204
    row = api.get(f"/sobjects/Account/{account}", fields=",".join(body))
    assert row["Description"] == "one\r\ntwo"
    assert (row["Seats__c"], row["Mrr__c"], row["Customer_Stage__c"]) == (5.0, 10.01, "churning")
    person = api.create("Contact", LastName="Low", Email="Low@Upper.example")
    assert api.get(f"/sobjects/Contact/{person}")["Email"] == "low@upper.example"


def test_an_account_with_cases_stays(api: Api, account: str) -> None:
    api.create("Case", Subject="open", AccountId=account)
    refused = api.delete(f"/sobjects/Account/{account}")
    assert refused.status_code == 400
    assert refused.json()[0]["errorCode"] == "DELETE_FAILED"
    assert len(api.query(f"SELECT Id FROM Contact WHERE AccountId = '{account}'")) == 2


@pytest.mark.parametrize("body", [b"{", b"[]", b'"text"'])
def test_a_body_that_is_no_json_object(api: Api, body: bytes) -> None:
    answer = api.call("POST", "/sobjects/Account", data=body)
    assert answer.status_code == 400
    assert answer.json()[0]["errorCode"] == "JSON_PARSER_ERROR"


def test_what_an_object_does_not_allow(api: Api, sandbox: Salesforce) -> None:
    assert api.post("/sobjects/Organization", {"Name": "x"}).status_code == 400
    user = sandbox.org.integration
    refused = api.delete(f"/sobjects/User/{user}")
    assert refused.json()[0]["errorCode"] == "INVALID_TYPE_FOR_OPERATION"
    assert api.call("PUT", "/sobjects/Account").status_code == 405


def test_who_has_left_can_own_nothing_more(api: Api, account: str) -> None:
    owner = api.get(f"/sobjects/Account/{account}")["OwnerId"]
    task = {"Subject": "x", "OwnerId": owner}
    assert api.post("/sobjects/Task", task).status_code == 201
    assert api.patch(f"/sobjects/User/{owner}", {"IsActive": False}).status_code == 204
    (error,) = api.post("/sobjects/Task", task).json()
    assert error["errorCode"] == "INACTIVE_OWNER_OR_USER"
    assert f"inactive user [{owner[:15]}] as owner of task" in error["message"]
    # What they own already can still be changed.
    assert api.patch(f"/sobjects/Account/{account}", {"Phone": "1"}).status_code == 204
