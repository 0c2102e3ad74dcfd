"""Searches for words, in SOSL and without."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Api


def found(api: Api, sosl: str) -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = api.get("/search/", q=sosl)["searchRecords"]
    return records


def names(records: list[dict[str, Any]]) -> list[str]:
    return [str(record["Name"]) for record in records]


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        ("alder", ["Alder & Co"]),
        ("ald", []),
        ("ald*", ["Alder & Co"]),
        ("ceda? inc", ["Cedar Inc"]),
        ('"birch ltd"', ["Birch Ltd"]),
        ("alder OR birch", ["Alder & Co", "Birch Ltd"]),
        ("alder AND birch", []),
        ("*i* AND NOT birch", ["Cedar Inc"]),
        (r"alder \& co", ["Alder & Co"]),
    ],
)
def test_words(api: Api, term: str, expected: list[str]) -> None:
    sosl = f"FIND {{{term}}} IN NAME FIELDS RETURNING Account(Name ORDER BY Name)"
    assert names(found(api, sosl)) == expected


def test_everywhere(api: Api, account: str, person: str) -> None:
    told = found(api, "FIND {Alder}")
    assert {account, person} <= {record["Id"] for record in told}
    assert set(told[0]) == {"attributes", "Id"}
    assert told[0]["attributes"]["url"].endswith(told[0]["Id"])


def test_what_is_told_of_each_object(api: Api) -> None:
    api.create("Account", Name="Alder Two", Site="x")
    sosl = (
        "FIND {alder} IN ALL FIELDS RETURNING Account(Id, Name WHERE Name LIKE 'Alder%' "
        "ORDER BY Name DESC LIMIT 1), Contact(LastName, Account.Name) LIMIT 2"
    )
    first, second = found(api, sosl)
    assert first["Name"] == "Alder Two"
    assert second["Account"]["Name"]


def test_without_sosl(api: Api, account: str) -> None:
    asked = {"q": "alder", "sobject": "Account", "Account.fields": "Id,Name", "Account.limit": "5"}
    told = api.get("/parameterizedSearch/", **asked)["searchRecords"]
    assert [(record["Id"], record["Name"]) for record in told] == [(account, "Alder & Co")]
    body = {"q": "alder", "in": "NAME", "fields": ["Id"], "sobjects": [{"name": "Account"}]}
    posted = api.post("/parameterizedSearch", body).json()["searchRecords"]
    assert [set(record) for record in posted] == [{"attributes", "Id"}]
    assert api.get("/parameterizedSearch", q="alder")["searchRecords"]


@pytest.mark.parametrize(
    ("sosl", "code"),
    [
        ("FIND alder", "MALFORMED_SEARCH"),
        ("FIND {a}", "MALFORMED_SEARCH"),
        ("FIND {alder} WITH DATA CATEGORY x", "MALFORMED_SEARCH"),
        ("FIND {(alder)}", "MALFORMED_SEARCH"),
        ("FIND {alder} IN SOME FIELDS", "MALFORMED_SEARCH"),
        ("FIND {alder} RETURNING Nothing", "INVALID_TYPE"),
        ("FIND {alder} RETURNING Account(Nope)", "INVALID_FIELD"),
        ("FIND {alder} RETURNING TaskStatus", "INVALID_TYPE_FOR_OPERATION"),
    ],
)
def test_what_cannot_be_searched(api: Api, sosl: str, code: str) -> None:
    answer = api.call("GET", "/search", params={"q": sosl})
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, code)
