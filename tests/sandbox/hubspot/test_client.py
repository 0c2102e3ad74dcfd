"""HubSpot's own Python client against the portal: dated paths, its models, its exceptions."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest
from hubspot import Client
from hubspot.crm.companies import ApiClient, ApiException
from hubspot.crm.contacts import ApiException as ContactsApiException

from integrations.sandbox.hubspot import HubSpot
from tests.sandbox.hubspot.client import Api

PATH = "/crm/objects/2026-09/{object}"


@pytest.fixture
def client(api: Api, hubspot: HubSpot) -> ApiClient:
    """The client's transport, with the portal's address and key."""
    token = hubspot.credentials()["token"]
    whole = Client.create(access_token=token, host=api.url)
    transport: ApiClient = whole.crm.companies.basic_api.api_client
    return transport


def call(client: ApiClient, method: str, rest: str, object: str, body: object = None) -> Any:
    """One call by the client's transport; the raw answer."""
    return client.call_api(
        PATH + rest,
        method,
        path_params={"object": object},
        header_params={"Accept": "application/json", "Content-Type": "application/json"},
        body=body,
        auth_settings=["oauth2"],
        _preload_content=False,
        _return_http_data_only=True,
        _request_timeout=(2, 10),
    )


def as_model(client: ApiClient, answer: Any, model: str) -> Any:
    """The answer as the client's own model."""
    return client.deserialize(SimpleNamespace(data=answer.data.decode()), model)


def test_a_page_is_the_clients_model(client: ApiClient) -> None:
    page = as_model(
        client,
        call(client, "POST", "/search", "companies", {"limit": 2}),
        "CollectionResponseWithTotalSimplePublicObjectForwardPaging",
    )
    assert page.total == 3
    assert page.results[0].properties["name"] == "Birch Ltd"
    assert page.results[0].updated_at.isoformat() == "2025-05-06T09:00:00+00:00"
    assert page.paging.next.after == "2"


def test_a_multi_status_keeps_its_errors(client: ApiClient) -> None:
    inputs = [
        {"properties": {"hs_timestamp": "0"}, "objectWriteTraceId": "good"},
        {"properties": {}, "objectWriteTraceId": "bad"},
    ]
    answer = call(client, "POST", "/batch/create", "tasks", {"inputs": inputs})
    assert answer.status == 207
    batch = as_model(client, answer, "BatchResponseSimplePublicObjectWithErrors")
    assert batch.num_errors == 1
    assert batch.errors[0].context["objectWriteTraceId"] == ["bad"]
    assert batch.results[0].object_write_trace_id == "good"


def test_a_refusal_is_the_clients_exception(client: ApiClient) -> None:
    with pytest.raises(ApiException) as caught:
        call(client, "POST", "", "companies", {"properties": {"nope": "1"}})
    assert caught.value.status == 400
    body = json.loads(caught.value.body)
    assert body["errors"][0]["code"] == "PROPERTY_DOESNT_EXIST"
    assert caught.value.headers["X-HubSpot-Correlation-Id"] == body["correlationId"]


def test_a_wrong_key_is_refused(client: ApiClient) -> None:
    client.configuration.access_token = "pat-na1-else"
    with pytest.raises(ApiException) as caught:
        call(client, "GET", "", "companies")
    assert caught.value.status == 401


@pytest.fixture
def whole(api: Api, hubspot: HubSpot) -> Client:
    """The client as its guide shows it, with another address."""
    return Client.create(access_token=hubspot.credentials()["token"], host=api.url)


def test_its_typed_calls_read_and_write(whole: Client) -> None:
    crm = whole.crm
    group = {"name": "exit", "label": "Exit"}
    assert crm.properties.groups_api.create("contacts", group).name == "exit"
    key = {"name": "outer", "label": "Outer", "groupName": "exit", "hasUniqueValue": True}
    key |= {"type": "string", "fieldType": "text"}
    assert crm.properties.core_api.create("contacts", key).has_unique_value
    inputs = [{"id": n, "idProperty": "outer", "properties": {"lastname": n}} for n in ("a", "b")]
    people = crm.contacts.batch_api.upsert({"inputs": inputs}).results
    assert [one.new for one in people] == [True, True]
    filters = [{"propertyName": "outer", "operator": "IN", "values": ["a", "b"]}]
    found = crm.contacts.search_api.do_search({"filterGroups": [{"filters": filters}], "limit": 1})
    assert (found.total, found.paging.next.after) == (2, "1")
    ids = [one.id for one in people]
    listed = crm.lists.lists_api.create(
        {"name": "L", "objectTypeId": "0-1", "processingType": "MANUAL"}
    ).list
    added = crm.lists.memberships_api.add(listed.list_id, ids)
    assert [str(one) for one in added.records_ids_added] == ids
    page = crm.lists.memberships_api.get_page(listed.list_id)
    assert [one.record_id for one in page.results] == ids
    crm.contacts.batch_api.archive({"inputs": [{"id": ids[0]}]})
    with pytest.raises(ContactsApiException) as caught:
        crm.contacts.basic_api.get_by_id(ids[0])
    assert caught.value.status == 404


def test_its_typed_calls_associate(whole: Client, api: Api) -> None:
    v4 = whole.crm.associations.v4
    ida, dog = api.contact("ida@birch.example"), api.company("Dogwood")
    v4.basic_api.create_default("contacts", ida, "companies", dog)
    page = v4.basic_api.get_page("contacts", ida, "companies")
    assert int(dog) in [int(one.to_object_id) for one in page.results]
    read = v4.batch_api.get_page("companies", "contacts", {"inputs": [{"id": dog}]})
    assert int(read.results[0].to[0].to_object_id) == int(ida)
    v4.basic_api.archive("contacts", ida, "companies", dog)
    left = v4.batch_api.get_page("companies", "contacts", {"inputs": [{"id": dog}]})
    assert left.errors[0].category == "OBJECT_NOT_FOUND"


def test_its_typed_calls_know_owners_and_pipelines(whole: Client) -> None:
    owner = whole.crm.owners.owners_api.get_page().results[0]
    assert whole.crm.owners.owners_api.get_by_id(int(owner.id)).email == owner.email
    (pipeline,) = whole.crm.pipelines.pipelines_api.get_all("deals").results
    assert pipeline.stages[-1].metadata == {"isClosed": "true", "probability": "0.0"}
    stage = whole.crm.pipelines.pipeline_stages_api.create(
        "deals",
        pipeline.id,
        {"label": "Lost late", "displayOrder": 7, "metadata": {"probability": "0.0"}},
    )
    deal = whole.crm.deals.basic_api.create(
        {"properties": {"dealname": "D", "pipeline": pipeline.id, "dealstage": stage.id}}
    )
    assert deal.properties["hs_is_closed_lost"] == "true"
    merged = whole.crm.deals.basic_api.merge(
        {
            "primaryObjectId": deal.id,
            "objectIdToMerge": whole.crm.deals.basic_api.create(
                {"properties": {"dealname": "E", "dealstage": "contractsent"}}
            ).id,
        }
    )
    assert whole.crm.deals.basic_api.get_by_id(deal.id).id == merged.id
