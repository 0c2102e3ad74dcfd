from __future__ import annotations

from datetime import timedelta

import pytest
import requests

from integrations.sandbox.hubspot import HubSpot
from integrations.sandbox.world import World
from tests.sandbox.hubspot.client import Api

COMPANIES = "/crm/properties/2026-09/companies"
TASKS = "/crm/properties/2026-09/tasks"


def definition(name: str, **more: object) -> dict[str, object]:
    """The body that creates a text property."""
    text = {"type": "string", "fieldType": "text", "groupName": "companyinformation"}
    return {"name": name, "label": name.title(), **text, **more}


def options(*values: str) -> list[dict[str, object]]:
    """Options by their values."""
    return [
        {"value": value, "label": value.title(), "displayOrder": place, "hidden": False}
        for place, value in enumerate(values)
    ]


def choice(name: str, *values: str, **more: object) -> dict[str, object]:
    """The body that creates an enumeration."""
    kind = {"type": "enumeration", "fieldType": "select", "options": options(*values)}
    return definition(name, **kind, **more)


def refusal(answer: requests.Response) -> str:
    """What kind of 400 it is."""
    assert answer.status_code == 400, answer.text
    return str(answer.json()["subCategory"]).removeprefix("PropertyValidationError.")


def test_hubspots_own_properties_are_there(api: Api) -> None:
    listed = {one["name"]: one for one in api.get(COMPANIES).json()["results"]}
    assert listed["name"]["hubspotDefined"] is True
    assert listed["industry"]["options"][0] == {
        "label": "Accounting",
        "value": "ACCOUNTING",
        "displayOrder": 0,
        "hidden": False,
    }
    assert listed["hs_lastmodifieddate"]["modificationMetadata"]["readOnlyValue"] is True
    assert listed["num_associated_contacts"]["calculated"] is True
    owner = listed["hubspot_owner_id"]
    assert (owner["externalOptions"], owner["referencedObjectType"]) == (True, "OWNER")
    assert owner["options"] == []
    assert "archived" not in listed["name"]


@pytest.mark.parametrize(
    ("kind", "modified"),
    [
        ("companies", "hs_lastmodifieddate"),
        ("contacts", "lastmodifieddate"),
        ("deals", "hs_lastmodifieddate"),
        ("tickets", "hs_lastmodifieddate"),
        ("tasks", "hs_lastmodifieddate"),
        ("notes", "hs_lastmodifieddate"),
        ("emails", "hs_lastmodifieddate"),
    ],
)
def test_what_the_modification_date_is_called(api: Api, kind: str, modified: str) -> None:
    names = [one["name"] for one in api.get(f"/crm/properties/2026-09/{kind}").json()["results"]]
    assert [name for name in names if "lastmodified" in name] == [modified]


def test_a_new_property_can_be_read_and_written(api: Api) -> None:
    answer = api.post(COMPANIES, choice("tier", "gold", "lead", description="How dear"))
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"{COMPANIES}/tier"
    assert answer.json()["hubspotDefined"] is False
    assert answer.json()["archived"] is False
    assert api.get(f"{COMPANIES}/tier").json() == answer.json()
    assert api.create("companies", name="Elm", tier="gold")


def test_a_taken_name_is_a_conflict(api: Api) -> None:
    answer = api.post(COMPANIES, definition("customer_stage"))
    assert answer.status_code == 409
    assert answer.json()["category"] == "OBJECT_ALREADY_EXISTS"
    assert answer.json()["subCategory"] == "Properties.PROPERTY_WITH_NAME_EXISTS"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (definition("Tier"), "INVALID_PROPERTY_NAME"),
        (definition("tier", groupName="nowhere"), "GROUP_DOES_NOT_EXIST"),
        (definition("tier", fieldType="number"), "INVALID_FIELD_TYPE"),
        (definition("tier", type="bool", fieldType="booleancheckbox"), "INVALID_BOOLEAN_OPTION"),
        (choice("tier"), "MISSING_OPTIONS"),
        (choice("tier", "gold", "gold"), "DUPLICATE_OPTIONS"),
        (choice("tier", externalOptions=True), "INVALID_EXTERNAL_OPTIONS"),
        (choice("tier", "gold", hasUniqueValue=True), "INVALID_UNIQUE_PROPERTY"),
    ],
)
def test_definitions_that_are_refused(api: Api, body: dict[str, object], reason: str) -> None:
    assert refusal(api.post(COMPANIES, body)) == reason


def test_a_definition_needs_all_its_parts(api: Api) -> None:
    answer = api.post(COMPANIES, {"name": "tier", "label": "Tier"})
    assert answer.status_code == 400
    assert answer.json()["message"].endswith("not set: [type, fieldType, groupName]")


def test_a_flag_has_two_options(api: Api) -> None:
    kind = {"type": "bool", "fieldType": "booleancheckbox", "options": options("true", "false")}
    assert api.post(COMPANIES, definition("vip", **kind)).status_code == 201
    assert api.create("companies", name="Elm", vip="true")


def test_an_owner_property_takes_owners(api: Api) -> None:
    kind = {"type": "enumeration", "fieldType": "select", "externalOptions": True}
    body = definition("coach", **kind, referencedObjectType="OWNER")
    assert api.post(COMPANIES, body).json()["referencedObjectType"] == "OWNER"
    owner = api.get("/crm/owners/2026-09").json()["results"][0]["id"]
    assert api.create("companies", name="Elm", coach=owner)


