"""A customer's own page, and the check of the goodbye, as people meet them."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
import requests

from sync.model import Kind
from tests.web.site import Guest, Link, Site, heading

TEXT = "Nobody answered the phone."


@pytest.fixture
def page(site: Site, link: Link) -> Link:
    """Somebody's own page."""
    return site.also(link, "page")


@pytest.fixture
def check(site: Site, link: Link) -> Link:
    """Somebody's way to the check."""
    return site.also(link, "check")


def test_it_says_where_things_stand_and_what_is_promised(
    guest: Guest, page: Link, site: Site
) -> None:
    site.happens(page, Kind.SET, field="departs_on", value="2029-04-02")
    text = unescape(guest.get(f"/c/{page.token}").text)
    assert heading(text) == "Your goodbye to Acme & Söhne"
    assert "We have received your notice." in text
    assert '<time datetime="2029-04-02">2 April 2029</time>' in text
    assert "You have a complete copy of your data" in text
    assert '<span class="when">done</span>' not in text
    site.happens(page, Kind.DONE, step="hand_over_data", key=f"{page.case}:hand_over_data")
    site.happens(page, Kind.SET, field="departs_on", value="2029-05-29")
    text = unescape(guest.get(f"/c/{page.token}").text)
    assert "29 May 2029" in text
    assert text.count('<span class="when">done</span>') == 1


@pytest.mark.parametrize(
    ("language", "day", "title"),
    [
        ("de", "2. April 2029", "Ihr Abschied von Acme & Söhne"),
        ("fr", "2 avril 2029", "Votre départ de chez Acme & Söhne"),
        ("es", "2 de abril de 2029", "Su despedida de Acme & Söhne"),
    ],
)
def test_it_speaks_the_visitors_language(
    guest: Guest, page: Link, site: Site, language: str, day: str, title: str
) -> None:
    site.happens(page, Kind.SET, field="departs_on", value="2029-04-02")
    text = guest.get(f"/c/{page.token}", **{"Accept-Language": language}).text
    assert heading(text) == title
    assert day in text
    assert f'<html lang="{language}"' in text


def test_who_had_stayed_and_leaves_after_all_is_not_told_that_they_stay(
    guest: Guest, page: Link, site: Site
) -> None:
    site.happens(page, Kind.SET, field="departs_on", value="2029-04-02")
    site.clock.advance(timedelta(days=1))
    site.happens(page, Kind.LEFT, stage="active", settled=True, departs_on="2029-04-02")
    site.clock.advance(timedelta(days=1))
    assert "You are staying with us" in guest.get(f"/c/{page.token}").text
    site.happens(page, Kind.REOPENED, stage="churning", phase="notice", settled=True)
    site.clock.advance(timedelta(days=1))
    text = unescape(guest.get(f"/c/{page.token}").text)
    assert "We have received your notice." in text
    assert "2 April 2029" in text
    assert "You have a complete copy of your data" in text


def test_what_a_colleague_has_deleted_is_promised_to_nobody(
    guest: Guest, page: Link, site: Site
) -> None:
    words = "You have a complete copy of your data"
    assert words in guest.get(f"/c/{page.token}").text
    site.happens(page, Kind.REMOVED, step="hand_over_data", key=f"{page.case}:hand_over_data")
    assert words not in guest.get(f"/c/{page.token}").text


def test_looking_records_nothing(guest: Guest, page: Link, site: Site) -> None:
    before = site.dump()
    for end in ("", "/export", "/talk", "/contact", "/exporting", "/talking", "/saved"):
        for method in ("GET", "HEAD"):
            answer = guest.session.request(method, f"{site.url}/c/{page.token}{end}")
            assert answer.status_code == 200, end
    assert site.dump() == before


@pytest.mark.parametrize(
    ("path", "kind", "after"),
    [
        ("export", Kind.ASKED_EXPORT, "Your data are on their way"),
        ("talk", Kind.ASKED_TO_TALK, "We will call you"),
    ],
)
def test_a_wish_counts_once_and_wakes_the_case(
    guest: Guest, page: Link, site: Site, path: str, kind: Kind, after: str
) -> None:
    for _ in range(2):
        done = guest.session.post(f"{site.url}/c/{page.token}/{path}")
        assert heading(done.text) == after
    assert [event["person"] for event in site.events(page, kind)] == [page.person]
    with site.store.reading() as tables:
        row = tables.cases.get(page.case)
    assert row
    assert row.wake_at == site.clock()


def _choose(guest: Guest, page: Link, **sent: str) -> requests.Response:
    return guest.session.post(f"{guest.site.url}/c/{page.token}/contact", data=sent)


def test_whether_we_may_write_is_theirs_to_say(guest: Guest, page: Link, site: Site) -> None:
    assert heading(_choose(guest, page, contact="stay").text) == "Saved"
    assert site.case(page).consents[page.person].stay
    _choose(guest, page, contact="stay")
    assert len(site.events(page, Kind.CONSENTED)) == 1
    _choose(guest, page, contact="quiet")
    assert not site.case(page).consents[page.person].stay
    assert not site.events(page, Kind.OPTED_OUT)
    site.clock.advance(timedelta(minutes=1))
    for _ in range(2):
        _choose(guest, page, contact="never")
    assert [event["where"] for event in site.events(page, Kind.OPTED_OUT)] == ["page"]
    site.clock.advance(timedelta(minutes=1))
    _choose(guest, page, contact="stay")
    site.clock.advance(timedelta(minutes=1))
    _choose(guest, page, contact="never")
    assert len(site.events(page, Kind.OPTED_OUT)) == 2
    assert not site.case(page).consents[page.person].stay


