from __future__ import annotations

import pytest

from tests.sandbox.hubspot.client import Api

OBJECTS = "/crm/objects/2026-09"
BATCH = "/crm/associations/2026-09"


def spec(type_id: int, category: str = "HUBSPOT_DEFINED") -> dict[str, object]:
    return {"associationCategory": category, "associationTypeId": type_id}


def pair(one: str, two: str, *type_ids: int) -> dict[str, object]:
    """One input of a batch."""
    ends: dict[str, object] = {"from": {"id": one}, "to": {"id": two}}
    return ends | {"types": [spec(type_id) for type_id in type_ids]} if type_ids else ends


def labels(api: Api, path: str) -> dict[str, list[tuple[int, str | None]]]:
    """Type ids and labels by the associated record."""
    return {
        one["toObjectId"]: [(t["typeId"], t["label"]) for t in one["associationTypes"]]
        for one in api.get(path).json()["results"]
    }


def test_the_default_association_goes_both_ways(api: Api) -> None:
    task, company = api.create("tasks", hs_timestamp="0"), api.company("Dogwood")
    path = f"{OBJECTS}/tasks/{task}/associations/default/companies/{company}"
    answer = api("PUT", path)
    assert answer.status_code == 200
    there, back = answer.json()["results"]
    assert there == {
        "from": {"id": task},
        "to": {"id": company},
        "associationSpec": spec(192),
    }
    assert back["associationSpec"] == spec(191)
    assert labels(api, f"{OBJECTS}/companies/{company}/associations/tasks") == {task: [(191, None)]}
    assert api("PUT", path).status_code == 200
    assert labels(api, f"{OBJECTS}/task/{task}/associations/0-2") == {company: [(192, None)]}


def test_the_first_company_is_primary_and_a_label_moves_that(api: Api) -> None:
    contact = api.contact("kim@cedar.example")
    cedar, dogwood = api.company("Cedar Inc"), api.company("Dogwood")
    path = f"{OBJECTS}/contacts/{contact}/associations/companies"
    api("PUT", f"{OBJECTS}/contacts/{contact}/associations/default/companies/{dogwood}")
    assert labels(api, path) == {
        cedar: [(1, "Primary"), (279, None)],
        dogwood: [(279, None)],
    }
    answer = api("PUT", f"{path}/{dogwood}", [spec(1)])
    assert answer.status_code == 201
    assert answer.json() == {
        "fromObjectTypeId": "0-1",
        "fromObjectId": contact,
        "toObjectTypeId": "0-2",
        "toObjectId": dogwood,
        "labels": ["Primary"],
    }
    assert labels(api, path) == {
        cedar: [(279, None)],
        dogwood: [(1, "Primary"), (279, None)],
    }
    read = api.get(f"{OBJECTS}/contacts/{contact}", properties="associatedcompanyid").json()
    assert read["properties"]["associatedcompanyid"] == dogwood
    read = api.get(f"{OBJECTS}/companies/{dogwood}", properties="num_associated_contacts").json()
    assert read["properties"]["num_associated_contacts"] == "1"


def test_the_primary_label_from_the_companys_side(api: Api) -> None:
    contact, dogwood = api.contact("kim@cedar.example"), api.company("Dogwood")
    path = f"{OBJECTS}/companies/{dogwood}/associations/contacts/{contact}"
    assert api("PUT", path, [spec(2)]).status_code == 201
    read = api.get(f"{OBJECTS}/contacts/{contact}", properties="associatedcompanyid").json()
    assert read["properties"]["associatedcompanyid"] == dogwood


def test_removing_takes_every_type(api: Api) -> None:
    contact, cedar = api.contact("kim@cedar.example"), api.company("Cedar Inc")
    path = f"{OBJECTS}/contacts/{contact}/associations/companies/{cedar}"
    assert api("DELETE", path).status_code == 204
    assert labels(api, f"{OBJECTS}/companies/{cedar}/associations/contacts") == {}
    assert api("DELETE", path).status_code == 204


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("contacts/{c}/associations/companies/{d}", [spec(192)]),
        ("contacts/{c}/associations/companies/{d}", [spec(1, "USER_DEFINED")]),
        ("contacts/{c}/associations/companies/{d}", []),
        ("contacts/{c}/associations/companies/999", [spec(1)]),
        ("contacts/{c}/associations/default/companies/999", None),
        ("tasks/{c}/associations/default/notes/{d}", None),
    ],
)
def test_what_cannot_be_associated(api: Api, path: str, body: object) -> None:
    ids = {"c": api.contact("kim@cedar.example"), "d": api.company("Dogwood")}
    assert api("PUT", f"{OBJECTS}/{path.format(**ids)}", body).status_code == 400


def test_the_types_between_two_objects(api: Api) -> None:
    answer = api.get(f"{BATCH}/contacts/companies/labels").json()
    assert answer["results"] == [
        {"category": "HUBSPOT_DEFINED", "typeId": 279, "label": None},
        {"category": "HUBSPOT_DEFINED", "typeId": 1, "label": "Primary"},
    ]


