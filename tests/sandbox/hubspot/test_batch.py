from __future__ import annotations

import pytest

from integrations.sandbox.world import World
from tests.sandbox.hubspot.client import Api, about

TASKS = "/crm/objects/2026-09/tasks/batch"
COMPANIES = "/crm/objects/2026-09/companies/batch"
DUE = {"hs_timestamp": "2026-03-09T09:00:00Z"}


def titled(*names: str) -> list[dict[str, object]]:
    """Inputs for tasks, each with a trace id."""
    return [
        {"properties": {**DUE, "hs_task_subject": name}, "objectWriteTraceId": f"t-{name}"}
        for name in names
    ]


def count(api: Api, kind: str = "tasks") -> int:
    return len(api.get(f"/crm/objects/2026-09/{kind}", limit=100).json()["results"])


def test_a_hundred_linked_tasks_cost_one_call(api: Api, world: World) -> None:
    company = api.company("Birch Ltd")
    before = world.traffic.calls.total()
    inputs = [
        {**one, "associations": [about(company, 192)]} for one in titled(*map(str, range(100)))
    ]
    answer = api.post(f"{TASKS}/create", {"inputs": inputs})
    assert answer.status_code == 201
    assert answer.json()["status"] == "COMPLETE"
    assert len(answer.json()["results"]) == 100
    assert world.traffic.calls.total() == before + 1
    assert world.traffic.count("hubspot")["objects.tasks.batch.create"] == 1
    read = api.get(f"/crm/objects/2026-09/companies/{company}/associations/tasks").json()
    assert len(read["results"]) == 100


@pytest.mark.parametrize("operation", ["create", "read", "update", "upsert", "archive"])
def test_a_batch_takes_one_to_a_hundred_inputs(api: Api, operation: str) -> None:
    inputs = [{"id": str(n), "idProperty": "x", "properties": DUE} for n in range(101)]
    assert api.post(f"{TASKS}/{operation}", {"inputs": inputs}).status_code == 400
    assert api.post(f"{TASKS}/{operation}", {"inputs": []}).status_code == 400
    answer = api.post(f"{TASKS}/{operation}", {})
    assert "Some required fields were not set: [inputs]" in answer.json()["message"]


def test_with_trace_ids_each_input_fails_by_itself(api: Api) -> None:
    inputs = titled("good", "bad", "fine")
    inputs[1]["properties"] = {**DUE, "missing": "1"}
    answer = api.post(f"{TASKS}/create", {"inputs": inputs})
    assert answer.status_code == 207
    body = answer.json()
    assert [one["objectWriteTraceId"] for one in body["results"]] == ["t-good", "t-fine"]
    assert body["numErrors"] == 1
    (error,) = body["errors"]
    assert error["status"] == "error"
    assert error["category"] == "VALIDATION_ERROR"
    assert error["context"] == {"objectWriteTraceId": ["t-bad"]}
    assert error["message"].startswith('Property values were not valid: [{"isValid":false,')
    assert count(api) == 2


@pytest.mark.parametrize("traces", [(None, None, None), ("a", None, "b"), ("a", "a", "b")])
def test_without_a_trace_id_of_its_own_on_each_all_fail(
    api: Api, traces: tuple[str | None, ...]
) -> None:
    inputs = titled("good", "bad", "fine")
    inputs[1]["properties"] = {**DUE, "missing": "1"}
    for one, trace in zip(inputs, traces, strict=True):
        one["objectWriteTraceId"] = trace
    answer = api.post(f"{TASKS}/create", {"inputs": inputs})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == "PROPERTY_DOESNT_EXIST"
    assert count(api) == 0


def test_a_repeated_key_is_refused_and_names_the_record_that_has_it(api: Api) -> None:
    api.key()
    first = api.task(api.company("Birch Ltd"), outer_key="k1")
    inputs = titled("again", "new")
    inputs[0]["properties"] = {**DUE, "outer_key": "k1"}
    answer = api.post(f"{TASKS}/create", {"inputs": inputs})
    assert answer.status_code == 207
    message = answer.json()["errors"][0]["message"]
    assert message.startswith("Cannot set PropertyValueCoordinates{portalId=146200311, ")
    assert "propertyName=outer_key, value=k1}" in message
    assert message.endswith(f". {first} already has that value.")
    alone = api.post(f"{TASKS}/create", {"inputs": [*inputs[:1], {"properties": DUE}]})
    assert alone.status_code == 400
    assert alone.json()["errors"][0]["code"] == "CONFLICTING_UNIQUE_VALUE"


