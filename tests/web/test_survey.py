"""The survey, as a customer meets it."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
import requests
import structlog
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from integrations.contract import FieldType
from mappings.canonical import canonical
from mappings.loader import load
from mappings.reasons import VERSION
from sync import points
from sync.model import Event, Kind
from tests.web.site import Guest, Link, Site, asked, heading, reasons, serving

TEXTS = {
    "what_changed": "Our team halved.",
    "what_if": "A smaller plan.\nIn spring.",
    "moving_to": "Nothing",
}
WISHES = [
    ("talk", Kind.ASKED_TO_TALK, "We will call you"),
    ("opt-out", Kind.OPTED_OUT, "Understood"),
]


def test_the_page_asks_five_questions_and_says_who_reads_the_answers(
    guest: Guest, link: Link
) -> None:
    page = guest.get(f"/s/{link.token}")
    assert page.status_code == 200
    text = unescape(page.text)
    assert heading(page.text) == "Your goodbye to Acme & Söhne"
    wording = asked().questionnaire.texts["en"]
    assert all(question.label in text for question in wording.questions.values())
    assert wording.privacy in text
    assert wording.talk in text
    assert wording.opt_out in text
    assert "checked" not in text.replace('value="" checked', "")  # only "I would rather not say"
    assert "<script" not in text


def test_reasons_come_in_a_random_order_with_other_last(guest: Guest, link: Link) -> None:
    orders = [reasons(guest.get(f"/s/{link.token}").text) for _ in range(4)]
    assert {order[-1] for order in orders} == {"other"}
    assert len({tuple(order) for order in orders}) > 1
    assert len({frozenset(order) for order in orders}) == 1


def test_a_form_that_comes_back_keeps_its_order(guest: Guest, link: Link) -> None:
    form = guest.form(link)
    first, second = (guest.send(link, form).text for _ in range(2))
    assert reasons(first) == reasons(second)


def test_looking_records_nothing(guest: Guest, link: Link, site: Site) -> None:
    before = site.dump()
    for end in ("", "/talk", "/opt-out", "/thanks", "/talking", "/opted-out"):
        for method in ("GET", "HEAD"):
            answer = guest.session.request(method, f"{site.url}/s/{link.token}{end}")
            assert answer.status_code == 200
    assert site.dump() == before


def test_answers_are_kept_and_wake_the_case(guest: Guest, link: Link, site: Site) -> None:
    sent = {"reason": "price", **TEXTS, "would_return": "10"}
    page = guest.answer(link, **sent)
    assert page.status_code == 200
    assert page.url == f"{site.url}/s/{link.token}/thanks"
    assert heading(page.text) == "Thank you"
    (event,) = site.events(link, Kind.ANSWERED)
    assert event["person"] == link.person
    assert event["codes"] == {"reason": "price", "would_return": "10"}
    assert event["taxonomy"] == VERSION
    assert site.words(link) == TEXTS
    assert not set(TEXTS.values()) & set(map(str, event["words"].values()))
    with site.store.reading() as tables:
        row = tables.cases.get(link.case)
        invitation = tables.surveys.by_link(site.links.hash(link.invitation))
    assert row
    assert row.wake_at == site.clock()
    assert invitation
    assert invitation.answered_at == site.clock()


def test_a_plain_form_will_do(guest: Guest, link: Link, site: Site) -> None:
    guest.session.post(f"{site.url}/s/{link.token}", data={"reason": "trust", "what_if": "ä\r\nb"})
    assert site.events(link, Kind.ANSWERED)[0]["codes"] == {"reason": "trust"}
    assert site.words(link) == {"what_if": "ä\nb"}


def test_a_form_sent_twice_counts_once(guest: Guest, link: Link, site: Site) -> None:
    form = {**guest.form(link), "reason": "price", **TEXTS, "stay_in_touch": "yes"}
    pages = [guest.send(link, form) for _ in range(3)]
    assert {heading(page.text) for page in pages} == {"Thank you"}
    assert len(site.events(link, Kind.ANSWERED)) == 1
    assert len(site.events(link, Kind.CONSENTED)) == 1
    with site.store.reading() as tables:
        assert len(tables.surveys.words_of([link.case])[link.case]) == len(TEXTS)


def test_the_newest_answers_count(guest: Guest, link: Link, site: Site) -> None:
    form = guest.form(link)
    for reason in ("price", "trust", "price"):  # back and forth in one form
        guest.send(link, {**form, "reason": reason})
    assert len(site.events(link, Kind.ANSWERED)) == 3
    assert site.case(link).answers[link.person].codes == {"reason": "price"}
    guest.answer(link, reason="budget_cut", what_if="Later")
    assert site.case(link).answers[link.person].codes == {"reason": "budget_cut"}
    assert site.words(link) == {"what_if": "Later"}


def test_two_people_of_one_customer_answer_each_for_themselves(guest: Guest, site: Site) -> None:
    case, ref = site.open_case()
    first, second = (site.invite(case=case, customer=ref.id) for _ in range(2))
    form = guest.form(first)
    for link in (first, second):
        guest.send(link, {**form, "reason": "price"})
    assert site.case(first).answers.keys() == {first.person, second.person}


def test_the_reason_is_needed_and_nothing_else(guest: Guest, link: Link, site: Site) -> None:
    before = site.dump()
    page = guest.answer(link, **TEXTS, would_return="3", stay_in_touch="yes")
    assert page.status_code == 422
    missing = asked().questionnaire.texts["en"].missing
    assert f'<a href="#reason">{missing}</a>' in page.text
    assert f'<p class="problem">{missing}</p>' in page.text
    for typed in TEXTS.values():
        assert typed in page.text
    assert 'value="3" checked' in page.text
    assert 'name="stay_in_touch" value="yes" checked' in page.text
    assert site.dump() == before
    assert guest.answer(link, reason="price").status_code == 200


def test_words_beside_other_are_kept_and_mean_other(guest: Guest, link: Link, site: Site) -> None:
    guest.answer(link, other="The moon")
    assert site.events(link, Kind.ANSWERED)[0]["codes"] == {"reason": "other"}
    assert site.words(link) == {"other": "The moon"}
    guest.answer(link, other="The moon", reason="trust")
    assert site.case(link).answers[link.person].codes == {"reason": "trust"}
    assert site.words(link) == {"other": "The moon"}


@pytest.mark.parametrize(
    ("question", "most"), [("what_changed", 8000), ("moving_to", 500), ("other", 500)]
)
def test_a_text_has_room_but_not_without_end(
    guest: Guest, link: Link, site: Site, question: str, most: int
) -> None:
    text = "ö" * most
    page = guest.answer(link, reason="price", **{question: text + "x"})
    assert page.status_code == 422
    assert f"{text}x" in page.text
    assert f'<a href="#{question}">This is longer than we can pass on' in page.text
    assert not site.events(link, Kind.ANSWERED)
    guest.answer(link, reason="price", **{question: text})
    assert site.words(link) == {question: text}


def test_consent_is_asked_apart_and_never_guessed(guest: Guest, link: Link, site: Site) -> None:
    guest.answer(link, reason="price")
    assert site.events(link, Kind.CONSENTED) == []
    guest.answer(link, reason="price", stay_in_touch="yes")
    said = {"person": link.person, "stay": True, "reference": False}
    assert site.events(link, Kind.CONSENTED) == [said]
    guest.answer(link, reason="price")
    assert site.events(link, Kind.CONSENTED) == [said, {**said, "stay": False}]
    guest.answer(link, reason="price")
    assert len(site.events(link, Kind.CONSENTED)) == 2


def test_a_second_consent_counts_where_the_page_asks_for_it(
    guest: Guest, link: Link, site: Site
) -> None:
    form = {**guest.form(link), "reason": "price", "reference_ok": "yes"}
    guest.send(link, form)  # the English page does not ask
    assert site.events(link, Kind.CONSENTED) == []
    guest.send(link, {**form, "reason": "trust"}, query="?lang=de")
    said = {"person": link.person, "stay": False, "reference": True}
    assert site.events(link, Kind.CONSENTED) == [said]


@pytest.mark.parametrize(("end", "kind", "title"), WISHES)
def test_a_wish_is_asked_for_once_more_and_kept_once(
    guest: Guest, link: Link, site: Site, end: str, kind: Kind, title: str
) -> None:
    address = f"{site.url}/s/{link.token}/{end}"
    page = guest.session.get(address)
    assert '<form method="post">' in page.text
    assert f'href="../{link.token}"' in page.text
    for _ in range(2):
        assert heading(guest.session.post(address).text) == title
    (event,) = site.events(link, kind)
    assert event["person"] == link.person
    with site.store.reading() as tables:
        row = tables.cases.get(link.case)
    assert row
    assert row.wake_at == site.clock()


def test_the_last_word_on_being_asked_counts(guest: Guest, link: Link, site: Site) -> None:
    def no() -> None:
        guest.session.post(f"{site.url}/s/{link.token}/opt-out")

    no()
    no()
    guest.answer(link, reason="price", stay_in_touch="yes")
    no()
    assert len(site.events(link, Kind.OPTED_OUT)) == 2
    assert site.events(link, Kind.OPTED_OUT)[0]["where"] == "survey"


def test_links_that_lead_nowhere_all_look_the_same(guest: Guest, link: Link) -> None:
    pages = [
        guest.get(path)
        for path in (
            "/s/nowhere",
            f"/s/{link.token[:-1]}",
            f"/s/{link.token}x/talk",
            "/s/%00%ff%2e",
            f"/s/{'x' * 5000}",
        )
    ]
    pages.append(guest.session.post(f"{guest.site.url}/s/nowhere", data={"reason": "price"}))
    pages.append(guest.session.post(f"{guest.site.url}/s/nowhere/opt-out"))
    assert {page.status_code for page in pages} == {404}
    assert {heading(page.text) for page in pages} == {"This link leads nowhere"}
    assert len({page.text.replace("../", "") for page in pages}) == 1


@pytest.mark.parametrize("path", ["/", "/s", "/s/", "/favicon.ico", "/s/a/b/c", "/metrics"])
def test_other_addresses_are_unknown_too(guest: Guest, path: str) -> None:
    page = guest.get(path)
    assert page.status_code == 404
    assert heading(page.text) == "This link leads nowhere"


def _expired(site: Site, link: Link) -> None:
    site.clock.advance(timedelta(days=60))


def _customer_gone(site: Site, link: Link) -> None:
    with site.store.transaction("test") as tables:
        tables.cases.append(link.case, [Event(at=site.clock(), kind=Kind.GONE)])


def _person_gone(site: Site, link: Link) -> None:
    with site.store.transaction("test") as tables:
        row = tables.cases.get(link.case)
        assert row
        tables.people.put_people("acme", "contacts", {row.record: []}, site.clock())


@pytest.mark.parametrize("end_it", [_expired, _customer_gone, _person_gone])
def test_a_survey_that_is_over_says_so_kindly(
    guest: Guest, link: Link, site: Site, end_it: object
) -> None:
    assert callable(end_it)
    form = {**guest.form(link), "reason": "price"}
    end_it(site, link)
    before = site.dump()
    pages = [guest.get(f"/s/{link.token}{end}") for end in ("", "/talk", "/opt-out", "/thanks")]
    pages.append(guest.send(link, form))
    pages += [guest.session.post(f"{site.url}/s/{link.token}/{end}") for end, *_ in WISHES]
    assert {page.status_code for page in pages} == {410}
    assert {heading(page.text) for page in pages} == {"This survey is over"}
    assert "Acme &amp; Söhne" in pages[0].text
    assert site.dump() == before


def test_a_link_works_until_its_last_moment(guest: Guest, link: Link, site: Site) -> None:
    site.clock.advance(timedelta(days=60) - timedelta(seconds=1))
    assert guest.answer(link, reason="price").status_code == 200


def test_nobody_reads_answers_from_the_page(guest: Guest, link: Link) -> None:
    guest.answer(link, reason="price", what_if="A secret of ours", stay_in_touch="yes")
    page = guest.get(f"/s/{link.token}").text
    assert "You have answered already" in page
    assert "A secret of ours" not in page
    assert "checked" not in page.replace('value="" checked', "")


@pytest.mark.parametrize(
    ("accepted", "query", "language"),
    [
        ("", "", "en"),
        ("de-AT,en;q=0.5", "", "de"),
        ("fr, de;q=0.2, en;q=0.7", "", "en"),
        ("de;q=0, fr", "", "en"),
        ("*", "", "en"),
        ("de", "?lang=en", "en"),
        ("en", "?lang=de", "de"),
        ("de", "?lang=xx", "de"),
        ("\xff;;q=,,de;q=nan", "?lang=%ff%22%3E", "en"),
    ],
)
def test_the_page_speaks_the_browsers_language(
    guest: Guest, link: Link, accepted: str, query: str, language: str
) -> None:
    page = guest.get(f"/s/{link.token}{query}", **{"Accept-Language": accepted})
    assert f'<html lang="{language}" dir="ltr">' in page.text
    other = {"en": "de", "de": "en"}[language]
    assert f'<a href="?lang={other}" lang="{other}"' in page.text


def test_a_chosen_language_stays(guest: Guest, link: Link) -> None:
    page = guest.get(f"/s/{link.token}?lang=de")
    assert f'href="{link.token}/talk?lang=de"' in page.text
    form = guest.form(link)
    assert "Bitte nennen Sie den Grund." in guest.send(link, form, query="?lang=de").text
    thanks = guest.send(link, {**form, "reason": "price"}, query="?lang=de")
    assert heading(thanks.text) == "Vielen Dank"


def test_every_connection_has_its_own_survey_and_name(
    tmp_path: Path, http: requests.Session
) -> None:
    with serving(tmp_path, {"acme": asked(), "globex": asked(languages=True)}) as site:
        guest = Guest(site, http)
        ours, theirs = site.invite(), site.invite(connection="globex")
        german = {"Accept-Language": "de"}
        assert heading(guest.get(f"/s/{ours.token}", **german).text) == (
            "Your goodbye to Acme & Söhne"
        )
        assert heading(guest.get(f"/s/{theirs.token}", **german).text) == (
            "Ihr Abschied von Globex"
        )
        unknown = guest.get("/s/nowhere").text
        assert "Acme" not in unknown
        assert "Globex" not in unknown


OURS = """
questions:
  - {key: why, kind: reason, field: reason_customer}
  - {key: service, kind: scale, field: rating_service, low: 1, high: 5, required: true}
  - {key: gained, kind: text, field: exit_benefits, required: true}
