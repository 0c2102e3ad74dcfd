"""Tokens: how one gets them, what they open, how they end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import requests

from integrations.sandbox.salesforce import Salesforce
from integrations.sandbox.world import World

from .conftest import Api

EXPIRED = [{"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}]


def token(url: str, **more: Any) -> requests.Response:
    return requests.post(f"{url}/services/oauth2/token", timeout=10, **more)


def test_client_credentials_in_the_form_or_by_basic_auth(sandbox: Salesforce, url: str) -> None:
    app = sandbox.credentials()
    grant = {"grant_type": "client_credentials"}
    client = {"client_id": app["client_id"], "client_secret": app["client_secret"]}
    for more in (
        {"data": {**grant, **client}},
        {"data": grant, "auth": (app["client_id"], app["client_secret"])},
    ):
        answer = token(url, **more)
        assert answer.status_code == 200
        body = answer.json()
        assert body["token_type"] == "Bearer"
        assert body["instance_url"] == url
        assert body["id"].startswith(f"{url}/id/00D")
        assert set(body) == {
            "access_token",
            "signature",
            "scope",
            "instance_url",
            "id",
            "token_type",
            "issued_at",
        }
        bearer = {"Authorization": f"Bearer {body['access_token']}"}
        identity = requests.get(body["id"], headers=bearer, timeout=10).json()
        assert identity["username"] == "integration@sandbox.example"
        userinfo = requests.get(f"{url}/services/oauth2/userinfo", headers=bearer, timeout=10)
        assert userinfo.json()["user_id"] == identity["user_id"]


def test_the_instance_is_the_host_that_was_called(sandbox: Salesforce, url: str) -> None:
    app = sandbox.credentials()
    client = (app["client_id"], app["client_secret"])
    headers = {"Host": "acme.my.example", "X-Forwarded-Proto": "https"}
    grant = {"grant_type": "client_credentials"}
    body = token(url, data=grant, auth=client, headers=headers).json()
    assert body["instance_url"] == "https://acme.my.example"


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "client_credentials", "client_id": "nobody"}, "invalid_client_id"),
        ({"grant_type": "client_credentials", "client_secret": "wrong"}, "invalid_client"),
    ],
)
def test_refusals_have_oauth_bodies(
    sandbox: Salesforce, url: str, form: dict[str, str], error: str
) -> None:
    known = {"client_id": sandbox.credentials()["client_id"]}
    answer = token(url, data={**known, **form})
    assert answer.status_code == 400
    assert answer.json()["error"] == error
    assert answer.json()["error_description"]


@pytest.mark.parametrize("header", [None, "Bearer ", "Bearer 00Dxx!nobody"])
def test_without_a_session_there_is_a_401(world: World, url: str, header: str | None) -> None:
    headers = {"Authorization": header} if header else {}
    answer = requests.get(f"{url}/services/data/v62.0/limits", headers=headers, timeout=10)
    assert (answer.status_code, answer.json()) == (401, EXPIRED)


def test_the_ready_token_is_the_same_in_the_same_world(world: World, sandbox: Salesforce) -> None:
    before = sandbox.credentials()
    world.reset()
    assert sandbox.credentials() == before


def test_revoking_ends_every_session_once(api: Api, sandbox: Salesforce, url: str) -> None:
    sandbox.options["revoke_sessions"] = True
    assert api.call("GET", "/limits").status_code == 401
    app = sandbox.credentials()
    client = {"client_id": app["client_id"], "client_secret": app["client_secret"]}
    body = token(url, data={"grant_type": "client_credentials", **client}).json()
    api.http.headers["Authorization"] = f"Bearer {body['access_token']}"
    assert api.call("GET", "/limits").status_code == 200
    revoked = {"token": body["access_token"]}
    requests.post(f"{url}/services/oauth2/revoke", data=revoked, timeout=10)
    assert api.call("GET", "/limits").status_code == 401


def test_sessions_end_after_two_idle_hours_where_they_do(
    api: Api, world: World, sandbox: Salesforce
) -> None:
    world.clock.advance(timedelta(days=3))
    assert api.call("GET", "/limits").status_code == 200
    sandbox.options["sessions_expire"] = True
    world.clock.advance(timedelta(hours=1, minutes=59))
    assert api.call("GET", "/limits").status_code == 200
    world.clock.advance(timedelta(hours=2, minutes=1))
    assert api.call("GET", "/limits").json() == EXPIRED
