"""Conditional requests: what has not changed is not sent, what has is not overwritten."""

from __future__ import annotations

from datetime import timedelta

import pytest

from .conftest import Api

LONG_AGO = "Tue, 01 Jan 2019 00:00:00 GMT"
LATER = "Tue, 01 Jan 2030 00:00:00 GMT"


def test_a_record_tells_its_age(api: Api, account: str, person: str) -> None:
    read = api.call("GET", f"/sobjects/Account/{account}")
    assert read.headers["ETag"].startswith('"')
    assert read.headers["Last-Modified"].endswith(" GMT")
    assert "ETag" not in api.call("GET", f"/sobjects/Contact/{person}").headers


def test_what_has_not_changed_is_not_sent(api: Api, account: str, person: str) -> None:
    for path in (f"/sobjects/Account/{account}", f"/sobjects/Contact/{person}"):
        for since, status in ((LATER, 304), (LONG_AGO, 200), ("nonsense", 200)):
            answer = api.call("GET", path, headers={"If-Modified-Since": since})
            assert (answer.status_code, bool(answer.content)) == (status, status == 200)


@pytest.mark.parametrize("header", ["If-Unmodified-Since", "If-Match"])
def test_what_somebody_else_has_changed_is_not_overwritten(
    api: Api, account: str, header: str
) -> None:
    path = f"/sobjects/Account/{account}"
    seen = api.call("GET", path).headers
    mine = {header: seen["Date" if header == "If-Unmodified-Since" else "ETag"]}
    assert api.call("PATCH", path, json={"Phone": "1"}, headers=mine).status_code == 204
    api.sandbox.world.clock.advance(timedelta(minutes=1))
    assert api.patch(path, {"Phone": "2"}).status_code == 204
    late = api.call("PATCH", path, json={"Phone": "3"}, headers=mine)
    assert late.status_code == 412
    assert late.json()[0]["errorCode"] == "PRECONDITION_FAILED"
    assert api.get(path)["Phone"] == "2"


def test_a_tag_that_is_known(api: Api, account: str) -> None:
    path = f"/sobjects/Account/{account}"
    tag = api.call("GET", path).headers["ETag"]
    known = {"If-None-Match": f'"other", "{tag[1:-1]}-gzip"'}
    assert api.call("GET", path, headers=known).status_code == 304
    assert api.call("PATCH", path, json={"Phone": "1"}, headers=known).status_code == 412
    assert api.call("GET", path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_condition_that_is_none(api: Api, account: str) -> None:
    for header in ("If-Unmodified-Since", "If-Match", "If-None-Match"):
        answer = api.call(
            "PATCH", f"/sobjects/Account/{account}", json={"Phone": "1"}, headers={header: "x"}
        )
        assert answer.status_code == 400, header


def test_a_describe_that_has_changed(api: Api) -> None:
    early = {"If-Unmodified-Since": LONG_AGO}
    assert api.call("GET", "/sobjects/Account/describe", headers=early).status_code == 412
