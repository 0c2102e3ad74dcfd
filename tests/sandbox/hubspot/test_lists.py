from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from integrations.sandbox.world import World
from tests.sandbox.hubspot.client import Api

LISTS = "/crm/lists/2026-09"


@pytest.fixture
def alumni(api: Api) -> str:
    """A list of contacts."""
    body = {"name": "Alumni: price", "objectTypeId": "0-1", "processingType": "MANUAL"}
    answer = api.post(LISTS, body)
    assert answer.status_code == 200
    return str(answer.json()["list"]["listId"])


def members(api: Api, segment: str) -> list[str]:
    read = api.get(f"{LISTS}/{segment}/memberships").json()
    return [one["recordId"] for one in read["results"]]


def test_a_new_list_is_read_by_id_and_by_name(api: Api, alumni: str) -> None:
    read = api.get(f"{LISTS}/{alumni}").json()["list"]
    assert read["name"] == "Alumni: price"
    assert (read["processingType"], read["processingStatus"]) == ("MANUAL", "COMPLETE")
    named = api.get(f"{LISTS}/object-type-id/0-1/name/Alumni%3A%20price").json()["list"]
    assert named == read
    assert api.get(f"{LISTS}/object-type-id/0-2/name/Alumni%3A%20price").status_code == 404
    assert api.get(f"{LISTS}/999").status_code == 404


def test_a_trailing_slash_does_no_harm(api: Api) -> None:
    body = {"name": "B", "objectTypeId": "0-1", "processingType": "MANUAL"}
    assert api.post(f"{LISTS}/", body).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {"name": "Alumni: price", "objectTypeId": "0-1", "processingType": "MANUAL"},
        {"name": "Alumni: price", "objectTypeId": "0-2", "processingType": "MANUAL"},
        {"name": "B", "objectTypeId": "0-1", "processingType": "DYNAMIC"},
        {"name": "B", "objectTypeId": "9-9", "processingType": "MANUAL"},
        {"name": "B"},
    ],
)
def test_lists_that_are_refused(api: Api, alumni: str, body: dict[str, str]) -> None:
    assert api.post(LISTS, body).status_code == 400


def test_members_come_and_go(api: Api, alumni: str, world: World) -> None:
    ida, jon = api.contact("ida@birch.example"), api.contact("jon@birch.example")
    added = api("PUT", f"{LISTS}/{alumni}/memberships/add", [ida, jon, "999"])
    assert added.json() == {
        "recordsIdsAdded": [ida, jon],
        "recordIdsRemoved": [],
        "recordIdsMissing": ["999"],
    }
    world.clock.advance(timedelta(hours=1))
    again = api("PUT", f"{LISTS}/{alumni}/memberships/add", [ida]).json()
    assert again["recordsIdsAdded"] == []
    assert members(api, alumni) == [ida, jon]
    removed = api("PUT", f"{LISTS}/{alumni}/memberships/remove", [ida, "999"]).json()
    assert removed["recordIdsRemoved"] == [ida]
    both = {"recordIdsToAdd": [ida], "recordIdsToRemove": [jon]}
    changed = api("PUT", f"{LISTS}/{alumni}/memberships/add-and-remove", both).json()
    assert (changed["recordsIdsAdded"], changed["recordIdsRemoved"]) == ([ida], [jon])
    read = api.get(f"{LISTS}/{alumni}/memberships").json()
    assert read["results"] == [{"recordId": ida, "membershipTimestamp": "2026-03-02T10:00:00Z"}]


def test_pages_of_members(api: Api, alumni: str) -> None:
    ida, jon = api.contact("ida@birch.example"), api.contact("jon@birch.example")
    api("PUT", f"{LISTS}/{alumni}/memberships/add", [jon, ida])
    first = api.get(f"{LISTS}/{alumni}/memberships", limit=1).json()
    after = first["paging"]["next"]["after"]
    second = api.get(f"{LISTS}/{alumni}/memberships", limit=1, after=after).json()
    assert [one["recordId"] for one in first["results"] + second["results"]] == [ida, jon]
    assert "paging" not in second
    assert api.get(f"{LISTS}/{alumni}/memberships", limit=251).status_code == 400


