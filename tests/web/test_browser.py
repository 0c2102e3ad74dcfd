"""The survey in a real Chromium: by keyboard, with and without scripts, for everybody."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from sync.model import Kind
from tests.chromium import chromium
from tests.web.browser import faults, focuses
from tests.web.site import Link, Site

pytestmark = pytest.mark.browser

#: The link on the survey, the button, and the heading of the page that follows.
WISHES = {
    Kind.ASKED_TO_TALK: (
        "I would rather talk to a person",
        "Yes, please call me",
        "We will call you",
    ),
    Kind.OPTED_OUT: (
        "Please do not ask me again",
        "Yes, do not ask me again",
        "Understood",
    ),
}


@pytest.fixture(scope="module", name="chromium")
def _chromium() -> Iterator[Browser]:
    """The system's Chromium."""
    with chromium() as browser:
        yield browser


Open = Callable[..., Page]


@pytest.fixture(name="open")
def _open(chromium: Browser, site: Site) -> Iterator[Open]:
    """Opens a page of the site in a browser of its own; nothing may be refused or fetched afar."""
    contexts: list[BrowserContext] = []

    def visit(path: str, **options: Any) -> Page:
        options = {"viewport": {"width": 1100, "height": 800}, **options}
        context = chromium.new_context(locale="en-GB", **options)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: requested.append(request.url))
        page.on("console", lambda said: complaints.append(said.text))
        page.goto(f"{site.url}{path}")
        return page

    requested: list[str] = []
    complaints: list[str] = []
    yield visit
    for context in contexts:
        assert context.cookies() == []
        context.close()
    assert requested
    assert all(url.startswith(site.url) for url in requested)
    assert [said for said in complaints if "status of" not in said] == []