def test_a_batch_read_tells_who_has_none(api: Api) -> None:
    birch, dogwood = api.company("Birch Ltd"), api.company("Dogwood")
    body = {"inputs": [{"id": birch}, {"id": dogwood}]}
    answer = api.post(f"{BATCH}/companies/contacts/batch/read", body)
    assert answer.status_code == 207
    (found,) = answer.json()["results"]
    assert found["from"] == {"id": birch}
    people = [api.contact("ida@birch.example"), api.contact("jon@birch.example")]
    assert [one["toObjectId"] for one in found["to"]] == people
    (error,) = answer.json()["errors"]
    assert error["category"] == "OBJECT_NOT_FOUND"
    assert error["context"] == {"fromObjectId": [dogwood]}


def test_batches_make_label_and_remove(api: Api) -> None:
    contact = api.contact("kim@cedar.example")
    birch, dogwood = api.company("Birch Ltd"), api.company("Dogwood")
    inputs = [pair(contact, birch, 279), pair(contact, dogwood, 1), pair(contact, "999", 279)]
    made = api.post(f"{BATCH}/contacts/companies/batch/create", {"inputs": inputs})
    assert made.status_code == 207
    assert len(made.json()["results"]) == 2
    assert made.json()["errors"][0]["context"] == {"COMPANY": ["999"]}
    path = f"{OBJECTS}/contacts/{contact}/associations/companies"
    assert labels(api, path)[dogwood] == [(1, "Primary"), (279, None)]
    unlabel = {"inputs": [pair(contact, dogwood, 1)]}
    url = f"{BATCH}/contacts/companies/batch/labels/archive"
    assert api.post(url, unlabel).status_code == 200
    assert labels(api, path)[dogwood] == [(279, None)]
    gone = {"inputs": [{"from": {"id": contact}, "to": [{"id": birch}, {"id": dogwood}]}]}
    assert api.post(f"{BATCH}/contacts/companies/batch/archive", gone).status_code == 200
    assert list(labels(api, path)) == [api.company("Cedar Inc")]


def test_a_batch_of_defaults(api: Api) -> None:
    task = api.create("tasks", hs_timestamp="0")
    company, contact = api.company("Dogwood"), api.contact("kim@cedar.example")
    body = {"inputs": [pair(task, company)]}
    answer = api.post(f"{BATCH}/tasks/companies/batch/associate/default", body)
    assert answer.status_code == 200
    assert len(answer.json()["results"]) == 2
    body = {"inputs": [pair(task, contact), pair(task, "999")]}
    answer = api.post(f"{BATCH}/tasks/contacts/batch/associate/default", body)
    assert answer.status_code == 207
    assert labels(api, f"{OBJECTS}/tasks/{task}/associations/contacts") == {contact: [(204, None)]}


def test_how_many_a_batch_takes(api: Api) -> None:
    ids = [{"id": str(n)} for n in range(1_001)]
    url = f"{BATCH}/companies/contacts/batch/read"
    assert api.post(url, {"inputs": ids[:1_000]}).status_code == 207
    assert api.post(url, {"inputs": ids}).status_code == 400
    pairs = [pair("1", "2", 279) for _ in range(2_001)]
    url = f"{BATCH}/contacts/companies/batch/create"
    assert api.post(url, {"inputs": pairs}).status_code == 400


def test_pages_of_associations(api: Api) -> None:
    company = api.company("Birch Ltd")
    path = f"{OBJECTS}/companies/{company}/associations/contacts"
    first = api.get(path, limit=1).json()
    after = first["paging"]["next"]["after"]
    second = api.get(path, limit=1, after=after).json()
    found = [one["toObjectId"] for one in first["results"] + second["results"]]
    assert found == [api.contact("ida@birch.example"), api.contact("jon@birch.example")]
    assert "paging" not in second
    assert api.get(f"{OBJECTS}/companies/999/associations/contacts").status_code == 404


def test_a_type_in_the_path_associates_and_takes_off(api: Api) -> None:
    contact, dogwood = api.contact("kim@cedar.example"), api.company("Dogwood")
    cedar = api.company("Cedar Inc")
    for root in (OBJECTS, "/crm/objects/2026-03", "/crm/v3/objects"):
        path = f"{root}/contacts/{contact}/associations/companies/{dogwood}/279"
        answer = api("PUT", path)
        assert answer.status_code == 200
        assert answer.json()["id"] == contact
        linked = answer.json()["associations"]["companies"]["results"]
        assert {"id": dogwood, "type": "contact_to_company_unlabeled"} in linked
        assert api("DELETE", path).status_code == 204
        assert api("DELETE", path).status_code == 204
        read = api.get(f"/crm/v3/objects/contacts/{contact}/associations/companies").json()
        assert {one["id"] for one in read["results"]} == {cedar}
    named = f"/crm/v3/objects/contacts/{contact}/associations/companies/{dogwood}"
    assert api("PUT", f"{named}/contact_to_company").status_code == 200
    assert api("PUT", f"{named}/192").status_code == 400
    assert api("PUT", f"{named[: -len(dogwood)]}999/279").status_code == 400
    read = api.get(f"/crm/v3/objects/contacts/{contact}/associations/company", limit=1).json()
    assert read["results"] == [{"id": cedar, "type": "contact_to_company_unlabeled"}]
    assert read["paging"]["next"]["after"] == dogwood
    assert api.get("/crm/v3/objects/contacts/999/associations/companies").status_code == 404


