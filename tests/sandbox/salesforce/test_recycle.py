"""What people do on their screens and no REST call does: merge records, bring deleted ones back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from integrations.sandbox.clock import Clock
from integrations.sandbox.open import open_sandbox

from .conftest import NOW, SEED, Api


@pytest.fixture
def api() -> Iterator[Api]:
    """A whole sandbox, switches included."""
    with (
        open_sandbox(
            world=SEED, hubspot_port=0, salesforce_port=0, clock=Clock(manual=NOW)
        ) as opened,
        requests.Session() as http,
    ):
        dialect: Any = opened.world.dialects["salesforce"]
        http.headers["Authorization"] = f"Bearer {dialect.credentials()['token']}"
        yield Api(url=opened.urls["salesforce"], http=http, sandbox=dialect)


def do(api: Api, what: str, id: str, **more: str) -> Any:
    wish = {"do": what, "object": "Account", "id": id, **more}
    return api.http.post(f"{api.url}/__sandbox__/records", json=wish, timeout=10)


@pytest.fixture
def other(api: Api) -> str:
    return str(api.one("SELECT Id FROM Account WHERE Name = 'Birch Ltd'")["Id"])


def test_a_merged_account_says_into_what(api: Api, account: str, other: str) -> None:
    task = api.create("Task", Subject="x", WhatId=account)
    assert do(api, "merge", account, into=other).status_code == 200
    gone = api.call("GET", f"/sobjects/Account/{account}")
    assert gone.status_code == 404
    rows = api.get(
        "/queryAll", q=f"SELECT IsDeleted, MasterRecordId FROM Account WHERE Id = '{account}'"
    )
    (row,) = rows["records"]
    assert (row["IsDeleted"], row["MasterRecordId"]) == (True, other)
    moved = api.one(f"SELECT WhatId, AccountId FROM Task WHERE Id = '{task}'")
    assert (moved["WhatId"], moved["AccountId"]) == (other, other)
    assert {row["AccountId"] for row in api.query("SELECT AccountId FROM Contact")} == {other}
    update = api.patch(f"/sobjects/Account/{account}", {"Phone": "1"})
    assert (update.status_code, update.json()[0]["errorCode"]) == (404, "ENTITY_IS_DELETED")


def test_what_was_deleted_comes_back_with_what_went_with_it(api: Api, account: str) -> None:
    task = api.create("Task", Subject="x", WhatId=account)
    assert do(api, "delete", account).status_code == 200
    assert api.query("SELECT Id FROM Account WHERE Name LIKE 'Alder%'") == []
    assert api.query("SELECT Id FROM Contact") == []
    deleted = api.get(
        "/sobjects/Account/deleted", start="2026-11-21T09:00:00Z", end="2026-11-21T11:00:00Z"
    )
    assert [record["id"] for record in deleted["deletedRecords"]] == [account]
    assert do(api, "restore", account).status_code == 200
    assert len(api.query("SELECT Id FROM Contact")) == 2
    assert api.one("SELECT WhatId FROM Task")["WhatId"] == account
    assert api.one("SELECT Id FROM Task")["Id"] == task


def test_what_cannot_be_done_is_said(api: Api, account: str) -> None:
    assert "recycle bin" in do(api, "restore", account).json()["error"]
    assert "into" in do(api, "merge", account).json()["error"]
    assert "different" in do(api, "merge", account, into=account).json()["error"]


def test_the_page_does_it_too(api: Api, account: str, other: str) -> None:
    page = f"{api.url}/switches"
    form = {"do": "record", "deed": "merge", "object": "Account", "id": account, "into": other}
    done = api.http.post(page, data=form, timeout=10)
    assert "That is done with the record." in done.text
    (row,) = api.get("/queryAll", q=f"SELECT MasterRecordId FROM Account WHERE Id = '{account}'")[
        "records"
    ]
    assert row["MasterRecordId"] == other
    again = api.http.post(page, data={**form, "deed": "delete"}, timeout=10)
    assert (again.status_code, "entity is deleted" in again.text) == (422, True)
