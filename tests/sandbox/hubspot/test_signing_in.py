from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from hubspot import Client

from integrations.sandbox.hubspot import HubSpot
from integrations.sandbox.world import World
from tests.sandbox.hubspot.client import Api

COMPANIES = "/crm/objects/2026-09/companies"
SEND = "/marketing/transactional/2026-09/single-email/send"
BACK = "http://127.0.0.1:9/installed"


@pytest.fixture
def app(hubspot: HubSpot) -> dict[str, str]:
    """The app's own name and secret."""
    told = hubspot.app()
    return {"client_id": told["client_id"], "client_secret": told["client_secret"]}


@pytest.fixture
def anybody(api: Api) -> Iterator[Api]:
    """A client without a key."""
    client = Api(api.url, "none")
    yield client
    client.session.close()


def ask(client: Api, form: dict[str, str], version: str = "v1") -> requests.Response:
    url = f"{client.url}/oauth/{version}/token"
    return client.session.post(url, data=form, timeout=10)


def agree(client: Api, app: dict[str, str], scope: str) -> str:
    query = {"client_id": app["client_id"], "redirect_uri": BACK, "scope": scope, "state": "s1"}
    answer = client.session.get(
        f"{client.url}/oauth/authorize", params=query, allow_redirects=False, timeout=10
    )
    assert answer.status_code == 302
    where = urlsplit(answer.headers["location"])
    told = parse_qs(where.query)
    assert told["state"] == ["s1"]
    return told["code"][0]


def with_token(client: Api, token: str) -> requests.Response:
    url = client.url + COMPANIES
    return client.session.get(url, headers={"Authorization": f"Bearer {token}"}, timeout=10)


@pytest.fixture
def fresh(anybody: Api, app: dict[str, str], hubspot: HubSpot) -> str:
    """An access token of the app that is installed."""
    refresh = hubspot.app()["refresh_token"]
    answer = ask(anybody, {"grant_type": "refresh_token", "refresh_token": refresh, **app})
    assert answer.json()["expires_in"] == 1800
    return str(answer.json()["access_token"])


def test_a_code_becomes_tokens_once(anybody: Api, app: dict[str, str]) -> None:
    code = agree(anybody, app, "crm.objects.companies.read")
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, **app}
    assert ask(anybody, {**form, "redirect_uri": "http://127.0.0.1/x"}).status_code == 400
    told = ask(anybody, form, "2026-03").json()
    assert (told["token_type"], told["hub_id"]) == ("bearer", 146200311)
    assert told["scopes"] == ["oauth", "crm.objects.companies.read"]
    assert with_token(anybody, told["access_token"]).status_code == 200
    again = ask(anybody, form)
    assert (again.status_code, again.json()["status"]) == (400, "BAD_AUTH_CODE")


def test_an_app_may_do_what_it_asked_for(anybody: Api, app: dict[str, str]) -> None:
    code = agree(anybody, app, "crm.objects.contacts.read")
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, **app}
    answer = with_token(anybody, ask(anybody, form).json()["access_token"])
    assert answer.status_code == 403
    assert answer.json()["category"] == "MISSING_SCOPES"
    (error,) = answer.json()["errors"]
    assert error["context"] == {"requiredGranularScopes": ["crm.objects.companies.read"]}


def test_a_token_ends_after_half_an_hour(anybody: Api, world: World, fresh: str) -> None:
    world.clock.advance(timedelta(minutes=29, seconds=59))
    assert with_token(anybody, fresh).status_code == 200
    world.clock.advance(timedelta(minutes=2, seconds=1))
    answer = with_token(anybody, fresh)
    assert answer.status_code == 401
    body = answer.json()
    assert body["category"] == "EXPIRED_AUTHENTICATION"
    assert body["message"] == "The OAuth token used to make this call expired 2 minute(s) ago."
    assert body["context"] == {"expire time": ["2026-03-02T09:30:00.000Z"]}


def test_the_refresh_token_stays_the_same(
    anybody: Api, app: dict[str, str], fresh: str, hubspot: HubSpot
) -> None:
    refresh = hubspot.app()["refresh_token"]
    form = {"grant_type": "refresh_token", "refresh_token": refresh, **app}
    for version in ("v1", "v3", "2026-03", "2026-09"):
        told = ask(anybody, form, version).json()
        assert told["refresh_token"] == refresh
        assert told["access_token"] != fresh
        assert with_token(anybody, told["access_token"]).status_code == 200


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"refresh_token": "na1-other"}, "BAD_REFRESH_TOKEN"),
        ({"client_id": "other"}, "BAD_CLIENT_ID"),
        ({"client_secret": "other"}, "BAD_CLIENT_SECRET"),
        ({"grant_type": "password"}, "BAD_GRANT_TYPE"),
    ],
)
def test_what_is_wrong_with_a_request_for_tokens(
    anybody: Api, app: dict[str, str], hubspot: HubSpot, change: dict[str, str], status: str
) -> None:
    refresh = hubspot.app()["refresh_token"]
    form = {"grant_type": "refresh_token", "refresh_token": refresh, **app, **change}
    answer = ask(anybody, form)
    assert (answer.status_code, answer.json()["status"]) == (400, status)
    assert answer.json()["message"]


