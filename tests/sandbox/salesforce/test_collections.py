"""Many records in one call."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Api

MANY = "/composite/sobjects"


def tasks(*values: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"attributes": {"type": "Task"}, **value} for value in values]


def test_each_record_has_its_own_outcome_in_order(api: Api, account: str) -> None:
    body = {"records": tasks({"Subject": "a", "WhatId": account}, {"Foo": 1}, {"Subject": "c"})}
    answer = api.post(MANY, body)
    assert answer.status_code == 200
    first, second, third = answer.json()
    assert first == {"id": first["id"], "success": True, "errors": []}
    assert second == {
        "success": False,
        "errors": [
            {
                "statusCode": "INVALID_FIELD",
                "message": "No such column 'Foo' on sobject of type Task",
                "fields": [],
            }
        ],
    }
    assert third["success"] is True
    assert len(api.query("SELECT Id FROM Task")) == 2


def test_all_or_none(api: Api) -> None:
    body = {"allOrNone": True, "records": tasks({"Subject": "a"}, {"Foo": 1}, {"Subject": "c"})}
    answer = api.post(MANY, body)
    codes = [outcome["errors"][0]["statusCode"] for outcome in answer.json()]
    rolled_back = "ALL_OR_NONE_OPERATION_ROLLED_BACK"
    assert (answer.status_code, codes) == (200, [rolled_back, "INVALID_FIELD", rolled_back])
    assert api.query("SELECT Id FROM Task") == []


def test_update_delete_and_read(api: Api, account: str) -> None:
    people = [r["Id"] for r in api.query("SELECT Id FROM Contact ORDER BY LastName")]
    changes = [
        {"attributes": {"type": "Contact"}, "Id": people[0], "Title": "CEO"},
        {"attributes": {"type": "Account"}, "id": account, "Phone": "1"},
        {"attributes": {"type": "Contact"}, "id": "003Aj0000000zzzIAA", "Title": "x"},
        {"attributes": {"type": "Contact"}, "Title": "x"},
    ]
    outcomes = api.patch(MANY, {"records": changes}).json()
    assert [o["success"] for o in outcomes] == [True, True, False, False]
    assert outcomes[0] == {"id": people[0], "success": True, "errors": []}
    assert outcomes[2]["errors"][0]["statusCode"] == "INVALID_CROSS_REFERENCE_KEY"
    assert outcomes[3]["errors"][0]["statusCode"] == "MISSING_ARGUMENT"

    missing = "003Aj0000000zzzIAA"
    read = api.get(f"{MANY}/Contact", ids=f"{people[0]},{missing}", fields="Id,Title")
    body = {"ids": [people[0], missing], "fields": ["Id", "Title"]}
    assert api.post(f"{MANY}/Contact", body).json() == read
    assert read[0]["Title"] == "CEO"
    assert read[1] is None

    gone = api.delete(f"{MANY}?ids={people[1]},nonsense&allOrNone=false").json()
    assert gone[0] == {"id": people[1], "success": True, "errors": []}
    assert gone[1]["errors"][0]["statusCode"] == "MALFORMED_ID"


def test_upsert_by_key(api: Api) -> None:
    api.key_field()
    body = {"records": tasks({"Key__c": "a", "Subject": "1"}, {"Key__c": "b", "Subject": "2"})}
    made = api.patch(f"{MANY}/Task/Key__c", body).json()
    assert [o["created"] for o in made] == [True, True]
    body = {"records": tasks({"Key__c": "b", "Subject": "3"}, {"Key__c": "c"}, {"Subject": "4"})}
    again = api.patch(f"{MANY}/Task/Key__c", body).json()
    assert again[0] == {"id": made[1]["id"], "success": True, "errors": [], "created": False}
    assert again[1]["created"] is True
    assert again[2]["errors"][0]["statusCode"] == "MISSING_ARGUMENT"


def test_one_key_twice_in_a_call_is_refused_both_times(api: Api) -> None:
    api.key_field()
    body = {"records": tasks({"Key__c": "a"}, {"Key__c": "b"}, {"Key__c": "a"})}
    outcomes = api.patch(f"{MANY}/Task/Key__c", body).json()
    assert [o["success"] for o in outcomes] == [False, True, False]
    assert outcomes[0]["errors"][0]["message"] == "Duplicate external id specified: a"


def test_a_unique_value_twice_in_a_call(api: Api) -> None:
    api.key_field()
    first, second = api.post(MANY, {"records": tasks({"Key__c": "a"}, {"Key__c": "a"})}).json()
    assert second["errors"][0] == {
        "statusCode": "DUPLICATE_VALUE",
        "message": "duplicate value found: Key__c duplicates value on record with id: "
        + first["id"],
        "fields": [],
    }


def test_two_hundred_records_cost_one_call_and_more_are_refused(api: Api) -> None:
    many = tasks(*({"Subject": str(n)} for n in range(201)))
    refused = api.post(MANY, {"records": many})
    assert refused.status_code == 400
    assert refused.json() == [
        {
            "message": "record limit reached. cannot submit more than 200 records into this call",
            "errorCode": "EXCEEDED_ID_LIMIT",
        }
    ]
    made = api.post(MANY, {"records": many[:200]})
    assert made.headers["Sforce-Limit-Info"] == "api-usage=2/100000"
    assert api.get("/query", q="SELECT COUNT() FROM Task")["totalSize"] == 200


@pytest.mark.parametrize(("changes", "status"), [(10, 200), (11, 400)])
def test_ten_changes_of_type_at_most(api: Api, changes: int, status: int) -> None:
    kinds = [("Task", "Subject"), ("Account", "Name")]
    records = [
        {"attributes": {"type": kind}, field: "x"}
        for kind, field in (kinds[n % 2] for n in range(changes))
    ]
    assert api.post(MANY, {"records": records}).status_code == status


def test_what_was_rolled_back_has_no_id_of_its_own(api: Api, account: str) -> None:
    records = [
        {"attributes": {"type": "Account"}, "Name": "made"},
        {"attributes": {"type": "Account"}},
    ]
    first, second = api.post(MANY, {"allOrNone": True, "records": records}).json()
    assert first["errors"][0]["statusCode"] == "ALL_OR_NONE_OPERATION_ROLLED_BACK"
    assert "id" not in first
    assert second["errors"][0]["statusCode"] == "REQUIRED_FIELD_MISSING"
    changes = [
        {**records[1], "id": account, "Phone": "1"},
        {**records[1], "id": account[:15] + "zzz"},
    ]
    changed, _ = api.patch(MANY, {"allOrNone": True, "records": changes}).json()
    assert (changed["id"], changed["success"]) == (account, False)
