from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

import pytest

from integrations.sandbox.clock import Clock
from integrations.sandbox.http import Request
from integrations.sandbox.hubspot import HubSpot
from integrations.sandbox.seed import Customer, Seed
from integrations.sandbox.world import World
from tests.sandbox.hubspot.client import NOW, OPTIONS, Api

COMPANIES = "/crm/objects/2026-09/companies/search"
Names = Callable[..., list[str]]


@pytest.fixture
def names(api: Api) -> Names:
    """Names of the companies that meet all the filters."""

    def search(*filters: dict[str, object], **more: object) -> list[str]:
        body = {"filterGroups": [{"filters": list(filters)}], **more}
        answer = api.post(COMPANIES, body)
        assert answer.status_code == 200, answer.text
        return [one["properties"]["name"] for one in answer.json()["results"]]

    return search


def given(name: str, operator: str, value: object = None, **more: object) -> dict[str, object]:
    """A filter."""
    filled = {"value": value} if value is not None else {}
    return {"propertyName": name, "operator": operator, **filled, **more}


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        (given("name", "EQ", "BIRCH ltd"), ["Birch Ltd"]),
        (given("name", "NEQ", "birch ltd"), ["Cedar Inc", "Dogwood"]),
        (given("name", "CONTAINS_TOKEN", "birch"), ["Birch Ltd"]),
        (given("name", "CONTAINS_TOKEN", "birc"), []),
        (given("name", "CONTAINS_TOKEN", "birc*"), ["Birch Ltd"]),
        (given("name", "NOT_CONTAINS_TOKEN", "ltd"), ["Cedar Inc", "Dogwood"]),
        (given("name", "IN", values=["birch ltd", "dogwood"]), ["Birch Ltd", "Dogwood"]),
        (given("name", "IN", values=["Birch Ltd"]), []),
        (given("customer_stage", "EQ", "active"), ["Birch Ltd", "Dogwood"]),
        (given("customer_stage", "EQ", "Active"), []),
        (given("customer_stage", "IN", values=["at_risk", "churned"]), ["Cedar Inc"]),
        (given("customer_stage", "NOT_IN", values=["active"]), ["Cedar Inc"]),
        (given("mrr", "GT", "90.5"), ["Birch Ltd"]),
        (given("mrr", "GTE", 90.5), ["Birch Ltd", "Cedar Inc"]),
        (given("mrr", "LT", "1000"), ["Cedar Inc"]),
        (given("mrr", "LTE", "1250"), ["Birch Ltd", "Cedar Inc"]),
        (given("mrr", "BETWEEN", "100", highValue="2000"), ["Birch Ltd"]),
        (given("mrr", "NEQ", "1250"), ["Cedar Inc", "Dogwood"]),
        (given("domain", "HAS_PROPERTY"), ["Birch Ltd"]),
        (given("domain", "NOT_HAS_PROPERTY"), ["Cedar Inc", "Dogwood"]),
        (given("contract_end_date", "LT", "2026-10-01"), ["Birch Ltd"]),
        (given("createdate", "GTE", "2025-08-14T09:00:00Z"), ["Cedar Inc", "Dogwood"]),
    ],
)
def test_operators(names: Names, condition: dict[str, object], found: list[str]) -> None:
    assert names(condition) == found


@pytest.mark.parametrize(
    ("operator", "offset", "found"),
    [
        ("GTE", 0, ["Cedar Inc", "Dogwood"]),
        ("GT", 0, ["Dogwood"]),
        ("LTE", 0, ["Birch Ltd", "Cedar Inc"]),
        ("LT", 0, ["Birch Ltd"]),
        ("EQ", 0, ["Cedar Inc"]),
        ("GTE", 1, ["Dogwood"]),
        ("LT", 1, ["Birch Ltd", "Cedar Inc"]),
    ],
)
def test_modification_dates_in_milliseconds(
    names: Names, operator: str, offset: int, found: list[str]
) -> None:
    changed = NOW - timedelta(days=200)
    at = int(changed.timestamp() * 1000) + offset
    assert names(given("hs_lastmodifieddate", operator, str(at))) == found


