"""The richer parts of SOQL: groups, functions of fields, periods, kinds of parents."""

from __future__ import annotations

from typing import Any

import pytest

from integrations.sandbox.salesforce import Salesforce
from integrations.sandbox.world import World

from .conftest import Api


@pytest.fixture
def tasks(api: Api, account: str, person: str) -> None:
    for subject, status, what in (
        ("a", "Not Started", account),
        ("b", "Not Started", account),
        ("c", "Completed", account),
        ("d", "Completed", None),
    ):
        api.create("Task", Subject=subject, Status=status, WhatId=what)


def pairs(records: list[dict[str, Any]], *names: str) -> list[tuple[Any, ...]]:
    return [tuple(record[name] for name in names) for record in records]


@pytest.mark.usefixtures("tasks")
def test_groups_are_filtered_ordered_and_cut(api: Api) -> None:
    soql = (
        "SELECT Status, COUNT(Id) n, MIN(Subject), MAX(Subject) last FROM Task "
        "WHERE WhatId != null GROUP BY Status HAVING COUNT(Id) > 0 ORDER BY COUNT(Id) DESC"
    )
    records = api.query(soql)
    assert records[0]["attributes"] == {"type": "AggregateResult"}
    assert pairs(records, "Status", "n", "expr0", "last") == [
        ("Not Started", 2, "a", "b"),
        ("Completed", 1, "c", "c"),
    ]
    assert pairs(api.query(soql.replace("> 0", "> 1")), "Status") == [("Not Started",)]
    assert pairs(api.query(f"{soql} LIMIT 1 OFFSET 1"), "Status") == [("Completed",)]
    some = api.query(
        "SELECT What.Name w FROM Task GROUP BY What.Name HAVING What.Name LIKE 'Alder%' OR "
        "(COUNT_DISTINCT(Status) >= 5 AND (NOT MAX(Subject) = 'x'))"
    )
    assert pairs(some, "w") == [("Alder & Co",)]


def test_sums_and_averages(api: Api) -> None:
    (one,) = api.query("SELECT SUM(AnnualRevenue) total, AVG(Seats__c), COUNT(Id) FROM Account")
    assert (one["total"], one["expr0"], one["expr1"]) == (14406.0, 12.0, 3)


@pytest.mark.parametrize(
    ("soql", "words"),
    [
        ("SELECT Name, COUNT(Id) FROM Account", "Field must be grouped or aggregated: Name"),
        (
            "SELECT Type FROM Account GROUP BY Type ORDER BY Name",
            "Field must be grouped or aggregated: Name",
        ),
        ("SELECT SUM(Name) FROM Account", "does not support aggregate operator SUM"),
        ("SELECT Id FROM Account WHERE COUNT(Id) > 1", "unexpected token: 'COUNT'"),
        ("SELECT Name n FROM Account", "only aggregate expressions use field aliasing"),
        ("SELECT COUNT(Id) n, MAX(Id) n FROM Account", "duplicate alias: n"),
        ("SELECT Id FROM Account ALL ROWS", "ALL ROWS not allowed in this context"),
        ("SELECT Id FROM Account USING SCOPE team", "filter scope 'team' is not supported"),
        ("SELECT CALENDAR_YEAR(Name) FROM Account", "does not support function CALENDAR_YEAR"),
    ],
)
def test_what_makes_no_sense_is_refused(api: Api, soql: str, words: str) -> None:
    error = api.refusal(soql)
    assert error["errorCode"] == "MALFORMED_QUERY"
    assert words in error["message"]


def test_parts_of_dates(api: Api) -> None:
    months = api.query(
        "SELECT CALENDAR_MONTH(CreatedDate) m, COUNT(Id) n FROM Account "
        "GROUP BY CALENDAR_MONTH(CreatedDate) ORDER BY CALENDAR_MONTH(CreatedDate)"
    )
    assert pairs(months, "m", "n") == [(2, 1), (3, 1), (4, 1)]
    found = api.query("SELECT Name FROM Account WHERE CALENDAR_MONTH(CreatedDate) IN (2, 3)")
    assert len(found) == 2
    day = api.query("SELECT Name FROM Account WHERE DAY_ONLY(CreatedDate) = 2026-02-01")
    assert pairs(day, "Name") == [("Alder & Co",)]
    local = (
        "SELECT HOUR_IN_DAY(convertTimezone(CreatedDate)) h FROM Account "
        "GROUP BY HOUR_IN_DAY(convertTimezone(CreatedDate))"
    )
    assert {row["h"] for row in api.query(local)} == {3, 4}  # New York, winter and summer


