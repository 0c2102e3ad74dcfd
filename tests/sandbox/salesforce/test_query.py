"""What queries find, and in which order."""

from __future__ import annotations

import pytest

from integrations.sandbox.world import World

from .conftest import Api


@pytest.fixture
def accounts(api: Api) -> None:
    """Five more accounts with all kinds of values."""
    for name, more in {
        "Émile's %50": {"Phone": "1", "AnnualRevenue": 10, "NumberOfEmployees": 5},
        "emile": {"Phone": "2", "AnnualRevenue": 20, "BillingCountry": "fr"},
        "back\\slash": {"AnnualRevenue": 30},
        "zebra": {"Contract_End_Date__c": "2026-12-01"},
        "Zoo": {"Contract_End_Date__c": "2026-11-21"},
    }.items():
        api.create("Account", Name=name, Site="x", **more)


@pytest.mark.parametrize(
    ("where", "names"),
    [
        ("Name = 'EMILE'", ["emile"]),
        ("Name = 'Émile\\'s %50'", ["Émile's %50"]),
        ("Name = 'back\\\\slash'", ["back\\slash"]),
        ("Name LIKE 'Z%'", ["zebra", "Zoo"]),
        ("Name LIKE '%\\%50'", ["Émile's %50"]),
        ("Name LIKE '_mile'", ["emile"]),
        ("Name LIKE '%\\_%'", []),
        ("Phone = null", ["back\\slash", "zebra", "Zoo"]),
        ("Phone != '1'", ["back\\slash", "emile", "zebra", "Zoo"]),
        ("Phone != null AND AnnualRevenue > 10", ["emile"]),
        ("AnnualRevenue >= 10 AND AnnualRevenue <= 2.0e1", ["emile", "Émile's %50"]),
        ("AnnualRevenue < 20", ["Émile's %50"]),
        ("(Phone = '1' OR Phone = '2') AND BillingCountry = 'FR'", ["emile"]),
        ("NOT (Phone = '1' OR AnnualRevenue = null)", ["back\\slash", "emile"]),
        ("Phone IN ('1', '2')", ["emile", "Émile's %50"]),
        ("Phone IN ('1', null)", ["back\\slash", "zebra", "Zoo", "Émile's %50"]),
        ("Phone NOT IN ('1', '2')", ["back\\slash", "zebra", "Zoo"]),
        ("Contract_End_Date__c = 2026-12-01", ["zebra"]),
        ("Contract_End_Date__c > 2026-11-30", ["zebra"]),
        ("Contract_End_Date__c = TODAY", ["Zoo"]),
        ("Contract_End_Date__c = NEXT_N_DAYS:10", ["zebra"]),
        ("Contract_End_Date__c <= TODAY", ["Zoo"]),
        ("Contract_End_Date__c > TODAY", ["zebra"]),
        ("Contract_End_Date__c = THIS_MONTH", ["Zoo"]),
        ("Contract_End_Date__c = NEXT_MONTH", ["zebra"]),
        ("Contract_End_Date__c = LAST_N_DAYS:3", ["Zoo"]),
        ("CreatedDate = TODAY AND Phone = '1'", ["Émile's %50"]),
        ("CreatedDate = YESTERDAY", []),
        ("IsDeleted = true", []),
        ("NumberOfEmployees = 5", ["Émile's %50"]),
    ],
)
@pytest.mark.usefixtures("accounts")
def test_conditions(api: Api, where: str, names: list[str]) -> None:
    found = api.query(f"SELECT Name FROM Account WHERE Site = 'x' AND ({where}) ORDER BY Name")
    assert [record["Name"] for record in found] == names


@pytest.mark.parametrize(
    ("order", "names"),
    [
        ("Phone, Name", ["back\\slash", "zebra", "Zoo", "Émile's %50", "emile"]),
        ("Phone NULLS LAST, Name DESC", ["Émile's %50", "emile", "Zoo", "zebra", "back\\slash"]),
        (
            "AnnualRevenue DESC NULLS LAST, Name",
            ["back\\slash", "emile", "Émile's %50", "zebra", "Zoo"],
        ),
        ("Name LIMIT 2", ["back\\slash", "emile"]),
        ("Name LIMIT 2 OFFSET 3", ["Zoo", "Émile's %50"]),
    ],
)
@pytest.mark.usefixtures("accounts")
def test_order(api: Api, order: str, names: list[str]) -> None:
    found = api.query(f"SELECT Name FROM Account WHERE Site = 'x' ORDER BY {order}")
    assert [record["Name"] for record in found] == names


