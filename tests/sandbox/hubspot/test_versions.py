"""Every operation by the names that clients of several years know it by."""

from __future__ import annotations

import pytest

from tests.sandbox.hubspot.client import Api

OLD = "/crm/v3/associations/contacts/companies"


@pytest.mark.parametrize(
    ("dated", "numbered"),
    [
        ("/crm/objects/{}/companies", "/crm/v3/objects/companies"),
        ("/crm/objects/{}/0-2", "/crm/v3/objects/0-2"),
        ("/crm/properties/{}/companies", "/crm/v3/properties/companies"),
        ("/crm/properties/{}/companies/groups", "/crm/v3/properties/companies/groups"),
        ("/crm/owners/{}", "/crm/v3/owners/"),
        ("/crm/pipelines/{}/deals", "/crm/v3/pipelines/deals"),
        ("/crm/pipelines/{}/deals/default/stages", "/crm/v3/pipelines/deals/default/stages"),
        ("/crm-object-schemas/{}/schemas/deals", "/crm-object-schemas/v3/schemas/deals"),
        ("/crm/schemas/{}/deals", "/crm/v3/schemas/deals"),
        (
            "/crm/associations/{}/contacts/companies/labels",
            "/crm/v4/associations/contacts/companies/labels",
        ),
        ("/account-info/{}/details", "/account-info/v3/details"),
        (
            "/communication-preferences/{}/statuses/ida@birch.example?channel=EMAIL",
            "/communication-preferences/v4/statuses/ida@birch.example?channel=EMAIL",
        ),
    ],
)
def test_what_is_read_by_each_name(api: Api, dated: str, numbered: str) -> None:
    newest, second, oldest = (
        api.get(path) for path in (dated.format("2026-09"), dated.format("2026-03"), numbered)
    )
    assert newest.status_code == 200, newest.text
    assert newest.json() == second.json() == oldest.json()


def test_writes_by_the_old_names(api: Api) -> None:
    made = api.post("/crm/v3/objects/companies", {"properties": {"name": "Elm"}})
    assert made.status_code == 201
    id = made.json()["id"]
    batch = {"inputs": [{"id": id, "properties": {"name": "Elm Ltd"}}]}
    assert api.post("/crm/v3/objects/companies/batch/update", batch).status_code == 200
    assert api.get(f"/crm/objects/2026-03/companies/{id}").json()["properties"]["name"] == "Elm Ltd"
    members = api.post(
        "/crm/v3/lists/", {"name": "A", "objectTypeId": "0-2", "processingType": "MANUAL"}
    ).json()["list"]["listId"]
    added = api("PUT", f"/crm/v3/lists/{members}/memberships/add", [id]).json()
    assert added["recordsIdsAdded"] == [id]


@pytest.mark.parametrize(
    "path",
    [
        "/crm/v1/objects/companies",
        "/crm/v4/objects/companies",
        "/crm/objects/2025-09/companies",
        "/crm/v3/associations/contacts/companies/labels",
        "/communication-preferences/v3/statuses/ida@birch.example",
    ],
)
def test_versions_that_have_no_such_operation(api: Api, path: str) -> None:
    assert api.get(path).status_code == 404


def test_version_4_tells_associated_records_by_number(api: Api) -> None:
    ida, birch = api.contact("ida@birch.example"), api.company("Birch Ltd")
    path = f"objects/contacts/{ida}/associations/companies"
    (old,) = api.get(f"/crm/v4/{path}").json()["results"]
    (new,) = api.get(f"/crm/objects/2026-09/contacts/{ida}/associations/companies").json()[
        "results"
    ]
    assert (old["toObjectId"], new["toObjectId"]) == (int(birch), birch)


def test_version_3_names_the_types_of_associations(api: Api) -> None:
    company = api.company("Dogwood")
    ida = api.contact("ida@birch.example")
    one = {"from": {"id": ida}, "to": {"id": company}, "type": "contact_to_company_unlabeled"}
    made = api.post(f"{OLD}/batch/create", {"inputs": [one, {**one, "to": {"id": "7"}}]})
    assert made.status_code == 207
    assert made.json()["results"] == [one]
    read = api.post(f"{OLD}/batch/read", {"inputs": [{"id": ida}, {"id": "7"}]}).json()
    assert {"id": company, "type": one["type"]} in read["results"][0]["to"]
    assert read["errors"][0]["subCategory"] == "crm.associations.NO_ASSOCIATIONS_FOUND"
    assert api.post(f"{OLD}/batch/archive", {"inputs": [one]}).status_code == 204
    read = api.post(f"{OLD}/batch/read", {"inputs": [{"id": ida}]}).json()
    assert company not in [to["id"] for to in read["results"][0]["to"]]
    wrong = api.post(f"{OLD}/batch/archive", {"inputs": [{**one, "type": "friend"}]})
    assert wrong.json()["subCategory"] == "crm.associations.INVALID_ASSOCIATION_TYPE"


