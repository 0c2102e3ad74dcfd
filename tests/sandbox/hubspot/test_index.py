"""Search through an index that is half a minute behind."""

from __future__ import annotations

from datetime import timedelta

import pytest

from integrations.sandbox.hubspot import HubSpot
from integrations.sandbox.world import World
from tests.sandbox.hubspot.client import Api

COMPANIES = "/crm/objects/2026-09/companies/search"


@pytest.fixture(autouse=True)
def half_a_minute(hubspot: HubSpot) -> None:
    """How far the index is behind."""
    hubspot.options["search_lag"] = 30


def names(api: Api, **condition: object) -> list[str]:
    """The names of the companies that are found."""
    filters = [condition] if condition else []
    body = {"filterGroups": [{"filters": filters}], "properties": ["name", "hs_lastmodifieddate"]}
    return [one["properties"]["name"] for one in api.post(COMPANIES, body).json()["results"]]


def test_the_index_lags(api: Api, world: World) -> None:
    old, birch = ["Birch Ltd", "Cedar Inc", "Dogwood"], api.company("Birch Ltd")
    api("PATCH", f"/crm/objects/2026-09/companies/{birch}", {"properties": {"name": "Birch AG"}})
    api.create("companies", name="Elm")
    api("DELETE", f"/crm/objects/2026-09/companies/{api.company('Dogwood')}")
    assert names(api) == old
    assert names(api, propertyName="name", operator="EQ", value="Birch AG") == []
    assert names(api, propertyName="name", operator="EQ", value="Birch Ltd") == ["Birch Ltd"]
    world.clock.advance(timedelta(seconds=29))
    assert names(api) == old
    world.clock.advance(timedelta(seconds=1))
    assert names(api) == ["Birch AG", "Cedar Inc", "Elm"]


def test_what_the_index_says_of_a_change_is_old_too(api: Api, world: World) -> None:
    birch = api.company("Birch Ltd")
    api("PATCH", f"/crm/objects/2026-09/companies/{birch}", {"properties": {"name": "Birch AG"}})
    since = {"propertyName": "hs_lastmodifieddate", "operator": "GTE", "value": "2026-03-01"}
    assert names(api, **since) == []
    assert api.get(f"/crm/objects/2026-09/companies/{birch}").json()["updatedAt"] > "2026-03-01"
    world.clock.advance(timedelta(seconds=30))
    assert names(api, **since) == ["Birch AG"]


def test_who_is_merged_away_is_gone_at_once(api: Api, world: World) -> None:
    birch, dog = api.company("Birch Ltd"), api.company("Dogwood")
    body = {"primaryObjectId": birch, "objectIdToMerge": dog}
    assert api.post("/crm/objects/2026-09/companies/merge", body).status_code == 200
    assert names(api) == ["Cedar Inc"]
    world.clock.advance(timedelta(seconds=30))
    assert sorted(names(api)) == ["Birch Ltd", "Cedar Inc"]