@pytest.mark.parametrize(
    ("where", "names"),
    [
        ("CreatedDate > 2026-02-01T08:00:00Z", ["Birch Ltd", "Cedar Inc"]),
        ("CreatedDate >= 2026-03-01T08:00:00.000+0000", ["Birch Ltd", "Cedar Inc"]),
        ("CreatedDate < 2026-03-01T08:00:00Z", ["Alder & Co"]),
        ("CreatedDate <= 2026-03-01T09:00:00+01:00", ["Alder & Co", "Birch Ltd"]),
        ("CreatedDate = 2026-03-01T08:00:00Z", ["Birch Ltd"]),
        (
            "CreatedDate > 2026-02-15T00:00:00Z AND CreatedDate < 2026-03-15T00:00:00Z",
            ["Birch Ltd"],
        ),
        (
            "(CreatedDate = 2026-02-01T08:00:00Z AND Id != null) "
            "OR CreatedDate > 2026-03-15T00:00:00Z",
            ["Alder & Co", "Cedar Inc"],
        ),
        ("CreatedDate = LAST_N_DAYS:250", ["Cedar Inc"]),
        ("CreatedDate < LAST_N_DAYS:250", ["Alder & Co", "Birch Ltd"]),
    ],
)
def test_moments(api: Api, where: str, names: list[str]) -> None:
    found = api.query(f"SELECT Name FROM Account WHERE {where} ORDER BY CreatedDate")
    assert [record["Name"] for record in found] == names
    newest = api.query(f"SELECT Name FROM Account WHERE {where} ORDER BY CreatedDate DESC, Id")
    assert [record["Name"] for record in newest] == names[::-1]


def test_relationships(api: Api, account: str, person: str) -> None:
    api.create("Task", Subject="t", WhatId=account, WhoId=person)
    task = api.one("SELECT Subject, What.Name, What.Type, Who.Name, Account.Owner.Name FROM Task")
    home = "/services/data/v62.0/sobjects"
    assert list(task) == ["attributes", "Subject", "What", "Who", "Account"]
    assert task["What"] == {
        "attributes": {"type": "Name", "url": f"{home}/Account/{account}"},
        "Name": "Alder & Co",
        "Type": "Account",
    }
    assert task["Who"]["Name"] == "Ada Alder"
    assert task["Account"]["Owner"]["Name"] == "Omar Reed"
    assert api.query("SELECT Id FROM Task WHERE Account.Owner.Name = 'omar reed'")
    assert api.query("SELECT Id FROM Task WHERE What.Type = 'Account'")
    assert not api.query("SELECT Id FROM Task WHERE Account.Owner.Name = 'cora vance'")


def test_an_empty_relationship_is_null(api: Api) -> None:
    cedar = api.one("SELECT Csm__r.Name, Csm__c FROM Account WHERE Name = 'Cedar Inc'")
    assert cedar["Csm__r"] is None
    alder = api.one("SELECT Csm__r.Name FROM Account WHERE Csm__r.Name = 'Cora Vance'")
    assert alder["Csm__r"]["Name"] == "Cora Vance"


def test_ids_in_either_length(api: Api, account: str) -> None:
    assert api.one(f"SELECT Id FROM Account WHERE Id = '{account[:15]}'")["Id"] == account
    assert api.query(f"SELECT Id FROM Contact WHERE AccountId IN ('{account[:15]}')")


def test_queries_inside_queries(api: Api) -> None:
    having = "SELECT Name FROM Account WHERE Id {} (SELECT AccountId FROM Contact) ORDER BY Name"
    assert [r["Name"] for r in api.query(having.format("IN"))] == ["Alder & Co"]
    assert [r["Name"] for r in api.query(having.format("NOT IN"))] == ["Birch Ltd", "Cedar Inc"]
    opted = "SELECT AccountId FROM Contact WHERE HasOptedOutOfEmail = true"
    assert api.query(f"SELECT Id FROM Account WHERE Id IN ({opted})")


def test_several_choices(api: Api, account: str) -> None:
    values = [{"valueName": v, "label": v} for v in ("a", "b", "c")]
    api.field(
        "Account.Tags__c",
        type="MultiselectPicklist",
        label="Tags",
        visibleLines=4,
        valueSet={"restricted": True, "valueSetDefinition": {"value": values}},
    )
    api.patch(f"/sobjects/Account/{account}", {"Tags__c": "c;a"})
    assert api.one("SELECT Tags__c FROM Account WHERE Tags__c != null")["Tags__c"] == "a;c"
    found = {
        "INCLUDES ('a')": 1,
        "INCLUDES ('a;b')": 0,
        "INCLUDES ('b', 'a;c')": 1,
        "EXCLUDES ('b')": 3,
        "= 'a;c'": 1,
    }
    for test, number in found.items():
        assert len(api.query(f"SELECT Id FROM Account WHERE Tags__c {test}")) == number, test


def test_counts_and_groups(api: Api) -> None:
    counted = api.get("/query", q="select count() from Account")
    assert counted == {"totalSize": 3, "done": True, "records": []}
    counted = api.get("/query", q="select count(Id) from Account")
    assert counted == {
        "totalSize": 1,
        "done": True,
        "records": [{"attributes": {"type": "AggregateResult"}, "expr0": 3}],
    }
    grouped = api.query(
        "SELECT Customer_Stage__c, COUNT(Id) n, MAX(CreatedDate) FROM Account "
        "GROUP BY Customer_Stage__c"
    )
    by_stage = {group["Customer_Stage__c"]: group for group in grouped}
    assert by_stage["active"]["n"] == 2
    assert by_stage["active"]["expr0"] == "2026-04-01T08:00:00.000+0000"


