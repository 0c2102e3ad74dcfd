from __future__ import annotations

from datetime import timedelta

import pytest

from integrations.sandbox.world import World
from tests.sandbox.hubspot.client import Api

DEALS = "/crm/objects/2026-09/deals"
PIPELINES = "/crm/pipelines/2026-09/deals"


def stage(label: str, probability: str) -> dict[str, object]:
    return {"label": label, "metadata": {"probability": probability}}


@pytest.fixture
def renewals(api: Api) -> dict[str, str]:
    """A pipeline of the portal's own: its stages' ids by label, and its own under ``id``."""
    stages = [stage("Asked", "0.5"), stage("Lost", "0"), stage("Won", "1")]
    made = api.post(PIPELINES, {"label": "Renewals", "displayOrder": 3, "stages": stages})
    assert made.status_code == 201
    return {"id": made.json()["id"]} | {one["label"]: one["id"] for one in made.json()["stages"]}


def test_metadata_are_texts_that_say_whether_a_stage_is_closed(
    api: Api, renewals: dict[str, str]
) -> None:
    stages = api.get(f"{PIPELINES}/{renewals['id']}/stages").json()["results"]
    assert [one["metadata"] for one in stages] == [
        {"isClosed": "false", "probability": "0.5"},
        {"isClosed": "true", "probability": "0.0"},
        {"isClosed": "true", "probability": "1.0"},
    ]
    tickets = api.get("/crm/pipelines/2026-09/tickets").json()["results"][0]["stages"]
    assert tickets[-1]["metadata"] == {"isClosed": "true", "ticketState": "CLOSED"}


def test_stages_are_the_options_of_the_property(api: Api, renewals: dict[str, str]) -> None:
    shown = api.get("/crm/properties/2026-09/deals/dealstage").json()["options"]
    assert {"closedlost", renewals["Lost"]} <= {one["value"] for one in shown}
    values = {"dealname": "Birch 2027", "pipeline": renewals["id"], "dealstage": renewals["Lost"]}
    deal = api.create("deals", **values)
    names = "hs_is_closed,hs_is_closed_won,hs_is_closed_lost,hs_deal_stage_probability"
    found = api.get(f"{DEALS}/{deal}", properties=names).json()["properties"]
    assert [found[name] for name in names.split(",")] == ["true", "false", "true", "0.0"]
    wrong = api.post(DEALS, {"properties": {**values, "dealstage": "nowhere"}})
    assert wrong.json()["errors"][0]["code"] == "INVALID_OPTION"


def test_when_a_deal_entered_and_left_a_stage(
    api: Api, world: World, renewals: dict[str, str]
) -> None:
    asked, won = renewals["Asked"], renewals["Won"]
    deal = api.create("deals", dealname="Birch 2027", pipeline=renewals["id"], dealstage=asked)
    world.clock.advance(timedelta(days=2))
    api("PATCH", f"{DEALS}/{deal}", {"properties": {"dealstage": won}})
    world.clock.advance(timedelta(days=1))
    api("PATCH", f"{DEALS}/{deal}", {"properties": {"dealname": "Birch"}})
    names = [
        f"hs_v2_date_{what}"
        for what in (
            f"entered_{asked}",
            f"exited_{asked}",
            f"entered_{won}",
            "entered_current_stage",
        )
    ]
    found = api.get(f"{DEALS}/{deal}", properties=",".join(names)).json()["properties"]
    before, after = "2026-03-02T09:00:00Z", "2026-03-04T09:00:00Z"
    assert [found[name] for name in names] == [before, after, after, after]
    search = {
        "filterGroups": [
            {
                "filters": [
                    {"propertyName": f"hs_v2_date_entered_{won}", "operator": "GTE", "value": after}
                ]
            }
        ]
    }
    assert api.post(f"{DEALS}/search", search).json()["total"] == 1


def test_companies_have_dates_of_their_lifecycle(api: Api) -> None:
    company = api.create("companies", name="Elm", lifecyclestage="customer")
    name = "hs_v2_date_entered_customer"
    found = api.get(f"/crm/objects/2026-09/companies/{company}", properties=name).json()
    assert found["properties"][name] == "2026-03-02T09:00:00Z"


