"""Object types that a portal makes: defined, filled, associated, and refused without Enterprise."""

from __future__ import annotations

from typing import Any

import pytest

from integrations.sandbox.hubspot import HubSpot
from tests.sandbox.hubspot.client import Api
from tests.sandbox.hubspot.portal_cases import BOAT

SCHEMAS = "/crm-object-schemas/2026-09/schemas"
OBJECTS = "/crm/objects/2026-09"


@pytest.fixture(name="boat")
def _boat(api: Api) -> dict[str, Any]:
    """The definition of an object type that was made."""
    made = api.post(SCHEMAS, BOAT)
    assert made.status_code == 201, made.text
    found: dict[str, Any] = made.json()
    return found


def link(api: Api, boat: dict[str, Any]) -> dict[str, Any]:
    """How a boat is associated with a company, as the portal tells it."""
    path = f"/crm/associations/2026-09/{boat['objectTypeId']}/companies/labels"
    (one,) = api.get(path).json()["results"]
    assert one["label"] is None
    return {"associationCategory": one["category"], "associationTypeId": one["typeId"]}


def test_says_what_it_is_called(api: Api, hubspot: HubSpot, boat: dict[str, Any]) -> None:
    assert boat["name"] == "boat"
    assert boat["fullyQualifiedName"] == f"p{hubspot.portal.id}_boat"
    assert boat["objectTypeId"].startswith("2-")
    assert boat["labels"] == {"singular": "Boat", "plural": "Boats"}
    assert {one["toObjectTypeId"] for one in boat["associations"]} == {"0-1", "0-2"}
    assert [one["name"] for one in api.get(SCHEMAS).json()["results"]] == ["boat"]
    for spelled in (boat["objectTypeId"], boat["fullyQualifiedName"], "p_boat"):
        assert api.get(f"{SCHEMAS}/{spelled}").json()["name"] == "boat"
        assert api.get(f"{OBJECTS}/{spelled}").status_code == 200
    assert api.get(f"{OBJECTS}/boat").status_code == 400, "a bare name is none"


def test_its_properties_are_there_with_hubspots_own(api: Api, boat: dict[str, Any]) -> None:
    listed = api.get(f"/crm/properties/2026-09/{boat['objectTypeId']}").json()["results"]
    found = {one["name"]: one for one in listed}
    assert found["hull"]["hasUniqueValue"] is True
    assert {"hubspot_owner_id", "hs_createdate", "hs_lastmodifieddate", "hs_object_id"} <= {*found}
    assert found["boat_name"]["groupName"] == "boat_information"


def test_a_unique_value_is_there_once_and_upserted_by(api: Api, boat: dict[str, Any]) -> None:
    path = f"{OBJECTS}/{boat['objectTypeId']}"
    api.create("p_boat", boat_name="Heron", hull="7")
    taken = {"properties": {"boat_name": "Tern", "hull": "7"}, "objectWriteTraceId": "t"}
    answer = api.post(f"{path}/batch/create", {"inputs": [taken]})
    assert answer.status_code == 207
    assert answer.json()["errors"][0]["context"]["objectWriteTraceId"] == ["t"]
    given = {"id": "7", "idProperty": "hull", "properties": {"boat_name": "Tern"}}
    other = {"id": "8", "idProperty": "hull", "properties": {"boat_name": "Gull"}}
    upserted = api.post(f"{path}/batch/upsert", {"inputs": [given, other]}).json()["results"]
    assert [one["new"] for one in upserted] == [False, True]
    body = {"inputs": [{"id": "7"}], "idProperty": "hull", "properties": ["boat_name"]}
    (read,) = api.post(f"{path}/batch/read", body).json()["results"]
    assert read["properties"]["boat_name"] == "Tern"
    filters = [{"propertyName": "hull", "operator": "HAS_PROPERTY"}]
    found = api.post(f"{path}/search", {"filterGroups": [{"filters": filters}]}).json()
    assert found["total"] == 2


def test_a_required_property_is_asked_for(api: Api, boat: dict[str, Any]) -> None:
    refused = api.post(f"{OBJECTS}/{boat['objectTypeId']}", {"properties": {"hull": "9"}})
    assert refused.status_code == 400
    assert "boat_name" in refused.text