def test_all_fields(api: Api) -> None:
    whole = api.query("SELECT FIELDS(ALL) FROM Account LIMIT 1")[0]
    assert {"Id", "Name", "Customer_Stage__c", "BillingAddress"} <= set(whole)
    custom = api.query("SELECT FIELDS(CUSTOM) FROM Account LIMIT 1")[0]
    assert {key for key in custom if key != "attributes"} == {k for k in whole if k[-3:] == "__c"}
    standard = api.query("SELECT FIELDS(STANDARD) FROM Account")[0]
    assert set(standard) | set(custom) == set(whole)
    refused = api.refusal("SELECT FIELDS(ALL) FROM Account LIMIT 201")
    assert "The SOQL FIELDS function must have a LIMIT of at most 200" in refused["message"]


def test_a_keyset_of_moments_has_neither_gaps_nor_repeats(api: Api, world: World) -> None:
    """The condition that pages through records which share their second."""
    body = {"records": [{"attributes": {"type": "Task"}, "Subject": str(n)} for n in range(50)]}
    api.post("/composite/sobjects", body)
    seen: list[str] = []
    where = ""
    while page := api.query(
        f"SELECT Id, SystemModstamp FROM Task {where} ORDER BY SystemModstamp, Id LIMIT 7"
    ):
        seen += [record["Id"] for record in page]
        last, moment = page[-1]["Id"], page[-1]["SystemModstamp"].replace("+0000", "Z")
        where = f"WHERE (SystemModstamp = {moment} AND Id > '{last}') OR SystemModstamp > {moment}"
    assert len(seen) == len(set(seen)) == 50


def test_an_alias_and_the_name_of_the_object(api: Api) -> None:
    assert api.query("SELECT a.Name FROM Account a WHERE a.Name = 'Cedar Inc'")
    assert api.query("SELECT Account.Name FROM Account WHERE Account.Name = 'Cedar Inc'")


def test_children_among_what_is_selected(api: Api) -> None:
    having = "SELECT Name, (SELECT FirstName FROM Contacts {}) FROM Account ORDER BY Name"
    alder, birch, _ = api.query(having.format("ORDER BY FirstName DESC LIMIT 1"))
    contacts = alder["Contacts"]
    assert (contacts["totalSize"], contacts["done"]) == (1, True)
    assert contacts["records"][0]["FirstName"] == "Ben"
    assert birch["Contacts"] is None
    assert api.query(having.format("WHERE FirstName = 'nobody'"))[0]["Contacts"] is None
    refused = api.refusal("SELECT Id, (SELECT Id FROM Nothings) FROM Account")
    assert refused["errorCode"] == "INVALID_TYPE"
    assert "Didn't understand relationship 'Nothings' in FROM part" in refused["message"]


def test_children_of_children(api: Api, account: str, person: str) -> None:
    task = api.create("Task", Subject="t", WhoId=person)
    below = (
        "SELECT LastName, (SELECT Subject, TYPEOF Who WHEN Contact THEN FirstName END FROM Tasks)"
    )
    found = api.one(f"SELECT Name, ({below} FROM Contacts) FROM Account WHERE Id = '{account}'")
    (mine,) = [one for one in found["Contacts"]["records"] if one["LastName"] == "Alder"]
    assert list(mine) == ["attributes", "LastName", "Tasks"]
    (shown,) = mine["Tasks"]["records"]
    assert shown["attributes"]["url"].endswith(task)
    assert shown["Who"]["FirstName"] == "Ada"


def test_how_far_down_children_go(api: Api) -> None:
    def nested(levels: int) -> str:
        below = "SELECT Id FROM ChildAccounts"
        for _ in range(levels - 1):
            below = f"SELECT Id, ({below}) FROM ChildAccounts"
        return f"SELECT Id, ({below}) FROM Account"

    api.query(nested(4))
    assert "more than 4 levels away" in api.refusal(nested(5))["message"]
    api.version = "v57.0"
    api.query(nested(1))
    assert "more than 1 level away" in api.refusal(nested(2))["message"]


def test_nothing_is_like_null(api: Api) -> None:
    assert api.query("SELECT Id FROM Account WHERE Name LIKE null") == []


def test_letters_by_their_code(api: Api) -> None:
    api.create("Account", Name="Émile")
    assert api.one(r"SELECT Name FROM Account WHERE Name = '\u00c9mile'")["Name"] == "Émile"
    assert api.one(r"SELECT Name FROM Account WHERE Name LIKE '\u00C9m%'")["Name"] == "Émile"
