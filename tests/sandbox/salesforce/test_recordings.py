"""Calls that were recorded against real orgs, made again here: the shapes must be the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, unquote

import pytest

from .conftest import Api, Exchange, Recordings


def shape(value: object) -> object:
    """A value with ids, texts and numbers reduced to their kind."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return type(value).__name__


def exchanges(recordings: Recordings, method: str, start: str) -> Iterator[Exchange]:
    found = [e for e in recordings.exchanges if e[0] == method and e[1].startswith(start)]
    assert found, f"no recorded {method} {start}"
    return iter(found)


def test_collections_of_accounts_and_contacts(
    api: Api, recordings: Recordings, account: str
) -> None:
    for start, call in (("/composite/sobjects", api.patch), ("/composite/sobjects", api.post)):
        method = call.__name__.upper()
        for _, path, body, status, received in exchanges(recordings, method, start):
            for record in body["records"]:
                # Accounts of the recorded org are an account of this one.
                for key, value in record.items():
                    if str(value).startswith("001") and len(str(value)) == 18:
                        record[key] = account
            told = str(body)
            if "__c" in told or "Id': '003" in told:
                continue  # fields and people that only the recorded org has
            answer = call(path, body)
            assert answer.status_code == status
            assert len(answer.json()) == len(body["records"])
            assert shape(answer.json()) == shape(received), answer.text


def test_creating_one_record(api: Api, recordings: Recordings) -> None:
    for _, path, body, status, received in exchanges(recordings, "POST", "/sobjects/Account"):
        answer = api.post(path, body)
        assert (answer.status_code, shape(answer.json())) == (status, shape(received))


@pytest.mark.parametrize("start", ["/query", "/limits/recordCount"])
def test_questions(api: Api, recordings: Recordings, start: str) -> None:
    asked = 0
    kind = {"FullName": "Account.Household", "Metadata": {"label": "Household"}}
    assert api.post("/tooling/sobjects/RecordType", kind).status_code == 201
    for _, path, _, status, received in exchanges(recordings, "GET", start):
        if any(word in unquote(path) for word in ("__c", "TYPEOF")):
            continue
        query = parse_qs(path.partition("?")[2])
        answer = api.call("GET", path.partition("?")[0], params=query)
        assert answer.status_code == status, answer.text
        ours = answer.json()
        assert set(ours) == set(received)
        for key in ("records", "sObjects"):
            if received.get(key) and ours.get(key):
                assert set(ours[key][0]) == set(received[key][0]), path
        asked += 1
    assert asked


def composites(recordings: Recordings) -> Iterator[tuple[dict[str, Any], Any]]:
    for _, path, body, status, received in exchanges(recordings, "POST", "/composite"):
        if path == "/composite" and status == 200 and isinstance(body, dict):
            yield body, received["compositeResponse"]


def test_composite_requests(api: Api, recordings: Recordings) -> None:
    compared = 0
    for body, received in composites(recordings):
        for part in body["compositeRequest"]:
            part["url"] = re.sub(r"/v[\dx]+\.0/", "/v62.0/", part["url"])
        answer = api.post("/composite", body)
        assert answer.status_code == 200, answer.text
        ours = answer.json()["compositeResponse"]
        for told, theirs in zip(ours, received, strict=True):
            assert set(told) == set(theirs)
            assert told["referenceId"] == theirs["referenceId"]
            assert set(told["httpHeaders"]) == set(theirs["httpHeaders"])
            if theirs["httpStatusCode"] == 304:
                continue  # their org had not changed since
            assert told["httpStatusCode"] == theirs["httpStatusCode"]
            if isinstance(theirs["body"], list):
                assert told["body"] == theirs["body"]
            else:
                assert set(told["body"]) >= set(theirs["body"])
            compared += 1
    assert compared > 10


def test_kinds_of_parents(api: Api, recordings: Recordings, account: str, person: str) -> None:
    moment = {"ActivityDateTime": "2026-11-23T07:00:00Z", "DurationInMinutes": 60}
    api.create("Event", Subject="both", WhoId=person, WhatId=account, **moment)
    api.create("Event", Subject="one", WhoId=person, **moment)
    found = [e for e in recordings.exchanges if "TYPEOF" in unquote(e[1])]
    assert found
    for _, path, _, _, received in found:
        query = parse_qs(path.partition("?")[2])
        ours = api.call("GET", "/query", params=query).json()
        theirs = {shape_of_parents(record) for record in received["records"]}
        assert {shape_of_parents(record) for record in ours["records"]} <= theirs


def shape_of_parents(record: dict[str, Any]) -> str:
    """Its keys, and those of the records it holds."""
    inner = {k: sorted(v) if isinstance(v, dict) else "" for k, v in record.items()}
    return str(inner)


def test_an_unchanged_describe_is_not_sent_again(api: Api) -> None:
    first = api.call("GET", "/sobjects/Account/describe")
    assert first.headers["ETag"].startswith('"')
    known = {"If-Modified-Since": first.headers["Last-Modified"]}
    again = api.call("GET", "/sobjects/Account/describe", headers=known)
    assert (again.status_code, again.content) == (304, b"")
    api.sandbox.world.clock.advance(timedelta(hours=1))
    api.field("Account.New__c", type="Text", label="New", length=20)
    assert api.call("GET", "/sobjects/Account/describe", headers=known).status_code == 200