def test_a_window_with_a_keyset_is_what_a_reader_pages_by(api: Api, names: Names) -> None:
    cedar = api.company("Cedar Inc")
    window = given("hs_lastmodifieddate", "BETWEEN", "0", highValue=str(10**13))
    sort = [{"propertyName": "hs_object_id", "direction": "ASCENDING"}]
    assert names(window, given("hs_object_id", "GT", cedar), sorts=sort) == ["Dogwood"]
    assert names(window, given("hs_object_id", "GTE", cedar), sorts=sort) == [
        "Cedar Inc",
        "Dogwood",
    ]


def test_filters_of_a_group_and_groups_of_a_search(api: Api, names: Names) -> None:
    stage, paying = given("customer_stage", "EQ", "active"), given("mrr", "HAS_PROPERTY")
    assert names(stage, paying) == ["Birch Ltd"]
    body = {"filterGroups": [{"filters": [stage]}, {"filters": [paying]}]}
    assert api.post(COMPANIES, body).json()["total"] == 3


def test_records_by_what_they_are_associated_with(api: Api, names: Names) -> None:
    contact = api.contact("kim@cedar.example")
    assert names(given("associations.contact", "EQ", contact)) == ["Cedar Inc"]
    assert names(given("associations.contact", "EQ", "999")) == []


def test_words_are_looked_for_where_hubspot_does(api: Api) -> None:
    assert api.post(COMPANIES, {"query": "birch.exa"}).json()["total"] == 1
    assert api.post(COMPANIES, {"query": "Germany"}).json()["total"] == 0


def test_one_sort_is_honoured(names: Names) -> None:
    by_mrr = {"propertyName": "mrr", "direction": "ASCENDING"}
    everything = given("name", "HAS_PROPERTY")
    assert names(everything, sorts=[by_mrr]) == ["Cedar Inc", "Birch Ltd", "Dogwood"]
    assert names(everything, sorts=["-mrr"]) == ["Birch Ltd", "Cedar Inc", "Dogwood"]
    assert names(everything, sorts=["-hs_object_id", "name"])[0] == "Dogwood"


def test_pages_and_totals(api: Api) -> None:
    first = api.post(COMPANIES, {"limit": 2}).json()
    assert first["total"] == 3
    assert first["paging"] == {"next": {"after": "2"}}
    second = api.post(COMPANIES, {"limit": 2, "after": "2"}).json()
    assert [one["properties"]["name"] for one in second["results"]] == ["Dogwood"]
    assert second["total"] == 3
    assert "paging" not in second


def test_changes_and_archiving_are_seen_at_once(api: Api, names: Names, world: World) -> None:
    everything = given("hs_lastmodifieddate", "GTE", str(int(NOW.timestamp() * 1000)))
    assert names(everything) == []
    path = f"/crm/objects/2026-09/companies/{api.company('Dogwood')}"
    api("PATCH", path, {"properties": {"city": "Ulm"}})
    assert names(everything) == ["Dogwood"]
    api("DELETE", path)
    assert names(everything) == []


@pytest.mark.parametrize(
    "body",
    [
        {"limit": 201},
        {"after": "9900", "limit": 101},
        {"after": "ten"},
        {"filterGroups": [{"filters": [given("no_such_property", "HAS_PROPERTY")]}]},
        {"filterGroups": [{"filters": [given("name", "LIKE", "x")]}]},
        {"filterGroups": [{"filters": [given("name", "EQ", " ")]}]},
        {"filterGroups": [{"filters": [given("mrr", "GT", "many")]}]},
        {"filterGroups": [{"filters": [given("mrr", "IN")]}]},
        {"filterGroups": [{"filters": [given("name", "HAS_PROPERTY")] * 7}]},
        {"filterGroups": [{"filters": [given("name", "HAS_PROPERTY")]}] * 6},
        {"filterGroups": [{"filters": [given("name", "HAS_PROPERTY")] * 5}] * 4},
        {"sorts": [{"propertyName": "no_such_property"}]},
        {"query": "x" * 3_000},
    ],
)
def test_what_a_search_refuses(api: Api, body: dict[str, object]) -> None:
    answer = api.post(COMPANIES, body)
    assert answer.status_code == 400
    assert answer.json()["category"] == "VALIDATION_ERROR"


