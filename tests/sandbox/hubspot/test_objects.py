from __future__ import annotations

from datetime import timedelta

import pytest

from integrations.sandbox.world import World
from tests.sandbox.hubspot.client import NOW, Api, about

COMPANIES = "/crm/objects/2026-09/companies"
CONTACTS = "/crm/objects/2026-09/contacts"


def test_a_list_is_paged_by_the_id_of_the_next_record(api: Api) -> None:
    first = api.get(COMPANIES, limit=2).json()
    assert [one["properties"]["name"] for one in first["results"]] == ["Birch Ltd", "Cedar Inc"]
    after = first["paging"]["next"]["after"]
    second = api.get(COMPANIES, limit=2, after=after).json()
    assert [one["id"] for one in second["results"]] == [after]
    assert "paging" not in second


def test_the_link_of_a_page_leads_to_the_next_one(api: Api) -> None:
    link = api.get(COMPANIES, limit=1, properties="name").json()["paging"]["next"]["link"]
    found = api.session.get(link, timeout=10).json()["results"][0]
    assert found["properties"]["name"] == "Cedar Inc"


def test_unasked_properties_are_the_usual_ones(api: Api) -> None:
    found = api.get(f"{COMPANIES}/{api.company('Birch Ltd')}").json()
    assert set(found["properties"]) == {
        "createdate",
        "domain",
        "hs_lastmodifieddate",
        "hs_object_id",
        "name",
    }
    assert found["createdAt"] == "2025-05-06T09:00:00Z"
    assert found["archived"] is False


def test_asked_properties_without_a_value_are_null_and_unknown_ones_left_out(api: Api) -> None:
    names = ["city", "no_such_property", "country,mrr"]
    found = api.get(f"{COMPANIES}/{api.company('Birch Ltd')}", properties=names).json()
    assert found["properties"]["city"] is None
    assert found["properties"]["country"] == "DE"
    assert found["properties"]["mrr"] == "1250"
    assert "no_such_property" not in found["properties"]


@pytest.mark.parametrize("spelling", ["contacts", "contact", "CONTACT", "0-1"])
def test_an_object_type_has_several_spellings(api: Api, spelling: str) -> None:
    assert len(api.get(f"/crm/objects/2026-09/{spelling}").json()["results"]) == 3


@pytest.mark.parametrize(
    ("spelling", "words"),
    [
        ("widgets", "Unable to infer object type from: widgets"),
        ("0-9999", "Invalid object or event type id: 0-9999"),
    ],
)
def test_an_unknown_object_type_is_a_bad_request(api: Api, spelling: str, words: str) -> None:
    answer = api.get(f"/crm/objects/2026-09/{spelling}")
    assert answer.status_code == 400
    assert answer.json()["message"] == words
    assert "category" not in answer.json()


def test_a_create_answers_with_everything_it_set(api: Api) -> None:
    answer = api.post(COMPANIES, {"properties": {"name": "Elm", "annualrevenue": 1200}})
    assert answer.status_code == 201
    properties = answer.json()["properties"]
    assert properties["annualrevenue"] == "1200"
    assert properties["hs_object_source"] == "INTEGRATION"
    assert properties["hs_object_id"] == answer.json()["id"]
    assert properties["createdate"] == "2026-03-02T09:00:00Z" == answer.json()["createdAt"]


def test_ids_are_numbers_that_other_object_types_have_too(api: Api) -> None:
    company, contact = api.company("Birch Ltd"), api.contact("ida@birch.example")
    assert company.isdecimal()
    assert company == contact


def test_an_update_sets_what_is_given_and_moves_the_modification_date(
    api: Api, world: World
) -> None:
    company = api.company("Dogwood")
    world.clock.advance(timedelta(milliseconds=120))
    body = {"properties": {"city": "Ulm"}}
    answer = api("PATCH", f"{COMPANIES}/{company}", body).json()
    assert answer["properties"]["city"] == "Ulm"
    assert answer["properties"]["hs_lastmodifieddate"] == "2026-03-02T09:00:00.120Z"
    assert answer["updatedAt"] == "2026-03-02T09:00:00.120Z"
    world.clock.advance(timedelta(hours=1))
    again = api("PATCH", f"{COMPANIES}/{company}", body).json()
    assert again["updatedAt"] == answer["updatedAt"]


def test_an_update_without_properties_is_refused(api: Api) -> None:
    answer = api("PATCH", f"{COMPANIES}/{api.company('Dogwood')}", {"properties": {}})
    assert answer.status_code == 400
    assert answer.json()["message"].startswith("No properties found to update")