def test_one_key_twice_in_a_batch_is_a_conflict_too(api: Api) -> None:
    api.key()
    inputs = titled("one", "two")
    for one in inputs:
        one["properties"] = {**DUE, "outer_key": "same"}
    answer = api.post(f"{TASKS}/create", {"inputs": inputs})
    assert answer.status_code == 207
    assert answer.json()["errors"][0]["context"] == {"objectWriteTraceId": ["t-two"]}
    assert count(api) == 1


def test_an_input_that_fails_claims_no_key(api: Api) -> None:
    api.key()
    inputs = titled("wrong", "right")
    for one in inputs:
        one["properties"] = {**DUE, "outer_key": "same"}
    inputs[0]["associations"] = [about("999", 192)]
    answer = api.post(f"{TASKS}/create", {"inputs": inputs})
    assert answer.status_code == 207
    assert [one["objectWriteTraceId"] for one in answer.json()["results"]] == ["t-right"]


def test_a_known_address_is_a_conflict_for_the_whole_batch(api: Api) -> None:
    inputs = [{"properties": {"email": "ida@birch.example"}}]
    answer = api.post("/crm/objects/2026-09/contacts/batch/create", {"inputs": inputs})
    assert answer.status_code == 409
    assert answer.json()["category"] == "CONFLICT"
    known = api.contact("ida@birch.example")
    assert answer.json()["message"] == f"Contact already exists. Existing ID: {known}"


def test_read_tells_which_ids_are_not_there(api: Api) -> None:
    company = api.company("Birch Ltd")
    body = {"inputs": [{"id": company}, {"id": "999"}, {"id": "998"}], "properties": ["country"]}
    answer = api.post(f"{COMPANIES}/read", body)
    assert answer.status_code == 207
    assert answer.json()["results"][0]["properties"]["country"] == "DE"
    (error,) = answer.json()["errors"]
    assert error["category"] == "OBJECT_NOT_FOUND"
    assert error["context"] == {"ids": ["999", "998"]}
    whole = api.post(f"{COMPANIES}/read", {"inputs": [{"id": company}]})
    assert whole.status_code == 200
    assert "numErrors" not in whole.json()


def test_read_by_a_key_with_history(api: Api) -> None:
    api.key()
    task = api.task(api.company("Birch Ltd"), outer_key="k1")
    body = {
        "inputs": [{"id": "k1"}],
        "idProperty": "outer_key",
        "properties": ["hs_task_subject"],
        "propertiesWithHistory": ["hs_task_status"],
    }
    (found,) = api.post(f"{TASKS}/read", body).json()["results"]
    assert found["id"] == task
    assert [v["value"] for v in found["propertiesWithHistory"]["hs_task_status"]] == ["NOT_STARTED"]


def test_update_changes_by_id_and_tells_what_is_gone(api: Api) -> None:
    company = api.company("Birch Ltd")
    inputs = [
        {"id": company, "properties": {"city": "Ulm"}},
        {"id": "999", "properties": {"city": "Ulm"}},
    ]
    answer = api.post(f"{COMPANIES}/update", {"inputs": inputs})
    assert answer.status_code == 207
    assert answer.json()["results"][0]["properties"]["city"] == "Ulm"
    assert answer.json()["errors"][0]["category"] == "OBJECT_NOT_FOUND"
    assert answer.json()["errors"][0]["context"] == {"ids": ["999"]}


def test_update_by_an_address_is_not_by_a_unique_property(api: Api) -> None:
    inputs = [{"id": "ida@birch.example", "idProperty": "email", "properties": {"jobtitle": "X"}}]
    answer = api.post("/crm/objects/2026-09/contacts/batch/update", {"inputs": inputs})
    assert answer.status_code == 400
    assert answer.json()["message"].startswith(
        "Unable to perform update/upsert by non-unique 0-1 property email"
    )


