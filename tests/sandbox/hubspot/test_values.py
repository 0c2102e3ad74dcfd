"""What properties accept, and what HubSpot says where it does not."""

from __future__ import annotations

import json

import pytest

from integrations.sandbox.hubspot import HubSpot
from tests.sandbox.hubspot.client import Api

COMPANIES = "/crm/objects/2026-09/companies"


def refused(api: Api, kind: str = "companies", **values: object) -> tuple[str, str]:
    """The code and the words with which these values are refused."""
    required = {"companies": {"name": "X"}, "tasks": {"hs_timestamp": "0"}, "contacts": {}}[kind]
    answer = api.post(f"/crm/objects/2026-09/{kind}", {"properties": {**required, **values}})
    assert answer.status_code == 400, answer.text
    body = answer.json()
    assert body["category"] == "VALIDATION_ERROR"
    (error,) = body["errors"]
    assert error["context"] == {"propertyName": list(values)}
    prefix, _, listed = body["message"].partition(": ")
    assert prefix == "Property values were not valid"
    (told,) = json.loads(listed)
    assert told["isValid"] is False
    assert told["error"] == error["code"]
    assert told["message"] == told["localizedErrorMessage"] == error["message"]
    return error["code"], error["message"]


def test_an_unknown_property(api: Api) -> None:
    assert refused(api, testproperty="1") == (
        "PROPERTY_DOESNT_EXIST",
        'Property "testproperty" does not exist',
    )


def test_an_option_that_is_not_listed(api: Api) -> None:
    assert refused(api, customer_stage="gone") == (
        "INVALID_OPTION",
        "gone was not one of the allowed options: [active, at_risk, churning, churned]",
    )
    assert refused(api, customer_stage="Active")[0] == "INVALID_OPTION"


@pytest.mark.parametrize("value", ["12x", "1e3", "1.4210854715202004e-14", "--1", "."])
def test_what_is_no_number(api: Api, value: str) -> None:
    assert refused(api, mrr=value) == ("INVALID_INTEGER", f"{value} was not a valid number.")


def test_what_is_no_flag(api: Api) -> None:
    assert refused(api, is_public="maybe")[0] == "INVALID_BOOLEAN"


def test_what_is_no_moment(api: Api) -> None:
    assert refused(api, closedate="soon") == ("INVALID_LONG", "soon was not a valid long.")


def test_a_date_is_at_midnight(api: Api) -> None:
    assert refused(api, contract_end_date="1570233600") == (
        "INVALID_DATE",
        "1570233600 is at 4:10:33.600 UTC, not midnight!",
    )


def test_what_is_no_address(api: Api) -> None:
    assert refused(api, "contacts", email="ida@") == (
        "INVALID_EMAIL",
        "Email address ida@ is invalid",
    )


def test_read_only_and_calculated_properties(api: Api) -> None:
    assert refused(api, hs_object_id="7")[0] == "READ_ONLY_VALUE"
    assert refused(api, num_associated_contacts="7")[0] == "READ_ONLY_VALUE"


def test_an_owner_who_is_nobody_or_only_a_users_id(api: Api) -> None:
    owner = api.get("/crm/owners/2026-09").json()["results"][0]
    assert refused(api, hubspot_owner_id="17")[0] == "INVALID_OWNER_ID"
    assert refused(api, hubspot_owner_id=owner["userId"])[0] == "INVALID_OWNER_ID"
    assert refused(api, csm_owner="17")[0] == "INVALID_OWNER_ID"
    assert api.create("companies", name="Elm", hubspot_owner_id=owner["id"])


def test_an_owner_without_a_seat_is_still_accepted(api: Api) -> None:
    (gone,) = api.get("/crm/owners/2026-09", archived="true").json()["results"]
    assert api.create("companies", name="Elm", hubspot_owner_id=gone["id"])


def test_text_has_65536_characters_at_most(api: Api) -> None:
    assert api.create("companies", name="X", description="ä" * 65_536)
    assert refused(api, description="ä" * 65_537)[0] == "PROPERTY_VALUE_TOO_LONG"


def test_white_space_around_what_is_no_text(api: Api) -> None:
    assert refused(api, mrr=" 5")[0] == "LEADING_TRAILING_WHITESPACE"
    company = api.create("companies", name=" Elm ")
    assert api.get(f"{COMPANIES}/{company}").json()["properties"]["name"] == " Elm "