def _tab_to(page: Page, name: str, value: str = "") -> None:
    """Press the tabulator key until the control has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        selector = f'[name="{name}"]' + (f'[value="{value}"]' if value else "")
        if page.locator(f"{selector}:focus").count():
            return
    pytest.fail(f"the keyboard does not reach {name}")


def _enter(page: Page, words: str) -> None:
    """Go to the button or link with these words by keyboard, and use it."""
    for _ in range(60):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if focused.count() and (focused.text_content() or "").strip() == words:
            with page.expect_navigation():
                page.keyboard.press("Enter")
            return
    pytest.fail(f"the keyboard does not reach {words!r}")


def _heading(page: Page) -> str:
    return page.locator("h1").inner_text()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_the_keyboard_is_enough(open: Open, link: Link, site: Site, scripts: bool) -> None:
    page = open(f"/s/{link.token}", java_script_enabled=scripts)
    _tab_to(page, "reason")
    page.keyboard.press("ArrowDown")
    reason = page.locator('[name="reason"]:checked').get_attribute("value")
    _tab_to(page, "what_changed")
    page.keyboard.type("Our team halved.")
    page.keyboard.press("Enter")
    page.keyboard.type("Then the budget.")
    _tab_to(page, "moving_to")
    page.keyboard.type("Paper")
    _tab_to(page, "would_return")
    for _ in range(9):  # upwards from "I would rather not say"
        page.keyboard.press("ArrowUp")
    _tab_to(page, "stay_in_touch")
    page.keyboard.press("Space")
    _enter(page, "Send my answers")
    assert _heading(page) == "Thank you"
    (event,) = site.events(link, Kind.ANSWERED)
    assert event["codes"] == {"reason": reason, "would_return": "2"}
    assert site.words(link) == {
        "what_changed": "Our team halved.\nThen the budget.",
        "moving_to": "Paper",
    }
    assert site.case(link).consents[link.person].stay
    page.reload()
    assert _heading(page) == "Thank you"
    assert len(site.events(link, Kind.ANSWERED)) == 1


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_what_is_wrong_is_shown_and_led_to(
    open: Open, link: Link, site: Site, scripts: bool
) -> None:
    page = open(f"/s/{link.token}", java_script_enabled=scripts)
    page.locator("#what_if").fill("A smaller plan")
    page.locator("#moving_to").fill("x" * 501)
    with page.expect_navigation():
        page.get_by_role("button", name="Send my answers").click()
    assert page.title().startswith("Please look at this once more")
    assert page.locator('[role="alert"]:focus').count() == 1
    assert page.locator("#what_if").input_value() == "A smaller plan"
    assert page.locator("#moving_to").get_attribute("aria-invalid") == "true"
    alert = page.get_by_role("alert")
    alert.get_by_role("link", name="Please choose the reason").click()
    assert page.locator('[name="reason"]:focus').count() == 1
    page.keyboard.press("Space")
    alert.get_by_role("link", name="This is longer").click()
    assert page.locator("#moving_to:focus").count() == 1
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("Paper")
    with page.expect_navigation():
        page.get_by_role("button", name="Send my answers").click()
    assert _heading(page) == "Thank you"
    assert site.words(link) == {"what_if": "A smaller plan", "moving_to": "Paper"}


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize("wish", WISHES)
def test_a_wish_by_keyboard(open: Open, link: Link, site: Site, scripts: bool, wish: Kind) -> None:
    words, button, heading = WISHES[wish]
    page = open(f"/s/{link.token}", java_script_enabled=scripts)
    _enter(page, words)
    _enter(page, "Back to the questions")
    _enter(page, words)
    assert not site.events(link, wish)
    _enter(page, button)
    assert _heading(page) == heading
    assert len(site.events(link, wish)) == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "state", ["empty", "wrong", "again", "talk", "thanks", "nowhere", "german"]
)
def test_every_page_is_for_everybody(open: Open, link: Link, scheme: str, state: str) -> None:
    ends = {"talk": "/talk", "thanks": "/thanks", "german": "?lang=de"}
    token = "nowhere" if state == "nowhere" else link.token
    # Otherwise colours are measured while they fade.
    page = open(f"/s/{token}{ends.get(state, '')}", color_scheme=scheme, reduced_motion="reduce")
    if state in ("wrong", "again"):
        if state == "again":
            page.locator('[value="price"]').check()
        page.locator('[name="would_return"][value="4"]').check()
        page.locator("#other").fill("x" * 501 if state == "wrong" else "")
        with page.expect_navigation():
            page.get_by_role("button").click()
    if state == "again":
        page.goto(page.url.removesuffix("/thanks"))
        page.locator('[value="price"]').check()
        assert page.locator(".notice").count() == 1
    assert list(faults(page)) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("end", ["", "/export", "/contact", "/saved", "check"])
def test_ones_own_page_is_for_everybody(
    open: Open, link: Link, site: Site, scheme: str, language: str, end: str
) -> None:
    token = site.also(link, "check" if end == "check" else "page").token
    key = f"{link.case}:hand_over_data"
    site.happens(link, Kind.DONE, step="hand_over_data", key=key)
    place = f"/s/{token}" if end == "check" else f"/c/{token}{end}"
    address = f"{place}?lang={language}"
    page = open(address, color_scheme=scheme, reduced_motion="reduce")
    assert list(faults(page)) == []
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    for focus in focuses(page):
        assert focus["visible"], focus
        assert focus["inline"] or focus["size"] >= 24, focus


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_ones_own_page_by_keyboard(open: Open, link: Link, site: Site, scripts: bool) -> None:
    page = open(f"/c/{site.also(link, 'page').token}", java_script_enabled=scripts)
    _enter(page, "Ask for a copy of your data")
    assert not site.events(link, Kind.ASKED_EXPORT)
    _enter(page, "Yes, please send my data")
    assert _heading(page) == "Your data are on their way"
    assert len(site.events(link, Kind.ASKED_EXPORT)) == 1
    _enter(page, "Back to the overview")
    _enter(page, "Choose whether we may write to you")
    _enter(page, "Save my choice")
    assert page.locator('[role="alert"]:focus').count() == 1
    _tab_to(page, "contact")
    page.keyboard.press("Space")
    _enter(page, "Save my choice")
    assert _heading(page) == "Saved"
    assert site.case(link).consents[link.person].stay


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_focus_is_always_seen(open: Open, link: Link, scheme: str) -> None:
    for path in (f"/s/{link.token}", f"/s/{link.token}/talk"):
        page = open(path, color_scheme=scheme)
        passed = focuses(page)
        assert len(passed) >= 3
        for focus in passed:
            assert focus["visible"], focus
            assert focus["within"], focus
            assert focus["inline"] or focus["size"] >= 24, focus


@pytest.mark.parametrize(("width", "zoom"), [(320, 100), (640, 200), (390, 100)])
def test_nothing_is_wider_than_the_screen(open: Open, link: Link, width: int, zoom: int) -> None:
    for path in (f"/s/{link.token}?lang=de", f"/s/{link.token}/opt-out", "/s/nowhere"):
        page = open(path, viewport={"width": width, "height": 700})
        page.evaluate(f"document.documentElement.style.fontSize = '{zoom}%'")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.locator("a, button").last.scroll_into_view_if_needed()


def test_nothing_moves_for_those_who_do_not_want_it(open: Open, link: Link) -> None:
    asked = "getComputedStyle(document.querySelector('.choice')).transitionDuration"
    moving = open(f"/s/{link.token}").evaluate(asked)
    still = open(f"/s/{link.token}", reduced_motion="reduce").evaluate(asked)
    assert moving != "0s"
    assert still == "0s"