def test_ten_unique_properties_and_no_more(api: Api) -> None:
    for number in range(10):
        body = definition(f"key_{number}", hasUniqueValue=True)
        assert api.post(COMPANIES, body).status_code == 201
    body = definition("key_10", hasUniqueValue=True)
    assert refusal(api.post(COMPANIES, body)) == "MAX_UNIQUE_PROPERTIES"
    assert api.post(COMPANIES, definition("key_10")).status_code == 201


def test_a_portal_may_refuse_unique_properties_of_tasks_and_notes(
    api: Api, hubspot: HubSpot
) -> None:
    hubspot.options["unique_task_keys"] = False
    body = definition("outer_key", groupName="task", hasUniqueValue=True)
    assert refusal(api.post(TASKS, body)) == "UNIQUE_NOT_SUPPORTED"
    assert api.post(TASKS, {**body, "hasUniqueValue": False}).status_code == 201
    api.key("companies")


def test_a_change_keeps_what_it_does_not_name(api: Api, world: World) -> None:
    api.post(COMPANIES, choice("tier", "gold", "lead"))
    world.clock.advance(timedelta(hours=1))
    answer = api("PATCH", f"{COMPANIES}/tier", {"label": "Class", "hasUniqueValue": True})
    assert answer.status_code == 200
    body = answer.json()
    assert (body["label"], body["updatedAt"]) == ("Class", "2026-03-02T10:00:00Z")
    assert [one["value"] for one in body["options"]] == ["gold", "lead"]
    assert body["hasUniqueValue"] is False


def test_a_change_with_options_replaces_them(api: Api) -> None:
    path = f"{COMPANIES}/customer_stage"
    answer = api("PATCH", path, {"options": options("active", "gone")})
    assert [one["value"] for one in answer.json()["options"]] == ["active", "gone"]
    body = {"properties": {"name": "X", "customer_stage": "churned"}}
    assert api.post("/crm/objects/2026-09/companies", body).status_code == 400


def test_hubspots_own_definitions_stay(api: Api) -> None:
    answer = api("PATCH", f"{COMPANIES}/name", {"label": "Firm"})
    assert refusal(answer) == "READ_ONLY_DEFINITION"
    answer = api("DELETE", f"{COMPANIES}/name")
    assert refusal(answer) == "CANNOT_DELETE_STANDARD_PROPERTY"


def test_an_archived_property_is_unknown_and_comes_back_with_its_values(api: Api) -> None:
    company = f"/crm/objects/2026-09/companies/{api.company('Birch Ltd')}"
    assert api("DELETE", f"{COMPANIES}/plan").status_code == 204
    assert api.get(f"{COMPANIES}/plan").status_code == 404
    assert api("DELETE", f"{COMPANIES}/plan").status_code == 404
    assert api.get(f"{COMPANIES}/plan", archived="true").json()["archived"] is True
    assert "plan" not in api.get(company, properties="plan").json()["properties"]
    answer = api("PATCH", company, {"properties": {"plan": "Team"}})
    assert answer.json()["errors"][0]["code"] == "PROPERTY_DOESNT_EXIST"
    assert api.post(COMPANIES, definition("plan", label="Tariff")).status_code == 201
    assert api.get(f"{COMPANIES}/plan").json()["label"] == "Tariff"
    assert api.get(company, properties="plan").json()["properties"]["plan"] == "Pro"


def test_a_property_in_use_cannot_be_archived(api: Api) -> None:
    answer = api("DELETE", f"{COMPANIES}/contract_end_date")
    assert refusal(answer) == "CANNOT_DELETE_PROPERTY_IN_USE"
    assert answer.json()["errors"][0]["context"] == {
        "parentType": ["WORKFLOW"],
        "parentName": ["Remind of renewals"],
    }


def test_batches_of_properties(api: Api) -> None:
    inputs = [definition("one"), definition("plan"), definition("two")]
    answer = api.post(f"{COMPANIES}/batch/create", {"inputs": inputs})
    assert answer.status_code == 207
    assert [one["name"] for one in answer.json()["results"]] == ["one", "two"]
    assert answer.json()["errors"][0]["category"] == "OBJECT_ALREADY_EXISTS"
    named = {"inputs": [{"name": "one"}, {"name": "nope"}]}
    read = api.post(f"{COMPANIES}/batch/read", {"archived": False, **named})
    assert read.status_code == 207
    assert [one["name"] for one in read.json()["results"]] == ["one"]
    assert api.post(f"{COMPANIES}/batch/archive", named).status_code == 204
    assert api.get(f"{COMPANIES}/one").status_code == 404


def test_groups(api: Api) -> None:
    path = f"{COMPANIES}/groups"
    made = api.post(path, {"name": "exit", "label": "Exit"})
    assert made.status_code == 201
    assert made.json() == {"name": "exit", "label": "Exit", "displayOrder": -1, "archived": False}
    assert api.post(path, {"name": "exit", "label": "Exit"}).status_code == 409
    assert api("PATCH", f"{path}/exit", {"label": "Leaving"}).json()["label"] == "Leaving"
    assert api.get(f"{path}/exit").json()["label"] == "Leaving"
    assert "exit" in [one["name"] for one in api.get(path).json()["results"]]
    assert api.post(COMPANIES, definition("why", groupName="exit")).status_code == 201
    answer = api("DELETE", f"{path}/exit")
    assert answer.json()["subCategory"] == "PropertyGroupError.GROUP_WITH_ACTIVE_PROPERTIES"
    api("DELETE", f"{COMPANIES}/why")
    assert api("DELETE", f"{path}/exit").status_code == 204
    assert api.get(f"{path}/exit").status_code == 404
    assert api.get(f"{COMPANIES}/why", archived="true").status_code == 200
