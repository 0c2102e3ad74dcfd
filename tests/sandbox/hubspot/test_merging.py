from __future__ import annotations

from datetime import timedelta

import pytest

from integrations.sandbox.hubspot import HubSpot
from integrations.sandbox.world import World
from tests.sandbox.hubspot.client import Api, about

CONTACTS = "/crm/objects/2026-09/contacts"
LISTS = "/crm/lists/2026-09"


@pytest.fixture
def pair(api: Api) -> tuple[str, str]:
    """Ida of Birch, and somebody who is Ida as well, with a task and in a list."""
    twin = api.create(
        "contacts",
        [about(api.company("Dogwood"), 279)],
        email="falk@birch.example",
        firstname="I.",
        phone="+49 30 1",
    )
    api.create("tasks", [about(twin, 204)], hs_timestamp="0")
    body = {"name": "Alumni", "objectTypeId": "0-1", "processingType": "MANUAL"}
    members = api.post(LISTS, body).json()["list"]["listId"]
    api("PUT", f"{LISTS}/{members}/memberships/add", [twin])
    return api.contact("ida@birch.example"), twin


def merge(api: Api, pair: tuple[str, str]) -> str:
    body = {"primaryObjectId": pair[0], "objectIdToMerge": pair[1]}
    answer = api.post(f"{CONTACTS}/merge", body)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


def test_the_survivor_has_what_both_had(api: Api, pair: tuple[str, str]) -> None:
    made = merge(api, pair)
    found = api.get(
        f"{CONTACTS}/{made}",
        properties="firstname,email,phone,hs_merged_object_ids,hs_additional_emails",
        associations="companies,tasks",
    ).json()
    values = found["properties"]
    assert (values["firstname"], values["email"], values["phone"]) == (
        "Ida",
        "ida@birch.example",
        "+49 30 1",
    )
    assert values["hs_merged_object_ids"].split(";") == list(pair)
    assert values["hs_additional_emails"] == "falk@birch.example"
    assert values["hs_object_id"] == made
    companies = {one["id"] for one in found["associations"]["companies"]["results"]}
    assert companies == {api.company("Birch Ltd"), api.company("Dogwood")}
    assert len(found["associations"]["tasks"]["results"]) == 1
    assert api.get(f"{LISTS}/1/memberships").json()["results"][0]["recordId"] == made


def test_it_has_a_new_id_and_answers_to_the_old_ones(api: Api, pair: tuple[str, str]) -> None:
    made = merge(api, pair)
    assert made not in pair
    for old in pair:
        assert api.get(f"{CONTACTS}/{old}").json()["id"] == made
        assert api.get(f"{CONTACTS}/{old}", archived="true").status_code == 404
    read = api.post(f"{CONTACTS}/batch/read", {"inputs": [{"id": pair[1]}], "properties": []})
    assert [one["id"] for one in read.json()["results"]] == [made]
    listed = api.get(CONTACTS, limit=100).json()["results"]
    assert not {one["id"] for one in listed} & set(pair)
    api("PATCH", f"{CONTACTS}/{pair[0]}", {"properties": {"jobtitle": "CEO"}})
    shown = api.get(f"{CONTACTS}/{made}", properties="jobtitle").json()["properties"]
    assert shown["jobtitle"] == "CEO"


def test_both_addresses_are_the_survivors(api: Api, pair: tuple[str, str]) -> None:
    made = merge(api, pair)
    assert api.contact("falk@birch.example") == api.contact("ida@birch.example") == made
    again = api.post(CONTACTS, {"properties": {"email": "falk@birch.example"}})
    assert again.status_code == 409
    api("DELETE", f"{CONTACTS}/{made}")
    assert api.post(CONTACTS, {"properties": {"email": "falk@birch.example"}}).status_code == 201


def test_two_that_knew_each_other_do_not_know_themselves(api: Api, pair: tuple[str, str]) -> None:
    of = f"{CONTACTS}/{pair[0]}/associations/default/contacts/{pair[1]}"
    assert api("PUT", of).status_code == 200
    made = merge(api, pair)
    assert api.get(f"{CONTACTS}/{made}/associations/contacts").json()["results"] == []


