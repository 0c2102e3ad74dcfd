"""What an org's own admin has set up: validation rules, duplicate rules, record types, locks."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from integrations.sandbox.salesforce import Salesforce

from .conftest import Api

MASTER = "012000000000000AAA"


def rule(api: Api, name: str, formula: str, message: str, **more: object) -> requests.Response:
    metadata = {"active": True, "errorConditionFormula": formula, "errorMessage": message, **more}
    body = {"FullName": f"Account.{name}", "Metadata": metadata}
    return api.post("/tooling/sobjects/ValidationRule", body)


def test_every_broken_rule_is_told(api: Api, account: str) -> None:
    formula = (
        'AND(ISCHANGED(Customer_Stage__c), ISPICKVAL(Customer_Stage__c, "churned"), ISBLANK(Site))'
    )
    made = rule(api, "Needs_Site", formula, "Say where", errorDisplayField="Site")
    assert made.status_code == 201, made.text
    assert (
        rule(api, "No_Acme", 'CONTAINS(Name, "Alder") && !ISNEW()', "No Alder").status_code == 201
    )
    home = f"/sobjects/Account/{account}"
    refused = api.patch(home, {"Customer_Stage__c": "churned"})
    code = "FIELD_CUSTOM_VALIDATION_EXCEPTION"
    assert (refused.status_code, refused.json()) == (
        400,
        [
            {"message": "Say where", "errorCode": code, "fields": ["Site"]},
            {"message": "No Alder", "errorCode": code, "fields": []},
        ],
    )
    record = {"attributes": {"type": "Account"}, "Id": account, "Phone": "1"}
    (told,) = api.patch("/composite/sobjects", {"records": [record]}).json()
    assert told["errors"] == [{"statusCode": code, "message": "No Alder", "fields": []}]
    (found,) = api.get(
        "/tooling/query", q="SELECT Id FROM ValidationRule WHERE ValidationName = 'No_Acme'"
    )["records"]
    assert api.delete(f"/tooling/sobjects/ValidationRule/{found['Id']}").status_code == 204
    assert api.patch(home, {"Customer_Stage__c": "churned", "Site": "x"}).status_code == 204


@pytest.mark.parametrize(
    ("formula", "name", "broken"),
    [
        ("AnnualRevenue / 2 > 100", "x", True),
        ("AnnualRevenue * -1 >= 0", "x", False),
        ('LEN(TRIM(Name)) < 3 || BEGINS(Name, "No ")', "No way", True),
        ('NOT(REGEX(Name, "[A-Z].*"))', "lower", True),
        ('IF(ISNEW(), Name = "a" & "b", FALSE)', "ab", True),
        ('UPPER(Name) <> "OK" /* words */', "ok", False),
        ('ISCHANGED(Name) || PRIORVALUE(Name) = "zz"', "q", False),
        ("TEXT(Industry) = NULL", "x", True),
        ('"2026-11-22" <= TODAY()', "x", False),
    ],
)
def test_formulas(api: Api, formula: str, name: str, broken: bool) -> None:
    assert rule(api, "R", formula, "no").status_code == 201
    answer = api.post("/sobjects/Account", {"Name": name, "AnnualRevenue": 300})
    assert answer.status_code == (400 if broken else 201), answer.text


def test_formulas_that_cannot_be_read(api: Api) -> None:
    for formula, words in (
        ("AND(", "Syntax error"),
        ("NOPE(Name)", "Unknown function NOPE"),
        ("ISBLANK(Nope__c)", "Field Nope__c does not exist"),
    ):
        refused = rule(api, "R", formula, "no")
        assert (refused.status_code, refused.json()[0]["errorCode"]) == (
            400,
            "FIELD_INTEGRITY_EXCEPTION",
        )
        assert words in refused.json()[0]["message"]


def test_duplicates_are_told_and_may_be_insisted_on(
    api: Api, sandbox: Salesforce, account: str
) -> None:
    body = {"Name": "alder & co"}
    assert api.post("/sobjects/Account", body).status_code == 201
    sandbox.options["duplicate_rules"] = "alert"
    refused = api.post("/sobjects/Account", body)
    assert refused.status_code == 400
    (error,) = refused.json()
    assert (error["errorCode"], error["message"]) == (
        "DUPLICATES_DETECTED",
        "Use one of these records?",
    )
    result = error["duplicateResult"]
    assert result["allowSave"] is True
    assert result["duplicateRule"] == "Standard_Account_Duplicate_Rule"
    (match,) = result["matchResults"]
    assert (match["entityType"], match["size"]) == ("Account", 2)
    assert account in [found["record"]["Id"] for found in match["matchRecords"]]

    insist = {"Sforce-Duplicate-Rule-Header": "allowSave=true"}
    assert api.call("POST", "/sobjects/Account", json=body, headers=insist).status_code == 201
    records = {"records": [{"attributes": {"type": "Account"}, **body}]}
    (told,) = api.post("/composite/sobjects", records).json()
    assert told["errors"][0]["statusCode"] == "DUPLICATES_DETECTED"
    (told,) = api.call("POST", "/composite/sobjects", json=records, headers=insist).json()
    assert told["success"] is True

    sandbox.options["duplicate_rules"] = "block"
    refused = api.call("POST", "/sobjects/Account", json=body, headers=insist)
    assert refused.json()[0]["duplicateResult"]["allowSave"] is False
    # A change that has nothing to do with it passes.
    assert api.patch(f"/sobjects/Account/{account}", {"Phone": "1"}).status_code == 204


def test_locked_rows_are_locked_as_often_as_one_says(
    api: Api, sandbox: Salesforce, account: str
) -> None:
    sandbox.options["locked_saves"] = 2
    refused = api.patch(f"/sobjects/Account/{account}", {"Phone": "1"})
    assert (refused.status_code, refused.json()) == (
        400,
        [
            {
                "message": "unable to obtain exclusive access to this record or 1 records: "
                + account,
                "errorCode": "UNABLE_TO_LOCK_ROW",
                "fields": [],
            }
        ],
    )
    records = [
        {"attributes": {"type": "Account"}, "Id": account, "Phone": str(n)} for n in range(2)
    ]
    first, second = api.patch("/composite/sobjects", {"records": records}).json()
    assert first["errors"][0]["statusCode"] == "UNABLE_TO_LOCK_ROW"
    assert second["success"] is True


def record_type(api: Api, name: str, **values: list[str]) -> str:
    picklists = [
        {"picklist": field, "values": [{"fullName": value} for value in names]}
        for field, names in values.items()
    ]
    metadata = {"label": name.replace("_", " "), "active": True, "picklistValues": picklists}
    body = {"FullName": f"Account.{name}", "Metadata": metadata}
    answer = api.post("/tooling/sobjects/RecordType", body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def test_record_types_offer_some_values(api: Api, account: str) -> None:
    assert "RecordTypeId" not in api.get(f"/sobjects/Account/{account}")
    small = record_type(api, "Small_Customer", Customer_Stage__c=["active", "churned"])
    large = record_type(api, "Large_Customer")
    described = api.get("/sobjects/Account/describe")
    infos = described["recordTypeInfos"]
    assert [info["name"] for info in infos] == ["Small Customer", "Large Customer", "Master"]
    assert [info["recordTypeId"] for info in infos] == [small, large, MASTER]
    assert "RecordTypeId" in [field["name"] for field in described["fields"]]
    rows = api.query("SELECT Id, DeveloperName FROM RecordType WHERE SobjectType = 'Account'")
    assert [row["DeveloperName"] for row in rows] == ["Small_Customer", "Large_Customer"]

    made = api.create("Account", Name="x", Customer_Stage__c="churned")
    row = api.one(f"SELECT RecordType.DeveloperName FROM Account WHERE Id = '{made}'")
    assert row["RecordType"]["DeveloperName"] == "Small_Customer"
    home = f"/sobjects/Account/{made}"
    refused = api.patch(home, {"Customer_Stage__c": "churning"}).json()[0]
    assert refused["errorCode"] == "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"
    assert refused["fields"] == ["Customer_Stage__c"]
    both = {"Customer_Stage__c": "churning", "RecordTypeId": large}
    assert api.patch(home, both).status_code == 204
    wrong = api.patch(home, {"RecordTypeId": "012000000000001AAA"})
    assert wrong.json()[0]["errorCode"] == "INVALID_CROSS_REFERENCE_KEY"


def values(api: Api, type: str, field: str) -> list[str]:
    home = f"/ui-api/object-info/Account/picklist-values/{type}"
    one: Any = api.get(f"{home}/{field}")
    assert api.get(home)["picklistFieldValues"][field] == one
    return [value["value"] for value in one["values"]]


def test_the_picklists_of_a_record_type(api: Api) -> None:
    small = record_type(api, "Small_Customer", Customer_Stage__c=["active", "churned"])
    assert values(api, small, "Customer_Stage__c") == ["active", "churned"]
    assert len(values(api, MASTER, "Customer_Stage__c")) == 4
    assert api.call("GET", "/ui-api/object-info/Account/picklist-values/012x").status_code == 404