def test_the_window_of_results_ends_at_ten_thousand(api: Api) -> None:
    assert api.post(COMPANIES, {"after": "9800", "limit": 200}).status_code == 200
    assert api.post(COMPANIES, {"after": "9801", "limit": 200}).status_code == 400


def test_three_thousand_characters_are_still_read(api: Api) -> None:
    frame = len('{"query": ""}')
    assert api.post(COMPANIES, {"query": "x" * (3_000 - frame)}).status_code == 200
    assert api.post(COMPANIES, {"query": "x" * (3_001 - frame)}).status_code == 400


def test_paging_through_everything_takes_time_in_proportion() -> None:
    """Every page after the first of 4,000 companies, by keyset, costs a fraction of a scan."""
    customers = tuple(
        Customer(ref=str(n), name=f"C {n}", created_at=NOW - timedelta(minutes=n))
        for n in range(4_000)
    )
    world = World(
        Seed(name="many", started_at=NOW - timedelta(days=9), customers=customers),
        clock=Clock(manual=NOW),
        dialects=[HubSpot],
    )
    dialect = world.dialects["hubspot"]
    dialect.options.update(OPTIONS)
    found = dialect.routes.find("POST", COMPANIES)
    assert found is not None
    token = dialect.credentials()["token"]

    def page(after: str) -> tuple[str, float]:
        body = (
            '{"filterGroups":[{"filters":['
            '{"propertyName":"hs_lastmodifieddate","operator":"GTE","value":"0"},'
            '{"propertyName":"customer_stage","operator":"HAS_PROPERTY"},'
            f'{{"propertyName":"hs_object_id","operator":"GT","value":"{after}"}}]}}],'
            '"sorts":["hs_object_id"],"limit":200,"properties":[]}'
        )
        request = Request(
            method="POST",
            path=COMPANIES,
            params={"object": "companies"},
            headers={"authorization": f"Bearer {token}"},
            body=body.encode(),
        )
        start = time.process_time()
        answer = found[0].handler(request)
        spent = time.process_time() - start
        assert answer.status == 200
        return answer.body["results"][-1]["id"], spent

    last, first = page("0")
    rest = []
    for _ in range(19):
        last, spent = page(last)
        rest.append(spent)
    assert sorted(rest)[len(rest) // 2] < 0.005
    assert first < 0.1


def test_filters_need_no_group(api: Api) -> None:
    contact = api.contact("kim@cedar.example")
    filters = [given("associations.contact", "EQ", contact)]
    found = api.post(COMPANIES, {"filters": filters, "properties": ["name"]}).json()
    assert [one["properties"]["name"] for one in found["results"]] == ["Cedar Inc"]
    assert api.post(COMPANIES, {"filters": [given("nope", "EQ", "x")]}).status_code == 400
    both = {"filters": filters, "filterGroups": [{"filters": filters}]}
    assert api.post(COMPANIES, both).status_code == 400


def test_a_query_looks_at_the_texts_that_the_guide_names(api: Api) -> None:
    api.task(api.company("Dogwood"), hs_task_body="Ask about the invoice")
    api.create("contacts", email="nia@elm.example", fax="0451 77")
    for kind, words in (("tasks", "invoice"), ("contacts", "0451")):
        found = api.post(f"/crm/objects/2026-09/{kind}/search", {"query": words}).json()
        assert found["total"] == 1
