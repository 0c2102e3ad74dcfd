from __future__ import annotations

import pytest

from integrations.sandbox.hubspot.desk import HubSpotDesk
from integrations.sandbox.world import World
from tests.sandbox.hubspot.client import Api

OWNERS = "/crm/owners/2026-09"


def test_people_and_queues(api: Api) -> None:
    found = api.get(OWNERS).json()["results"]
    assert [(one["firstName"], one["type"]) for one in found] == [
        ("Ada", "PERSON"),
        ("Ben", "PERSON"),
        ("Customer Success", "QUEUE"),
    ]
    assert found[0]["id"] != str(found[0]["userId"])
    assert found[0]["archived"] is False
    assert api.get(f"{OWNERS}/").status_code == 200


def test_the_archived_have_no_user_any_more(api: Api) -> None:
    (cleo,) = api.get(OWNERS, archived="true").json()["results"]
    assert cleo["firstName"] == "Cleo"
    assert cleo["userId"] is None
    assert isinstance(cleo["userIdIncludingInactive"], int)
    assert api.get(f"{OWNERS}/{cleo['id']}").status_code == 404
    assert api.get(f"{OWNERS}/{cleo['id']}", archived="true").json() == cleo


def test_pages_of_owners(api: Api) -> None:
    first = api.get(OWNERS, limit=2).json()
    second = api.get(OWNERS, limit=2, after=first["paging"]["next"]["after"]).json()
    assert [one["type"] for one in second["results"]] == ["QUEUE"]
    assert "paging" not in second


def test_one_owner_by_address_by_id_or_by_user(api: Api) -> None:
    (ben,) = api.get(OWNERS, email="ben@ours.example").json()["results"]
    assert api.get(f"{OWNERS}/{ben['id']}").json() == ben
    assert api.get(f"{OWNERS}/{ben['userId']}", idProperty="userId").json() == ben
    missing = api.get(f"{OWNERS}/{ben['userId']}")
    assert missing.status_code == 404
    assert missing.json()["category"] == "OBJECT_NOT_FOUND"


def test_an_owner_leaves_and_comes_back(api: Api, world: World) -> None:
    desk = world.dialects["hubspot"].desk
    assert isinstance(desk, HubSpotDesk)
    (ada, _), (ben, _) = desk.colleagues()
    desk.delete("owners", ben, by=ada)
    left = api.get(f"/crm/owners/2026-09/{ben}", archived="true").json()
    assert (left["archived"], left["userId"]) == (True, None)
    assert api.get(f"/crm/owners/2026-09/{ben}").status_code == 404
    assert [id for id, _ in desk.colleagues()] == [ada]
    desk.restore("owners", ben, by=ada)
    assert api.get(f"/crm/owners/2026-09/{ben}").json()["archived"] is False
    with pytest.raises(ValueError, match="no colleague"):
        desk.delete("owners", "7", by=ada)