def test_labels_and_values_as_people_write_them(api: Api) -> None:
    row = api.one(
        "SELECT toLabel(Customer_Stage__c), FORMAT(AnnualRevenue) money, FORMAT(CreatedDate) day, "
        "toLabel(Customer_Stage__c) word FROM Account WHERE toLabel(Customer_Stage__c) = 'At risk'"
    )
    assert (row["Customer_Stage__c"], row["word"]) == ("At risk", "At risk")
    assert (row["money"], row["day"]) == (None, "3/1/2026, 3:00 AM")
    assert api.one("SELECT FORMAT(Mrr__c) FROM Account WHERE Mrr__c > 0")["Mrr__c"] == "$1,200.50"


@pytest.mark.usefixtures("tasks")
def test_fields_by_the_kind_of_the_parent(api: Api, account: str) -> None:
    deal = api.create(
        "Opportunity", Name="Renewal", StageName="Prospecting", CloseDate="2026-12-01", Amount=5
    )
    api.create("Task", Subject="e", WhatId=deal)
    rows = api.query(
        "SELECT Subject, TYPEOF What WHEN Account THEN Phone, Owner.Name ELSE Name END "
        "FROM Task WHERE Subject IN ('a', 'd', 'e') ORDER BY Subject"
    )
    first, without, other = (row["What"] for row in rows)
    assert first["attributes"]["type"] == "Account"
    assert (first["Phone"], first["Owner"]["Name"]) == (None, "Omar Reed")
    assert "Name" not in first
    assert without is None
    assert (other["attributes"]["type"], other["Name"]) == ("Opportunity", "Renewal")
    error = api.refusal("SELECT TYPEOF Owner WHEN Account THEN Name END FROM Task")
    assert error["errorCode"] == "INVALID_TYPE"


@pytest.mark.parametrize(
    ("literal", "found"),
    [
        ("CreatedDate = THIS_QUARTER", 0),
        ("CreatedDate = LAST_N_QUARTERS:3", 3),  # January to September
        ("CreatedDate = LAST_N_QUARTERS:2", 1),
        ("CreatedDate = LAST_N_MONTHS:7", 1),
        ("CreatedDate = N_MONTHS_AGO:8", 1),
        ("CreatedDate = LAST_N_WEEKS:38", 2),
        ("CreatedDate = N_YEARS_AGO:1", 0),
        ("CreatedDate < LAST_N_YEARS:1", 0),
        ("CreatedDate = THIS_FISCAL_YEAR", 3),
        ("CreatedDate = N_DAYS_AGO:265", 1),
        ("Contract_End_Date__c = NEXT_FISCAL_QUARTER", 1),
        ("Contract_End_Date__c = NEXT_N_MONTHS:1", 0),
    ],
)
def test_periods(api: Api, literal: str, found: int) -> None:
    assert len(api.query(f"SELECT Id FROM Account WHERE {literal}")) == found


def test_what_only_concerns_people_is_taken_and_ignored(api: Api) -> None:
    assert len(api.query("SELECT Id FROM Account USING SCOPE everything FOR VIEW")) == 3
    assert api.query("SELECT Name FROM Account USING SCOPE mine")[0]["Name"] == "Cedar Inc"
    assert len(api.query("SELECT Id FROM Account LIMIT 2 FOR REFERENCE")) == 2


def test_one_answer_of_groups_has_no_second_page(
    api: Api, sandbox: Salesforce, world: World
) -> None:
    org = sandbox.org
    for number in range(2_001):
        org.make("Account", org.integration, Name=f"N{number}")
    error = api.refusal("SELECT Name FROM Account GROUP BY Name")
    assert error["errorCode"] == "EXCEEDED_ID_LIMIT"
    assert len(api.query("SELECT Name FROM Account GROUP BY Name LIMIT 2000")) == 2_000
