"""A CRM tells of a change by itself: the service looks at once, and believes nothing of it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import Queue

import pytest
import requests
import yaml

from integrations.contract import Ref
from sync import points
from sync.hints import look_at_hints
from sync.web.throttle import Rate, Rates
from tests.acceptance.office import Office, office

pytestmark = pytest.mark.slow

SECRET = "a-secret-that-nobody-would-guess"
MESSAGE = """<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body>
<notifications xmlns="http://soap.sforce.com/2005/09/outbound">
<OrganizationId>{org}</OrganizationId><ActionId>04k000000000001AAA</ActionId>
<SessionId xsi:nil="true"/><Notification><Id>04l000000000001AAA</Id>
<sObject xsi:type="sf:Account" xmlns:sf="urn:sobject.enterprise.soap.sforce.com">
<sf:Id>{id}</sf:Id></sObject></Notification></notifications></soapenv:Body></soapenv:Envelope>"""


@dataclass(kw_only=True)
class Doorbell:
    """The public port, and who rings there."""

    here: Office
    url: str = ""

    def rings(self, number: int = 1, *, secret: str = SECRET, org: str = "") -> requests.Response:
        """Salesforce sends an outbound message about a customer."""
        org = org or self.here.service.identity.org
        message = MESSAGE.format(org=org, id=self.here.customer(number))
        return self.post(f"salesforce/salesforce/{secret}", message)

    def post(self, path: str, body: str, **headers: str) -> requests.Response:
        headers = {"Content-Type": "text/xml; charset=utf-8", **headers}
        url = f"{self.url}/hooks/{path}"
        return requests.post(url, data=body.encode(), headers=headers, timeout=10)

    def kept(self) -> set[Ref]:
        """What the service means to look at."""
        with self.here.stage.app.store.reading() as tables:
            return set(tables.hints.of(self.here.crm))


@contextmanager
def doorbell(
    here: Office, *, rates: Rates | None = None, wake: Callable[[str], None] = lambda name: None
) -> Iterator[Doorbell]:
    """The service's pages are open, and its CRM knows where; polling would take a day."""
    file = here.folder / "aurevoir.yaml"
    service = yaml.safe_load(file.read_text())
    own = {"hook_secret": SECRET}
    if here.crm == "hubspot":
        app = here.stage.dialect(here.crm).app()  # type: ignore[attr-defined]
        own = {name: app[name] for name in ("client_id", "client_secret")}
    service["connections"][here.crm]["credentials"] |= own
    service["connections"][here.crm]["poll"] = "1 day"
    file.write_text(yaml.safe_dump(service))
    here.service = here.restart()
    clocks = {here.crm: here.stage.clock.now}
    with here.stage.app.pages(clocks, rates=rates, wake=wake) as pages:
        here.stage.app.address = pages.urls["public"]
        if here.crm == "hubspot":
            _subscribe(here, pages.urls["public"])
        yield Doorbell(here=here, url=pages.urls["public"])


def _subscribe(here: Office, url: str) -> None:
    base = here.stage.sandbox.urls["hubspot"] + "/webhooks/v3/2741886"
    key = {"hapikey": here.stage.dialect("hubspot").app()["developer_key"]}  # type: ignore[attr-defined]
    settings = {
        "targetUrl": f"{url}/hooks/hubspot/hubspot",
        "throttling": {"maxConcurrentRequests": 10},
    }
    wish = {"eventType": "company.propertyChange", "propertyName": "customer_stage", "active": True}
    requests.put(f"{base}/settings", json=settings, params=key, timeout=10).raise_for_status()
    requests.post(f"{base}/subscriptions", json=wish, params=key, timeout=10).raise_for_status()