def test_a_named_customer_who_wants_no_news_is_still_one(
    guest: Guest, page: Link, site: Site
) -> None:
    site.happens(page, Kind.CONSENTED, person=page.person, stay=True, reference=True)
    site.clock.advance(timedelta(minutes=1))
    _choose(guest, page, contact="quiet")
    assert site.case(page).consents[page.person].reference
    _choose(guest, page, contact="stay")
    assert site.case(page).consents[page.person].reference


@pytest.mark.parametrize("sent", [{}, {"contact": "maybe"}])
def test_no_choice_is_asked_for_again(
    guest: Guest, page: Link, site: Site, sent: dict[str, str]
) -> None:
    answer = _choose(guest, page, **sent)
    assert answer.status_code == 422
    assert "Please choose one of the three." in answer.text
    assert not site.events(page, Kind.CONSENTED)


def test_nothing_is_chosen_beforehand_and_nothing_shown_of_before(
    guest: Guest, page: Link, link: Link
) -> None:
    guest.answer(link, reason="price", what_changed=TEXT, stay_in_touch="yes")
    _choose(guest, page, contact="stay")
    for path in (f"/c/{page.token}", f"/c/{page.token}/contact"):
        text = guest.get(path).text
        assert "checked" not in text
        assert TEXT not in text


def test_each_token_opens_what_it_is_for(
    guest: Guest, link: Link, page: Link, check: Link, site: Site
) -> None:
    opens = {
        f"/s/{link.token}": 200,
        f"/s/{page.token}": 200,  # the way to the survey from one's own page
        f"/s/{check.token}": 200,
        f"/c/{page.token}": 200,
        f"/c/{link.token}": 404,
        f"/c/{check.token}": 404,
        f"/c/{check.token}/export": 404,
    }
    assert {path: guest.get(path).status_code for path in opens} == opens
    assert guest.session.post(f"{site.url}/c/{link.token}/export").status_code == 404
    assert not site.events(link, Kind.ASKED_EXPORT)


def test_feedback_from_ones_page_is_that_of_the_survey(
    guest: Guest, link: Link, page: Link, site: Site
) -> None:
    assert f"../s/{page.token}" in guest.get(f"/c/{page.token}").text
    guest.answer(page, reason="price")
    assert site.case(link).answers[link.person].codes == {"reason": "price"}
    assert "You have answered already" in guest.get(f"/s/{link.token}").text
    with site.store.reading() as tables:
        invitation = tables.surveys.by_link(site.links.hash(link.invitation))
    assert invitation
    assert invitation.answered_at == site.clock()


def test_nobody_is_asked_why_somebody_has_died(guest: Guest, page: Link, site: Site) -> None:
    site.happens(page, Kind.SET, field="reason_csm", value="deceased")
    assert "../s/" not in guest.get(f"/c/{page.token}").text


def test_it_closes(guest: Guest, site: Site, link: Link) -> None:
    page = site.also(link, "page", days=0)
    answer = guest.get(f"/c/{page.token}")
    assert answer.status_code == 410
    assert heading(answer.text) == "This page has closed"
    assert guest.session.post(f"{site.url}/c/{page.token}/export").status_code == 410
    assert not site.events(page, Kind.ASKED_EXPORT)


def test_who_stays_sees_no_last_day(guest: Guest, page: Link, site: Site) -> None:
    site.clock.advance(timedelta(days=1))
    last_day = (site.clock.now + timedelta(days=30)).date()
    data = {"stage": "active", "settled": True, "departs_on": last_day.isoformat()}
    site.happens(page, Kind.LEFT, **data)
    text = guest.get(f"/c/{page.token}").text
    assert "You are staying with us" in text
    assert "<time" not in text


def test_the_check_asks_three_questions_that_may_stay_empty(
    guest: Guest, check: Link, site: Site
) -> None:
    text = guest.get(f"/s/{check.token}").text
    assert heading(text) == "How was your goodbye to Acme & Söhne?"
    assert text.count('class="question"') == 3
    assert "reason" not in text
    sent = {"effort": "2", "promises_kept": "no", "undone": TEXT}
    done = guest.answer(check, **sent)
    assert heading(done.text) == "Thank you"
    assert "somebody will see to it" in done.text
    (event,) = site.events(check, Kind.CHECKED)
    assert event["codes"] == {"effort": "2", "promises_kept": "no"}
    assert TEXT not in str(event)
    assert not site.events(check, Kind.ANSWERED)
    assert "You have answered already" in guest.get(f"/s/{check.token}").text
    guest.answer(check)
    assert site.case(check).checks[check.person].codes == {}


def test_a_check_sent_twice_counts_once(guest: Guest, check: Link, site: Site) -> None:
    form = {**guest.form(check), "effort": "7", "promises_kept": "yes"}
    for _ in range(2):
        guest.send(check, form)
    assert len(site.events(check, Kind.CHECKED)) == 1
