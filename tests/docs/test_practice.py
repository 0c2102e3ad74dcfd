"""The lesson "Practise a goodbye" in a real Chromium, as a newcomer goes through it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import requests
from playwright.sync_api import Browser, Page

from integrations.sandbox.practice import NAME
from sync import demo
from sync.connection import Connection
from sync.engine.jobs import cycle
from sync.trial import CRMS, Trial, trial
from sync.verify import verify
from tests.chromium import chromium
from tests.docs.pages import ROOT
from tests.web.browser import faults

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PAGE = ROOT / "docs" / "practice.md"


@pytest.fixture(scope="module", name="browser")
def _browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@dataclass
class Newcomer:
    """Somebody in front of the practice customer, while the service works."""

    stage: Trial
    service: Connection
    page: Page

    def looks(self) -> None:
        """The service has looked, as it does every second; the page is loaded again."""
        cycle(self.service)
        self.page.reload()

    def passes(self, span: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=f"+ {span}").click()
        self.looks()

    def moves(self, stage: str) -> None:
        with self.page.expect_navigation():
            self.page.locator("#stage").get_by_role("button", name=stage, exact=True).click()
        self.looks()

    def done(self) -> list[str]:
        """The first words of each step of the lesson that is done."""
        return [
            text.split(":")[0].split(",")[0].strip()
            for text in self.page.locator(".lesson li.done").all_inner_texts()
        ]

    def says(self, words: str) -> bool:
        return words in self.page.locator("main").inner_text()

    def answers(self) -> None:
        """As the customer: the survey's link, a reason, and a way back to the CRM's page."""
        here = self.page.url
        link = self.page.locator("#people").get_by_role("link", name="/s/").first
        if not link.count():
            self.page.get_by_role("link", name="Outbox", exact=True).first.click()
            link = self.page.get_by_role("link", name="/s/").first
        link.click()
        self.page.locator('[name="reason"][value="price"]').check()
        self.page.locator("#what_changed").fill("The renewal came without a word.")
        self.page.get_by_role("button", name="Send my answers").click()
        assert self.page.locator("h1").inner_text() == "Thank you"
        self.page.goto(here)

    def sheet(self) -> dict[str, list[tuple[str, str]]]:
        """Every customer but the one to practise on, as people see them."""
        desk, crm = self.stage.desk(self.service.name), self.service.name
        with self.stage.sandbox.world.lock:
            sheets = [
                (row.name, desk.customer(row.id))
                for row in self.stage.customers(crm).values()
                if row.name != NAME
            ]
        return {
            name: [(line.name, line.value) for line in sheet.lines]
            for name, sheet in sheets
            if sheet
        }

    def cases(self) -> dict[str, str]:
        """The status of every case, by its key."""
        with self.service.store.reading() as tables:
            return {row.key: row.status for row in tables.cases.list(self.service.name)}


@pytest.fixture(params=CRMS)
def newcomer(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Newcomer]:
    """In front of a sandbox of either CRM with the service at work."""
    crm = request.param
    with trial("demo", start=demo.START, crms=[crm]) as stage, stage.pages():
        stage.settle_in()
        service = stage.attentive(crm)
        page = browser.new_page(locale="en-GB", reduced_motion="reduce")
        page.goto(stage.urls[crm])
        yield Newcomer(stage, service, page)
        page.close()


def test_the_lesson_from_notice_to_a_customer_who_stays(newcomer: Newcomer) -> None:
    page, others = newcomer.page, newcomer.sheet()
    page.get_by_role("button", name="Begin", exact=True).click()
    assert page.locator("h1").inner_text() == NAME
    assert newcomer.done() == []
    assert list(faults(page)) == []
    newcomer.moves("Churning")
    assert newcomer.done() == ["They give notice"]
    assert page.locator("#tasks li").count() == 0
    newcomer.passes("15 minutes")
    assert newcomer.done() == ["They give notice", "Let 15 minutes pass"]
    first = page.locator("#tasks li").first
    first.get_by_text("What to do").click()
    assert all(word in first.inner_text() for word in ("Do:", "Say:", "Avoid:", "Why:"))
    many = page.locator("#tasks li").count()
    first.get_by_role("button", name=re.compile("^Complete: ")).click()
    newcomer.looks()
    assert page.locator("#tasks li").count() == many - 1
    newcomer.passes("1 day")
    newcomer.answers()
    newcomer.looks()
    assert len(newcomer.done()) == 4
    assert newcomer.says("The renewal came without a word.")
    newcomer.moves("Active")
    newcomer.passes("15 minutes")
    assert len(newcomer.done()) == 5
    assert newcomer.says("The customer stayed, Tue 3 Mar 2026")
    assert page.locator("#tasks li h3").all_inner_texts() == [f"Read what {NAME} told us: Price"]
    assert list(faults(page)) == []
    assert newcomer.sheet() == others


def test_one_begins_again_with_a_fresh_customer(newcomer: Newcomer) -> None:
    page = newcomer.page
    page.get_by_role("button", name="Begin", exact=True).click()
    first, others = page.url.split("?")[0], newcomer.sheet()
    newcomer.moves("Churned")
    newcomer.passes("15 minutes")
    page.locator("#tasks li").first.get_by_role("button", name=re.compile("^Complete")).click()
    newcomer.passes("1 day")
    newcomer.answers()
    for _ in range(8):
        newcomer.passes("1 week")
    page.get_by_role("button", name="Begin again").click()
    second = page.url.split("?")[0]
    assert second != first
    assert newcomer.done() == []
    assert page.locator("#tasks li").count() == page.locator("#timeline li").count() == 0
    assert requests.get(first, timeout=10).status_code == 404
    newcomer.looks()
    (old,) = newcomer.cases()
    assert newcomer.cases() == {old: "gone"}
    newcomer.moves("Churning")
    newcomer.passes("15 minutes")
    (new,) = newcomer.cases().keys() - {old}
    assert newcomer.cases() == {old: "gone", new: "notice"}
    many = page.locator("#tasks li").count()
    assert many > 3
    newcomer.passes("1 day")
    newcomer.answers()  # nobody there has had a survey lately
    newcomer.looks()
    assert newcomer.says("The renewal came without a word.")
    assert newcomer.sheet() == others
    found = verify(newcomer.service)
    assert (found.missing, found.extra, found.unlinked) == ([], [], [])


def test_the_page_names_what_is_there(newcomer: Newcomer) -> None:
    named = set(re.findall(r"\*\*([^*]+)\*\*", PAGE.read_text(encoding="utf-8")))
    page = newcomer.page
    page.get_by_role("button", name="Begin", exact=True).click()
    newcomer.moves("Churning")
    newcomer.passes("15 minutes")
    words = page.locator("body").inner_text()
    # What is not on this page: the button that led to it, and the two ways to end.
    assert {one for one in named if one not in words} == {"They stay.", "They leave."}
    assert "five tasks" in PAGE.read_text(encoding="utf-8")
    assert page.locator("#tasks li").count() == 5


def test_the_command_opens_it_and_the_service_works(browser: Browser) -> None:
    command = [sys.executable, "-m", "sync.cli", "practice", "--crm", "hubspot", "--json"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as running:
        assert running.stdout
        said = ""
        while not said.rstrip().endswith("}"):
            said += running.stdout.readline()
        page = browser.new_page()
        page.goto(json.loads(said)["hubspot"])
        page.get_by_role("button", name="Begin", exact=True).click()
        page.locator("#stage").get_by_role("button", name="Churning").click()
        page.get_by_role("button", name="+ 15 minutes").click()
        for _ in range(2_000):  # until the service has looked
            if page.locator("#tasks li").count():
                break
            page.reload()
        assert page.locator("#tasks li").count() == 5
        page.close()
        running.send_signal(signal.SIGINT)
    assert running.returncode == 0
