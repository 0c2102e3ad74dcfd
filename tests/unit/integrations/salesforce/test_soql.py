"""Queries are made of checked names and quoted values."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from integrations.errors import Drift
from integrations.salesforce import soql


def test_selects_each_column_once() -> None:
    query = soql.select(("Id", "Name", "Id"), "Account", soql.known("Name"), order="Name, Id")
    assert query == "SELECT Id, Name FROM Account WHERE Name != null ORDER BY Name, Id"


def test_all_conditions_must_hold() -> None:
    query = soql.select(["Id"], "Task", soql.equals("A", "x"), soql.is_true("B", is_=False))
    assert query == "SELECT Id FROM Task WHERE A = 'x' AND B = false"


@pytest.mark.parametrize(
    "text", ["", "Id FROM User", "Name, Id", "a'b", "1Name", "A.B.C", "Náme", "Id\n", "x--", "(x)"]
)
def test_refuses_what_can_be_no_name(text: str) -> None:
    with pytest.raises(Drift):
        soql.name(text)
    with pytest.raises(Drift):
        soql.equals(text, "x")
    with pytest.raises(Drift):
        soql.select(["Id"], text)


@pytest.mark.parametrize(
    ("value", "quoted"),
    [
        ("O'Hara", r"'O\'Hara'"),
        ("back\\slash", r"'back\\slash'"),
        ("' OR Id != '", r"'\' OR Id != \''"),
        ("two\nlines", r"'two\nlines'"),
    ],
)
def test_quotes_values(value: str, quoted: str) -> None:
    assert soql.equals("Name", value) == f"Name = {quoted}"
    assert soql.within("Name", [value, "x"]) == f"Name IN ({quoted},'x')"


def test_moments_are_in_utc_and_to_the_second() -> None:
    east = timezone(timedelta(hours=2))
    moment = datetime(2031, 3, 3, 11, 0, 0, 999_999, tzinfo=east)
    assert soql.since("SystemModstamp", moment) == "SystemModstamp >= 2031-03-03T09:00:00Z"


def test_goes_on_after_a_row_by_time_and_id() -> None:
    assert soql.after("T", "2031-03-03T09:00:00Z", "001") == (
        "(T > 2031-03-03T09:00:00Z OR (T = 2031-03-03T09:00:00Z AND Id > '001'))"
    )