@pytest.mark.parametrize("kind", ["companies", "contacts"])
def test_a_lifecycle_goes_back_only_by_way_of_nothing(api: Api, kind: str) -> None:
    values = {"name": "Elm"} if kind == "companies" else {"email": "nia@elm.example"}
    path = f"/crm/objects/2026-09/{kind}/" + api.create(kind, **values, lifecyclestage="customer")

    def move(stage: str) -> str | None:
        answer = api("PATCH", path, {"properties": {"lifecyclestage": stage}})
        assert answer.status_code == 200
        found = api.get(path, properties="lifecyclestage").json()["properties"]["lifecyclestage"]
        return found if found is None else str(found)

    assert move("lead") == "customer"
    assert move("evangelist") == "evangelist"
    assert move("") == ""
    assert move("lead") == "lead"


def test_a_person_moves_a_lifecycle_back(api: Api, world: World) -> None:
    company = api.create("companies", name="Elm", lifecyclestage="customer")
    desk = world.dialects["hubspot"].desk
    desk.edit("companies", company, "lifecyclestage", "lead", by=desk.colleagues()[0][0])
    found = api.get(f"/crm/objects/2026-09/companies/{company}", properties="lifecyclestage")
    assert found.json()["properties"]["lifecyclestage"] == "lead"


def test_a_stage_with_deals_stays(api: Api, renewals: dict[str, str]) -> None:
    deal = api.create("deals", dealname="D", pipeline=renewals["id"], dealstage=renewals["Asked"])
    path = f"{PIPELINES}/{renewals['id']}"
    refused = api("DELETE", f"{path}/stages/{renewals['Asked']}")
    assert refused.status_code == 400
    assert refused.json()["subCategory"] == "PipelineError.STAGE_ID_IN_USE"
    assert refused.json()["context"]["objectIds"] == [deal]
    assert api("DELETE", f"{path}/stages/{renewals['Won']}").status_code == 204
    assert api("DELETE", path, validateReferencesBeforeDelete="true").status_code == 400
    assert api("DELETE", path).status_code == 204
    assert api.get(path).status_code == 404


def test_what_is_refused_of_pipelines(api: Api, renewals: dict[str, str]) -> None:
    whole = {"label": "Renewals", "displayOrder": 1, "stages": [stage("A", "0.1")]}
    assert api.post(PIPELINES, whole).status_code == 409
    assert api.post(PIPELINES, {**whole, "label": "B", "stages": []}).status_code == 400
    assert (
        api.post(PIPELINES, {**whole, "label": "B", "stages": [{"label": "A"}]}).status_code == 400
    )
    wrong = [stage("A", "much")]
    assert api.post(PIPELINES, {**whole, "label": "B", "stages": wrong}).status_code == 400
    assert api("DELETE", "/crm/pipelines/2026-09/tickets/0").status_code == 400
    assert api.post("/crm/pipelines/2026-09/contacts", whole).status_code == 400
    assert api.get(f"{PIPELINES}/default/stages/nowhere").status_code == 404


def test_a_stage_is_renamed_and_a_pipeline_replaced(api: Api, renewals: dict[str, str]) -> None:
    path = f"{PIPELINES}/{renewals['id']}"
    api("PATCH", f"{path}/stages/{renewals['Lost']}", {"label": "Left us"})
    assert "Left us" in api.get("/crm/properties/2026-09/deals/dealstage").text
    kept = {**stage("Asked again", "0.4"), "stageId": renewals["Asked"]}
    body = {"label": "Renewals", "displayOrder": 0, "stages": [kept, stage("New", "0.2")]}
    stages = api("PUT", path, body).json()["stages"]
    assert [one["label"] for one in stages] == ["Asked again", "New"]
    assert stages[0]["id"] == renewals["Asked"]


def test_a_stage_is_replaced_and_its_past_is_told(api: Api) -> None:
    stage = "/crm/pipelines/2026-09/deals/default/stages/closedwon"
    body = {"label": "Signed", "displayOrder": 2, "metadata": {"probability": "0.9"}}
    made = api("PUT", stage, body).json()
    assert (made["id"], made["label"]) == ("closedwon", "Signed")
    assert made["metadata"] == {"isClosed": "false", "probability": "0.9"}
    assert api("PUT", stage, {"label": "Signed"}).status_code == 400
    api("PATCH", stage, {"label": "Won"})
    past = api.get(f"{stage}/audit").json()["results"]
    assert [one["action"] for one in past] == ["UPDATE", "UPDATE"]
    assert past[0]["identifier"].endswith(":closedwon")
    assert len(api.get("/crm/pipelines/2026-09/deals/default/audit").json()["results"]) == 2
    assert api.get("/crm/pipelines/2026-09/deals/nope/audit").status_code == 404
