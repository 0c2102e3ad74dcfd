"""What the project subscribes to reaches the service, under the address that the project names."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
import yaml

from integrations.contract import Ref
from mappings.loader import load_text
from tests.acceptance.office import Office, office
from tools.hubspot_plugin.__main__ import HOOKS, main, subscribed
from tools.hubspot_plugin.model import PLUGIN

pytestmark = pytest.mark.slow
SECRET = "the-client-secret-of-the-app"
META = json.loads((PLUGIN / HOOKS).read_text(encoding="utf-8"))
#: A singular name of an object -> its type id; "Object type IDs" in HubSpot's documentation.
TYPES = {"contact": "0-1", "company": "0-2", "deal": "0-3"}


@pytest.fixture(name="here")
def _here(tmp_path: Path) -> Iterator[Office]:
    """An office whose service signs in by a token, and has the app's secret for webhooks only."""
    with office("hubspot", tmp_path) as opened:
        opened.run()
        file = opened.folder / "aurevoir.yaml"
        service = yaml.safe_load(file.read_text())
        credentials = service["connections"]["hubspot"]["credentials"]
        assert "token" in credentials
        credentials["client_secret"] = SECRET
        file.write_text(yaml.safe_dump(service))
        opened.service = opened.restart()
        yield opened


def event(here: Office, subscription: dict[str, object]) -> bytes:
    """What HubSpot sends for a subscription. Source: "Webhooks" guide, object events."""
    sent = {
        "portalId": int(here.service.identity.org),
        "subscriptionType": subscription["subscriptionType"],
        "objectTypeId": TYPES[str(subscription["objectType"])],
        "propertyName": subscription["propertyName"],
        "objectId": int(here.customer(1)),
        "occurredAt": 1_772_445_600_000,
    }
    return json.dumps([sent]).encode()


def post(here: Office, target: str, body: bytes, *, secret: str = SECRET) -> requests.Response:
    """A signed request to the path of the project's address, at the service as it listens here."""
    parts = urlsplit(target)
    at = str(int(here.stage.clock.now().timestamp() * 1000))
    told = f"POST{parts.path}".encode() + body + at.encode()
    with here.stage.app.pages({here.crm: here.stage.clock.now}) as pages:
        here.stage.app.address = url = pages.urls["public"]
        told = told.replace(b"POST", f"POST{url}".encode(), 1)
        signature = base64.b64encode(hmac.digest(secret.encode(), told, hashlib.sha256))
        headers = {
            "Content-Type": "application/json",
            "X-HubSpot-Request-Timestamp": at,
            "X-HubSpot-Signature-v3": signature.decode(),
        }
        return requests.post(url + parts.path, data=body, headers=headers, timeout=10)


def kept(here: Office) -> set[Ref]:
    with here.stage.app.store.reading() as tables:
        return set(tables.hints.of(here.crm))


@pytest.mark.parametrize("subscription", META["config"]["subscriptions"]["crmObjects"])
def test_an_event_of_the_subscription_is_kept(
    here: Office, subscription: dict[str, object]
) -> None:
    target = META["config"]["settings"]["targetUrl"]
    body = event(here, subscription)
    assert post(here, target, body, secret="another").status_code == 404
    assert kept(here) == set()
    assert post(here, target, body).status_code == 200
    assert kept(here) == {Ref(object="companies", id=here.customer(1))}


def test_the_address_is_written_as_the_docs_say() -> None:
    docs = (PLUGIN.parents[2] / "docs/install-hubspot.md").read_text(encoding="utf-8")
    assert "https://PUBLIC_URL/hooks/hubspot/CONNECTION" in docs
    parts = urlsplit(META["config"]["settings"]["targetUrl"])
    assert (parts.scheme, parts.path) == ("https", "/hooks/hubspot/hubspot")


def test_a_copy_for_a_mapping_subscribes_to_its_stages(tmp_path: Path) -> None:
    mapping = tmp_path / "hubspot.yaml"
    mapping.write_text(
        "watch: [{object: companies, stage: lifecyclestage,"
        " enters: {notice: [churning], leaving: [churned]}, returns: [customer]}]\n"
    )
    url = "https://goodbye.acme.example/hooks/hubspot/acme"
    into = tmp_path / "project"
    assert main(["--mapping", str(mapping), "--into", str(into), "--hooks", url]) == 0
    meta = json.loads((into / HOOKS).read_text(encoding="utf-8"))
    assert meta["config"]["settings"]["targetUrl"] == url
    assert meta["config"]["subscriptions"]["crmObjects"] == [
        {
            "subscriptionType": "object.propertyChange",
            "objectType": "company",
            "propertyName": "lifecyclestage",
            "active": True,
        }
    ]
    assert meta["uid"] == META["uid"]


def test_switched_on_it_is_what_the_project_has_but_for_the_switch() -> None:
    target = META["config"]["settings"]["targetUrl"]
    made = json.loads(subscribed(META, load_text("", crm="hubspot"), target))
    (change,) = made["config"]["subscriptions"]["crmObjects"]
    assert change.pop("active") is True
    (ours,) = META["config"]["subscriptions"]["crmObjects"]
    assert {**ours, "active": False} == {**change, "active": False}