def test_updates_of_activities_pass_over_what_they_cannot_set(api: Api) -> None:
    task = api.task(api.company("Dogwood"))
    path = f"/crm/objects/2026-09/tasks/{task}"
    body = {"properties": {"nonsense": "1", "hs_object_id": "7", "hs_task_subject": "Write"}}
    assert api("PATCH", path, body).json()["properties"]["hs_task_subject"] == "Write"
    assert api("PATCH", path, {"properties": {"nonsense": "1"}}).status_code == 400


def test_a_contact_is_found_and_changed_by_its_address(api: Api) -> None:
    path = f"{CONTACTS}/IDA@birch.example"
    assert api.get(path, idProperty="email").json()["properties"]["lastname"] == "Falk"
    answer = api("PATCH", path, {"properties": {"jobtitle": "CEO"}}, idProperty="email")
    assert answer.json()["properties"]["jobtitle"] == "CEO"


def test_a_record_is_read_by_a_unique_property_and_by_no_other(api: Api) -> None:
    api.key()
    task = api.task(api.company("Dogwood"), outer_key="k1")
    assert api.get("/crm/objects/2026-09/tasks/k1", idProperty="outer_key").json()["id"] == task
    answer = api.get("/crm/objects/2026-09/tasks/x", idProperty="hs_task_subject")
    assert answer.status_code == 400


def test_an_archived_record_is_out_of_every_list_but_that_of_the_archived(api: Api) -> None:
    company = api.company("Cedar Inc")
    assert api("DELETE", f"{COMPANIES}/{company}").status_code == 204
    assert api.get(f"{COMPANIES}/{company}").status_code == 404
    assert len(api.get(COMPANIES).json()["results"]) == 2
    (found,) = api.get(COMPANIES, archived="true").json()["results"]
    assert found["id"] == company
    assert found["archivedAt"] == "2026-03-02T09:00:00Z"
    assert api.get(f"{COMPANIES}/{company}", archived="true").json()["archived"] is True
    contact = api.contact("kim@cedar.example")
    read = api.get(f"{CONTACTS}/{contact}", associations="companies").json()
    assert "associations" not in read
    assert api("DELETE", f"{COMPANIES}/{company}").status_code == 204


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_a_record_that_never_was_is_not_found(api: Api, method: str) -> None:
    body = {"properties": {"name": "X"}} if method == "PATCH" else None
    answer = api(method, f"{COMPANIES}/999", body)
    assert answer.status_code == 404
    assert answer.json()["category"] == "OBJECT_NOT_FOUND"


def test_history_tells_values_times_and_who(api: Api, world: World) -> None:
    company = api.company("Birch Ltd")
    ada = world.dialects["hubspot"].desk.colleagues()[0][0]
    world.clock.advance(timedelta(hours=1))
    world.dialects["hubspot"].desk.edit("companies", company, "customer_stage", "at_risk", by=ada)
    world.clock.advance(timedelta(hours=1))
    api("PATCH", f"{COMPANIES}/{company}", {"properties": {"customer_stage": "churning"}})
    read = api.get(f"{COMPANIES}/{company}", propertiesWithHistory="customer_stage").json()
    newest, by_ada, first = read["propertiesWithHistory"]["customer_stage"]
    assert (newest["value"], newest["sourceType"]) == ("churning", "INTEGRATION")
    assert "updatedByUserId" not in newest
    assert (by_ada["value"], by_ada["timestamp"]) == ("at_risk", "2026-03-02T10:00:00Z")
    assert by_ada["sourceType"] == "CRM_UI"
    assert by_ada["sourceId"] == f"userId:{by_ada['updatedByUserId']}"
    assert (first["value"], first["sourceType"]) == ("active", "IMPORT")


def test_a_list_with_history_has_shorter_pages(api: Api) -> None:
    assert api.get(COMPANIES, limit=100).status_code == 200
    assert api.get(COMPANIES, limit=101).status_code == 400
    asked = {"propertiesWithHistory": "customer_stage"}
    assert api.get(COMPANIES, limit=50, **asked).status_code == 200
    assert api.get(COMPANIES, limit=51, **asked).status_code == 400


def test_a_new_record_brings_its_associations_along(api: Api) -> None:
    company, contact = api.company("Birch Ltd"), api.contact("jon@birch.example")
    task = api.create(
        "tasks",
        [about(company, 192), about(contact, 204)],
        hs_timestamp="2026-03-09T09:00:00Z",
    )
    read = api.get(
        f"/crm/objects/2026-09/tasks/{task}", associations="companies,contacts,deals"
    ).json()
    assert read["associations"] == {
        "companies": {"results": [{"id": company, "type": "task_to_company"}]},
        "contacts": {"results": [{"id": contact, "type": "task_to_contact"}]},
    }