def test_a_value_that_is_an_object(api: Api) -> None:
    answer = api.post(COMPANIES, {"properties": {"name": {"first": "x"}}})
    assert answer.status_code == 400
    assert answer.json()["message"].startswith("Invalid input JSON")


def test_several_complaints_come_together(api: Api) -> None:
    body = {"properties": {"name": "X", "mrr": "many", "nope": "1"}}
    errors = api.post(COMPANIES, body).json()["errors"]
    assert [error["code"] for error in errors] == ["INVALID_INTEGER", "PROPERTY_DOESNT_EXIST"]


@pytest.mark.parametrize(
    ("name", "sent", "kept"),
    [
        ("closedate", "1772442000120", "2026-03-02T09:00:00.120Z"),
        ("closedate", "2026-03-02T10:00:00+01:00", "2026-03-02T09:00:00Z"),
        ("closedate", 1772442000000, "2026-03-02T09:00:00Z"),
        ("contract_end_date", "1772409600000", "2026-03-02"),
        ("contract_end_date", "2026-03-02", "2026-03-02"),
        ("contract_end_date", "2026-03-02T00:00:00.000Z", "2026-03-02"),
        ("mrr", 12.5, "12.5"),
        ("is_public", True, "true"),
    ],
)
def test_how_values_are_kept(api: Api, name: str, sent: object, kept: str) -> None:
    company = api.create("companies", name="X", **{name: sent})
    read = api.get(f"{COMPANIES}/{company}", properties=name).json()
    assert read["properties"][name] == kept


def test_an_empty_value_clears(api: Api) -> None:
    path = f"{COMPANIES}/{api.company('Birch Ltd')}"
    api("PATCH", path, {"properties": {"plan": "", "seats": None}})
    read = api.get(path, properties="plan,seats", propertiesWithHistory="plan").json()
    assert read["properties"]["plan"] == ""
    assert read["properties"]["seats"] == ""
    assert [one["value"] for one in read["propertiesWithHistory"]["plan"]] == ["", "Pro"]


def test_several_choices_are_one_value_with_semicolons(api: Api) -> None:
    category = "BILLING_ISSUE;PRODUCT_ISSUE"
    ticket = api.create("tickets", hs_pipeline_stage="1", hs_ticket_category=category)
    path = f"/crm/objects/2026-09/tickets/{ticket}"
    api("PATCH", path, {"properties": {"hs_ticket_category": ";FEATURE_REQUEST"}})
    read = api.get(path).json()["properties"]
    assert read["hs_ticket_category"] == "BILLING_ISSUE;PRODUCT_ISSUE;FEATURE_REQUEST"
    assert read["hs_pipeline"] == "0"


@pytest.mark.parametrize(
    ("kind", "values", "missing"),
    [
        ("tasks", {"hs_task_subject": "x"}, ["hs_timestamp"]),
        ("notes", {"hs_note_body": "x"}, ["hs_timestamp"]),
        ("emails", {"hs_timestamp": "0"}, ["hs_email_direction"]),
        ("companies", {"city": "Ulm"}, ["name"]),
        ("deals", {"amount": "1"}, ["dealname", "dealstage"]),
        ("tickets", {"subject": "x"}, ["hs_pipeline_stage"]),
    ],
)
def test_what_a_new_record_needs(
    api: Api, kind: str, values: dict[str, str], missing: list[str]
) -> None:
    answer = api.post(f"/crm/objects/2026-09/{kind}", {"properties": values})
    assert answer.status_code == 400
    assert answer.json()["message"].endswith("Some required properties were not set.")
    assert answer.json()["context"] == {"properties": missing}


def test_a_refused_create_uses_up_an_id(api: Api, hubspot: HubSpot) -> None:
    first = int(api.create("companies", name="A"))
    api.post(COMPANIES, {"properties": {"name": "B", "nope": "1"}})
    assert int(api.create("companies", name="C")) == first + 2


def test_a_task_knows_that_it_is_done(api: Api) -> None:
    task = api.task(api.company("Dogwood"))
    path = f"/crm/objects/2026-09/tasks/{task}"
    names = "hs_task_is_completed,hs_task_completion_date,hs_task_status"
    assert api.get(path, properties=names).json()["properties"]["hs_task_is_completed"] == "0"
    api("PATCH", path, {"properties": {"hs_task_status": "COMPLETED"}})
    done = api.get(path, properties=names).json()["properties"]
    assert done["hs_task_is_completed"] == "1"
    assert done["hs_task_completion_date"] == "2026-03-02T09:00:00Z"
