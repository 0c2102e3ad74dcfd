"""Tokens: how one gets them, what they open, how they end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

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


def test_the_token_endpoint_is_for_posts(url: str) -> None:
    answer = requests.get(f"{url}/services/oauth2/token", timeout=10)
    assert (answer.status_code, answer.json()) == (
        400,
        {"error": "invalid_request", "error_description": "must use HTTP POST"},
    )


def test_only_a_token_that_is_one_can_be_revoked(sandbox: Salesforce, url: str) -> None:
    revoke = f"{url}/services/oauth2/revoke"
    good = {"token": sandbox.credentials()["token"]}
    assert requests.post(revoke, data=good, timeout=10).status_code == 200
    again = requests.post(revoke, data=good, timeout=10)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_token")


def test_the_identity_service_refuses_in_a_word(api: Api, sandbox: Salesforce, url: str) -> None:
    org, me = sandbox.org.id, sandbox.org.integration
    asked = {
        f"/id/{org}/{me}": (200, None),
        f"/id/{org[:15]}/{me[:15]}": (200, None),
        f"/id/00D000000000001AAA/{me}": (403, "Wrong_Org"),
        f"/id/{org}/005000000000001AAA": (404, "Bad_Id"),
    }
    for path, (status, word) in asked.items():
        answer = api.http.get(url + path, timeout=10)
        assert answer.status_code == status
        assert word in (None, answer.text)
    for path in (f"/id/{org}/{me}", "/services/oauth2/userinfo"):
        for header, word in (("Bearer x", "Bad_OAuth_Token"), ("", "Missing_OAuth_Token")):
            headers = {"Authorization": header} if header else {}
            answer = requests.get(url + path, headers=headers, timeout=10)
            assert (answer.status_code, answer.text) == (403, word)
            assert answer.headers["Content-Type"].startswith("text/html")


def test_the_identity_tells_of_the_user(api: Api, sandbox: Salesforce, url: str) -> None:
    address = f"{url}/id/{sandbox.org.id}/{sandbox.org.integration}"
    told = api.http.post(address, params={"version": "latest"}, timeout=10).json()
    assert told["urls"]["rest"] == f"{url}/services/data/v66.0/"
    assert set(told["photos"]) == {"picture", "thumbnail"}
    assert told["utcOffset"] == -18_000_000
    assert told["status"] == {"created_date": None, "body": None}


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


def test_the_idle_time_can_be_set(api: Api, world: World, sandbox: Salesforce) -> None:
    sandbox.options.update(sessions_expire=True, session_minutes=15)
    world.clock.advance(timedelta(minutes=16))
    assert api.call("GET", "/limits").status_code == 401


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65_537, key_size=2_048)


def certificate(key: rsa.RSAPrivateKey) -> str:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "integration")])
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    made = x509.CertificateBuilder(
        issuer_name=name,
        subject_name=name,
        public_key=key.public_key(),
        serial_number=1,
        not_valid_before=begin,
        not_valid_after=begin + timedelta(days=900),
    ).sign(key, hashes.SHA256())
    return made.public_bytes(Encoding.PEM).decode()


def assertion(sandbox: Salesforce, key: rsa.RSAPrivateKey, **other: Any) -> dict[str, str]:
    claims = {
        "iss": sandbox.credentials()["client_id"],
        "sub": "integration@sandbox.example",
        "aud": "https://test.salesforce.com",
        "exp": datetime.now(UTC) + timedelta(minutes=3),
        **other,
    }
    grant = "urn:ietf:params:oauth:grant-type:jwt-bearer"
    return {"grant_type": grant, "assertion": jwt.encode(claims, key, algorithm="RS256")}


@pytest.mark.parametrize("bare", [False, True])
def test_a_signed_assertion_opens_a_session(
    sandbox: Salesforce, url: str, key: rsa.RSAPrivateKey, bare: bool
) -> None:
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    flat = public.decode().replace("\n", "")  # as a form on a page sends it
    sandbox.options["certificate"] = flat if bare else certificate(key)
    answer = token(url, data=assertion(sandbox, key))
    assert answer.status_code == 200, answer.text
    assert set(answer.json()) == {"access_token", "scope", "instance_url", "id", "token_type"}
    bearer = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    me = requests.get(f"{url}/services/oauth2/userinfo", headers=bearer, timeout=10).json()
    assert me["preferred_username"] == "integration@sandbox.example"


@pytest.mark.parametrize(
    ("claims", "error", "words"),
    [
        ({"sub": "nobody@example.com"}, "invalid_grant", "user hasn't approved this consumer"),
        ({"aud": "https://login.salesforce.com"}, "invalid_grant", "audience is invalid"),
        ({"iss": "nobody"}, "invalid_client_id", "client identifier invalid"),
        ({"exp": 1}, "invalid_grant", "expired authorization code"),
    ],
)
def test_assertions_that_will_not_do(
    sandbox: Salesforce,
    url: str,
    key: rsa.RSAPrivateKey,
    claims: dict[str, object],
    error: str,
    words: str,
) -> None:
    sandbox.options["certificate"] = certificate(key)
    answer = token(url, data=assertion(sandbox, key, **claims))
    assert (answer.status_code, answer.json()) == (
        400,
        {"error": error, "error_description": words},
    )


def test_another_key_or_none_is_refused(
    sandbox: Salesforce, url: str, key: rsa.RSAPrivateKey
) -> None:
    assert token(url, data=assertion(sandbox, key)).json()["error"] == "invalid_client"
    sandbox.options["certificate"] = certificate(key)
    other = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
    assert token(url, data=assertion(sandbox, other)).json() == {
        "error": "invalid_grant",
        "error_description": "invalid assertion",
    }


def test_a_production_org_signs_in_elsewhere(
    api: Api, sandbox: Salesforce, url: str, key: rsa.RSAPrivateKey
) -> None:
    sandbox.options.update(certificate=certificate(key), production=True)
    assert token(url, data=assertion(sandbox, key)).json()["error"] == "invalid_grant"
    production = assertion(sandbox, key, aud="https://login.salesforce.com")
    assert token(url, data=production).status_code == 200
    assert api.one("SELECT IsSandbox FROM Organization")["IsSandbox"] is False


def test_the_web_server_flow_and_its_refresh_token(
    sandbox: Salesforce, url: str, world: World
) -> None:
    app = sandbox.credentials()
    back = "http://localhost:1717/OauthRedirect"
    verifier = "a" * 43
    asked = {
        "response_type": "code",
        "client_id": app["client_id"],
        "redirect_uri": back,
        "state": "s",
        "code_challenge": "ZtNPunH49FD35FWYhT5Tv8I7vRKQJ8uxMaL0_9eHjNA",
    }
    sent = requests.get(
        f"{url}/services/oauth2/authorize", params=asked, allow_redirects=False, timeout=10
    )
    assert sent.status_code == 302
    assert sent.headers["Location"].startswith(back)
    found = parse_qs(urlsplit(sent.headers["Location"]).query)
    assert found["state"] == ["s"]
    form = {
        "grant_type": "authorization_code",
        "client_id": app["client_id"],
        "redirect_uri": back,
        "code": found["code"][0],
    }
    wrong = token(url, data={**form, "code_verifier": "b" * 43})
    assert (wrong.status_code, wrong.json()["error"]) == (400, "invalid_grant")
    again = requests.get(
        f"{url}/services/oauth2/authorize", params=asked, allow_redirects=False, timeout=10
    )
    code = parse_qs(urlsplit(again.headers["Location"]).query)["code"][0]
    got = token(url, data={**form, "code": code, "code_verifier": verifier}).json()
    assert got["refresh_token"].startswith("5Aep861")
    renewal = {
        "grant_type": "refresh_token",
        "client_id": app["client_id"],
        "refresh_token": got["refresh_token"],
    }
    new = token(url, data=renewal).json()
    assert new["access_token"] != got["access_token"]
    assert "refresh_token" not in new
    bearer = {"Authorization": f"Bearer {new['access_token']}"}
    limits = f"{url}/services/data/v62.0/limits"
    assert requests.get(limits, headers=bearer, timeout=10).status_code == 200
    revoked = {"token": got["refresh_token"]}
    requests.post(f"{url}/services/oauth2/revoke", data=revoked, timeout=10)
    assert requests.get(limits, headers=bearer, timeout=10).status_code == 401
    assert token(url, data=renewal).json() == {
        "error": "invalid_grant",
        "error_description": "expired access/refresh token",
    }


def test_a_refreshed_sandbox_has_another_id_and_the_same_records(
    api: Api, sandbox: Salesforce, url: str, account: str
) -> None:
    before = api.one("SELECT Id FROM Organization")["Id"]
    sandbox.options["refresh_org"] = True
    assert api.call("GET", "/limits").status_code == 401
    app = sandbox.credentials()
    client = {"client_id": app["client_id"], "client_secret": app["client_secret"]}
    body = token(url, data={"grant_type": "client_credentials", **client}).json()
    api.http.headers["Authorization"] = f"Bearer {body['access_token']}"
    after = api.one("SELECT Id FROM Organization")["Id"]
    assert after != before
    assert body["id"].split("/")[-2] == after
    assert api.get(f"/sobjects/Account/{account}")["Name"] == "Alder & Co"