def test_a_label_replaces_those_that_are_not_named_with_it(api: Api) -> None:
    contact, cedar = api.contact("kim@cedar.example"), api.company("Cedar Inc")
    path = f"{OBJECTS}/contacts/{contact}/associations/companies"
    made = {}
    for word in ("Boss", "Chef"):
        answer = api.post(f"{BATCH}/contacts/companies/labels", {"name": word, "label": word})
        made[word] = spec(answer.json()["results"][0]["typeId"], "USER_DEFINED")

    def held() -> list[str | None]:
        return sorted(label or "" for _, label in labels(api, path)[cedar])

    api("PUT", f"{path}/{cedar}", [made["Boss"]])
    assert held() == ["", "Boss", "Primary"]
    api("PUT", f"{path}/{cedar}", [made["Chef"]])
    assert held() == ["", "Chef", "Primary"]
    one = {"from": {"id": contact}, "to": {"id": cedar}, "types": list(made.values())}
    api.post(f"{BATCH}/contacts/companies/batch/create", {"inputs": [one]})
    assert held() == ["", "Boss", "Chef", "Primary"]
    api("PUT", f"{path}/{cedar}", [spec(279)])
    assert held() == ["", "Boss", "Chef", "Primary"]


def test_without_the_unlabelled_type_nothing_is_left(api: Api) -> None:
    contact, cedar = api.contact("kim@cedar.example"), api.company("Cedar Inc")
    body = {"inputs": [pair(contact, cedar, 279)]}
    answer = api.post(f"{BATCH}/contacts/companies/batch/labels/archive", body)
    assert (answer.status_code, answer.json()["results"]) == (200, [])
    assert labels(api, f"{OBJECTS}/contacts/{contact}/associations/companies") == {}


@pytest.mark.parametrize(
    ("root", "made", "removed"),
    [
        ("/crm/associations/2026-09", 200, 200),
        ("/crm/associations/2026-03", 201, 200),
        ("/crm/v4/associations", 201, 204),
    ],
)
def test_the_statuses_of_batches_are_those_of_the_version(
    api: Api, root: str, made: int, removed: int
) -> None:
    contact, cedar = api.contact("kim@cedar.example"), api.company("Cedar Inc")
    path, body = f"{root}/contacts/companies/batch", {"inputs": [pair(contact, cedar, 279)]}
    assert api.post(f"{path}/create", body).status_code == made
    assert api.post(f"{path}/labels/archive", body).status_code == removed
    body = {"inputs": [{"from": {"id": contact}, "to": [{"id": cedar}]}]}
    assert api.post(f"{path}/archive", body).status_code == removed


def crowd(api: Api, company: str, many: int) -> list[str]:
    """So many new contacts of a company."""
    ids = []
    for start in range(0, many, 100):
        people = [{"properties": {"lastname": "X"}} for _ in range(min(100, many - start))]
        made = api.post(f"{OBJECTS}/contacts/batch/create", {"inputs": people}).json()["results"]
        ids += [one["id"] for one in made]
    inputs = [pair(one, company) for one in ids]
    api.post(f"{BATCH}/contacts/companies/batch/associate/default", {"inputs": inputs})
    return ids


def test_a_batch_tells_five_hundred_of_each_and_where_it_goes_on(api: Api) -> None:
    dogwood = api.company("Dogwood")
    ids = crowd(api, dogwood, 501)
    path = f"{BATCH}/companies/contacts/batch/read"
    (first,) = api.post(path, {"inputs": [{"id": dogwood}]}).json()["results"]
    assert [one["toObjectId"] for one in first["to"]] == ids[:500]
    after = first["paging"]["next"]["after"]
    (rest,) = api.post(path, {"inputs": [{"id": dogwood, "after": after}]}).json()["results"]
    assert [one["toObjectId"] for one in rest["to"]] == ids[500:]
    assert "paging" not in rest
    link = api.session.get(first["paging"]["next"]["link"], timeout=10).json()
    assert [one["toObjectId"] for one in link["results"]] == ids[500:]


def test_other_answers_tell_a_hundred_of_each(api: Api) -> None:
    dogwood = api.company("Dogwood")
    ids = crowd(api, dogwood, 101)
    old = "/crm/v3/associations/companies/contacts/batch/read"
    (told,) = api.post(old, {"inputs": [{"id": dogwood}]}).json()["results"]
    read = api.get(f"/crm/v3/objects/companies/{dogwood}", associations="contacts").json()
    for one in (told["to"], read["associations"]["contacts"]["results"]):
        assert list(dict.fromkeys(there["id"] for there in one)) == ids[:100]
    for page in (told["paging"], read["associations"]["contacts"]["paging"]):
        rest = api.session.get(page["next"]["link"], timeout=10).json()["results"]
        assert {one.get("id") or one["toObjectId"] for one in rest} == set(ids[100:])