@pytest.mark.parametrize(
    ("association", "words"),
    [
        (about("999", 192), "COMPANY=999 is not valid"),
        (about("1", 4711), "No association type 4711 of category HUBSPOT_DEFINED"),
    ],
)
def test_a_wrong_association_refuses_the_whole_create(
    api: Api, association: dict[str, object], words: str
) -> None:
    body = {"properties": {"hs_timestamp": "0"}, "associations": [association]}
    answer = api.post("/crm/objects/2026-09/tasks", body)
    assert answer.status_code == 400
    assert answer.json()["message"].startswith(words)
    assert api.get("/crm/objects/2026-09/tasks").json()["results"] == []


def test_contacts_show_their_primary_company(api: Api) -> None:
    company, contact = api.company("Birch Ltd"), api.contact("ida@birch.example")
    read = api.get(f"{CONTACTS}/{contact}", associations="companies").json()
    assert read["associations"]["companies"]["results"] == [
        {"id": company, "type": "contact_to_company"},
        {"id": company, "type": "contact_to_company_unlabeled"},
    ]


def test_a_logged_activity_modifies_the_company(api: Api, world: World) -> None:
    company = api.company("Dogwood")
    world.clock.advance(timedelta(minutes=5))
    api.task(company)
    read = api.get(f"{COMPANIES}/{company}", properties="num_notes,notes_last_updated").json()
    assert read["properties"]["num_notes"] == "1"
    assert read["updatedAt"] == "2026-03-02T09:05:00Z"


def test_a_body_that_is_no_json_is_refused(api: Api) -> None:
    answer = api.session.post(api.url + COMPANIES, data=b"{nope", timeout=10)
    assert answer.status_code == 400
    assert answer.json()["message"].startswith("Invalid input JSON on line 1")


def test_the_date_of_an_answer_is_the_worlds(api: Api) -> None:
    assert api.get(COMPANIES).headers["Date"] == NOW.strftime("%a, %d %b %Y %H:%M:%S GMT")


def test_calls_and_meetings_are_activities_too(api: Api) -> None:
    company = api.company("Dogwood")
    values = {"hs_timestamp": "2026-03-02T09:00:00Z", "hs_call_status": "COMPLETED"}
    call = api.create("calls", [about(company, 182)], **values, hs_call_body="<p>Fine</p>")
    read = api.get(f"/crm/objects/2026-09/calls/{call}", properties="hs_body_preview").json()
    assert read["properties"]["hs_body_preview"] == "Fine"
    times = {"hs_timestamp": "0", "hs_meeting_outcome": "SCHEDULED"}
    meeting = api.create("meetings", **times, hs_meeting_title="Goodbye")
    path = f"/crm/objects/2026-09/meetings/{meeting}/associations/default/companies/{company}"
    assert api("PUT", path).json()["results"][0]["associationSpec"]["associationTypeId"] == 188
    notes = api.get(f"{COMPANIES}/{company}", properties="num_notes").json()["properties"]
    assert notes["num_notes"] == "2"
    found = api.post("/crm/v3/objects/0-47/search", {"query": "goodbye"}).json()
    assert [one["id"] for one in found["results"]] == [meeting]
    wrong = api.post("/crm/v3/objects/calls", {"properties": {**values, "hs_call_status": "x"}})
    assert wrong.status_code == 400
    assert api.post("/crm/v3/objects/calls", {"properties": {}}).status_code == 400


def test_an_association_has_to_say_of_which_type_it_is(api: Api) -> None:
    body = {"properties": {"name": "Elm"}, "associations": [{"to": {"id": api.company("Dogwood")}}]}
    refused = api.post(COMPANIES, body)
    assert refused.status_code == 400
    assert "[types]" in refused.json()["message"]


def test_a_line_item_is_made_of_a_product_for_a_deal(api: Api) -> None:
    product = api.create("products", name="Seat", price="12.50", hs_sku="S-1")
    deal = api.create("deals", dealname="D", dealstage="closedwon")
    item = api.create("line_items", [about(deal, 20)], hs_product_id=product, quantity="4")
    path = f"/crm/objects/2026-09/line_items/{item}"
    read = api.get(path, properties="name,price,amount,hs_sku").json()["properties"]
    assert (read["name"], read["price"], read["hs_sku"]) == ("Seat", "12.50", "S-1")
    assert float(read["amount"]) == 50
    changed = api("PATCH", path, {"properties": {"quantity": "2"}})
    assert changed.status_code == 200
    assert float(api.get(path).json()["properties"]["amount"]) == 25
    linked = api.get(f"/crm/objects/2026-09/deals/{deal}", associations="line_items").json()
    (there,) = linked["associations"]["line_items"]["results"]
    assert there == {"id": item, "type": "deal_to_line_item"}
    body = {"properties": {"hs_product_id": "1"}}
    assert api.post("/crm/v3/objects/line_items", body).status_code == 400
    assert api.post("/crm/v3/objects/products", {"properties": {}}).status_code == 400
