from __future__ import annotations

from dataclasses import replace

from integrations.sandbox.world import World
from tests.sandbox.hubspot.client import Api, seed

FIELDS = (
    "industry,industry_segment,annualrevenue,hubspot_owner_id,csm_owner,customer_stage,plan,"
    "seats,mrr,open_tickets,product_usage_30_days,contract_end_date,numberofemployees"
)


def company(api: Api, name: str) -> dict[str, str | None]:
    path = f"/crm/objects/2026-09/companies/{api.company(name)}"
    found: dict[str, str | None] = api.get(path, properties=FIELDS).json()["properties"]
    return found


def test_what_a_customer_becomes(api: Api) -> None:
    owners = api.get("/crm/owners/2026-09").json()["results"]
    ada, ben = owners[0]["id"], owners[1]["id"]
    birch = company(api, "Birch Ltd")
    assert birch["industry"] == "INSURANCE"
    assert birch["annualrevenue"] == "15000"
    assert (birch["hubspot_owner_id"], birch["csm_owner"]) == (ben, ada)
    assert (birch["plan"], birch["seats"], birch["mrr"]) == ("Pro", "40", "1250")
    assert (birch["open_tickets"], birch["product_usage_30_days"]) == ("2", "310")
    assert birch["contract_end_date"] == "2026-09-30"
    assert birch["numberofemployees"] is None
    cedar = company(api, "Cedar Inc")
    assert (cedar["industry"], cedar["industry_segment"]) == (None, "FinTech")
    assert cedar["annualrevenue"] == "1086"


def test_none_of_our_own_fields_are_there(api: Api) -> None:
    for kind in ("companies", "contacts", "tasks", "notes"):
        listed = api.get(f"/crm/properties/2026-09/{kind}").json()["results"]
        assert not [one["name"] for one in listed if one["name"].startswith("aurevoir")]


def test_without_fields_only_what_hubspot_has(api: Api, world: World) -> None:
    world.reset(replace(seed(), fields=False))
    listed = api.get("/crm/properties/2026-09/companies").json()["results"]
    assert all(one["hubspotDefined"] for one in listed)
    assert api.company("Birch Ltd")


def test_a_reset_forgets_everything_and_gives_the_same_ids(api: Api, world: World) -> None:
    before = api.company("Cedar Inc")
    task = api.task(before)
    api.key()
    world.reset()
    assert api.company("Cedar Inc") == before
    assert api.get("/crm/objects/2026-09/tasks").json()["results"] == []
    assert api.get("/crm/properties/2026-09/tasks/outer_key").status_code == 404
    assert api.task(before) == task