def test_is_associated_both_ways(api: Api, boat: dict[str, Any]) -> None:
    company, type_id = api.company("Birch Ltd"), boat["objectTypeId"]
    bond = {"to": {"id": company}, "types": [link(api, boat)]}
    made = api.create(type_id, [bond], boat_name="Heron")
    there = {"inputs": [{"id": company}]}
    path = f"/crm/associations/2026-09/companies/{type_id}/batch/read"
    (found,) = api.post(path, there).json()["results"]
    assert [str(one["toObjectId"]) for one in found["to"]] == [made]
    api("DELETE", f"{OBJECTS}/{type_id}/{made}")
    assert api.post(path, there).json()["results"] == []
    wrong = {"to": {"id": "1"}, "types": [{**link(api, boat), "associationTypeId": 279}]}
    body = {"properties": {"boat_name": "Tern"}, "associations": [wrong]}
    assert api.post(f"{OBJECTS}/{type_id}", body).status_code == 400


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({}, 409),
        ({"name": "2fast"}, 400),
        ({"name": "raft", "requiredProperties": ["sail"]}, 400),
        ({"name": "raft", "properties": "none"}, 400),
        ({"name": "raft", "associatedObjects": ["PLANET"]}, 400),
        ({"name": "raft", "properties": [{"name": "boat_name", "label": "N", "type": "odd"}]}, 400),
        ({"name": "raft", "labels": None}, 400),
    ],
)
def test_what_is_wrong_is_refused(
    api: Api, boat: dict[str, Any], change: dict[str, object], status: int
) -> None:
    assert api.post(SCHEMAS, {**BOAT, **change}).status_code == status
    assert [one["name"] for one in api.get(SCHEMAS).json()["results"]] == ["boat"]


def test_goes_once_it_is_empty(api: Api, boat: dict[str, Any]) -> None:
    made = api.create("p_boat", boat_name="Heron")
    assert api("DELETE", f"{SCHEMAS}/p_boat").status_code == 400
    api("DELETE", f"{OBJECTS}/p_boat/{made}")
    assert api("DELETE", f"{SCHEMAS}/p_boat").status_code == 204
    assert api.get(SCHEMAS).json()["results"] == []
    assert api("DELETE", f"{SCHEMAS}/companies").status_code == 400


def test_a_portal_without_enterprise_has_none(
    api: Api, hubspot: HubSpot, boat: dict[str, Any]
) -> None:
    hubspot.options["custom_objects"] = False
    for answer in (
        api.get(SCHEMAS),
        api.post(SCHEMAS, {**BOAT, "name": "raft"}),
        api.get(f"{OBJECTS}/{boat['objectTypeId']}"),
        api.get(f"/crm/properties/2026-09/{boat['objectTypeId']}"),
    ):
        assert answer.status_code == 403
        assert answer.json()["category"] == "MISSING_SCOPES"
    assert api.get(f"{OBJECTS}/companies").status_code == 200


def test_people_see_it_on_the_company(api: Api, hubspot: HubSpot, boat: dict[str, Any]) -> None:
    company = api.company("Birch Ltd")
    bond = {"to": {"id": company}, "types": [link(api, boat)]}
    api.create("p_boat", [bond], boat_name="Heron", hull="7")
    sheet = hubspot.desk.customer(company)
    assert sheet is not None
    (related,) = sheet.related
    assert (related.title, related.name) == ("Boats", "Heron")
    assert ("Hull", "7") in {(line.label, line.value) for line in related.lines}


def test_an_object_is_described_in_another_way(api: Api) -> None:
    schema = "/crm-object-schemas/2026-09/schemas"
    boat = api.post(schema, BOAT).json()["objectTypeId"]
    record = api.create(boat, boat_name="Heron")
    body = {"labels": {"plural": "Fleet"}, "requiredProperties": ["hull"]}
    assert api("PATCH", f"{schema}/{boat}", body).json()["labels"] == {
        "singular": "Boat",
        "plural": "Fleet",
    }
    whole = api.get(f"{schema}/{boat}").json()
    assert (whole["labels"]["plural"], whole["requiredProperties"]) == ("Fleet", ["hull"])
    path = f"/crm/objects/2026-09/{boat}"
    assert api("PATCH", f"{path}/{record}", {"properties": {"hull": "7"}}).status_code == 200
    assert api.post(path, {"properties": {"boat_name": "Gull"}}).status_code == 400
    linked = f"{path}/{record}/associations/default/companies/{api.company('Dogwood')}"
    assert api("PUT", linked).status_code == 200
    wrong = {"searchableProperties": ["nope"]}
    assert api("PATCH", f"{schema}/{boat}", wrong).status_code == 400
    assert api("PATCH", f"{schema}/companies", body).status_code == 400


def test_an_object_is_associated_with_another_one_later(api: Api) -> None:
    schema = "/crm-object-schemas/v3/schemas"
    boat = api.post(schema, BOAT).json()["objectTypeId"]
    record = api.create(boat, boat_name="Heron")
    deal = api.create("deals", dealname="D", dealstage="closedwon")
    path = f"/crm/objects/2026-09/{boat}/{record}/associations/default/deals/{deal}"
    assert api("PUT", path).status_code == 400
    body = {"fromObjectTypeId": boat, "toObjectTypeId": "0-3", "name": "boat_deal"}
    made = api.post(f"{schema}/{boat}/associations", body)
    assert made.status_code == 201
    assert api("PUT", path).status_code == 200
    assert api("DELETE", f"{schema}/{boat}/associations/{made.json()['id']}").status_code == 204
    assert api("PUT", path).status_code == 400
    assert api("DELETE", f"{schema}/{boat}/associations/7").status_code == 404
