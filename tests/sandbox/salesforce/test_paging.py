"""Answers that come in pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import requests

from integrations.sandbox.salesforce import Salesforce
from integrations.sandbox.world import World

from .conftest import Api


@pytest.fixture
def many(sandbox: Salesforce) -> None:
    org = sandbox.org
    for number in range(2_345):
        org.make("Task", org.integration, Subject=f"{number:04}", Status="Not Started")


def first(api: Api, **headers: str) -> dict[str, Any]:
    soql = {"q": "SELECT Subject FROM Task ORDER BY Subject"}
    page: dict[str, Any] = api.call("GET", "/query", params=soql, headers=headers).json()
    return page


def follow(api: Api, page: dict[str, Any]) -> requests.Response:
    return api.http.get(api.url + page["nextRecordsUrl"], timeout=10)


@pytest.mark.usefixtures("many")
def test_two_thousand_a_page(api: Api) -> None:
    page = first(api)
    assert (page["totalSize"], page["done"], len(page["records"])) == (2_345, False, 2_000)
    locator = page["nextRecordsUrl"].rpartition("/")[2]
    assert locator.startswith("0r8")
    assert locator.endswith("-2000")
    assert list(page) == ["totalSize", "done", "nextRecordsUrl", "records"]
    last = follow(api, page).json()
    assert (last["totalSize"], last["done"], len(last["records"])) == (2_345, True, 345)
    assert "nextRecordsUrl" not in last
    subjects = [r["Subject"] for r in page["records"] + last["records"]]
    assert subjects == [f"{number:04}" for number in range(2_345)]


@pytest.mark.parametrize(("asked", "got"), [(200, 200), (1_000, 1_000), (50, 200), (9_999, 2_000)])
@pytest.mark.usefixtures("many")
def test_the_size_that_was_asked_for_within_limits(api: Api, asked: int, got: int) -> None:
    page = first(api, **{"Sforce-Query-Options": f"batchSize={asked}"})
    assert len(page["records"]) == got


@pytest.mark.usefixtures("many")
def test_pages_hold_the_records_of_the_first_moment(api: Api) -> None:
    page = first(api)
    api.create("Task", Subject="0000 too late")
    gone = api.one("SELECT Id FROM Task WHERE Subject = '2344'")["Id"]
    api.delete(f"/sobjects/Task/{gone}")
    rest = follow(api, page).json()["records"]
    assert [r["Subject"] for r in rest] == [f"{number:04}" for number in range(2_000, 2_344)]


@pytest.mark.usefixtures("many")
def test_a_locator_lives_two_days_and_for_one_session(
    api: Api, world: World, sandbox: Salesforce
) -> None:
    page = first(api)
    world.clock.advance(timedelta(days=2))
    assert follow(api, page).status_code == 200
    world.clock.advance(timedelta(seconds=1))
    refused = follow(api, page)
    assert refused.status_code == 400
    assert refused.json()[0]["errorCode"] == "INVALID_QUERY_LOCATOR"

    page, org = first(api), sandbox.org
    other = org.sessions.open(org.id, org.integration, world.clock.now()).token
    api.http.headers["Authorization"] = f"Bearer {other}"
    assert follow(api, page).json()[0]["errorCode"] == "INVALID_QUERY_LOCATOR"


def test_children_have_pages_of_their_own(api: Api, sandbox: Salesforce, account: str) -> None:
    org = sandbox.org
    for number in range(2_003):
        org.make("Contact", org.integration, LastName=f"{number}", AccountId=account)
    soql = f"SELECT Name, (SELECT LastName FROM Contacts) FROM Account WHERE Id = '{account}'"
    below = api.one(soql)["Contacts"]
    assert (below["totalSize"], below["done"], len(below["records"])) == (2_005, False, 2_000)
    rest = api.http.get(api.url + below["nextRecordsUrl"], timeout=10).json()
    assert (rest["done"], len(rest["records"])) == (True, 5)
    assert set(rest["records"][0]) == {"attributes", "LastName"}


def test_a_locator_of_another_shape(api: Api) -> None:
    answer = api.call("GET", "/query/01gD0000002HU6KIAW-2000")
    assert answer.status_code == 400
    assert answer.json()[0]["errorCode"] == "INVALID_QUERY_LOCATOR"