@pytest.mark.parametrize("body", [{"ids": ["1"]}, "1", [{"id": "1"}]])
def test_members_are_a_list_of_ids(api: Api, alumni: str, body: object) -> None:
    assert api("PUT", f"{LISTS}/{alumni}/memberships/add", body).status_code == 400


def test_a_record_knows_its_lists(api: Api, alumni: str) -> None:
    ida = api.contact("ida@birch.example")
    api("PUT", f"{LISTS}/{alumni}/memberships/add", [ida])
    (found,) = api.get(f"{LISTS}/records/0-1/{ida}/memberships").json()["results"]
    assert found["listId"] == alumni


def test_an_archived_record_leaves_its_lists(api: Api, alumni: str) -> None:
    ida = api.contact("ida@birch.example")
    api("PUT", f"{LISTS}/{alumni}/memberships/add", [ida])
    api("DELETE", f"/crm/objects/2026-09/contacts/{ida}")
    assert members(api, alumni) == []


def test_lists_are_found_by_words_and_kinds(api: Api, alumni: str) -> None:
    for name, kind in (("Alumni: value", "0-1"), ("Alumni firms", "0-2")):
        api.post(LISTS, {"name": name, "objectTypeId": kind, "processingType": "MANUAL"})
    api("PUT", f"{LISTS}/{alumni}/memberships/add", [api.contact("ida@birch.example")])

    def found(**body: object) -> list[str]:
        whole = {"listIds": [], "processingTypes": [], "offset": 0, **body}
        return [one["name"] for one in api.post(f"{LISTS}/search", whole).json()["lists"]]

    assert found(query="alumni") == ["Alumni: price", "Alumni: value", "Alumni firms"]
    assert found(query="price") == ["Alumni: price"]
    assert found(objectTypeId="0-2") == ["Alumni firms"]
    assert found(listIds=[alumni]) == ["Alumni: price"]
    assert found(processingTypes=["DYNAMIC"]) == []
    page = api.post(f"{LISTS}/search", {"count": 2}).json()
    assert (page["total"], page["hasMore"], page["offset"]) == (3, True, 2)
    assert page["lists"][0]["additionalProperties"]["hs_list_size"] == "1"
    assert found(offset=2) == ["Alumni firms"]


def test_a_deleted_list_is_gone_and_its_name_free(api: Api, alumni: str) -> None:
    assert api("DELETE", f"{LISTS}/{alumni}").status_code == 204
    assert api.get(f"{LISTS}/{alumni}").status_code == 404
    body = {"name": "Alumni: price", "objectTypeId": "0-1", "processingType": "MANUAL"}
    assert api.post(LISTS, body).json()["list"]["listId"] != alumni


def test_a_list_that_fills_itself_takes_nobody(api: Api, alumni: str) -> None:
    ida = api.contact("ida@birch.example")
    branch = {"filterBranchType": "OR", "filterBranches": [], "filters": []}
    branch["filterBranchOperator"] = "OR"
    body = {"name": "By filter", "objectTypeId": "0-1", "filterBranch": branch}
    made = {
        kind: api.post(LISTS, {**body, "name": kind, "processingType": kind}).json()["list"]
        for kind in ("DYNAMIC", "SNAPSHOT")
    }
    path = f"{LISTS}/{made['DYNAMIC']['listId']}/memberships"
    assert made["DYNAMIC"]["filterBranch"] == branch
    for refused in (
        api("PUT", f"{path}/add", [ida]),
        api("PUT", f"{path}/remove", [ida]),
        api("PUT", f"{path}/add-and-remove", {"recordIdsToAdd": [ida]}),
        api("PUT", f"{path}/add-from/{alumni}"),
        api("DELETE", path),
    ):
        assert refused.status_code == 400
        assert "DYNAMIC" in refused.json()["message"]
    still = f"{LISTS}/{made['SNAPSHOT']['listId']}/memberships/add"
    assert api("PUT", still, [ida]).json()["recordsIdsAdded"] == [ida]