def test_a_portal_may_keep_the_id(api: Api, hubspot: HubSpot, pair: tuple[str, str]) -> None:
    hubspot.options["merge_keeps_id"] = True
    assert merge(api, pair) == pair[0]
    found = api.get(f"{CONTACTS}/{pair[1]}", properties="hs_merged_object_ids").json()
    assert (found["id"], found["properties"]["hs_merged_object_ids"]) == pair


def test_merged_twice_it_remembers_all(api: Api, pair: tuple[str, str]) -> None:
    first = merge(api, pair)
    kim = api.contact("kim@cedar.example")
    last = merge(api, (kim, first))
    assert {api.get(f"{CONTACTS}/{old}").json()["id"] for old in (*pair, first, kim)} == {last}
    found = api.get(f"{CONTACTS}/{last}", properties="hs_merged_object_ids").json()
    ids = found["properties"]["hs_merged_object_ids"].split(";")
    assert set(ids) == {*pair, first, kim}


def test_values_that_moved_say_so_and_history_stays(
    api: Api, world: World, pair: tuple[str, str]
) -> None:
    world.clock.advance(timedelta(hours=1))
    made = merge(api, pair)
    found = api.get(f"{CONTACTS}/{made}", propertiesWithHistory="phone,firstname").json()
    history = found["propertiesWithHistory"]
    assert history["phone"][0]["sourceType"] == "MERGE_OBJECTS"
    assert history["firstname"][0]["sourceType"] == "IMPORT"
    assert found["createdAt"] < "2026"


def test_what_cannot_be_merged(api: Api, pair: tuple[str, str]) -> None:
    path = f"{CONTACTS}/merge"
    same = {"primaryObjectId": pair[0], "objectIdToMerge": pair[0]}
    assert api.post(path, same).status_code == 400
    assert api.post(path, {**same, "objectIdToMerge": "7"}).status_code == 404
    assert api.post(path, {"primaryObjectId": pair[0]}).status_code == 400
    task = api.task(api.company("Birch Ltd"))
    both = {"primaryObjectId": task, "objectIdToMerge": task}
    assert api.post("/crm/objects/2026-09/tasks/merge", both).status_code == 400


def test_people_merge_delete_and_restore(api: Api, hubspot: HubSpot) -> None:
    desk, (birch, dog) = hubspot.desk, (api.company("Birch Ltd"), api.company("Dogwood"))
    ada = desk.colleagues()[0][0]
    path = "/crm/objects/2026-09/companies"
    desk.delete("companies", dog, by=ada)
    assert api.get(f"{path}/{dog}").status_code == 404
    assert api.get(f"{path}/{dog}", archived="true").json()["archived"] is True
    desk.restore("companies", dog, by=ada)
    restored = api.get(f"{path}/{dog}").json()
    assert (restored["archived"], restored["properties"]["name"]) == (False, "Dogwood")
    assert api.company("Dogwood") == dog
    desk.merge("companies", dog, into=birch, by=ada)
    merged = api.get(f"{path}/{dog}").json()
    assert merged == api.get(f"{path}/{birch}").json()
    assert merged["properties"]["name"] == "Birch Ltd"
    with pytest.raises(ValueError, match="merged with itself"):
        desk.merge("companies", dog, into=birch, by=ada)
    with pytest.raises(ValueError, match="not there any more"):
        desk.restore("companies", dog, by=ada)


def test_a_person_is_forgotten_for_good(api: Api) -> None:
    path = f"{CONTACTS}/gdpr-delete"
    jon = api.contact("jon@birch.example")
    body = {"objectId": "jon@birch.example", "idProperty": "email"}
    assert api.post(path, body).status_code == 204
    assert api.get(f"{CONTACTS}/{jon}").status_code == 404
    assert api.get(f"{CONTACTS}/{jon}", archived="true").status_code == 404
    ida = api.contact("ida@birch.example")
    api("DELETE", f"{CONTACTS}/{ida}")
    assert api.post(path, {"objectId": ida}).status_code == 204
    assert api.get(f"{CONTACTS}/{ida}", archived="true").status_code == 404
    assert api.post(path, {"objectId": ida}).status_code == 404
