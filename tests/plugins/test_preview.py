"""The sandbox's pages show the card that the plugins show, after a real cycle in both CRMs."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Literal

import pytest
import requests
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import sync_playwright

from integrations.sandbox.pages.card import say
from sync.trial import CRMS, Trial, trial
from tests.sandbox.browser import Browser, Page
from tests.web.browser import faults
from tools.hubspot_plugin.model import CARDS

Scheme = Literal["light", "dark"]
AXE = CARDS / "node_modules/axe-core/axe.min.js"
pytestmark = pytest.mark.slow

LEAVING, STAYING = "Copper Finch Media", "Quarry House Legal"


@pytest.fixture(name="stage", scope="module")
def _stage() -> Iterator[Trial]:
    """A customer who has just given notice, and one who stays, in both CRMs."""
    with trial("demo", start=datetime(2026, 3, 2, 9, tzinfo=UTC)) as stage:
        connections = []
        for crm in CRMS:
            stage.provision(crm)
            connections.append(stage.connect(crm))
            stage.cycle(connections[-1])
            rows = stage.customers(crm)
            field = {"hubspot": "customer_stage", "salesforce": "Customer_Stage__c"}[crm]
            by = stage.colleague(crm)
            stage.edit(crm, rows[LEAVING].id, field, "churning", by=by)
        for _ in range(2):  # the move is seen, and has settled
            stage.advance(timedelta(minutes=15))
            for connection in connections:
                stage.cycle(connection)
        yield stage


def path(stage: Trial, crm: str, customer: str) -> str:
    return f"{stage.sandbox.urls[crm]}/customers/{stage.customers(crm)[customer].id}"


@pytest.fixture(name="visit")
def _visit(stage: Trial) -> Iterator[Browser]:
    with requests.Session() as session:
        yield Browser(session, stage.sandbox.urls["hubspot"])


def _card(page: Page) -> str:
    return page.root.one("section", id="card").text


@pytest.mark.parametrize("crm", CRMS)
def test_a_notice_shows_the_card_with_its_tasks(crm: str, stage: Trial, visit: Browser) -> None:
    page = visit.visit(path(stage, crm, LEAVING))
    card = page.root.one("section", id="card")
    assert card.one("li", aria_current="step").text == "Notice"
    assert f"0 % {say('required_done')}" in card.text
    assert "Acknowledge the notice of Copper Finch Media in person" in card.text
    summaries = [summary.text for summary in card.all("summary")]
    assert summaries[0].startswith("Customer success: 0 of ")
    assert [summary.split(":")[0] for summary in summaries[:3]] == [
        *("Customer success", "Support", "Billing"),
    ]
    assert "Nobody's task" not in card.text


def test_both_crms_show_the_same(stage: Trial, visit: Browser) -> None:
    """But for owners, days' hours and the order of people, which are the CRM's own."""
    one, other = (
        [
            part.text
            for part in visit.visit(path(stage, crm, LEAVING))
            .root.one("section", id="card")
            .all("h2", "h3", "summary", "dl", "label")
        ]
        for crm in CRMS
    )
    assert one == other
    assert len(one) > 8


@pytest.mark.parametrize("crm", CRMS)
def test_a_customer_who_stays_has_an_empty_card(crm: str, stage: Trial, visit: Browser) -> None:
    assert _card(visit.visit(path(stage, crm, STAYING))) == (
        f"{say('off_boarding')} {say('empty_title')} {say('empty_text')}"
    )


@pytest.fixture(name="chromium", scope="module")
def _chromium() -> Iterator[Chromium]:
    """The system's Chromium."""
    named = os.environ.get("AUREVOIR_CHROMIUM") or "/usr/bin/chromium"
    path = shutil.which(named) or shutil.which("chromium")
    if path is None:
        words = "there is no Chromium here; install it, or name it in AUREVOIR_CHROMIUM"
        if os.environ.get("AUREVOIR_BROWSER") == "required":
            pytest.fail(words)
        pytest.skip(words)
    options = ["--disable-background-networking"]
    options += ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=options)
        yield chromium
        chromium.close()


@pytest.mark.browser
@pytest.mark.parametrize("crm", CRMS)
@pytest.mark.parametrize(("width", "scheme"), [(1200, "light"), (1200, "dark"), (360, "light")])
def test_the_card_is_for_everybody(
    crm: str, width: int, scheme: Scheme, stage: Trial, chromium: Chromium
) -> None:
    """Names, order of headings and contrast, on paper and at night, wide and narrow."""
    page = chromium.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.goto(path(stage, crm, LEAVING))
    assert page.locator("#card progress").is_visible()
    assert list(faults(page)) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


@pytest.mark.browser
@pytest.mark.skipif(not AXE.is_file(), reason="axe-core comes with `make test-plugin-hubspot`")
@pytest.mark.parametrize("crm", CRMS)
@pytest.mark.parametrize("customer", [LEAVING, STAYING])
def test_the_card_passes_axe(crm: str, customer: str, stage: Trial, chromium: Chromium) -> None:
    page = chromium.new_page()
    page.goto(path(stage, crm, customer))
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run('#card')")
    assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == []
    assert len(found["passes"]) > 5
    page.close()
