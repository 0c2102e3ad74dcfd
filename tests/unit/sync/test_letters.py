"""What the letters say, to whom, and how they get there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from integrations.contract import Mail, Note, OptOut, Task
from mappings.letters import Letterbook
from mappings.loader import load_text
from sync.model import Case, Kind, Plan
from sync.plan import plan
from sync.world import Human
from tests.unit.sync.goodbye import (
    CSM,
    DAY,
    HOUR,
    KEY,
    MINUTE,
    QUEUE,
    START,
    book,
    event,
    happened,
    held,
    person,
    planned,
    tasks,
    wants,
    watch,
    world,
)

SMALL = "playbooks: [{use: small_business}]"
MAILS = f"{SMALL}\nsurvey: {{send: {{through: email, template: 7}}}}"
LATER = START + HOUR
SENDING = "letter_acknowledge"


def _speaking(language: str, **more: Any) -> Human:
    human = person(**more)
    return replace(human, facts=replace(human.facts, language=language))


def _task(made: Plan, step: str = "acknowledge") -> Task:
    return tasks(made)[step]


def _mail(made: Plan, step: str = SENDING) -> Mail:
    (want,) = wants(made, step)
    assert want.outward
    assert isinstance(want.item, Mail)
    return want.item


def _small(case: Case, at: Any, *people: Human, mapping: str = MAILS, **more: Any) -> Plan:
    return planned(case, at, world(*people, mapping=mapping, **more), mapping)


def test_the_task_carries_the_letter_with_dates_a_name_and_a_link() -> None:
    around = world(person(), contract_end=date(2026, 5, 29))
    body = _task(planned(happened(), LATER, around)).body
    assert body.startswith("Do: call first")
    assert "A letter to send to Pat Doe" in body
    assert "Hello Pat," in body
    assert "- 21 May 2026: You have a complete copy of your data" in body
    assert "- 29 May 2026: Your last day with us" in body
    assert f"{CSM.name} is there for all of it: {CSM.email}." in body
    assert f"aurevoir-link[{KEY}:page:11]" in body
    dates = [line for line in body.splitlines() if line.startswith("- ")]
    assert [*map(_day, dates)] == sorted(map(_day, dates))


def _day(line: str) -> date:
    day, month, year = line[2:].split(":")[0].split(" ")
    months = load_text("", crm="hubspot").letters.texts["en"].months
    return date(int(year), months.index(month) + 1, int(day))


@pytest.mark.parametrize(
    ("language", "greeting", "last_day"),
    [
        ("de-AT", "Guten Tag Pat Doe,", "- 29. Mai 2026: Ihr letzter Tag bei uns"),
        ("fr", "Bonjour Pat,", "- 29 mai 2026: Votre dernier jour chez nous"),
        ("es", "Hola, Pat:", "- 29 de mayo de 2026: Su último día con nosotros"),
        ("pt", "Hello Pat,", "- 29 May 2026: Your last day with us"),
    ],
)
def test_the_letter_speaks_the_persons_language(
    language: str, greeting: str, last_day: str
) -> None:
    around = world(_speaking(language), contract_end=date(2026, 5, 29))
    body = _task(planned(happened(), LATER, around)).body
    assert greeting in body
    assert last_day in body


def test_the_customers_language_counts_where_the_persons_is_not_known() -> None:
    around = world(person())
    around = replace(around, customer=replace(around.customer, language="de"))
    assert "Guten Tag Pat Doe," in _task(planned(happened(), LATER, around)).body


def test_the_letter_is_to_the_first_by_role_who_can_be_reached() -> None:
    mapping = "survey: {ask: {roles: [DECISION_MAKER, CHAMPION]}}"
    people = (
        person("11"),
        person("12", roles=("CHAMPION",)),
        person("13", roles=("DECISION_MAKER",), email=None),
    )
    body = _task(planned(happened(), LATER, world(*people, mapping=mapping), mapping)).body
    assert f"aurevoir-link[{KEY}:page:12]" in body


def test_without_anybody_there_is_a_letter_without_a_link() -> None:
    body = _task(planned(happened(), LATER, world())).body
    assert "Hello there," in body
    assert "aurevoir-link" not in body


def test_no_link_where_there_is_no_page() -> None:
    mapping = "self_service: off"
    body = _task(planned(happened(), LATER, world(person(), mapping=mapping), mapping)).body
    assert "aurevoir-link" not in body
    assert "On this page" not in body


def test_a_queue_is_no_name_to_sign_with() -> None:
    around = world(person(), holders={}, owners=(replace(QUEUE, name="Customer Success"),))
    body = _task(planned(happened(), LATER, around)).body
    assert "is there for all of it" not in body
    assert body.endswith("Vendor")


def test_what_is_done_or_not_for_this_customer_is_no_date_in_the_letter() -> None:
    done = event(Kind.DONE, LATER, step="hand_over_data", key=f"{KEY}:hand_over_data")
    body = _task(planned(happened(done), LATER + MINUTE, world(person()))).body
    assert "complete copy" not in body
    assert "The last invoice" in body


def test_a_small_customer_is_mailed_where_the_crm_mails() -> None:
    made = _small(happened(), LATER, person())
    mail = _mail(made)
    assert (mail.address, mail.template) == ("pat@customer.example", "7")
    assert mail.subject == "We have received your notice"
    assert f"aurevoir-link[{KEY}:page:11]" in mail.body
    assert "without you" in _task(made).body
    (want,) = wants(made, SENDING)
    assert want.key == f"{KEY}:letter_acknowledge:11"
    assert want.not_after


def test_it_is_mailed_once_and_to_one_person() -> None:
    sent = event(Kind.SENT, LATER, step=SENDING, person="12")
    for case in (happened(sent), happened(sent, event(Kind.OPTED_OUT, LATER, person="12"))):
        made = _small(case, LATER + DAY, person("11"), person("12"))
        assert not wants(made, SENDING)
        assert "without you" in _task(made).body
        (note,) = wants(made, f"{SENDING}_note")
        assert isinstance(note.item, Note)
        assert note.item.at == LATER


@pytest.mark.parametrize(
    ("people", "mapping", "why"),
    [
        ((person(),), SMALL, "this CRM sends no mail for us"),
        ((), MAILS, "nobody at the customer has an e-mail address"),
        ((person(email=None),), MAILS, "nobody at the customer has an e-mail address"),
        ((person(out=True),), MAILS, "opted out of mail"),
        (
            (replace(person(), opt_out=OptOut(out=True, words="unsubscribed on 2 May")),),
            MAILS,
            "unsubscribed on 2 May",
        ),
    ],
)
def test_where_no_mail_may_go_a_person_sends_it_and_hears_why(
    people: tuple[Human, ...], mapping: str, why: str
) -> None:
    made = _small(happened(), LATER, *people, mapping=mapping)
    assert not wants(made, SENDING)
    assert f"Please send this letter yourself: {why}." in _task(made).body
    assert held(made, SENDING) == [f"{why}; a person sends it"]


def test_what_may_have_been_sent_is_never_sent_again() -> None:
    maybe = event(Kind.MAYBE_SENT, LATER, step=SENDING, person="11")
    made = _small(happened(maybe), LATER + DAY, person())
    assert not wants(made, SENDING)
    assert "look in the sent mail first" in _task(made).body


def test_what_was_due_in_shadow_mode_or_long_ago_is_not_mailed() -> None:
    around = world(person(), mapping=MAILS)
    live = replace(around, rules=replace(around.rules, live_since=START + MINUTE))
    assert held(planned(happened(), LATER, live, MAILS), SENDING) == [
        "it was due in shadow mode; a person sends it"
    ]
    late = _small(happened(), START + 40 * DAY, person())
    assert held(late, SENDING) == ["it is too late for a mail; a person sends it"]


def test_the_notice_is_answered_in_germany_but_thanks_need_consent() -> None:
    gone = START + 20 * DAY
    made = _small(happened(), LATER, person(), country="DE")
    assert _mail(made)
    made = _small(happened(), gone, person(), country="DE")
    assert not wants(made, "letter_thank_you")
    assert "Germany" in _task(made, "thank_you").body
    assert held(made, "letter_thank_you") == [
        "Germany: a survey by mail needs consent (rule survey_germany); a person sends it"
    ]
    made = _small(happened(), gone, person(consent=True), country="DE")
    assert _mail(made, "letter_thank_you").subject == "Thank you"
    assert "thank_you" not in tasks(made)
    assert held(made, "thank_you") == ["the letter goes by mail"]


def test_the_answer_to_a_notice_goes_by_the_rules_of_what_must_be_said() -> None:
    """Counsel may want it otherwise."""
    assert _mail(_small(happened(), LATER, person()))
    rule = 'consent: {rules: {service: {basis: none, words: "our counsel wants a call"}}}'
    made = _small(happened(), LATER, person(), mapping=f"{MAILS}\n{rule}")
    assert held(made, SENDING) == ["our counsel wants a call (rule service); a person sends it"]


def test_who_wants_no_more_letters_is_answered_by_a_person() -> None:
    no = event(Kind.OPTED_OUT, START + MINUTE, person="11", where="survey")
    made = _small(happened(no), LATER, person())
    assert held(made, SENDING) == ["asked us on 2 March 2026 not to write again; a person sends it"]
    assert not wants(made, SENDING)


def test_nothing_is_sent_to_who_has_stayed() -> None:
    left = event(Kind.LEFT, START + DAY, stage="active", settled=True, departs_on=None)
    made = _small(happened(left), START + 2 * DAY, person())
    assert not wants(made, SENDING)


def test_a_letter_asks_for_nothing_and_so_tires_nobody() -> None:
    from sync.fatigue import asked

    sent = [
        event(Kind.SENT, START, step=SENDING, person="11"),
        event(Kind.SENT, START + DAY, step="survey", person="12"),
    ]
    assert asked({"a": sent}) == {"12": {"a": START + DAY}}


def test_the_check_comes_with_its_own_link() -> None:
    body = _task(planned(happened(), START + 80 * DAY, world(person())), "one_month_check").body
    assert f"aurevoir-link[{KEY}:check:11]" in body


def test_the_talk_has_questions_and_the_fields_for_their_answers() -> None:
    made = planned(happened(), START + 20 * DAY, world(person()))
    body = _task(made, "exit_talk").body
    assert "- What did you gain while you were with us? → What they gained" in body
    mapping = "fields: {customer: {exit_benefits: off}}"
    made = planned(happened(), START + 20 * DAY, world(person(), mapping=mapping), mapping)
    assert "What they gained" not in _task(made, "exit_talk").body


def test_who_asks_for_their_data_gets_them() -> None:
    case = happened(event(Kind.ASKED_EXPORT, LATER, person="11"))
    made = planned(case, LATER, world(person()))
    (want,) = wants(made, "export")
    assert want.key == f"{KEY}:export:11"
    assert isinstance(want.item, Task)
    assert want.item.promise
    assert want.item.due == LATER + 3 * DAY
    assert want.item.subject == "Send Alder & Quill the data that Pat Doe asks for"
    assert want.item.department == "it"


WORDS = {"undone": "w1"}


@pytest.mark.parametrize(
    ("codes", "alarm"),
    [
        ({"effort": "3", "promises_kept": "yes"}, True),
        ({"effort": "7", "promises_kept": "no"}, True),
        ({"effort": "4", "promises_kept": "yes"}, False),
        ({}, False),
    ],
)
def test_a_bad_goodbye_is_leaderships_to_mend(codes: dict[str, str], alarm: bool) -> None:
    case = happened(event(Kind.CHECKED, LATER, person="11", codes=codes, words=WORDS))
    made = planned(case, LATER, world(person(), words={"w1": "Nobody called."}))
    (note,) = wants(made, "check_note")
    assert isinstance(note.item, Note)
    assert "“Nobody called.”" in note.item.body
    assert bool(wants(made, "check_alarm")) is alarm
    for want in wants(made, "check_alarm"):
        assert isinstance(want.item, Task)
        assert want.item.department == "leadership"
        assert "“Nobody called.”" in want.item.body


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
def test_every_built_in_promise_has_words_and_no_letter_sells(language: str) -> None:
    loaded = load_text(
        "playbooks: [{use: consumer, when: {seats: 1}}, {use: small_business, when: {seats: 2}}, "
        "{use: enterprise, when: {seats: 3}}, {use: standard}]",
        crm="hubspot",
    )
    told = loaded.letters.texts[language]
    promised = {
        name
        for one in loaded.programme.books.values()
        for name, step in one.steps.items()
        if step.promise
    }
    assert promised - {"agree_dates"} == told.promises.keys()
    for letter in (told.acknowledgement, told.thanks, told.check):
        assert not {"%", "discount", "offer", "rabatt", "remise"} & set(letter.body.lower().split())


def test_wake_at_holds_while_a_letter_waits() -> None:
    made = _small(happened(), LATER, person())
    assert made.wake_at
    before = made.wake_at - timedelta(seconds=1)
    assert plan(happened(), world(person(), mapping=MAILS), book(MAILS), watch(MAILS), before).wants


def test_letters_lack_nothing() -> None:
    texts = load_text("", crm="hubspot").letters.model_dump()
    texts["texts"]["en"]["acknowledgement"]["body"] = "Bye."
    with pytest.raises(ValueError, match="lacks"):
        Letterbook.model_validate(texts)
