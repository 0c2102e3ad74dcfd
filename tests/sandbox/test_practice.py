"""The practice customer, where a real desk has it, and where there is none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urljoin

import pytest
import requests

from integrations.sandbox.clock import Clock
from integrations.sandbox.open import Sandbox, open_sandbox
from integrations.sandbox.practice import NAME
from integrations.sandbox.seed import Seed
from integrations.sandbox.worlds import build
from tests.sandbox.browser import Browser, Page
from tests.sandbox.tiny import START

CRMS = ("hubspot", "salesforce")


def _world() -> Seed:
    """The demo's customers, one of whom happens to have the name."""
    made = build("demo", START)
    namesake = replace(made.customers[0], name=NAME)
    return replace(made, customers=(namesake, *made.customers[1:]))


@pytest.fixture(scope="module", name="real")
def _real() -> Iterator[Sandbox]:
    clock = Clock(manual=START)
    with open_sandbox(world=_world(), hubspot_port=0, salesforce_port=0, clock=clock) as opened:
        yield opened


@pytest.fixture(params=CRMS)
def desk(
    request: pytest.FixtureRequest, real: Sandbox, http: requests.Session
) -> Iterator[Browser]:
    """Somebody in front of either CRM, in a fresh world."""
    yield Browser(http, real.urls[request.param])
    real.world.reset()
    real.world.clock.set(START)


def _begin(at: Browser) -> Page:
    page = at.visit("/")
    return at.send(page, page.root.holding("form", "Begin"), button="Begin")


def _again(page: Page, at: Browser) -> Page:
    return at.send(page, page.root.holding("form", "Begin again"), button="Begin again")


def test_it_is_entered_with_people_a_contract_and_numbers(desk: Browser) -> None:
    page = _begin(desk)
    assert page.heading == NAME
    assert "Your practice customer is here." in page.root.one("p", role="status").text
    details = page.root.one("section", id="details").text
    for words in ("Seats 32", "1480", "Open tickets 4", "610", "2026-04-16", "Harshil Kapoor"):
        assert words in details
    assert len(page.root.one("section", id="people").all("article")) == 3
    assert "Go on with Practice Ltd" in desk.visit("/").text


def test_a_fresh_one_takes_its_place_and_a_namesake_stays(desk: Browser) -> None:
    first = _begin(desk)
    person = first.root.one("section", id="people").all("article")[0]
    desk.send(first, person.one("form"), button="Unsubscribe")
    second = _again(desk.visit(first.answer.url), desk)
    third = _again(second, desk)
    addresses = [page.answer.url.split("?")[0] for page in (first, second, third)]
    assert [desk.visit(one).status for one in addresses] == [404, 404, 200]
    people = third.root.one("section", id="people")
    assert "practice-1.example" not in people.text
    assert "Yes" not in people.text  # nobody has unsubscribed
    listed = [row.one("a") for row in desk.visit(f"/?search={NAME}").root.one("tbody").all("tr")]
    assert len(listed) == 2
    page = desk.visit(
        next(a.attributes["href"] for a in listed if a.attributes["href"] not in addresses[2])
    )
    assert not page.root.all("section", class_="card practice lesson")


def test_time_passes_in_steps_that_the_page_offers(desk: Browser, real: Sandbox) -> None:
    page = _begin(desk)
    form = page.root.holding("form", "Let time pass")
    passed = desk.send(page, form, button="+ 1 day")
    assert passed.root.one("p", role="status").text.startswith(
        "Time has passed. Load the page again"
    )
    assert (real.world.clock.now() - START).days == 1
    way = urljoin(desk.base, "/practice")
    for wrong in ({"do": "pass", "advance": "3 years"}, {"do": "dance"}):
        assert desk.session.post(way, data=wrong).status_code == 400


def test_after_a_fresh_start_nobody_is_practising(desk: Browser, real: Sandbox) -> None:
    _begin(desk)
    real.world.reset()
    assert len(desk.visit("/").root.one("tbody").all("tr")) == 40
    assert _begin(desk).heading == NAME
    assert len(desk.visit("/").root.one("tbody").all("tr")) == 41


def test_where_nobody_can_come_and_go_there_is_nothing_to_practise(
    sandbox: Sandbox, url: str, http: requests.Session
) -> None:
    browser = Browser(http, url)
    assert NAME not in browser.visit("/").text
    answer = http.post(urljoin(url, "/practice"), data={"do": "begin"})
    assert answer.status_code == 404


def test_without_a_stage_there_is_nothing_to_practise(desk: Browser, real: Sandbox) -> None:
    real.world.reset(build("empty", START))
    assert NAME not in desk.visit("/").text
    assert (
        desk.session.post(urljoin(desk.base, "/practice"), data={"do": "begin"}).status_code == 404
    )
    real.world.reset(_world())
