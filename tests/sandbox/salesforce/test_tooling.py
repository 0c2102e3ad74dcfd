"""Custom fields: making them, seeing them, taking them away."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Api

CHOICES = {
    "restricted": True,
    "valueSetDefinition": {
        "sorted": False,
        "value": [
            {"valueName": "price", "label": "Price", "default": False},
            {"fullName": "other", "label": "Other", "default": True},
            {"valueName": "old", "label": "Old", "isActive": False},
        ],
    },
}


def described(api: Api, object: str, name: str) -> dict[str, Any]:
    fields = api.get(f"/sobjects/{object}/describe")["fields"]
    found: dict[str, Any] = next(field for field in fields if field["name"] == name)
    return found


@pytest.mark.parametrize(
    ("metadata", "facts", "good", "bad"),
    [
        (
            {"type": "Text", "length": 32},
            {"type": "string", "length": 32, "byteLength": 96},
            ("abc", "abc"),
            "x" * 33,
        ),
        (
            {"type": "LongTextArea", "length": 1000, "visibleLines": 4},
            {"type": "textarea", "length": 1000, "filterable": False, "sortable": False},
            ("a\nb", "a\r\nb"),
            "x" * 1001,
        ),
        (
            {"type": "Picklist", "valueSet": CHOICES},
            {"type": "picklist", "restrictedPicklist": True},
            ("PRICE", "price"),
            "cost",
        ),
        (
            {"type": "MultiselectPicklist", "visibleLines": 4, "valueSet": CHOICES},
            {"type": "multipicklist", "precision": 4, "sortable": False},
            ("other;price", "price;other"),
            "price;cost",
        ),
        (
            {"type": "Number", "precision": 2, "scale": 1},
            {"type": "double", "precision": 2, "scale": 1, "soapType": "xsd:double"},
            (1, 1.0),
            10,
        ),
        (
            {"type": "Percent", "precision": 3, "scale": 0},
            {"type": "percent", "precision": 3, "scale": 0},
            (66.6, 67.0),
            1000,
        ),
        (
            {"type": "Date"},
            {"type": "date", "soapType": "xsd:date"},
            ("2026-12-01", "2026-12-01"),
            "2026-13-01",
        ),
        (
            {"type": "DateTime"},
            {"type": "datetime", "soapType": "xsd:dateTime"},
            ("2026-12-01T10:00:00+01:00", "2026-12-01T09:00:00.000+0000"),
            "2026-12-01",
        ),
        (
            {"type": "Checkbox", "defaultValue": "false"},
            {"type": "boolean", "nillable": False, "defaultValue": False},
            (True, True),
            "maybe",
        ),
        ({"type": "Url"}, {"type": "url", "length": 255}, ("https://a.example",) * 2, "x" * 256),
    ],
    ids=lambda value: value.get("type", "") if isinstance(value, dict) else "",
)
def test_a_field_of_every_type(
    api: Api,
    account: str,
    metadata: dict[str, Any],
    facts: dict[str, Any],
    good: tuple[object, object],
    bad: object,
) -> None:
    made = api.field("Account.New__c", label="New", **metadata)
    assert made.status_code == 201, made.text
    key = made.json()["id"]
    assert key.startswith("00N")
    assert made.json() == {
        "id": key,
        "success": True,
        "errors": [],
        "warnings": [],
        "infos": [],
    }
    field = described(api, "Account", "New__c")
    assert {k: field[k] for k in facts} == facts
    assert (field["custom"], field["label"]) == (True, "New")
    if "valueSet" in metadata:
        assert [p["value"] for p in field["picklistValues"]] == ["price", "other"]
        assert [p["defaultValue"] for p in field["picklistValues"]] == [False, True]

    home = f"/sobjects/Account/{account}"
    assert api.get(home)["New__c"] is (False if metadata["type"] == "Checkbox" else None)
    assert api.patch(home, {"New__c": bad}).status_code == 400
    assert api.patch(home, {"New__c": good[0]}).status_code == 204
    assert api.get(home)["New__c"] == good[1]


def test_a_lookup(api: Api, account: str) -> None:
    made = api.field(
        "Contact.Mentor__c",
        type="Lookup",
        label="Mentor",
        referenceTo="Contact",
        relationshipName="Mentees",
    )
    assert made.status_code == 201
    ada, ben = (r["Id"] for r in api.query("SELECT Id FROM Contact ORDER BY FirstName"))
    api.patch(f"/sobjects/Contact/{ben}", {"Mentor__c": ada})
    found = api.one("SELECT FirstName, Mentor__r.Name FROM Contact WHERE Mentor__c != null")
    assert found["Mentor__r"]["Name"] == "Ada Alder"
    children = api.get("/sobjects/Contact/describe")["childRelationships"]
    assert "Mentees__r" in [child["relationshipName"] for child in children]


def test_fields_of_activities_show_on_tasks_and_events(api: Api) -> None:
    api.key_field()
    for name in ("Task", "Event"):
        field = described(api, name, "Key__c")
        assert field["externalId"] is field["unique"] is field["caseSensitive"] is True
        assert field["idLookup"] is True
    refused = api.field("Task.Key2__c", type="Text", label="Key", length=10)
    assert refused.json() == [
        {
            "message": "Entity Enumeration Or ID: bad value for restricted picklist field: Task",
            "errorCode": "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
            "fields": ["TableEnumOrId"],
        }
    ]


def test_a_name_that_is_taken(api: Api) -> None:
    api.field("Account.New__c", type="Date", label="New")
    again = api.field("Account.New__c", type="Date", label="New")
    assert again.status_code == 400
    assert again.json() == [
        {
            "message": "There is already a field named New on Account.",
            "errorCode": "DUPLICATE_DEVELOPER_NAME",
            "fields": ["DeveloperName"],
        }
    ]


@pytest.mark.parametrize(
    ("name", "metadata", "words"),
    [
        ("Account.New", {"type": "Date", "label": "x"}, "Invalid fullName"),
        ("Account.New__c", {"type": "Date"}, "Must specify a non-empty label"),
        ("Account.New__c", {"type": "Text", "label": "x"}, "Must specify 'length'"),
        ("Account.New__c", {"type": "Picklist", "label": "x"}, "You must specify either picklist"),
        (
            "Account.New__c",
            {"type": "Long Text Area", "label": "x"},
            "Cannot deserialize instance of complexvalue from VALUE_STRING value Long Text Area",
        ),
        ("Account.New__c", {"type": "Text", "label": "x", "length": 300}, "length: value outside"),
        ("Account.New__c", {"type": "Date", "label": "x" * 41}, "Custom Field Label: data value"),
        (
            "Account.New__c",
            {"type": "Lookup", "label": "x", "referenceTo": "Nothing"},
            "referenceTo value of 'Nothing'",
        ),
    ],
)
def test_metadata_that_makes_no_field(
    api: Api, name: str, metadata: dict[str, Any], words: str
) -> None:
    refused = api.field(name, **metadata)
    assert refused.status_code == 400
    assert refused.json()[0]["message"].startswith(words)


def test_what_exists_can_be_queried(api: Api) -> None:
    api.field("Account.New__c", type="Text", label="New", length=40, description="Why")
    soql = (
        "SELECT Id, DeveloperName, TableEnumOrId, Length FROM CustomField "
        "WHERE TableEnumOrId = 'Account' AND DeveloperName = 'New'"
    )
    page = api.get("/tooling/query", q=soql)
    (found,) = page["records"]
    assert (page["size"], page["done"], page["entityTypeName"]) == (1, True, "CustomField")
    assert found["attributes"]["url"] == (
        f"/services/data/v62.0/tooling/sobjects/CustomField/{found['Id']}"
    )
    heavy = "SELECT FullName, Metadata FROM CustomField WHERE {}"
    one = api.get("/tooling/query", q=heavy.format("DeveloperName = 'New'"))["records"][0]
    assert one["FullName"] == "Account.New__c"
    assert one["Metadata"]["description"] == "Why"
    many = api.call("GET", "/tooling/query", params={"q": heavy.format("Length = 80")})
    assert many.status_code == 200
    many = api.call("GET", "/tooling/query", params={"q": heavy.format("Id != null")})
    assert many.json()[0]["message"].endswith("no more than one row for retrieval. Result size: 9")
    entity = "SELECT DurableId, KeyPrefix FROM EntityDefinition WHERE QualifiedApiName = 'Task'"
    assert api.get("/tooling/query", q=entity)["records"][0]["KeyPrefix"] == "00T"
    assert api.refusal("SELECT Id FROM CustomField")["errorCode"] == "INVALID_TYPE"


def test_a_field_is_changed_and_deleted(api: Api, account: str) -> None:
    metadata = {"type": "Picklist", "label": "Why", "valueSet": CHOICES}
    key = api.field("Account.Why__c", **metadata).json()["id"]
    api.patch(f"/sobjects/Account/{account}", {"Why__c": "price"})
    more = {
        "restricted": True,
        "valueSetDefinition": {"value": [{"valueName": "trust", "label": "Trust"}]},
    }
    home = f"/tooling/sobjects/CustomField/{key}"
    changed = api.patch(home, {"Metadata": {**metadata, "label": "Why?", "valueSet": more}})
    assert changed.status_code == 204
    assert described(api, "Account", "Why__c")["label"] == "Why?"
    assert api.patch(f"/sobjects/Account/{account}", {"Why__c": "trust"}).status_code == 204
    assert api.get(home)["Metadata"]["label"] == "Why?"

    assert api.delete(home).status_code == 204
    assert api.refusal("SELECT Why__c FROM Account")["errorCode"] == "INVALID_FIELD"
    assert "Why__c" not in api.get(f"/sobjects/Account/{account}")
    assert api.field("Account.Why__c", **metadata).status_code == 201
    assert api.get(f"/sobjects/Account/{account}")["Why__c"] is None


def test_metadata_of_another_shape_is_refused(api: Api) -> None:
    odd = api.field("Account.Odd__c", type="Picklist", label="Odd", valueSet=5)
    kind = {"FullName": "Account.Odd", "Metadata": {"label": "Odd", "picklistValues": [5]}}
    for answer in (odd, api.post("/tooling/sobjects/RecordType", kind)):
        assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, "JSON_PARSER_ERROR")