def test_version_3_takes_a_type_by_its_number(api: Api) -> None:
    task = api.task(api.company("Birch Ltd"))
    pair = {"from": {"id": task}, "to": {"id": api.company("Dogwood")}, "type": "192"}
    made = api.post("/crm/v3/associations/tasks/companies/batch/create", {"inputs": [pair]})
    assert made.status_code == 201


def test_version_3_of_subscriptions(api: Api) -> None:
    path, address = "/communication-preferences/v3", "ida@birch.example"
    body = {
        "emailAddress": address,
        "subscriptionId": "604218001",
        "legalBasis": "CONSENT_WITH_NOTICE",
    }
    first = api.get(f"{path}/status/email/{address}").json()
    assert first["recipient"] == address
    assert {one["status"] for one in first["subscriptionStatuses"]} == {"NOT_SUBSCRIBED"}
    assert api.post(f"{path}/subscribe", body).json()["status"] == "SUBSCRIBED"
    assert api.post(f"{path}/subscribe", body).status_code == 400
    assert api.post(f"{path}/unsubscribe", body).json()["status"] == "NOT_SUBSCRIBED"
    left = api.get(f"{path}/status/email/jon@birch.example").json()["subscriptionStatuses"]
    assert {one["sourceOfStatus"] for one in left} == {"PORTAL_WIDE_STATUS"}
    assert api.post(f"{path}/subscribe", {**body, "subscriptionId": "1"}).status_code == 404


def test_a_label_goes_both_ways_and_off_again(api: Api) -> None:
    labels = "/crm/associations/2026-09/contacts/companies/labels"
    body = {"name": "buyer", "label": "Buys for", "inverseLabel": "Buyer"}
    there, back = api.post(labels, body).json()["results"]
    assert (there["category"], there["label"], back["label"]) == (
        "USER_DEFINED",
        "Buys for",
        "Buyer",
    )
    assert api.post(labels, body).status_code == 400
    spec = {"associationCategory": "USER_DEFINED", "associationTypeId": there["typeId"]}
    contact, company = api.contact("ida@birch.example"), api.company("Dogwood")
    path = f"/crm/objects/2026-09/contacts/{contact}/associations/companies/{company}"
    assert api("PUT", path, [spec]).json()["labels"] == ["Buys for"]
    other = f"/crm/objects/2026-09/companies/{company}/associations/contacts"
    assert "Buyer" in str(api.get(other).json())
    rename = {"associationTypeId": there["typeId"], "label": "Pays for"}
    assert api("PUT", labels, rename).status_code == 204
    assert "Pays for" in api.get(labels).text
    assert api("DELETE", f"{labels}/{there['typeId']}").status_code == 204
    (linked,) = api.get(other).json()["results"]
    assert "USER_DEFINED" not in str(linked["associationTypes"])
    typed = api.post(f"{OLD}/batch/read", {"inputs": [{"id": contact}]}).json()["results"]
    assert "buyer" not in str(typed)
    assert api("DELETE", f"{labels}/{there['typeId']}").status_code == 404


def test_what_an_object_is_like(api: Api) -> None:
    deals = api.get("/crm-object-schemas/v3/schemas/deals").json()
    assert deals["requiredProperties"] == ["dealname", "dealstage"]
    assert "dealstage" in [one["name"] for one in deals["properties"]]
    assert {"deal_to_company"} <= {one["name"] for one in deals["associations"]}


@pytest.mark.parametrize(
    "path",
    [
        "/crm/v3/objects/contacts/",
        "/crm/objects/2026-09/companies/",
        "/crm/v3/properties/contacts/",
        "/crm/v3/lists/",
        "/account-info/v3/details/",
    ],
)
def test_a_slash_at_the_end_does_no_harm(api: Api, path: str) -> None:
    assert api.get(path).status_code == 200


@pytest.mark.parametrize(
    ("path", "said", "status"),
    [
        ("/crm/v3/objects/companies", "application/x-www-form-urlencoded", 415),
        ("/crm/v3/objects/companies", "text/plain", 415),
        ("/crm/v3/objects/companies", "application/json; charset=utf-8", 201),
        ("/crm/v3/objects/companies", "", 201),
        ("/oauth/v1/token", "application/json", 415),
    ],
)
def test_bodies_are_of_the_kind_that_is_taken(api: Api, path: str, said: str, status: int) -> None:
    headers = {"Content-Type": said} if said else {}
    body = b'{"properties": {"name": "Elm"}}'
    answer = api.session.post(api.url + path, data=body, headers=headers, timeout=10)
    assert answer.status_code == status
    assert status < 400 or answer.json()["status"] == "error"