def test_a_list_is_deleted_and_restored_with_its_members(api: Api, alumni: str) -> None:
    ida = api.contact("ida@birch.example")
    api("PUT", f"{LISTS}/{alumni}/memberships/add", [ida])
    api("DELETE", f"{LISTS}/{alumni}")
    assert api.get(f"{LISTS}/{alumni}/memberships").status_code == 404
    assert api("PUT", f"{LISTS}/{alumni}/restore").status_code == 204
    assert members(api, alumni) == [ida]
    assert api("PUT", f"{LISTS}/{alumni}/restore").status_code == 404


def test_a_list_is_renamed_copied_and_cleared(api: Api, alumni: str, world: World) -> None:
    ida, jon = api.contact("ida@birch.example"), api.contact("jon@birch.example")
    api("PUT", f"{LISTS}/{alumni}/memberships/add", [jon])
    world.clock.advance(timedelta(hours=1))
    api("PUT", f"{LISTS}/{alumni}/memberships/add", [ida])
    body = {"name": "Other", "objectTypeId": "0-1", "processingType": "MANUAL"}
    other = api.post(LISTS, body).json()["list"]["listId"]
    rename = f"{LISTS}/{other}/update-list-name"
    assert api("PUT", rename, listName="Alumni: price").status_code == 400
    renamed = api("PUT", rename, listName="Friends").json()
    assert renamed["updatedList"]["name"] == "Friends"
    api("PUT", f"{LISTS}/{other}/memberships/add-from/{alumni}")
    assert sorted(members(api, other)) == sorted([ida, jon])
    path = f"{LISTS}/{alumni}/memberships"
    first = api.get(f"{path}/join-order", limit=1).json()
    assert [one["recordId"] for one in first["results"]] == [ida]
    after = first["paging"]["next"]["after"]
    second = api.get(f"{path}/join-order", limit=1, after=after).json()
    assert [one["recordId"] for one in second["results"]] == [jon]
    assert api("DELETE", path).status_code == 204
    assert members(api, alumni) == []


def by(*filters: dict[str, object], within: str = "AND") -> dict[str, object]:
    """The filters of a list."""
    return branch("OR", within=[branch(within, *filters)])


def branch(type_: str, *filters: object, within: Sequence[object] = ()) -> dict[str, object]:
    """A branch of filters, as it is told."""
    words = {"filterBranchType": type_, "filterBranchOperator": type_}
    return {**words, "filters": list(filters), "filterBranches": list(within)}


def test_filters_are_told_to_who_asks_for_them(api: Api) -> None:
    body = {"name": "F", "objectTypeId": "0-1", "processingType": "DYNAMIC", "filterBranch": by()}
    path = f"{LISTS}/{api.post(LISTS, body).json()['list']['listId']}"
    assert "filterBranch" not in api.get(path).json()["list"]
    assert api.get(path, includeFilters="true").json()["list"]["filterBranch"] == by()
    named = api.get(f"{LISTS}/object-type-id/0-1/name/F", includeFilters="true").json()["list"]
    assert named["filterBranch"] == by()


def number(operator: str, *values: float) -> dict[str, object]:
    names = ("value",) if len(values) == 1 else ("lowerBound", "upperBound")
    kind = "NUMBER" if len(values) == 1 else "NUMBER_RANGED"
    operation = {
        "operationType": kind,
        "operator": operator,
        **dict(zip(names, values, strict=True)),
    }
    return {"filterType": "PROPERTY", "property": "mrr", "operation": operation}