texts:
  en:
    questions:
      why: {label: Why?}
      service: {label: And our service?}
      gained: {label: What was good?}
"""


def test_a_survey_of_ones_own(tmp_path: Path, http: requests.Session) -> None:
    (tmp_path / "ours.yaml").write_text(OURS)
    (tmp_path / "hubspot.yaml").write_text("survey: {use: ours.yaml}")
    loaded = load(tmp_path / "hubspot.yaml", crm="hubspot")
    with serving(tmp_path, {"acme": loaded}) as site:
        guest, link = Guest(site, http), site.invite()
        refused = guest.answer(link)
        assert refused.status_code == 422
        assert "#why" not in refused.text
        for key in ("service", "gained"):
            assert f'<a href="#{key}">Needs an answer</a>' in refused.text
        assert "I would rather not say" not in refused.text
        guest.answer(link, service="5", gained="Time.\nMuch time.")
        assert site.events(link, Kind.ANSWERED)[0]["codes"] == {"service": "5"}
        assert site.words(link) == {"gained": "Time.\nMuch time."}


@pytest.mark.parametrize(
    "sent",
    [
        {"reason": "prize"},
        {"reason": "unknown"},  # one of the reasons, but none that the page offers
        {"reason": ""},
        {"reason": "price\x00"},
        {"would_return": "3"},
        {"once": "x" * 60_000},
    ],
)
def test_answers_that_nobody_can_choose_are_none(
    guest: Guest, link: Link, site: Site, sent: dict[str, str]
) -> None:
    page = guest.send(link, sent)
    assert page.status_code == 422
    assert re.search(r'name="once" value="[\w-]{16}"', page.text)
    assert not site.events(link, Kind.ANSWERED)


@pytest.mark.parametrize("step", ["11", "-1", "5.0", "٣", "nan"])
def test_a_scale_has_its_steps_only(guest: Guest, link: Link, site: Site, step: str) -> None:
    guest.answer(link, reason="price", would_return=step)
    assert site.events(link, Kind.ANSWERED)[0]["codes"] == {"reason": "price"}


@pytest.mark.parametrize(
    ("type", "body"),
    [
        ("multipart/form-data", b"no boundary"),
        ("multipart/form-data; boundary=x", b"--y\r\n\r\nreason"),
        ("multipart/form-data; boundary=x", b"--x\r\nbroken\r\n\r\nprice\r\n--x--\r\n"),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="reason"; filename="a"\r\n\r\nprice\r\n'
            b"--x--\r\n",
        ),
        ("application/json", b'{"reason": "price"}'),
        ("application/x-www-form-urlencoded", b"&" * 5000 + b"reason=%ff%fe"),
        ("application/x-www-form-urlencoded", b"a=1&" * 5000),
        ("text/plain", b"\x00\xff" * 9000),
    ],
)
def test_broken_forms_are_refused_politely(
    guest: Guest, link: Link, site: Site, type: str, body: bytes
) -> None:
    address = f"{site.url}/s/{link.token}"
    page = guest.session.post(address, data=body, headers={"Content-Type": type})
    assert page.status_code in (400, 422)
    assert heading(page.text)
    assert not site.events(link, Kind.ANSWERED)


def test_what_is_typed_is_never_markup(guest: Guest, link: Link) -> None:
    typed = "</textarea><script>alert(1)</script>\"' onfocus=x {{ org.name }}"
    page = guest.answer(link, what_changed=typed, moving_to=typed, other="x" * 501 + typed).text
    assert "<script" not in page
    assert "{{ org.name }}" in page
    assert unescape(page).count(typed) == 3


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.text(max_size=200))
@example(text="a\x00b\x07\x85c\x9f")
@example(text="\u202eevil\u2066 \ufeffplain\u2069")
@example(text="  e\u0301 \r\n\r\n\u2028 👩‍👩‍👧 العربية ")
def test_texts_are_cleaned_once_at_the_door(guest: Guest, site: Site, text: str) -> None:
    link = site.invite()
    guest.send(link, {"reason": "price", "what_changed": text, "moving_to": text})
    kept = site.words(link)
    for question, form in (("what_changed", FieldType.WORDS), ("moving_to", FieldType.TEXT)):
        if question not in kept:
            continue
        said = kept[question]
        # What a CRM gives back will be the same.
        assert canonical(said, form) == said
        assert not set(said) & set("\x00\x07\x85\x9f\u202e\u2066\u2069\ufeff\u2028")
        assert all(sign in "\n\t" or sign >= " " for sign in said)
    if text.isalnum() and text.isascii():
        assert set(kept.values()) == {text}


def test_what_cannot_be_kept_is_not_lost(guest: Guest, link: Link, site: Site) -> None:
    form = {**guest.form(link), "reason": "price", **TEXTS}
    before = site.dump()

    def full(point: str) -> None:
        if point == "commit survey answer before":
            raise OSError("no space left on the device for 'Our team halved.'")

    with points.listening(full), structlog.testing.capture_logs() as logs:
        page = guest.send(link, form)
    assert page.status_code == 503
    assert "We could not keep your answers just now" in page.text
    assert 'value="price" checked' in page.text
    for typed in TEXTS.values():
        assert typed in page.text
    assert site.dump() == before
    assert [entry["error"] for entry in logs] == ["OSError"]
    assert "halved" not in str(logs)
    assert heading(guest.send(link, form).text) == "Thank you"
    assert len(site.events(link, Kind.ANSWERED)) == 1


def test_logs_hold_neither_answers_nor_links(
    guest: Guest, link: Link, site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(point: str) -> None:
        raise RuntimeError(f"canary {link.token}")

    with structlog.testing.capture_logs() as logs:
        guest.get(f"/s/{link.token}")
        guest.answer(link, what_changed="canary", reason="price")
        guest.answer(link, what_changed="canary")
        with points.listening(fail):
            guest.answer(link, what_changed="canary", reason="price")
            page = guest.session.post(f"{site.url}/s/{link.token}/talk")
    assert page.status_code == 503
    assert heading(page.text) == "One moment, please"
    assert [entry["error"] for entry in logs] == ["RuntimeError", "RuntimeError"]
    everything = str(logs) + caplog.text
    assert "canary" not in everything
    assert link.token not in everything


def test_answers_survive_a_lost_connection_to_the_page(guest: Guest, link: Link) -> None:
    """The form says nothing that only this server knows: it works after a restart too."""
    assert guest.send(link, {"once": "A" * 16, "reason": "price"}).status_code == 200
