"""A custom object that an admin deploys: described, written, looked up, and gone again."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.salesforce.conftest import Api

KEEPER = "Aurevoir_Departure__c"


@pytest.fixture(name="org")
def _org(api: Api) -> Api:
    api.sandbox.options["departures"] = True
    return api


def account(api: Api, name: str = "Birch Ltd") -> str:
    return str(api.one(f"SELECT Id FROM Account WHERE Name = '{name}'")["Id"])


def record(api: Api, key: str, number: int = 1, **values: Any) -> dict[str, Any]:
    """A record as a collection takes it."""
    return {
        "attributes": {"type": KEEPER},
        "Name": f"Birch Ltd: departure {number}",
        "Aurevoir_Key__c": key,
        "Aurevoir_Account__c": account(api),
        **values,
    }


def test_is_not_there_before(api: Api) -> None:
    assert api.call("GET", f"/sobjects/{KEEPER}/describe").status_code == 404
    assert api.refusal(f"SELECT Id FROM {KEEPER}")["errorCode"] == "INVALID_TYPE"


def test_describes_itself_and_what_it_belongs_to(org: Api) -> None:
    said = org.get(f"/sobjects/{KEEPER}/describe")
    fields = {one["name"]: one for one in said["fields"]}
    assert (said["label"], said["custom"], said["createable"]) == ("Departure", True, True)
    key = fields["Aurevoir_Key__c"]
    assert (key["unique"], key["externalId"], key["caseSensitive"]) == (True, True, True)
    assert fields["Aurevoir_Account__c"]["referenceTo"] == ["Account"]
    assert fields["Aurevoir_Account__c"]["relationshipName"] == "Aurevoir_Account__r"
    assert (fields["Name"]["nameField"], fields["Name"]["length"]) == (True, 80)
    children = org.get("/sobjects/Account/describe")["childRelationships"]
    (mine,) = [one for one in children if one["childSObject"] == KEEPER]
    assert (mine["field"], mine["relationshipName"]) == (
        "Aurevoir_Account__c",
        "Aurevoir_Departures__r",
    )
    assert KEEPER in {one["name"] for one in org.get("/sobjects")["sobjects"]}


def test_is_upserted_by_its_external_id(org: Api) -> None:
    path = f"/sobjects/{KEEPER}/Aurevoir_Key__c/k1"
    values = record(org, "k1", Aurevoir_Status__c="notice")
    del values["attributes"], values["Aurevoir_Key__c"]
    assert org.patch(path, values).status_code == 201
    assert org.patch(path, {"Aurevoir_Status__c": "leaving"}).status_code == 200
    (row,) = org.query(f"SELECT Aurevoir_Status__c FROM {KEEPER}")
    assert row["Aurevoir_Status__c"] == "leaving"


def test_a_key_is_taken_once(org: Api) -> None:
    body = {
        "allOrNone": False,
        "records": [record(org, "k1"), record(org, "k1"), record(org, "K1")],
    }
    done = org.post("/composite/sobjects", body).json()
    assert [one["success"] for one in done] == [True, False, True]
    (error,) = done[1]["errors"]
    assert error["statusCode"] == "DUPLICATE_VALUE"
    many = [record(org, "k1", 1, Aurevoir_Outcome__c="saved"), record(org, "k2", 2)]
    upserted = org.patch(f"/composite/sobjects/{KEEPER}/Aurevoir_Key__c", {"records": many}).json()
    assert [one["created"] for one in upserted] == [False, True]


def test_is_found_from_either_end(org: Api) -> None:
    org.post("/composite/sobjects", {"records": [record(org, "k1"), record(org, "k2", 2)]})
    up = org.query(f"SELECT Name, Aurevoir_Account__r.Name FROM {KEEPER} ORDER BY Name")
    assert [one["Aurevoir_Account__r"]["Name"] for one in up] == ["Birch Ltd", "Birch Ltd"]
    query = "SELECT (SELECT Name FROM Aurevoir_Departures__r ORDER BY Name) FROM Account"
    (found,) = [one for one in org.query(query) if one["Aurevoir_Departures__r"]]
    names = [one["Name"] for one in found["Aurevoir_Departures__r"]["records"]]
    assert names == ["Birch Ltd: departure 1", "Birch Ltd: departure 2"]


def test_refuses_what_does_not_fit(org: Api) -> None:
    wrong = [
        record(org, "a", Aurevoir_Outcome__c="eaten"),
        record(org, "b", Aurevoir_Account__c="001000000000000AAA"),
        record(org, "c", Nothing__c="x"),
    ]
    done = org.post("/composite/sobjects", {"records": wrong}).json()
    assert [one["errors"][0]["statusCode"] for one in done] == [
        "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
        "INVALID_CROSS_REFERENCE_KEY",
        "INVALID_FIELD",
    ]


def test_the_permission_set_lets_the_client_write(org: Api) -> None:
    org.sandbox.options["field_security"] = True
    assert org.post(f"/sobjects/{KEEPER}", record(org, "k1")).status_code == 201
    sets = org.query("SELECT Name FROM PermissionSet WHERE Name LIKE 'Aurevoir_Departures%'")
    assert {one["Name"] for one in sets} == {"Aurevoir_Departures", "Aurevoir_Departures_Service"}


def test_a_deleted_account_leaves_it_behind(org: Api) -> None:
    made = org.create(KEEPER, **{k: v for k, v in record(org, "k1").items() if k != "attributes"})
    org.delete(f"/sobjects/Account/{account(org)}")
    assert org.get(f"/sobjects/{KEEPER}/{made}")["Aurevoir_Key__c"] == "k1"


def test_goes_again_with_its_records(org: Api) -> None:
    org.post("/composite/sobjects", {"records": [record(org, "k1")]})
    org.sandbox.options["departures"] = False
    test_is_not_there_before(org)
    assert not org.query("SELECT Id FROM PermissionSet WHERE Name LIKE 'Aurevoir_Departures%'")
    org.sandbox.options["departures"] = True
    assert org.query(f"SELECT Id FROM {KEEPER}") == []
