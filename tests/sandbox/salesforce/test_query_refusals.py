"""Queries that cannot be answered, and the words of Salesforce for it."""

from __future__ import annotations

import pytest

from .conftest import Api, Recordings

ADVICE = " Please reference your WSDL or the describe call for the appropriate names."


def test_an_unknown_field(api: Api) -> None:
    assert api.refusal("SELECT Foo FROM Account") == {
        "message": "\nSELECT Foo FROM Account\n       ^\nERROR at Row:1:Column:8\n"
        "No such column 'Foo' on entity 'Account'. If you are attempting to use a custom field, be "
        "sure to append the '__c' after the custom field name." + ADVICE,
        "errorCode": "INVALID_FIELD",
    }


def test_an_unknown_object_as_recorded(api: Api, recordings: Recordings) -> None:
    composites = [
        answer
        for _, path, _, _, body in recordings.exchanges
        if path == "/composite"
        for answer in body["compositeResponse"]
    ]
    (real,) = [a["body"][0] for a in composites if "XYZZY" in str(a["body"])]
    assert api.refusal("select count() from XYZZY") == real


def test_only_the_words_around_the_place_are_shown(api: Api) -> None:
    """As in public reports of real errors: at least thirty characters before it, whole words."""
    fields = (
        "Name, LastReferencedDate, Jigsaw, JigsawCompanyId, CleanStatue, AccountSource, DunsNumber"
    )
    message = api.refusal(f"SELECT {fields}, Tradestyle FROM Account")["message"]
    shown = "LastReferencedDate, Jigsaw, JigsawCompanyId, CleanStatue, AccountSource, DunsNumber"
    assert message.splitlines()[1:4] == [shown, " " * 45 + "^", "ERROR at Row:1:Column:59"]


def test_the_row_is_counted(api: Api) -> None:
    message = api.refusal("SELECT Id\nFROM Account\nWHERE Foo = 1")["message"]
    assert message.splitlines()[1:4] == ["WHERE Foo = 1", "      ^", "ERROR at Row:3:Column:7"]