def word(operator: str, *values: str, kind: str = "MULTISTRING") -> dict[str, object]:
    operation = {"operationType": kind, "operator": operator, "values": list(values)}
    name = "name" if kind == "MULTISTRING" else "customer_stage"
    return {"filterType": "PROPERTY", "property": name, "operation": operation}


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (by(number("IS_GREATER_THAN", 90.5)), ["Birch Ltd"]),
        (by(number("IS_GREATER_THAN_OR_EQUAL_TO", 90.5)), ["Birch Ltd", "Cedar Inc"]),
        (by(number("IS_BETWEEN", 90, 100)), ["Cedar Inc"]),
        (by(number("IS_NOT_BETWEEN", 90, 100)), ["Birch Ltd"]),
        (by(number("IS_EQUAL_TO", 1250)), ["Birch Ltd"]),
        (by(word("STARTS_WITH", "dog", "bir")), ["Birch Ltd", "Dogwood"]),
        (by(word("ENDS_WITH", "INC")), ["Cedar Inc"]),
        (by(word("IS_NOT_EQUAL_TO", "Cedar Inc")), ["Birch Ltd", "Dogwood"]),
        (by(word("IS_EXACTLY", "active", kind="ENUMERATION")), ["Birch Ltd", "Dogwood"]),
        (by(word("IS_EQUAL_TO", "Dogwood"), within="NOT_ANY"), ["Birch Ltd", "Cedar Inc"]),
    ],
)
def test_filters_by_value(api: Api, filters: dict[str, object], found: list[str]) -> None:
    body = {"name": "F", "objectTypeId": "0-2", "processingType": "SNAPSHOT"}
    made = api.post(LISTS, {**body, "filterBranch": filters}).json()["list"]["listId"]
    assert members(api, made) == [api.company(name) for name in found]


def test_a_list_may_be_of_those_in_another(api: Api, alumni: str) -> None:
    ida, jon = api.contact("ida@birch.example"), api.contact("jon@birch.example")
    api("PUT", f"{LISTS}/{alumni}/memberships/add", [ida])
    given = {"filterType": "IN_LIST", "operator": "IN_LIST", "listId": alumni}
    body = {"name": "F", "objectTypeId": "0-1", "processingType": "DYNAMIC"}
    made = api.post(LISTS, {**body, "filterBranch": by(given)}).json()["list"]["listId"]
    assert members(api, made) == [ida]
    api("PUT", f"{LISTS}/{alumni}/memberships/add", [jon])
    assert members(api, made) == [ida, jon]


@pytest.mark.parametrize(
    "branch",
    [
        "x",
        {"filterBranchType": "AND", "filters": [], "filterBranches": []},
        {"filterBranchType": "OR", "filterBranches": [{"filterBranchType": "ASSOCIATION"}]},
        by({"filterType": "FORM_SUBMISSION", "operator": "FILLED_OUT"}),
        by({"filterType": "PROPERTY", "property": "nonsense", "operation": {}}),
        by({"filterType": "IN_LIST", "operator": "IN_LIST", "listId": "999"}),
        by(word("HAS_EVER_BEEN_EQUAL_TO", "x")),
        by(number("IS_GREATER_THAN", "x")),  # type: ignore[arg-type]
    ],
)
def test_filters_that_are_not_understood_are_refused(api: Api, branch: object) -> None:
    body = {"name": "F", "objectTypeId": "0-2", "processingType": "DYNAMIC"}
    assert api.post(LISTS, {**body, "filterBranch": branch}).status_code == 400
    assert api.get(f"{LISTS}/object-type-id/0-2/name/F").status_code == 404


def test_a_list_needs_a_name(api: Api) -> None:
    body = {"name": " ", "objectTypeId": "0-1", "processingType": "MANUAL"}
    assert api.post(LISTS, body).status_code == 400


def test_no_list_has_an_id_of_version_1(api: Api) -> None:
    told = api.post("/crm/v3/lists/idmapping", ["1", "2"]).json()
    assert told == {"missingLegacyListIds": ["1", "2"], "legacyListIdsToIdsMapping": []}
    assert api.get("/crm/v3/lists/idmapping", legacyListId="1").status_code == 404
