"""The sandbox's pages show the card that the plugins show, after a real cycle in both CRMs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Literal

import pytest
import requests
from playwright.sync_api import Browser as Chromium

from integrations.sandbox.pages.card import say
from sync.trial import CRMS, Trial, trial
from tests.chromium import chromium
from tests.sandbox.browser import Browser, Page
from tests.web.browser import faults
from tools.hubspot_plugin.model import CARDS

Scheme = Literal["light", "dark"]
AXE = CARDS / "node_modules/axe-core/axe.min.js"
pytestmark = pytest.mark.slow

#: Has given notice; stays; has given notice too, and a colleague has written everything down.
LEAVING, STAYING, FULL = "Copper Finch Media", "Quarry House Legal", "Alder & Quill Stationers"
TOLD = {
    "decision": "let_go",
    "reasons_other": "trust;other",
    "exit_words": "It grew too dear for us.",
    "moving_to": "A spreadsheet",
    "rating_service": "5",
    "would_return": "8",
}


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
            for name in (LEAVING, FULL):
                stage.edit(crm, rows[name].id, field, "churning", by=by)
        for _ in range(2):  # the move is seen, and has settled
            stage.advance(timedelta(minutes=15))
            for connection in connections:
                stage.cycle(connection)
        for crm, connection in zip(CRMS, connections, strict=True):
            places, by = connection.places("customer"), stage.colleague(crm)
            for key, value in TOLD.items():
                stage.edit(crm, stage.customers(crm)[FULL].id, places[key].field, value, by=by)
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
    checklist = card.one("section", id="card-checklist")
    summaries = [summary.text for summary in checklist.all("summary")]
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
    card = _card(visit.visit(path(stage, crm, STAYING)))
    said = (say("off_boarding"), say("empty_title"), say("empty_text"), say("start"))
    assert card.startswith(" ".join(said))


@pytest.fixture(name="chromium", scope="module")
def _chromium() -> Iterator[Chromium]:
    """The system's Chromium."""
    with chromium() as browser:
        yield browser


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


@pytest.fixture(name="axe", scope="module")
def _axe() -> str:
    """The code of axe, which HubSpot's cards have among their tools."""
    if AXE.is_file():
        return AXE.read_text(encoding="utf-8")
    words = "axe is not there; `make test-plugin-hubspot` gets it"
    if os.environ.get("AUREVOIR_BROWSER") == "required":
        pytest.fail(words)
    pytest.skip(words)


#: What of the card is looked at: as it is, with everything open, and its other states.
LOOKS = {"": False, "open": True, "loading": False, "no_access": False, "error": False}


@pytest.mark.browser
@pytest.mark.parametrize("crm", CRMS)
@pytest.mark.parametrize(
    ("customer", "look"), [*((LEAVING, look) for look in LOOKS), (STAYING, ""), (FULL, "open")]
)
def test_the_card_passes_axe(
    crm: str, customer: str, look: str, stage: Trial, chromium: Chromium, axe: str
) -> None:
    page = chromium.new_page()
    state = "" if LOOKS[look] else look
    page.goto(f"{path(stage, crm, customer)}?card={state}")
    if LOOKS[look]:
        page.evaluate("document.querySelectorAll('#card details').forEach(d => { d.name = ''; })")
        page.evaluate("document.querySelectorAll('#card details').forEach(d => { d.open = true; })")
    page.evaluate(axe)
    found = page.evaluate("axe.run('#card')")
    assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == []
    assert len(found["passes"]) > 5
    page.close()


@pytest.mark.parametrize("crm", CRMS)
def test_a_task_is_completed_and_fields_are_set_in_the_card(
    crm: str, stage: Trial, visit: Browser
) -> None:
    names = stage.connect(crm).places("customer")
    page = visit.visit(path(stage, crm, FULL))
    card = page.root.one("section", id="card")
    (form,) = [
        one
        for one in card.all("form")
        if one.all("select", name=f"set:{names['reason_csm'].field}")
    ]
    price, trust = (f"tick:{names['reasons_other'].field}:{one}" for one in ("price", "trust"))
    after = visit.send(
        page,
        form,
        button="Save",
        **{f"set:{names['reason_csm'].field}": "budget_cut", price: "on", trust: "on"},
    )
    assert after.answer.url.endswith("#card")
    feedback = after.root.one("section", id="card-feedback").text
    assert "Reason said by us Budget cut" in feedback
    assert "Other reasons Price, Trust" in feedback
    checklist = after.root.one("section", id="card-checklist")
    done = checklist.text.count("Done")
    task = checklist.all("form")[0]
    after = visit.send(after, task, button="Complete")
    assert after.answer.url.endswith("#card")
    assert after.root.one("section", id="card-checklist").text.count("Done ") > done
    editor = {"do": "fill", "set:Nonsense": "1"}
    refused = visit.session.post(path(stage, crm, FULL), data=editor, timeout=10)
    assert refused.status_code == 400


def test_a_number_out_of_range_is_said(stage: Trial, visit: Browser) -> None:
    crm = "salesforce"
    form = {"do": "fill", "set:Aurevoir_Rating_Price__c": "many"}
    answer = visit.session.post(path(stage, crm, FULL), data=form, timeout=10)
    assert answer.status_code == 422
    assert "cannot be set to many" in answer.text


def test_where_field_security_hides_the_fields_the_card_says_so(
    stage: Trial, visit: Browser
) -> None:
    options = stage.sandbox.world.dialects["salesforce"].options
    options["hidden_fields"] = "Account.Aurevoir_Status__c"
    try:
        card = _card(visit.visit(path(stage, "salesforce", LEAVING)))
    finally:
        options["hidden_fields"] = ""
    assert card == f"{say('off_boarding')} {say('no_access_title')} {say('no_access_text')}"


@pytest.mark.parametrize("crm", CRMS)
def test_who_leaves_all_mail_may_not_be_contacted(crm: str, stage: Trial, visit: Browser) -> None:
    page = visit.visit(path(stage, crm, FULL))
    (form, *_) = [
        one for one in page.root.all("form") if one.all("input", name="do", value="unsubscribe")
    ]
    page = visit.send(page, form, button="Unsubscribe")
    assert say("may_not_contact") in page.root.one("section", id="card-people").text