def test_the_service_looks_at_once(here: Office) -> None:
    came: Queue[str] = Queue()

    def until(point: str) -> None:
        while came.get(timeout=30) != point:
            pass

    bell: list[Callable[[str], None]] = []
    with doorbell(here, wake=lambda name: bell[0](name)) as door:
        engine = here.stage.app.engine([here.crm])
        bell.append(engine.wake)
        running = threading.Thread(target=engine.run)
        with points.listening(came.put):
            running.start()
            until("commit jobs note after")
            here.stage_to(1, "churning")
            if here.crm == "salesforce":
                assert door.rings().status_code == 200
            until("commit hints looked at after")
            engine.stop()
            running.join()
    assert [row.number for row in here.cases()] == [1]
    assert door.kept() == set()


def test_a_hint_waits_in_the_store_and_comes_twice_for_nothing(here: Office) -> None:
    if here.crm != "salesforce":
        pytest.skip("the sandbox's HubSpot rings by itself")
    with doorbell(here) as door:
        here.stage_to(1, "churning")
        answers = [door.rings() for _ in range(3)]
        assert all("<Ack>true</Ack>" in answer.text for answer in answers)
        assert door.kept() == {Ref(object="Account", id=here.customer(1))}
        here.service = here.restart()
        assert look_at_hints(here.service) == 1
        assert door.kept() == set()
        door.rings()
        assert look_at_hints(here.service) == 0
        assert len(here.cases()) == 1


def test_a_merge_that_was_told_is_followed_at_once(here: Office) -> None:
    if here.crm != "salesforce":
        pytest.skip("the sandbox's HubSpot rings by itself")
    here.leaves()
    lost, (case,) = here.customer(1), here.cases()
    with doorbell(here) as door:
        by = here.stage.colleague(here.crm)
        with here.stage.sandbox.world.lock:
            here.stage.desk(here.crm).merge("Account", lost, here.customer(2), by=by)  # type: ignore[attr-defined]
        body = MESSAGE.format(org=here.service.identity.org, id=lost)
        assert door.post(f"salesforce/salesforce/{SECRET}", body).ok
        look_at_hints(here.service)
    assert [row.key for row in here.cases(2)] == [case.key]
    assert (case.key, lost) != (case.key, here.customer(2))


def test_a_flow_may_tell_too(tmp_path: Path) -> None:
    with office("salesforce", tmp_path) as here:
        here.run()
        with doorbell(here) as door:
            id = here.customer(1)
            records = [{"object": "Account", "id": id}]
            body = json.dumps({"org": here.service.identity.org, "records": records})
            answer = door.post(
                f"salesforce/salesforce/{SECRET}", body, **{"Content-Type": "application/json"}
            )
            assert (answer.status_code, answer.text) == (200, "")
            assert door.kept() == {Ref(object="Account", id=id)}


def test_what_the_crm_has_not_sent_is_told_nothing(here: Office) -> None:
    with doorbell(here) as door:
        nowhere = door.post("hubspot/nobody", "[]")
        org = here.service.identity.org
        bomb = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "b">]><a>&b;</a>'
        forged = [
            door.post("hubspot/hubspot", "[]"),
            door.post("hubspot/hubspot", "[]", **{"X-HubSpot-Signature-v3": "AAAA"}),
            door.post("salesforce/salesforce", MESSAGE.format(org=org, id="001")),
            door.rings(secret="another-secret-that-is-wrong"),
            door.rings(org="00D000000000001AAA"),
            door.post(f"salesforce/salesforce/{SECRET}", bomb),
            door.post(f"salesforce/salesforce/{SECRET}", "[" * 60_000),
            door.post(f"salesforce/salesforce/{SECRET}", "[1]", **{"Content-Type": "text/json"}),
        ]
        assert {answer.status_code for answer in forged} == {404}
        assert {answer.text for answer in forged} == {nowhere.text}
        assert door.kept() == set()


def test_a_flood_is_held_off(tmp_path: Path) -> None:
    with office("salesforce", tmp_path) as here:
        here.run()
        few = Rates(hook=Rate(burst=5, every=60.0))
        with doorbell(here, rates=few) as door:
            answers = [door.rings().status_code for _ in range(8)]
            large = "x" * 70_000
        assert answers == [200] * 5 + [429] * 3
        with doorbell(here) as door:
            assert door.post(f"salesforce/salesforce/{SECRET}", large).status_code == 413
