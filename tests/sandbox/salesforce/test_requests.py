"""How a request may be put, and what Salesforce says of one that it cannot read."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable

import pytest

from .conftest import Api


def accounts(api: Api) -> int:
    return int(api.get("/query", q="SELECT COUNT() FROM Account")["totalSize"])


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ("", "The HTTP entity body is required, but this request has no entity body."),
        (
            "{name",
            "Unexpected character ('n' (code 110)): was expecting double-quote to start field name "
            "at [line:1, column:3]",
        ),
        ('{"Name": "x"', "Unexpected end-of-input at [line:1, column:14]"),
        ("[1]", "Can not deserialize SObject out of START_ARRAY token at [line:1, column:1]"),
    ],
)
def test_a_body_that_cannot_be_read(api: Api, sent: str, words: str) -> None:
    headers = {"Content-Type": "application/json"}
    answer = api.call("POST", "/sobjects/Account", data=sent, headers=headers)
    assert answer.status_code == 400
    assert answer.json() == [{"message": words, "errorCode": "JSON_PARSER_ERROR"}]
    assert accounts(api) == 3


@pytest.mark.parametrize(("name", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress)])
def test_a_body_may_be_compressed(api: Api, name: str, pack: Callable[[bytes], bytes]) -> None:
    headers = {"Content-Type": "application/json", "Content-Encoding": name}
    sent = pack(json.dumps({"Name": "Packed"}).encode())
    assert api.call("POST", "/sobjects/Account", data=sent, headers=headers).status_code == 201
    assert api.query("SELECT Id FROM Account WHERE Name = 'Packed'")


def test_what_is_no_json_is_refused_and_not_guessed(api: Api) -> None:
    xml = {"Content-Type": "application/xml"}
    sent = "<Account><Name>x</Name></Account>"
    assert api.call("POST", "/sobjects/Account", data=sent, headers=xml).status_code == 415
    wanted = {"Accept": "application/xml"}
    answer = api.call("POST", "/sobjects/Account", json={"Name": "x"}, headers=wanted)
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (406, "NOT_ACCEPTABLE")
    assert accounts(api) == 3


def test_a_method_that_is_not_there(api: Api, account: str) -> None:
    for method, path, allowed in (
        ("POST", f"/sobjects/Account/{account}", "DELETE,GET,HEAD,PATCH"),
        ("GET", "/composite/graph", "POST"),
        ("PATCH", "/limits", "GET,HEAD"),
    ):
        answer = api.call(method, path, json={})
        assert answer.status_code == 405
        assert answer.json() == [
            {
                "message": f"HTTP Method '{method}' not allowed. Allowed are {allowed}",
                "errorCode": "METHOD_NOT_ALLOWED",
            }
        ]


def test_clients_that_can_only_post(api: Api, account: str) -> None:
    place = f"/sobjects/Account/{account}?_HttpMethod="
    assert api.post(f"{place}PATCH", {"Phone": "1"}).status_code == 204
    assert api.post(f"{place}GET", {}).json()["Phone"] == "1"
    record = {"attributes": {"type": "Account"}, "id": account, "Phone": "2"}
    changed = api.post("/composite/sobjects?_HttpMethod=PATCH", {"records": [record]})
    assert changed.json() == [{"id": account, "success": True, "errors": []}]
    assert api.get(f"/sobjects/Account/{account}")["Phone"] == "2"
    api.key_field()
    upserted = api.post("/sobjects/Task/Key__c/a?_HttpMethod=PATCH", {"Subject": "x"})
    assert (upserted.status_code, upserted.json()["created"]) == (201, True)
    assert api.post(f"{place}DELETE", {}).status_code == 204
    assert accounts(api) == 2


def test_an_upsert_of_what_has_no_id_yet(api: Api) -> None:
    made = api.post("/sobjects/Account/Id", {"Name": "New"})
    assert made.status_code == 201
    assert made.json()["created"] is True
    assert made.headers["Location"].endswith(made.json()["id"])


@pytest.mark.parametrize("path", ["describe/layouts", "describe/compactLayouts", "listviews"])
def test_resources_of_an_object_that_are_not_here(api: Api, path: str) -> None:
    answer = api.call("GET", f"/sobjects/Account/{path}")
    assert answer.status_code == 404
    assert answer.json()[0]["message"] == "The requested resource does not exist"