@pytest.mark.parametrize(
    ("soql", "code", "words"),
    [
        ("SELECT Id FROM", "MALFORMED_QUERY", "unexpected token: '<EOF>'"),
        ("SELECT Id WHERE Name = 'x'", "MALFORMED_QUERY", "unexpected token: 'WHERE'"),
        (
            "SELECT Id FROM Account WHERE Name = 'a' AND Phone = 'b' OR Fax = 'c'",
            "MALFORMED_QUERY",
            "unexpected token: 'OR'",
        ),
        ("SELECT Id FROM Account LIMIT -1", "MALFORMED_QUERY", "unexpected token: '-1'"),
        ("SELECT Id FROM Account OFFSET 1.5", "MALFORMED_QUERY", "unexpected token: '1.5'"),
        (
            "SELECT Id FROM Account WHERE CreatedDate = LAST_N_DAYS",
            "MALFORMED_QUERY",
            "unexpected token: 'LAST_N_DAYS'",
        ),
        (
            "SELECT Id FROM Account WHERE CreatedDate = TODAY:3",
            "MALFORMED_QUERY",
            "unexpected token: 'TODAY'",
        ),
        (
            "SELECT Id FROM Account WHERE CreatedDate > N_YEARS_AGO:9999",
            "MALFORMED_QUERY",
            "invalid date literal: N_YEARS_AGO:9999",
        ),
        (
            "SELECT Id FROM Account WHERE Id = :known",
            "MALFORMED_QUERY",
            "Bind variables only allowed in Apex code",
        ),
        (
            "SELECT Id FROM Account WHERE Id IN :known",
            "MALFORMED_QUERY",
            "Bind variables only allowed in Apex code",
        ),
        (
            "SELECT Id FROM Account WHERE Id LIKE '001%'",
            "INVALID_QUERY_FILTER_OPERATOR",
            "invalid operator on id field",
        ),
        (
            "SELECT Id FROM Account WHERE Name INCLUDES ('x')",
            "INVALID_QUERY_FILTER_OPERATOR",
            "invalid operator on string field",
        ),
        (
            r"SELECT Id FROM Account WHERE Name = 'a\qb'",
            "MALFORMED_QUERY",
            r"Invalid string literal 'a\qb'. Illegal character sequence '\q' in string literal.",
        ),
        (
            r"SELECT Id FROM Account WHERE Name IN ('x', 'a\%')",
            "MALFORMED_QUERY",
            r"Invalid string literal 'a\%'. Illegal character sequence '\%' in string literal.",
        ),
        (
            r"SELECT Id FROM Account WHERE Name LIKE 'a\-%'",
            "MALFORMED_QUERY",
            r"Invalid string literal 'a\-%'. Illegal character sequence '\-' in string literal.",
        ),
        (
            "SELECT COUNT_DISTINCT(BillingAddress) FROM Account",
            "MALFORMED_QUERY",
            "field BillingAddress does not support aggregate operator COUNT_DISTINCT",
        ),
        (
            "SELECT Id FROM Name",
            "INVALID_TYPE_FOR_OPERATION",
            "entity type Name does not support query",
        ),
        ("SELECT Id FROM Account WHERE Name == 'a'", "MALFORMED_QUERY", "unexpected token: '='"),
        ("SELECT Id FROM Account WHERE Name = 'a", "MALFORMED_QUERY", "unexpected token: '''"),
        (
            "SELECT Id FROM Account WHERE Name = Phone",
            "MALFORMED_QUERY",
            "Bind variables only allowed in Apex code",
        ),
        (
            "SELECT Id FROM Account WHERE Name = 3999",
            "INVALID_FIELD",
            "value of filter criterion for field 'Name' must be of type string and should be "
            "enclosed in quotes",
        ),
        (
            "SELECT Id FROM Account WHERE IsDeleted = 'true'",
            "INVALID_FIELD",
            "value of filter criterion for field 'IsDeleted' must be of type boolean and should "
            "not be enclosed in quotes",
        ),
        (
            "SELECT Id FROM Account WHERE AnnualRevenue > '1'",
            "INVALID_FIELD",
            "value of filter criterion for field 'AnnualRevenue' must be of type double and should "
            "not be enclosed in quotes",
        ),
        (
            "SELECT Id FROM Account WHERE CreatedDate > 2026-01-01",
            "INVALID_FIELD",
            "value of filter criterion for field 'CreatedDate' must be of type dateTime and should "
            "not be enclosed in quotes",
        ),
        (
            "SELECT Id FROM Account WHERE Id = 'x'",
            "INVALID_QUERY_FILTER_OPERATOR",
            "invalid ID field: x",
        ),
        (
            "SELECT Id FROM Account WHERE Description = 'x'",
            "INVALID_FIELD",
            "field 'Description' can not be filtered in a query call",
        ),
        (
            "SELECT Id FROM Account ORDER BY Description",
            "INVALID_FIELD",
            "field 'Description' can not be sorted in a query call",
        ),
        ("SELECT Name, name FROM Account", "INVALID_FIELD", "duplicate field selected: Name"),
        (
            "SELECT Nobody.Name FROM Account",
            "INVALID_FIELD",
            "Didn't understand relationship 'Nobody' in field path. If you are attempting to use a "
            "custom relationship, be sure to append the '__r' after the custom relationship name."
            + ADVICE,
        ),
        (
            "SELECT JigsawCompany.Name FROM Account",
            "INVALID_FIELD",
            "Didn't understand relationship 'JigsawCompany' in field path. If you are attempting "
            "to use a custom relationship, be sure to append the '__r' after the custom "
            "relationship name." + ADVICE,
        ),
        (
            "SELECT Owner.Nothing FROM Task",
            "INVALID_FIELD",
            "No such column 'Nothing' on entity 'Name'. If you are attempting to use a custom "
            "field, be sure to append the '__c' after the custom field name." + ADVICE,
        ),
        (
            "SELECT Name, COUNT(Id) FROM Account GROUP BY Industry",
            "MALFORMED_QUERY",
            "Field must be grouped or aggregated: Name",
        ),
        (
            "SELECT Id FROM Account WHERE BillingAddress = 'x'",
            "INVALID_FIELD",
            "Address fields can only be filtered using Distance expressions",
        ),
    ],
)
def test_refusals(api: Api, soql: str, code: str, words: str) -> None:
    refused = api.refusal(soql)
    assert (refused["errorCode"], refused["message"].splitlines()[-1]) == (code, words)


def test_an_offset_has_an_end(api: Api) -> None:
    refused = api.refusal("SELECT Id FROM Account LIMIT 1 OFFSET 2001")
    assert refused["errorCode"] == "NUMBER_OUTSIDE_VALID_RANGE"


def test_a_query_that_is_too_long_for_an_address(api: Api) -> None:
    ids = ",".join(["'001Aj0000000001IAA'"] * 900)
    soql = f"SELECT Id FROM Account WHERE Id IN ({ids})"
    assert api.call("GET", "/query", params={"q": soql}).status_code == 414
