"""Person accounts: two records that are one person, by every way in which one can be written."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import requests

from .conftest import Api, Recordings

_BOTH = "SELECT {} FROM Account WHERE Id = '{}'"


@pytest.fixture
def api(api: Api) -> Api:
    """An org that has turned them on, with a field of its own on contacts."""
    api.field("Contact.Mood__c", type="Text", label="Mood", length=20)
    api.sandbox.options["person_accounts"] = True
    return api


@pytest.fixture
def kind(api: Api) -> str:
    """The record type of persons."""
    types = "SELECT Id FROM RecordType WHERE SobjectType = 'Account' AND IsPersonType = true"
    return str(api.one(types)["Id"])


@pytest.fixture
def vera(api: Api, kind: str) -> str:
    """A person account."""
    values = {"FirstName": "Vera", "LastName": "Ash", "PersonEmail": "vera@home.example"}
    return api.create("Account", RecordTypeId=kind, Phone="+44 20", Mood__pc="calm", **values)


def account(api: Api, id: str, *fields: str) -> dict[str, Any]:
    record = api.one(_BOTH.format(", ".join(fields), id))
    del record["attributes"]
    return record


def contact(api: Api, id: str, *fields: str) -> dict[str, Any]:
    record = api.one(f"SELECT {', '.join(fields)} FROM Contact WHERE AccountId = '{id}'")
    del record["attributes"]
    return record


def refused(answer: requests.Response) -> tuple[int, str, list[str]]:
    (error,) = answer.json()
    return answer.status_code, error["errorCode"], error.get("fields", [])


def fields(api: Api, object: str) -> dict[str, dict[str, Any]]:
    return {field["name"]: field for field in api.get(f"/sobjects/{object}/describe")["fields"]}


def test_an_account_describes_the_persons_fields(api: Api) -> None:
    told = fields(api, "Account")
    flag = told["IsPersonAccount"]
    assert (flag["type"], flag["updateable"], flag["nillable"]) == ("boolean", False, False)
    assert told["PersonContactId"]["referenceTo"] == ["Contact"]
    assert (told["Mood__pc"]["custom"], told["Mood__pc"]["label"]) == (True, "Mood")
    assert told["Name"]["nillable"]
    assert "Mood__c" not in told
    assert "IsPersonAccount" in fields(api, "Contact")


def test_the_fields_are_those_of_a_recorded_org(api: Api, recordings: Recordings) -> None:
    said = recordings.describe("Account_PersonAccount_describe")["fields"]
    theirs = {field["name"]: field for field in said}
    ours = fields(api, "Account")
    persons = [name for name in ours if name.startswith("Person") or name == "IsPersonAccount"]
    assert len(persons) > 30
    same = ("type", "label", "length", "createable", "updateable", "custom", "referenceTo",
        "relationshipName", "compoundFieldName", "externalId", "idLookup", "unique")  # fmt: skip
    for name in (*persons, "FirstName", "LastName", "Name"):
        assert {k: ours[name][k] for k in same} == {k: theirs[name][k] for k in same}, name


def test_business_accounts_are_as_before(api: Api, account: str) -> None:
    found = api.one(_BOTH.format("Name, IsPersonAccount, PersonContactId, PersonEmail", account))
    del found["attributes"]
    assert found == {
        "Name": "Alder & Co", "IsPersonAccount": False, "PersonContactId": None,
        "PersonEmail": None,
    }  # fmt: skip
    made = api.create("Account", Name="Plain Ltd")
    assert api.one(_BOTH.format("RecordType.Name", made))["RecordType"]["Name"].startswith("Busi")
    assert refused(api.post("/sobjects/Account", {})) == (400, "REQUIRED_FIELD_MISSING", ["Name"])
    values = {"Name": "Plain Ltd", "LastName": "Ash"}
    wrong = (400, "INVALID_FIELD_FOR_INSERT_UPDATE", ["LastName"])
    assert refused(api.post("/sobjects/Account", values)) == wrong
    assert refused(api.patch(f"/sobjects/Account/{account}", {"Mood__pc": "x"}))[2] == ["Mood__pc"]


def test_a_person_is_an_account_and_a_contact(api: Api, vera: str) -> None:
    found = account(api, vera, "Name", "IsPersonAccount", "PersonContactId", "PersonEmail")
    twin = contact(api, vera, "Id", "Name", "IsPersonAccount", "Email", "Phone", "Mood__c")
    assert found == {
        "Name": "Vera Ash", "IsPersonAccount": True, "PersonContactId": twin["Id"],
        "PersonEmail": "vera@home.example",
    }  # fmt: skip
    assert twin["Id"].startswith("003")
    del twin["Id"]
    assert twin == {
        "Name": "Vera Ash", "IsPersonAccount": True, "Email": "vera@home.example",
        "Phone": "+44 20", "Mood__c": "calm",
    }  # fmt: skip
    asked = "SELECT PersonContact.Email FROM Account WHERE IsPersonAccount = true"
    assert api.one(asked)["PersonContact"]["Email"] == "vera@home.example"


def test_a_person_needs_a_last_name_and_no_other(api: Api, kind: str) -> None:
    only = {"RecordTypeId": kind, "FirstName": "Vera"}
    assert refused(api.post("/sobjects/Account", only)) == (
        400, "REQUIRED_FIELD_MISSING", ["LastName"],
    )  # fmt: skip
    named = {"RecordTypeId": kind, "LastName": "Ash", "Name": "Vera Ash"}
    answer = api.post("/sobjects/Account", named)
    assert refused(answer) == (400, "INVALID_FIELD_FOR_INSERT_UPDATE", ["Name"])
    words = "Account: bad field names on insert/update call: Name"
    assert answer.json()[0]["message"] == words


@pytest.mark.parametrize("side", ["account", "contact"])
def test_whichever_side_is_written_both_have_it(api: Api, vera: str, side: str) -> None:
    api.sandbox.world.clock.advance(timedelta(minutes=5))
    if side == "account":
        values = {"PersonHasOptedOutOfEmail": True, "Mood__pc": "sad", "FirstName": "Vera A."}
        assert api.patch(f"/sobjects/Account/{vera}", values).status_code == 204
    else:
        values = {"HasOptedOutOfEmail": True, "Mood__c": "sad", "FirstName": "Vera A."}
        twin = contact(api, vera, "Id")["Id"]
        assert api.patch(f"/sobjects/Contact/{twin}", values).status_code == 204
    stamps = ("LastModifiedDate", "SystemModstamp")
    ours = account(api, vera, "Name", "PersonHasOptedOutOfEmail", "Mood__pc", *stamps)
    theirs = contact(api, vera, "Name", "HasOptedOutOfEmail", "Mood__c", *stamps)
    assert [*ours.values()] == [*theirs.values()]
    assert [*ours.values()][:3] == ["Vera A. Ash", True, "sad"]
    assert ours["SystemModstamp"].startswith("2026-11-21T10:05")


def test_a_change_of_the_account_alone_moves_both(api: Api, vera: str) -> None:
    api.sandbox.world.clock.advance(timedelta(minutes=5))
    api.patch(f"/sobjects/Account/{vera}", {"Industry": "None"})
    assert contact(api, vera, "SystemModstamp") == account(api, vera, "SystemModstamp")
    assert contact(api, vera, "SystemModstamp")["SystemModstamp"].startswith("2026-11-21T10:05")


def test_what_the_account_decides_no_contact_does(api: Api, vera: str, account: str) -> None:
    twin = contact(api, vera, "Id")["Id"]
    answer = api.patch(f"/sobjects/Contact/{twin}", {"AccountId": account})
    assert refused(answer) == (400, "INVALID_FIELD_FOR_INSERT_UPDATE", ["AccountId"])
    assert refused(api.delete(f"/sobjects/Contact/{twin}"))[1] == "INSUFFICIENT_ACCESS_OR_READONLY"
    other = {"LastName": "Other", "AccountId": vera}
    assert refused(api.post("/sobjects/Contact", other))[2] == ["AccountId"]
    flag = api.patch(f"/sobjects/Contact/{twin}", {"IsPersonAccount": False})
    assert refused(flag)[1] == "INVALID_FIELD_FOR_INSERT_UPDATE"
    assert refused(api.patch(f"/sobjects/Account/{vera}", {"ParentId": account}))[2] == ["ParentId"]


def test_a_field_that_comes_later_is_on_both_and_goes_from_both(api: Api, vera: str) -> None:
    choices = [{"fullName": name, "default": False} for name in ("due", "sent")]
    values = {"restricted": True, "valueSetDefinition": {"sorted": False, "value": choices}}
    made = api.field("Contact.Asked__c", type="Picklist", label="Asked", valueSet=values)
    key = api.field(
        "Contact.Key__c", type="Text", label="Key", length=9, unique=True, externalId=True
    )
    assert (made.status_code, key.status_code) == (201, 201)
    told = fields(api, "Account")
    assert [v["value"] for v in told["Asked__pc"]["picklistValues"]] == ["due", "sent"]
    assert not told["Key__pc"]["externalId"]
    assert api.patch(f"/sobjects/Account/{vera}", {"Asked__pc": "due"}).status_code == 204
    assert contact(api, vera, "Asked__c") == {"Asked__c": "due"}
    assert api.delete(f"/tooling/sobjects/CustomField/{made.json()['id']}").status_code == 204
    assert "Asked__pc" not in fields(api, "Account")


def test_a_persons_type_says_what_their_contact_may_be(api: Api, kind: str, vera: str) -> None:
    choices = [{"fullName": name, "default": False} for name in ("due", "sent")]
    values = {"restricted": True, "valueSetDefinition": {"sorted": False, "value": choices}}
    api.field("Contact.Asked__c", type="Picklist", label="Asked", valueSet=values)
    offered = {"picklist": "Asked__pc", "values": [{"fullName": "due"}]}
    metadata = {"label": "Person Account", "picklistValues": [offered]}
    api.sandbox.org.record_types[kind] = metadata
    twin = contact(api, vera, "Id")["Id"]
    answer = api.patch(f"/sobjects/Contact/{twin}", {"Asked__c": "sent"})
    assert refused(answer)[1] == "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"
    assert api.patch(f"/sobjects/Contact/{twin}", {"Asked__c": "due"}).status_code == 204


def test_the_history_of_a_contacts_field_is_the_accounts(api: Api, vera: str) -> None:
    api.field("Contact.Level__c", type="Text", label="Level", length=9, trackHistory=True)
    twin = contact(api, vera, "Id")["Id"]
    api.patch(f"/sobjects/Contact/{twin}", {"Level__c": "gold"})
    said = f"SELECT Field, NewValue FROM AccountHistory WHERE AccountId = '{vera}'"
    rows = [(row["Field"], row["NewValue"]) for row in api.query(said)]
    assert ("Level__pc", "gold") in rows


def test_both_go_and_come_back_together(api: Api, vera: str) -> None:
    twin, desk = contact(api, vera, "Id")["Id"], api.sandbox.desk
    assert api.delete(f"/sobjects/Account/{vera}").status_code == 204
    assert api.call("GET", f"/sobjects/Contact/{twin}").status_code == 404
    by = desk.colleagues()[0][0]
    with pytest.raises(ValueError, match="insufficient"):
        desk.restore("Contact", twin, by=by)
    desk.restore("Account", vera, by=by)
    assert contact(api, vera, "Id") == {"Id": twin}


def test_two_persons_become_one(api: Api, kind: str, vera: str, account: str) -> None:
    other = api.create("Account", RecordTypeId=kind, LastName="Ash")
    lost, kept = contact(api, other, "Id")["Id"], contact(api, vera, "Id")["Id"]
    campaign = api.create("Campaign", Name="Alumni")
    api.create("CampaignMember", CampaignId=campaign, ContactId=lost)
    by = api.sandbox.desk.colleagues()[0][0]
    with pytest.raises(ValueError, match="business account"):
        api.sandbox.desk.merge("Account", other, account, by=by)
    with pytest.raises(ValueError, match="insufficient"):
        api.sandbox.desk.merge("Contact", lost, kept, by=by)
    api.sandbox.desk.merge("Account", other, vera, by=by)
    assert contact(api, vera, "Id") == {"Id": kept}
    assert api.one("SELECT ContactId FROM CampaignMember")["ContactId"] == kept
    gone = "SELECT Id, MasterRecordId FROM Contact WHERE IsDeleted = true"
    rows = api.call("GET", "/queryAll", params={"q": gone}).json()["records"]
    assert [(row["Id"], row["MasterRecordId"]) for row in rows] == [(lost, kept)]
    assert account != vera


def test_no_account_changes_what_it_is(api: Api, kind: str, account: str) -> None:
    answer = api.patch(f"/sobjects/Account/{account}", {"RecordTypeId": kind})
    assert refused(answer)[1] == "FUNCTIONALITY_NOT_ENABLED"


def test_an_org_without_them_knows_none(api: Api) -> None:
    api.sandbox.options["person_accounts"] = False
    with api.sandbox.world.lock:
        api.sandbox.world.reset()
    api.http.headers["Authorization"] = f"Bearer {api.sandbox.credentials()['token']}"
    assert "IsPersonAccount" not in fields(api, "Account")
