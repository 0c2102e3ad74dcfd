"""Opening a sandbox, and what the person who did is told."""

from __future__ import annotations

import re
import socket

import pytest
import requests

from integrations.sandbox.clock import Clock
from integrations.sandbox.open import DIALECTS, Sandbox, open_sandbox
from integrations.sandbox.seed import Seed
from integrations.sandbox.server import CannotListen
from integrations.sandbox.worlds import BadWorld
from tests.sandbox.tiny import START, TinyHubSpot, TinySalesforce

TINY = {"hubspot": TinyHubSpot, "salesforce": TinySalesforce}


def test_each_crm_has_its_port_and_both_one_world(sandbox: Sandbox) -> None:
    assert list(sandbox.urls) == ["hubspot", "salesforce"]
    for name, url in sandbox.urls.items():
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+", url)
        requests.get(f"{url}/things", timeout=10)
        assert sandbox.world.traffic.count(name) == {"things.list": 1}


def test_the_words_name_addresses_credentials_and_what_to_do_next(sandbox: Sandbox) -> None:
    words = sandbox.words()
    for name, title in (("hubspot", "HubSpot"), ("salesforce", "Salesforce")):
        assert f"{title}  {sandbox.urls[name]}\n  token          {name}-token" in words
    assert "World demo: 40 customers. Its clock stands at 2026-03-02 09:00 UTC." in words
    assert "in a browser" in words
    assert words.endswith("Ctrl-C ends it.")


def test_the_clock_is_the_real_one_unless_another_is_given() -> None:
    seed = Seed(name="bare", started_at=START)
    with open_sandbox(world=seed, hubspot_port=0, salesforce_port=0, dialects=TINY) as opened:
        assert "World bare: 0 customers. Its clock is the real time." in opened.words()
        assert not opened.world.clock.manual


def test_one_crm_alone() -> None:
    with open_sandbox(world="empty", hubspot_port=0, dialects={"hubspot": TinyHubSpot}) as opened:
        assert list(opened.urls) == ["hubspot"]
        page = requests.get(opened.urls["hubspot"], timeout=10).text
    assert "Salesforce" not in page


def test_the_ports_are_free_again_afterwards() -> None:
    with open_sandbox(world="empty", hubspot_port=0, salesforce_port=0, dialects=TINY) as opened:
        port = int(opened.urls["hubspot"].rsplit(":", 1)[1])
    with open_sandbox(world="empty", hubspot_port=port, salesforce_port=0, dialects=TINY) as again:
        assert again.urls["hubspot"] == f"http://127.0.0.1:{port}"


def test_a_port_in_use_opens_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with (
            pytest.raises(CannotListen, match=f"salesforce: .*:{port} is in use"),
            open_sandbox(world="empty", hubspot_port=0, salesforce_port=port, dialects=TINY),
        ):
            raise AssertionError("it opened")


def test_a_world_that_cannot_be_built_opens_nothing() -> None:
    with (
        pytest.raises(BadWorld, match="nowhere is no world"),
        open_sandbox(world="nowhere", clock=Clock(manual=START), dialects=TINY),
    ):
        raise AssertionError("it opened")


@pytest.mark.parametrize("name", DIALECTS)
def test_every_page_of_the_real_dialects_can_be_shown(name: str) -> None:
    module, maker = DIALECTS[name].split(":")
    dialect = pytest.importorskip(module, reason=f"{name} has not landed yet")
    with open_sandbox(
        world="demo",
        hubspot_port=0,
        salesforce_port=0,
        dialects={name: getattr(dialect, maker)},
    ) as opened:
        desk, url = opened.world.dialects[name].desk, opened.urls[name]
        places = ["/", "/outbox", "/requests", "/switches"]
        places += [f"/customers/{row.id}" for row in desk.customers()]
        with requests.Session() as http:
            assert {http.get(url + place).status_code for place in places} == {200}
    assert len(places) == 44
