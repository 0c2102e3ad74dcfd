"""Webhooks, as an app on a real socket gets them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from queue import Queue
from threading import Thread
from typing import Any

import pytest
from hubspot.utils.signature import Signature

from integrations.sandbox.hubspot import HubSpot
from integrations.sandbox.hubspot.courier import signature
from integrations.sandbox.world import World
from tests.sandbox.hubspot.client import NOW, Api

HOOKS = "/webhooks/v3/2741886"


class App:
    """An app's server: what came in, and how it answers."""

    def __init__(self) -> None:
        self.came: Queue[tuple[list[dict[str, Any]], dict[str, str], bytes]] = Queue()
        self.status = 200
        app = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(app.status)
                self.send_header("Content-Length", "0")
                self.end_headers()
                app.came.put((json.loads(body), dict(self.headers), body))

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hooks?from=hubspot"

    def events(self) -> list[dict[str, Any]]:
        """The next request's."""
        return self.came.get(timeout=5)[0]


@pytest.fixture
def app() -> Iterator[App]:
    made = App()
    thread = Thread(target=made.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


@pytest.fixture
def wish(api: Api, app: App, hubspot: HubSpot) -> Any:
    """Subscribes the app to an event type."""
    key = {"hapikey": hubspot.app()["developer_key"]}
    settings = {"targetUrl": app.url, "throttling": {"maxConcurrentRequests": 10}}
    assert api("PUT", f"{HOOKS}/settings", settings, **key).status_code == 200

    def subscribe(type_: str, **more: object) -> str:
        body = {"eventType": type_, "active": True, **more}
        answer = api.post(f"{HOOKS}/subscriptions", body, **key)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    return subscribe


def test_a_stage_that_moves(api: Api, app: App, wish: Any, world: World) -> None:
    wanted = wish("company.propertyChange", propertyName="customer_stage")
    desk, birch = world.dialects["hubspot"].desk, api.company("Birch Ltd")
    ada = desk.colleagues()[0][0]
    desk.edit("companies", birch, "plan", "Gold", by=ada)
    desk.edit("companies", birch, "customer_stage", "churning", by=ada)
    (event,) = app.events()
    assert event.pop("eventId") > 0
    assert event.pop("sourceId").startswith("userId:")
    assert event == {
        "subscriptionId": int(wanted),
        "portalId": 146200311,
        "appId": 2741886,
        "occurredAt": int(NOW.timestamp() * 1000),
        "subscriptionType": "company.propertyChange",
        "attemptNumber": 0,
        "objectId": int(birch),
        "changeSource": "CRM_UI",
        "propertyName": "customer_stage",
        "propertyValue": "churning",
    }


def test_the_signature_is_hubspots(api: Api, app: App, wish: Any, hubspot: HubSpot) -> None:
    wish("object.creation", objectTypeId="0-2")
    api.create("companies", name="Elm")
    (event,), headers, body = app.came.get(timeout=5)
    assert (event["objectTypeId"], event["changeFlag"]) == ("0-2", "CREATED")
    at = headers["X-HubSpot-Request-Timestamp"]
    assert int(at) == event["occurredAt"]
    told = Signature.get_signature(
        client_secret=(secret := hubspot.app()["client_secret"]),
        request_body=body.decode(),
        signature_version="v3",
        http_uri=app.url,
        http_method="POST",
        timestamp=at,
    )
    assert headers["X-HubSpot-Signature-v3"] == told
    assert signature(secret, "POST", "http://a/%7B%3A%2f", b"", 1) == signature(
        secret, "POST", "http://a/%7B:/", b"", 1
    )


def test_hubspots_own_example_of_a_signature() -> None:
    secret, url = "yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy", "https://www.example.com/webhook_uri"
    told = signature(secret, "POST", url, b"{'example_field':'example_value'}", 1693657560000)
    assert told == "K36dawei4A+QBNolUOqo7s91KQDWQ5MXZ/QufNYuk/Y="


def test_who_leaves_all_email_is_told(api: Api, app: App, wish: Any, hubspot: HubSpot) -> None:
    wish("contact.propertyChange", propertyName="hs_email_optout")
    hubspot.desk.unsubscribe(ida := api.contact("ida@birch.example"))
    (event,) = app.events()
    assert (event["objectId"], event["propertyValue"]) == (int(ida), "true")


def test_only_what_changed_is_told(api: Api, app: App, wish: Any) -> None:
    wish("company.propertyChange", propertyName="name")
    birch = f"/crm/objects/2026-09/companies/{api.company('Birch Ltd')}"
    for values in ({"name": "Birch Ltd", "city": "Ulm"}, {"name": "Birch AG"}):
        assert api("PATCH", birch, {"properties": values}).status_code == 200
    assert [event["propertyValue"] for event in app.events()] == ["Birch AG"]


def test_many_events_come_in_batches(api: Api, app: App, wish: Any) -> None:
    wish("contact.creation")
    wish("contact.propertyChange", propertyName="email")
    people = [{"properties": {"email": f"n{place}@elm.example"}} for place in range(100)]
    api.post("/crm/objects/2026-09/contacts/batch/create", {"inputs": people})
    batches = [app.events(), app.events()]
    assert [len(batch) for batch in batches] == [100, 100]
    kinds = [event["subscriptionType"] for batch in batches for event in batch]
    assert kinds.count("contact.creation") == 100


def test_deleted_restored_and_merged(api: Api, app: App, wish: Any, hubspot: HubSpot) -> None:
    for what in ("deletion", "restore", "merge"):
        wish(f"company.{what}")
    desk, birch, dog = hubspot.desk, api.company("Birch Ltd"), api.company("Dogwood")
    ada = desk.colleagues()[0][0]
    api("DELETE", f"/crm/objects/2026-09/companies/{dog}")
    (deleted,) = app.events()
    assert (deleted["subscriptionType"], deleted["objectId"]) == ("company.deletion", int(dog))
    desk.restore("companies", dog, by=ada)
    (restored,) = app.events()
    assert restored["subscriptionType"] == "company.restore"
    wish("company.propertyChange", propertyName="annualrevenue")
    body = {"primaryObjectId": dog, "objectIdToMerge": birch}
    made = api.post("/crm/objects/2026-09/companies/merge", body).json()["id"]
    gone, merged = app.events()
    assert (gone["subscriptionType"], gone["objectId"]) == ("company.deletion", int(birch))
    assert (merged["primaryObjectId"], merged["mergedObjectIds"]) == (int(dog), [int(birch)])
    assert merged["newObjectId"] == int(made)
    assert merged["numberOfPropertiesMoved"] > 0


def test_what_was_not_taken_comes_again(api: Api, app: App, wish: Any, world: World) -> None:
    wish("company.creation")
    app.status = 500
    api.create("companies", name="Elm")
    first = app.events()
    for attempt in range(1, 11):
        world.clock.advance(timedelta(hours=8))
        (again,) = app.events()
        assert again == {**first[0], "attemptNumber": attempt}
    app.status = 200
    world.clock.advance(timedelta(days=2))
    api.create("companies", name="Fir")
    (last,) = app.events()
    assert last["objectId"] != first[0]["objectId"]
    assert app.came.empty()


def test_twice_and_in_the_wrong_order_on_demand(
    api: Api, app: App, wish: Any, hubspot: HubSpot
) -> None:
    wish("company.creation")
    hubspot.options |= {"webhooks_twice": True, "webhooks_shuffled": True}
    inputs = [{"properties": {"name": name}} for name in ("A", "B", "C")]
    made = api.post("/crm/objects/2026-09/companies/batch/create", {"inputs": inputs}).json()
    ids = [int(one["id"]) for one in made["results"]]
    first, second = app.events(), app.events()
    assert first == second
    assert [event["objectId"] for event in first] == ids[::-1]


def test_the_log_has_what_was_sent(
    api: Api, app: App, wish: Any, world: World, hubspot: HubSpot
) -> None:
    wish("company.creation")
    api.create("companies", name="Elm")
    (event,) = app.events()
    api.create("companies", name="Fir")
    app.events()  # the first delivery is in the log by now
    entry, *_ = world.traffic.entries(crm="hubspot.webhooks")
    assert (entry.method, entry.path, entry.status) == ("POST", app.url, 200)
    assert json.loads(entry.request) == [event]


def test_a_subscription_is_switched_off(api: Api, app: App, wish: Any, hubspot: HubSpot) -> None:
    key = {"hapikey": hubspot.app()["developer_key"]}
    off, _ = wish("company.creation"), wish("deal.creation")
    path = f"{HOOKS}/subscriptions/{off}"
    assert api("PATCH", path, {"active": False}, **key).json()["active"] is False
    api.create("companies", name="Elm")
    api.create("deals", dealname="D", dealstage="contractsent")
    assert app.events()[0]["subscriptionType"] == "deal.creation"
    assert api("DELETE", path, **key).status_code == 204
    assert api.get(path, **key).status_code == 404


def test_an_address_that_was_taken_away_is_forgotten(
    api: Api, app: App, wish: Any, world: World, hubspot: HubSpot
) -> None:
    wish("company.creation")
    app.status = 500
    api.create("companies", name="Elm")
    (first,) = app.events()
    key = {"hapikey": hubspot.app()["developer_key"]}
    settings = api.get(f"{HOOKS}/settings", **key).json()
    assert api("DELETE", f"{HOOKS}/settings", **key).status_code == 204
    api.create("companies", name="Fir")
    app.status = 200
    assert api("PUT", f"{HOOKS}/settings", settings, **key).status_code == 200
    world.clock.advance(timedelta(minutes=2))
    api.create("companies", name="Oak")
    (last,) = app.events()
    assert last["eventId"] == first["eventId"] + 1
    assert app.came.empty()


def test_what_is_refused(api: Api, wish: Any, hubspot: HubSpot) -> None:
    key = {"hapikey": hubspot.app()["developer_key"]}
    assert api.get(f"{HOOKS}/subscriptions").status_code == 401
    far = {"targetUrl": "https://app.example/hooks", "throttling": {"maxConcurrentRequests": 10}}
    assert api("PUT", f"{HOOKS}/settings", far, **key).status_code == 400
    for body in (
        {"eventType": "company.explosion"},
        {"eventType": "company.propertyChange"},
        {"eventType": "object.creation"},
    ):
        assert api.post(f"{HOOKS}/subscriptions", body, **key).status_code == 400
    newest = "/app-webhooks/2026-09/2741886/subscriptions"
    assert api.get(newest, **key).json() == {"results": []}
    assert api("DELETE", f"{HOOKS}/settings", **key).status_code == 204
    assert api.get(f"{HOOKS}/settings", **key).status_code == 404


def test_several_subscriptions_are_switched_off_at_once(
    api: Api, wish: Any, hubspot: HubSpot
) -> None:
    key = {"hapikey": hubspot.app()["developer_key"]}
    id = wish("company.creation")
    body = {"inputs": [{"id": int(id), "active": False}, {"id": 7, "active": False}]}
    answer = api.post(f"{HOOKS}/subscriptions/batch/update", body, **key)
    assert answer.status_code == 207
    assert [(one["id"], one["active"]) for one in answer.json()["results"]] == [(id, False)]
    assert answer.json()["errors"][0]["context"] == {"id": ["7"]}
    assert api.get(f"{HOOKS}/subscriptions/{id}", **key).json()["active"] is False