def test_upsert_creates_and_changes_and_says_which(api: Api) -> None:
    api.key()
    api.task(api.company("Birch Ltd"), outer_key="old")
    inputs = [
        {"id": key, "idProperty": "outer_key", "properties": {**DUE, "hs_task_subject": "S"}}
        for key in ("old", "new")
    ]
    answer = api.post(f"{TASKS}/upsert", {"inputs": inputs})
    assert answer.status_code == 200
    assert [one["new"] for one in answer.json()["results"]] == [False, True]
    again = api.post(f"{TASKS}/upsert", {"inputs": inputs})
    assert [one["new"] for one in again.json()["results"]] == [False, False]
    assert count(api) == 2


def test_upsert_takes_the_address_of_a_contact(api: Api) -> None:
    inputs = [
        {"id": "kim@cedar.example", "idProperty": "email", "properties": {"jobtitle": "COO"}},
        {"id": "new@cedar.example", "idProperty": "email", "properties": {"jobtitle": "CFO"}},
    ]
    answer = api.post("/crm/objects/2026-09/contacts/batch/upsert", {"inputs": inputs})
    assert [one["new"] for one in answer.json()["results"]] == [False, True]
    assert answer.json()["results"][1]["properties"]["email"] == "new@cedar.example"


def test_upsert_by_what_is_not_unique_is_refused(api: Api) -> None:
    task = api.task(api.company("Birch Ltd"))
    for key in ({"idProperty": "hs_task_subject"}, {"idProperty": "hs_object_id"}, {}):
        inputs = [{"id": task, "properties": DUE, **key}]
        assert api.post(f"{TASKS}/upsert", {"inputs": inputs}).status_code == 400


@pytest.mark.parametrize("operation", ["update", "upsert"])
def test_the_same_id_twice_is_refused(api: Api, operation: str) -> None:
    inputs = [{"id": "1", "properties": {"name": "A"}}, {"id": "1", "properties": {"name": "B"}}]
    answer = api.post(f"{COMPANIES}/{operation}", {"inputs": inputs})
    assert answer.status_code == 400
    assert answer.json()["message"].startswith("Duplicate IDs found in batch input: [1]")


def test_archive_passes_over_what_is_not_there(api: Api) -> None:
    inputs = [{"id": api.company("Birch Ltd")}, {"id": "999"}]
    assert api.post(f"{COMPANIES}/archive", {"inputs": inputs}).status_code == 204
    assert count(api, "companies") == 2


def test_a_key_that_was_changed_or_cleared_is_free_again(api: Api) -> None:
    api.key()
    company = api.company("Birch Ltd")
    path = f"/crm/objects/2026-09/tasks/{api.task(company, outer_key='k1')}"
    for value, freed in (("k2", "k1"), ("", "k2")):
        api("PATCH", path, {"properties": {"outer_key": value}})
        assert api.task(company, outer_key=freed)


def test_the_key_of_an_archived_record_is_free_again(api: Api) -> None:
    api.key()
    company = api.company("Birch Ltd")
    task = api.task(company, outer_key="k1")
    api.post(f"{TASKS}/archive", {"inputs": [{"id": task}]})
    assert api.task(company, outer_key="k1") != task


def test_archived_records_are_read_in_a_batch_where_they_are_asked_for(api: Api) -> None:
    gone, here = api.contact("kim@cedar.example"), api.contact("ida@birch.example")
    path = "/crm/objects/2026-09/contacts"
    api("DELETE", f"{path}/{gone}")
    body = {"inputs": [{"id": gone}, {"id": here}], "properties": ["email"]}
    read = api.post(f"{path}/batch/read", body, archived="true").json()
    assert [(one["id"], one["archived"]) for one in read["results"]] == [(gone, True)]
    assert read["errors"][0]["context"] == {"ids": [here]}
    body = {"inputs": [{"id": "KIM@cedar.example"}], "idProperty": "email", "properties": []}
    read = api.post(f"{path}/batch/read", body, archived="true").json()
    assert [one["id"] for one in read["results"]] == [gone]
    keyed = api.get(f"{path}/kim@cedar.example", idProperty="email", archived="true")
    assert keyed.json()["id"] == gone
    assert api.get(f"{path}/kim@cedar.example", idProperty="email").status_code == 404
