"""The pages, as a person uses them: what is shown, and every form sent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urljoin, urlsplit

import pytest
import requests

from integrations.sandbox.desk import Letter
from integrations.sandbox.faults import Fault
from integrations.sandbox.open import Sandbox
from integrations.sandbox.traffic import sender
from tests.sandbox.browser import Browser, Element, Page
from tests.sandbox.tiny import START, Tiny

NASTY = "<script>alert(1)</script> & \"quotes\" 'too'"


@pytest.fixture
def browser(url: str, http: requests.Session) -> Browser:
    """A person in front of the first CRM."""
    return Browser(http, url)


@pytest.fixture
def copper(tiny: Tiny) -> str:
    """The id of a customer with a story."""
    found = next(a for a in tiny.accounts.values() if a.fields["name"].startswith("Copper"))
    happens = tiny.desk.happens
    happens(found.id, kind="change", title="Stage: active to churning", at=START)
    happens(
        found.id,
        kind="task",
        title="Send the final invoice",
        body="Open https://billing.example/copper, then tick.",
        who="Maurice Brunel",
        due=START - timedelta(days=2),
        department="billing",
    )
    happens(
        found.id,
        kind="task",
        title="Offer an export",
        who="",
        due=START + timedelta(days=1),
        department="it",
    )
    happens(found.id, kind="note", title="Exit feedback", body=NASTY, who="Aurevoir")
    happens(found.id, kind="segment", title="Joined Alumni: budget")
    tiny.outbox.append(
        Letter(
            at=START,
            to="A Person <a.person@copper.example>",
            subject="How was it with us?",
            body=f"Tell us: http://127.0.0.1:8080/s/abc123.\n{NASTY}",
            customer="Copper Finch Media",
        )
    )
    return found.id


@pytest.fixture
def busy(sandbox: Sandbox, copper: str, url: str, http: requests.Session) -> str:
    """A world with something on every page."""
    http.post(f"{url}/things", json={"name": "Zeta", "why": NASTY})
    http.get(f"{url}/things/nowhere")
    http.get(f"{sandbox.urls['salesforce']}/things")
    sandbox.world.faults.add(Fault(crm="hubspot", operation="things.create", nth=3))
    return copper


def _everywhere(browser: Browser, *first: str) -> Iterator[Page]:
    """These pages, and one of each kind that links lead to, without leaving the port."""
    seen, waiting = set(), [*first]
    while waiting:
        page = browser.visit(waiting.pop())
        yield page
        for link in page.root.all("a"):
            address = urljoin(page.answer.url, link.attributes["href"]).split("#")[0]
            ours = urlsplit(address).netloc == urlsplit(browser.base).netloc
            kind = (urlsplit(address).path.rstrip("0123456789"), "edit" in address)
            if ours and kind not in seen:
                seen.add(kind)
                waiting.append(address)


def test_every_page_is_sound_and_can_be_used_by_everybody(browser: Browser, busy: str) -> None:
    titles = set()
    for page in _everywhere(browser, "/", f"/customers/{busy}"):
        root, where = page.root, page.answer.url
        assert page.status == 200, where
        assert root.one("html").attributes["lang"] == "en"
        assert root.one("meta", name="viewport")
        for landmark in ("header", "main", "footer"):
            assert len([e for e in root.one("body").children if _is(e, landmark)]) == 1, where
        assert page.heading, where
        titles.add(root.one("title").text)
        ids = [e.attributes["id"] for e in root if "id" in e.attributes]
        assert len(ids) == len(set(ids)), where
        labels = {e.attributes["for"] for e in root.all("label")}
        for control in root.all("input", "select", "textarea"):
            hidden = control.attributes.get("type") == "hidden"
            assert hidden or control.attributes["id"] in labels, (where, control)
        assert all(button.text for button in root.all("button")), where
        assert all(link.text for link in root.all("a")), where
        assert not [e for e in root if "style" in e.attributes or e.tag in ("script", "style")]
        outside = [e.attributes.get("src", "") for e in root]
        outside += [e.attributes["href"] for e in root.all("link")]
        assert not [address for address in outside if "//" in address], where
        assert "Sandbox" in root.one("section", class_="banner").text
    assert {title.split(" ·")[0] for title in titles} >= {
        *("Customers", "Outbox", "Requests", "Switches", "Copper Finch Media"),
    }


def _is(child: Element | str, tag: str) -> bool:
    return isinstance(child, Element) and child.tag == tag


def test_the_banner_says_what_it_imitates_and_what_time_it_is(browser: Browser) -> None:
    banner = browser.visit("/").root.one("section", class_="banner").text
    assert "Sandbox It imitates HubSpot" in banner
    assert "Mon 2 Mar 2026, 09:00 UTC clock stands still" in banner


def test_pages_say_to_browsers_that_nothing_comes_from_elsewhere(browser: Browser) -> None:
    headers = browser.visit("/").answer.headers
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self'")
    assert headers["X-Content-Type-Options"] == "nosniff"
    style = browser.session.get(urljoin(browser.base, "/style.css"))
    assert style.headers["Content-Type"].startswith("text/css")
    assert "url(" not in style.text
    assert "@import" not in style.text
    assert browser.session.get(urljoin(browser.base, "/favicon.ico")).content.startswith(b"<svg")


def test_pages_are_neither_counted_nor_struck(browser: Browser, sandbox: Sandbox) -> None:
    sandbox.world.faults.add(Fault(crm="hubspot", operation="*", status=500))
    assert browser.visit("/").status == 200
    assert not sandbox.world.traffic.calls


def test_the_customers_in_a_list(browser: Browser, copper: str) -> None:
    page = browser.visit("/")
    rows = page.root.one("tbody").all("tr")
    assert len(rows) == 40
    assert page.root.holding("tr", "Copper Finch").text == (
        "Copper Finch Media At risk CB Constance Blanchet 2"
    )
    assert "nobody" in page.root.holding("tr", "Harrow Mill").text


def test_search_by_name(browser: Browser) -> None:
    page = browser.visit("/")
    found = browser.send(page, page.root.one("form", role="search"), search="dairy")
    assert [row.text.split(" Active")[0] for row in found.root.one("tbody").all("tr")] == [
        "North Pasture Dairy"
    ]
    assert found.root.one("input", type="search").attributes["value"] == "dairy"
    nothing = browser.send(page, page.root.one("form", role="search"), search=NASTY)
    assert f"No customer's name has “{NASTY}” in it." in nothing.text


def test_a_long_list_is_turned_page_by_page(browser: Browser, tiny: Tiny) -> None:
    for number in range(80):
        tiny.accounts[f"9{number}"] = tiny.accounts["1"]
    first = browser.visit("/")
    second = browser.follow(first, "Later names")
    third = browser.follow(second, "Later names")
    assert [len(p.root.one("tbody").all("tr")) for p in (first, second, third)] == [50, 50, 20]
    assert "Later names" not in third.text
    assert len(browser.follow(third, "Earlier names").root.one("tbody").all("tr")) == 50


def test_an_empty_world(browser: Browser) -> None:
    page = browser.visit("/switches")
    browser.send(page, _form(page, "reset"), world="empty")
    assert "This world has no customers here." in browser.visit("/").text
    assert "No letter has been sent." in browser.visit("/outbox").text
    assert "No request of this kind yet." in browser.visit("/requests").text


def test_a_record_shows_fields_people_tasks_and_timeline(browser: Browser, copper: str) -> None:
    page = browser.follow(browser.visit("/"), "Copper Finch Media")
    assert page.heading == "Copper Finch Media"
    assert page.root.one("section", id="details").holding("div", "Seats").text == (
        "Seats 22 Edit Seats"
    )
    assert len(page.root.one("section", id="people").all("article")) == 2
    late, next_ = page.root.one("section", id="tasks").all("li")
    assert "Send the final invoice Sat 28 Feb 2026 , 2 days late MB Maurice Brunel" in late.text
    assert "Billing" in late.text
    assert late.one("a").attributes["href"] == "https://billing.example/copper"
    assert "tomorrow nobody's IT" in next_.text
    entries = [e.text for e in page.root.one("section", id="timeline").all("li")]
    assert [entry.split(":")[0] for entry in entries] == ["Segment", "Note", "Change"]
    assert NASTY in entries[1]


def test_the_odd_customers(browser: Browser) -> None:
    page = browser.follow(browser.visit("/"), "Willow Gate")
    assert "Nobody is known here." in page.text
    assert "Nothing to do for this customer." in page.text
    assert "Nothing has happened yet." in page.text


def test_the_stage_is_moved_by_the_person_in_front(
    browser: Browser, tiny: Tiny, copper: str
) -> None:
    page = browser.visit(f"/customers/{copper}")
    page = browser.send(page, page.root.one("form", class_="acting"), by="emily")
    assert page.heading == "Copper Finch Media"  # back where one was
    page = browser.send(page, page.root.one("form", class_="acting"))
    assert page.answer.url.endswith(f"/customers/{copper}?said=acting")
    moved = browser.send(page, page.root.one("form", id="stage"), button="Churned")
    assert tiny.accounts[copper].fields["stage"] == "churned"
    assert moved.answer.url.endswith("?said=saved#stage")
    assert moved.root.one("p", role="status").text == "Saved."
    assert moved.root.one("button", aria_current="step").text == "Churned"
    assert "Stage: at_risk to churned" in moved.text
    assert "Emily Gill" in moved.root.one("section", id="timeline").text


def test_each_form_names_its_own_colleague(browser: Browser, tiny: Tiny, copper: str) -> None:
    page = browser.visit(f"/customers/{copper}")
    browser.send(page, page.root.one("form", id="stage"), button="Churning", by="sally")
    assert "Sally Miah" in browser.visit(f"/customers/{copper}").text.split("Timeline")[1]


def test_a_field_is_edited_in_its_place(browser: Browser, tiny: Tiny, copper: str) -> None:
    page = browser.follow(browser.visit(f"/customers/{copper}"), "Edit Seats")
    form = page.root.one("div", id="edit").one("form")
    assert form.one("input", id="value").attributes["value"] == "22"
    saved = browser.send(page, form, value="30")
    assert tiny.accounts[copper].fields["seats"] == "30"
    assert not saved.root.all("div", id="edit")


def test_long_text_keeps_its_lines(browser: Browser, tiny: Tiny, copper: str) -> None:
    page = browser.follow(browser.visit(f"/customers/{copper}"), "Edit In their words")
    details = page.root.one("section", id="details").holding("details", "In their words")
    assert "open" in details.attributes
    words = f"\n first\n\n{NASTY}"
    browser.send(
        page, page.root.one("div", id="edit").one("form"), value=words.replace("\n", "\r\n")
    )
    assert tiny.accounts[copper].fields["exit_words"] == words
    again = browser.follow(browser.visit(f"/customers/{copper}"), "Edit In their words")
    form = again.root.one("div", id="edit").one("form")
    browser.send(again, form)
    assert tiny.accounts[copper].fields["exit_words"] == words


def test_choices_are_shown_by_their_labels(browser: Browser, tiny: Tiny, copper: str) -> None:
    def titles(page: Page) -> list[str]:
        return [h2.text for h2 in page.root.one("section", id="details").all("h2")]

    page = browser.visit(f"/customers/{copper}")
    assert titles(page) == ["Details", "Off-boarding fields"]
    page = browser.follow(page, "Edit Aurevoir reasons other")
    browser.send(page, page.root.one("div", id="edit").one("form"), value="product_gap")
    tiny.accounts[copper].fields["aurevoir_reasons_other"] += ";price"
    page = browser.visit(f"/customers/{copper}")
    assert titles(page) == ["Off-boarding fields", "Details"]
    assert "Missing feature, Price Edit" in page.text
    page = browser.follow(page, "Edit Aurevoir reasons other")
    browser.send(page, page.root.one("div", id="edit").one("form"))
    assert tiny.accounts[copper].fields["aurevoir_reasons_other"] == "product_gap;price"


def test_a_field_of_a_person(browser: Browser, tiny: Tiny, copper: str) -> None:
    page = browser.visit(f"/customers/{copper}")
    first = page.root.one("section", id="people").all("article")[0]
    link = first.holding("a", "Edit Job title").attributes["href"]
    page = browser.visit(link)
    browser.send(page, page.root.one("div", id="edit").one("form"), value="Editor")
    assert [p.title for p in tiny.accounts[copper].people.values()] == [
        "Editor",
        "IT Administrator",
    ]


def test_what_the_crm_refuses_is_said_and_nothing_typed_is_lost(
    browser: Browser, tiny: Tiny, copper: str
) -> None:
    page = browser.follow(browser.visit(f"/customers/{copper}"), "Edit Seats")
    refused = browser.send(page, page.root.one("div", id="edit").one("form"), value="many")
    assert refused.status == 422
    assert refused.root.one("p", role="alert").text == "Seats is a whole number"
    field = refused.root.one("input", id="value")
    assert (field.attributes["value"], field.attributes["aria-describedby"]) == ("many", "problem")
    assert tiny.accounts[copper].fields["seats"] == "22"


def test_a_task_is_ticked_off_by_a_named_person(browser: Browser, tiny: Tiny, copper: str) -> None:
    page = browser.visit(f"/customers/{copper}")
    form = page.root.holding("form", "Complete: Send the final invoice")
    done = browser.send(page, form, by="maurice")
    assert done.root.one("p", role="status").text == "The task is done."
    assert len(done.root.one("section", id="tasks").all("li")) == 1
    entry = done.root.one("section", id="timeline").holding("li", "Send the final invoice")
    assert "Done" in entry.text
    assert "Maurice Brunel" in entry.text


def test_a_person_is_unsubscribed(browser: Browser, tiny: Tiny, copper: str) -> None:
    page = browser.visit(f"/customers/{copper}")
    first = page.root.one("section", id="people").all("article")[0]
    browser.send(page, first.one("form"), button="Unsubscribe")
    assert [p.opted_out for p in tiny.accounts[copper].people.values()] == [True, False]


@pytest.mark.parametrize(
    ("form", "status", "words"),
    [
        ({"do": "dance"}, 400, "does not say what to do"),
        ({"do": "complete", "task": "zzz", "by": "grace"}, 404, "no such task"),
        ({"do": "unsubscribe", "person": "1-1"}, 404, "no such person"),
        ({"do": "complete", "task": "TASK", "by": "timothy"}, 400, "choose a colleague"),
        ({"do": "edit", "object": "accounts", "id": "1", "field": "seats"}, 400, "no such field"),
        ({"do": "edit", "object": "accounts", "id": "ID", "field": "owner"}, 400, "no such field"),
    ],
)
def test_a_form_that_cannot_be_gets_a_plain_page(
    form: dict[str, str], status: int, words: str, browser: Browser, copper: str
) -> None:
    form = {name: {"ID": copper, "TASK": f"{copper}-h1"}.get(v, v) for name, v in form.items()}
    answer = browser.session.post(urljoin(browser.base, f"/customers/{copper}"), data=form)
    assert answer.status_code == status
    assert words in answer.text
    assert "To the customers" in answer.text


def test_an_unknown_customer_gets_a_plain_page(browser: Browser) -> None:
    page = browser.visit("/customers/%2E%2E%2Fetc")
    assert page.status == 404
    assert "There is no such customer in this CRM." in page.text


def test_each_crm_remembers_its_own_person(
    browser: Browser, sandbox: Sandbox, http: requests.Session
) -> None:
    page = browser.visit("/outbox")
    browser.send(page, page.root.one("form", class_="acting"), by="emily")
    other = Browser(http, sandbox.urls["salesforce"])
    page = other.visit("/")
    other.send(page, page.root.one("form", class_="acting"), by="aarnav")

    http.cookies.set("another", '{"of": "another program"}', domain="127.0.0.1")

    def person(at: Browser) -> str:
        return at.visit("/").root.one("select", id="acting").one("option", selected="").text

    assert (person(browser), person(other)) == ("Emily Gill", "Aarnav Buch")


@pytest.mark.parametrize(
    "back", ["//elsewhere.example", "https://elsewhere.example", "/\\e.example"]
)
def test_the_way_back_leads_nowhere_else(back: str, browser: Browser) -> None:
    answer = browser.session.post(
        urljoin(browser.base, "/acting"), data={"by": "emily", "back": back}, allow_redirects=False
    )
    assert answer.headers["Location"] == "/?said=acting"


def test_the_other_crm_is_one_link_away(browser: Browser, sandbox: Sandbox) -> None:
    other = browser.follow(browser.visit("/"), "Salesforce")
    assert other.answer.url.rstrip("/") == sandbox.urls["salesforce"]
    assert "It imitates Salesforce" in other.text


def test_letters_can_be_read_and_their_links_followed(browser: Browser, copper: str) -> None:
    page = browser.visit("/outbox")
    letter = page.root.one("article")
    assert letter.one("h2").text == "How was it with us?"
    assert "To A Person <a.person@copper.example> Copper Finch Media" in letter.text
    assert [a.attributes["href"] for a in letter.all("a")] == ["http://127.0.0.1:8080/s/abc123"]
    assert NASTY in letter.text


def test_many_letters_are_turned_page_by_page(browser: Browser, tiny: Tiny) -> None:
    tiny.outbox += [
        Letter(at=START, to="x", subject=f"Letter {number}", body="") for number in range(45)
    ]
    page = browser.visit("/outbox")
    assert page.heading == "Outbox 45"
    assert page.root.all("article")[0].one("h2").text == "Letter 44"
    last = browser.follow(browser.follow(page, "Older letters"), "Older letters")
    assert [a.one("h2").text for a in last.root.all("article")][-1] == "Letter 0"
    assert "Older letters" not in last.text


def test_requests_and_the_writes_among_them(browser: Browser, busy: str) -> None:
    page = browser.visit("/requests")
    rows = [row.text for row in page.root.all("tbody")[0].all("tr")]
    assert [row.split()[:2] for row in rows] == [["2", "Mon"], ["1", "Mon"]]
    assert rows[0].endswith("things.get GET /things/nowhere 404")
    assert "1 that only read 1 that can change something" in page.text
    writes = browser.follow(page, "Writes only")
    (row,) = writes.root.one("tbody").all("tr")
    assert NASTY.replace('"', '\\"') in row.one("pre").text


def test_a_long_log_is_turned_page_by_page(
    browser: Browser, url: str, http: requests.Session
) -> None:
    for _ in range(120):
        http.get(f"{url}/things")
    page = browser.visit("/requests")
    assert len(page.root.one("tbody").all("tr")) == 100
    older = browser.follow(page, "Older requests")
    assert older.root.one("tbody").all("tr")[0].text.startswith("20 ")
    assert "Older requests" not in older.text


def _form(page: Page, do: str) -> Element:
    return next(f for f in page.root.all("form") if f.all("input", name="do", value=do))


def test_the_clock_is_moved_set_and_let_run(browser: Browser, sandbox: Sandbox) -> None:
    clock = sandbox.world.clock
    page = browser.visit("/switches")
    page = browser.send(page, _form(page, "clock"), button="+ 1 week")
    assert clock.now() == START + timedelta(weeks=1)
    set_ = page.root.holding("form", "Stand at (UTC)")
    page = browser.send(page, set_, now="2026-12-24T18:30")
    assert f"{clock.now():%Y-%m-%d %H:%M}" == "2026-12-24 18:30"
    assert "Thu 24 Dec 2026, 18:30" in page.text
    page = browser.send(page, _form(page, "clock"), button="Follow real time")
    assert not clock.manual
    assert "real time" in page.root.one("section", class_="banner").text


def test_a_fault_is_armed_shown_and_disarmed(browser: Browser, sandbox: Sandbox) -> None:
    page = browser.visit("/switches")
    form = _form(page, "fault")
    options = [o.attributes["value"] for o in form.one("datalist").all("option")]
    assert "things.create" in options
    page = browser.send(page, form, operation="things.create", nth="2", when="after", status="502")
    (fault,) = sandbox.world.faults.active
    assert (fault.operation, fault.nth, fault.when, fault.status) == (
        *("things.create", 2, "after", 502),
    )
    assert "armed hubspot things.create call 2, after it is applied: 502" in page.text
    page = browser.send(page, _form(page, "disarm"))
    assert not sandbox.world.faults.active
    page = browser.send(page, _form(page, "fault"), operation="*")
    assert sandbox.world.faults.active[0].status is None
    assert "dropped without an answer" in page.text


def test_a_fault_for_nothing_keeps_what_was_typed(browser: Browser, sandbox: Sandbox) -> None:
    page = browser.visit("/switches")
    refused = browser.send(page, _form(page, "fault"), operation="thing.create", nth="7")
    assert refused.status == 422
    assert "hubspot has none that fits 'thing.create'" in refused.root.one("p", role="alert").text
    assert refused.root.one("input", id="operation").attributes["value"] == "thing.create"
    assert refused.root.one("input", id="nth").attributes["value"] == "7"
    assert not sandbox.world.faults.active


def test_what_the_crm_sent_is_in_the_log(browser: Browser, sandbox: Sandbox) -> None:
    assert "Webhooks sent" not in browser.visit("/requests").root.text
    sandbox.world.traffic.note(
        at=START,
        crm=sender("hubspot"),
        operation="webhooks.send",
        method="POST",
        path="http://127.0.0.1:9/hooks",
        status=0,
        request='[{"eventId":1}]',
    )
    assert "9/hooks" not in browser.visit("/requests").root.text
    told = browser.visit("/requests?sent=1").root.text
    assert "http://127.0.0.1:9/hooks" in told
    assert "dropped" in told


def test_options_are_ticked_and_filled_in(browser: Browser, tiny: Tiny) -> None:
    page = browser.visit("/switches")
    form = _form(page, "options")
    del form.one("input", id="o-rate_limits").attributes["checked"]
    form.one("input", id="o-mail").attributes["checked"] = ""
    form.one("input", id="o-daily").attributes["value"] = "7"
    form.one("input", id="o-scopes").attributes["value"] = ""
    browser.send(page, form)
    assert tiny.options == {"rate_limits": False, "mail": True, "daily": 7, "scopes": ""}


def test_an_option_that_is_no_number_says_so(browser: Browser, tiny: Tiny) -> None:
    page = browser.visit("/switches")
    form = _form(page, "options")
    form.one("input", id="o-daily").attributes["value"] = "many"
    page = browser.send(page, form)
    assert "daily: say a whole number" in page.root.text
    assert tiny.options["daily"] == 100


def test_starting_again(browser: Browser, tiny: Tiny, busy: str) -> None:
    page = browser.visit("/switches")
    page = browser.send(page, _form(page, "reset"))
    assert page.root.one("p", role="status").text == "The world started again."
    assert len(tiny.accounts) == 40
    assert not tiny.accounts[busy].timeline
    assert (
        browser.session.post(urljoin(browser.base, "/switches"), data={"do": "x"}).status_code
        == 400
    )
