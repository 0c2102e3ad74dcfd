"""With field security on, a new field is not there until a permission set grants it."""

from __future__ import annotations

import pytest

from integrations.sandbox.salesforce import Salesforce

from .conftest import Api


@pytest.fixture(autouse=True)
def _secure(api: Api, sandbox: Salesforce) -> None:
    sandbox.options["field_security"] = True
    made = api.field("Account.Secret__c", type="Text", label="Secret", length=20)
    assert made.status_code == 201


def seen(api: Api) -> dict[str, bool]:
    """The custom fields in the describe, and whether they can be written."""
    fields = api.get("/sobjects/Account/describe")["fields"]
    return {field["name"]: field["updateable"] for field in fields if field["custom"]}


def grant(api: Api, sandbox: Salesforce, **rights: bool) -> str:
    permissions = api.create("PermissionSet", Name="Sync", Label="Sync")
    assigned = {"PermissionSetId": permissions, "AssigneeId": sandbox.org.integration}
    api.create("PermissionSetAssignment", **assigned)
    return api.create(
        "FieldPermissions",
        ParentId=permissions,
        SobjectType="Account",
        Field="Account.Secret__c",
        **rights,
    )


def test_fields_of_the_company_are_granted_from_the_start(api: Api) -> None:
    assert seen(api)["Customer_Stage__c"] is True
    assert "Secret__c" not in seen(api)


def test_a_hidden_field_looks_like_none(api: Api, account: str) -> None:
    home = f"/sobjects/Account/{account}"
    assert "Secret__c" not in api.get(home)
    assert "No such column 'Secret__c'" in api.refusal("SELECT Secret__c FROM Account")["message"]
    assert api.patch(home, {"Secret__c": "x"}).json() == [
        {
            "message": "No such column 'Secret__c' on sobject of type Account",
            "errorCode": "INVALID_FIELD",
        }
    ]


def test_reading_and_editing_are_granted_apart(api: Api, sandbox: Salesforce, account: str) -> None:
    home = f"/sobjects/Account/{account}"
    granted = grant(api, sandbox, PermissionsRead=True, PermissionsEdit=False)
    assert seen(api)["Secret__c"] is False
    assert api.query("SELECT Secret__c FROM Account")
    refused = api.patch(home, {"Secret__c": "x"}).json()[0]
    assert refused["errorCode"] == "INVALID_FIELD_FOR_INSERT_UPDATE"
    assert refused["fields"] == ["Secret__c"]
    api.patch(f"/sobjects/FieldPermissions/{granted}", {"PermissionsEdit": True})
    assert api.patch(home, {"Secret__c": "x"}).status_code == 204


def test_fields_of_activities_are_granted_for_each_object(api: Api, sandbox: Salesforce) -> None:
    api.key_field()
    grant(api, sandbox, PermissionsRead=True)
    permissions = api.one("SELECT Id FROM PermissionSet WHERE Name = 'Sync'")["Id"]
    field = {"ParentId": permissions, "PermissionsEdit": True}
    refused = api.post(
        "/sobjects/FieldPermissions",
        {**field, "SobjectType": "Activity", "Field": "Activity.Key__c"},
    )
    assert refused.json()[0]["errorCode"] == "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"
    api.create("FieldPermissions", SobjectType="Task", Field="Task.Key__c", **field)
    assert api.patch("/sobjects/Task/Key__c/a", {"Subject": "x"}).status_code == 201
    assert api.refusal("SELECT Key__c FROM Event")["errorCode"] == "INVALID_FIELD"


def test_any_field_can_be_taken_away(api: Api, sandbox: Salesforce, account: str) -> None:
    home = f"/sobjects/Account/{account}"
    sandbox.options["hidden_fields"] = "Account.Industry, contact.title"
    names = [field["name"] for field in api.get("/sobjects/Account/describe")["fields"]]
    assert ("Industry" in names, "Phone" in names) == (False, True)
    assert api.refusal("SELECT Industry FROM Account")["errorCode"] == "INVALID_FIELD"
    assert api.refusal("SELECT Contact.Title FROM Contact")["errorCode"] == "INVALID_FIELD"
    assert api.patch(home, {"Industry": "x"}).json()[0]["errorCode"] == "INVALID_FIELD"
    sandbox.options.update(hidden_fields="", read_only_fields="Account.Industry")
    assert api.query("SELECT Industry FROM Account")
    refused = api.patch(home, {"Industry": "x"}).json()[0]
    assert refused["errorCode"] == "INVALID_FIELD_FOR_INSERT_UPDATE"


def test_rights_to_objects_are_records_too(api: Api) -> None:
    permissions = api.create("PermissionSet", Name="Sync", Label="Sync")
    rights = {"PermissionsRead": True, "PermissionsEdit": True, "PermissionsCreate": True}
    api.create("ObjectPermissions", ParentId=permissions, SobjectType="Account", **rights)
    row = api.one("SELECT SobjectType, PermissionsDelete, Parent.Name FROM ObjectPermissions")
    assert (row["SobjectType"], row["PermissionsDelete"]) == ("Account", False)


def test_an_object_can_be_closed_to_changes(api: Api, sandbox: Salesforce, account: str) -> None:
    sandbox.options["read_only_objects"] = "Account"
    described = api.get("/sobjects/Account/describe")
    assert (described["createable"], described["updateable"]) == (False, False)
    refused = api.patch(f"/sobjects/Account/{account}", {"Phone": "1"}).json()[0]
    assert refused["errorCode"] == "INSUFFICIENT_ACCESS_OR_READONLY"
    assert api.query("SELECT Id FROM Account")
    sandbox.options["read_only_objects"] = ""
    assert api.patch(f"/sobjects/Account/{account}", {"Phone": "1"}).status_code == 204
