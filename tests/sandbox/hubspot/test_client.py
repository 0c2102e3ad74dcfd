"""HubSpot's own Python client against the portal: dated paths, its models, its exceptions."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest
from hubspot import Client
from hubspot.crm.companies import ApiClient, ApiException

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