def test_a_revoked_refresh_token_is_of_no_use(
    anybody: Api, app: dict[str, str], fresh: str, hubspot: HubSpot
) -> None:
    refresh = hubspot.app()["refresh_token"]
    path = f"/oauth/v1/refresh-tokens/{refresh}"
    assert anybody.get(path).json()["hub_id"] == 146200311
    assert anybody("DELETE", path).status_code == 204
    assert anybody.get(path).status_code == 404
    form = {"grant_type": "refresh_token", "refresh_token": refresh, **app}
    assert ask(anybody, form).json()["status"] == "BAD_REFRESH_TOKEN"
    assert with_token(anybody, fresh).status_code == 200


def test_what_a_token_is_good_for(
    anybody: Api, app: dict[str, str], fresh: str, world: World
) -> None:
    world.clock.advance(timedelta(minutes=10))
    told = anybody.get(f"/oauth/v1/access-tokens/{fresh}").json()
    assert (told["expires_in"], told["token_type"]) == (1200, "access")
    url = f"{anybody.url}/oauth/2026-03/token/introspect"
    seen = anybody.session.post(url, data={"token": fresh, **app}, timeout=10).json()
    assert (seen["active"], seen["expires_in"]) == (True, 1200)
    world.clock.advance(timedelta(minutes=20))
    seen = anybody.session.post(url, data={"token": fresh, **app}, timeout=10).json()
    assert seen == {"active": False}
    assert anybody.get(f"/oauth/v1/access-tokens/{fresh}").status_code == 404


def test_people_are_sent_to_this_machine_only(anybody: Api, app: dict[str, str]) -> None:
    query = {"client_id": app["client_id"], "redirect_uri": "http://other.example/x"}
    assert anybody.get("/oauth/authorize", **query).json()["status"] == "BAD_REDIRECT_URI"


def test_an_app_has_limits_of_its_own(anybody: Api, api: Api, fresh: str, hubspot: HubSpot) -> None:
    hubspot.options["rate_limits"] = True
    headers = with_token(anybody, fresh).headers
    assert headers["X-HubSpot-RateLimit-Max"] == "110"
    assert headers["X-HubSpot-RateLimit-Remaining"] == "109"
    assert "X-HubSpot-RateLimit-Daily" not in headers
    assert api.get(COMPANIES).headers["X-HubSpot-RateLimit-Remaining"] == "189"


def test_hubspots_python_client_refreshes(api: Api, app: dict[str, str], hubspot: HubSpot) -> None:
    whole = Client.create(host=api.url)
    told = whole.oauth.tokens_api.create(
        grant_type="refresh_token", refresh_token=hubspot.app()["refresh_token"], **app
    )
    assert told.expires_in == 1800
    whole.access_token = told.access_token
    assert whole.crm.companies.basic_api.get_page(limit=1).results[0].properties["name"]
    assert whole.oauth.access_tokens_api.get(told.access_token).hub_id == 146200311


@pytest.mark.parametrize(
    ("scopes", "method", "path", "missing"),
    [
        ("oauth", "GET", "/crm/objects/2026-09/deals", "crm.objects.deals.read"),
        ("crm.objects.deals.read", "POST", "/crm/objects/2026-09/deals", "crm.objects.deals.write"),
        ("oauth", "GET", "/crm/objects/2026-09/tasks", "crm.objects.contacts.read"),
        ("oauth", "POST", "/crm/objects/2026-09/0-2/search", "crm.objects.companies.read"),
        ("oauth", "GET", "/crm/owners/2026-09", "crm.objects.owners.read"),
        ("oauth", "PUT", "/crm/lists/2026-09/1/memberships/add", "crm.lists.write"),
        ("oauth", "POST", "/crm/properties/2026-09/companies", "crm.schemas.companies.write"),
        (
            "oauth",
            "POST",
            "/marketing/transactional/2026-09/single-email/send",
            "transactional-email",
        ),
    ],
)
def test_what_the_key_lacks(
    api: Api, hubspot: HubSpot, scopes: str, method: str, path: str, missing: str
) -> None:
    hubspot.options["scopes"] = scopes
    answer = api(method, path, {})
    assert answer.status_code == 403
    assert answer.json()["errors"][0]["context"]["requiredGranularScopes"][0] == missing
    hubspot.options["scopes"] = f"{scopes} {missing}"
    hubspot.options["transactional_email"] = True
    assert api(method, path, {}).status_code != 403


def test_any_key_may_ask_which_portal_it_is(api: Api, hubspot: HubSpot) -> None:
    hubspot.options["scopes"] = ""
    assert api.get("/account-info/2026-09/details").status_code == 200


def test_who_may_do_everything_is_told_each_scope(api: Api, hubspot: HubSpot) -> None:
    form = {**hubspot.app(), "grant_type": "refresh_token"}
    answer = api.session.post(f"{api.url}/oauth/v1/token", data=form, timeout=10).json()
    assert {"oauth", "crm.objects.contacts.read", "crm.lists.write"} <= set(answer["scopes"])
    assert "all" not in answer["scopes"]
    read = api.get(f"/oauth/v1/access-tokens/{answer['access_token']}").json()
    assert read["scopes"] == answer["scopes"]
