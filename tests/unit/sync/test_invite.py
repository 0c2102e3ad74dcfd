"""The exit survey: who is asked, how, and once."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from integrations.contract import Mail, Note, Task
from sync.links import mark
from sync.model import Event, Kind, Plan
from sync.world import Human
from tests.unit.sync.goodbye import (
    DAY,
    HOUR,
    KEY,
    START,
    event,
    happened,
    held,
    person,
    planned,
    said,
    values,
    wants,
    world,
)

LINK = mark(f"{KEY}:survey:11")
ASKED = START + 2 * DAY
SENT = event(Kind.SENT, ASKED, step="survey", person="11")


def asked(*events: Event, at: datetime = ASKED, mapping: str = "", **who: Any) -> Plan:
    return planned(happened(*events), at, world(person(**who), mapping=mapping), mapping)


def through(way: str) -> str:
    return f"survey: {{send: {{through: {way}}}}}"


def test_it_goes_out_a_day_later_through_the_contact() -> None:
    assert held(asked(at=START + HOUR), "survey") == ["its time has not come"]
    (want,) = wants(asked(), "survey")
    assert want.outward
    assert want.not_after is not None
    assert values(asked(), "survey") == {
        "aurevoir_survey_status": "due",
        "aurevoir_survey_url": LINK,
    }


def test_a_mail_waits_for_its_link() -> None:
    made = asked(mapping=through("email"))
    (mail,), (link,) = wants(made, "survey"), wants(made, "survey_link")
    assert isinstance(mail.item, Mail)
    assert mail.after == (link.key,)
    assert mail.outward
    assert LINK in mail.item.body


def test_through_a_task_a_person_asks() -> None:
    (want,) = wants(asked(mapping=through("task")), "survey")
    assert isinstance(want.item, Task)
    assert LINK in want.item.body


def test_nobody_to_ask_is_said() -> None:
    empty = planned(happened(), ASKED, world())
    assert held(empty, "survey") == ["the customer has no people in the CRM"]
    assert held(asked(email=None), "survey") == ["nobody at the customer has an e-mail address"]


def test_who_opted_out_is_not_asked() -> None:
    made = asked(out=True)
    assert wants(made, "survey") == []
    assert len(held(made, "survey")) == 1
    assert values(made, "survey_withheld") == {"aurevoir_survey_status": "withheld"}


def invited(*people: Human, ask: str) -> set[str]:
    mapping = f"survey: {{ask: {ask}}}"
    made = planned(happened(), ASKED, world(*people, mapping=mapping), mapping)
    return {want.key.rpartition(":")[2] for want in wants(made, "survey")}


def test_who_may_not_be_asked_takes_nobodys_place() -> None:
    gone, pat, lee = person("11", out=True), person("12"), person("13")
    assert invited(gone, pat, lee, ask="{at_most: 1}") == {"12"}
    assert invited(gone, pat, lee, ask="{at_most: 2}") == {"12", "13"}
    assert invited(gone, pat, ask="{at_most: 0}") == set()
    made = planned(happened(), ASKED, world(gone, pat, lee))
    assert held(made, "survey") == ["opted out of mail"]


def test_where_the_one_with_the_role_may_not_be_asked_the_next_role_counts() -> None:
    boss, user = person("11", out=True, roles=("BOSS",)), person("12", roles=("USER",))
    anybody = person("13")
    assert invited(anybody, boss, user, ask="{roles: [BOSS, USER]}") == {"12"}
    assert invited(anybody, boss, ask="{roles: [BOSS, USER]}") == {"13"}
    there = person("11", roles=("BOSS",))
    assert invited(anybody, there, user, ask="{roles: [BOSS, USER]}") == {"11"}


def test_where_the_law_wants_consent_a_person_calls_instead() -> None:
    around = world(person(), country="DE")
    made = planned(happened(), ASKED, around)
    assert wants(made, "survey") == []
    assert held(made, "survey")[0].endswith("; offered a call instead")
    assert wants(made, "survey_call")
    agreed = world(person(consent=True), country="DE")
    assert wants(planned(happened(), ASKED, agreed), "survey")


def test_what_went_out_is_noted_and_reminded_of_once() -> None:
    made = asked(SENT, at=ASKED + DAY)
    (note,) = wants(made, "survey_note")
    assert isinstance(note.item, Note)
    assert wants(made, "survey_reminder") == []
    made = asked(SENT, at=ASKED + 7 * DAY)
    assert values(made, "survey_reminder") == {"aurevoir_survey_status": "reminded"}


def test_an_answer_ends_the_asking() -> None:
    answer = event(Kind.ANSWERED, ASKED + DAY, person="11", codes={"reason": "price"}, words={})
    made = asked(SENT, answer, at=ASKED + 20 * DAY)
    assert wants(made, "survey") == wants(made, "survey_reminder") == []
    assert values(made, "survey_answered")["aurevoir_survey_status"] == "answered"


def test_who_wants_to_talk_is_called() -> None:
    made = asked(SENT, event(Kind.ASKED_TO_TALK, ASKED + HOUR, person="11"), at=ASKED + 9 * DAY)
    assert wants(made, "survey_reminder") == []
    assert len(wants(made, "talk")) == 1


def test_mail_that_may_have_gone_out_is_a_persons_to_look_into() -> None:
    lost = event(Kind.MAYBE_SENT, ASKED, step="survey", person="11")
    (want,) = wants(asked(lost, at=ASKED + HOUR), "survey_check")
    assert isinstance(want.item, Task)


def test_a_call_instead_has_its_time_too() -> None:
    around = world(person(), country="DE")
    made = planned(happened(), START + HOUR, around)
    assert wants(made, "survey_call") == wants(made, "survey_withheld") == []
    assert held(made, "survey") == ["Germany: a survey by mail needs consent (rule survey_germany)"]
    assert made.wake_at is not None
    assert made.wake_at <= START + DAY
    dead = happened(said(START + HOUR, "reason_csm", "deceased"))
    assert wants(planned(dead, ASKED, around), "survey_call") == []
    assert wants(planned(happened(), ASKED, around), "survey_call")


def test_nobody_is_called_about_a_survey_when_it_is_too_late_to_ask() -> None:
    around = world(person(), country="DE", contract_end=date(2026, 6, 30))
    never = event(Kind.OPTED_OUT, START + HOUR, person="11", where="page")
    again = START + 61 * DAY
    yes = event(Kind.CONSENTED, again, person="11", stay=True, reference=False)
    made = planned(happened(never, yes), again + HOUR, around)
    assert wants(made, "survey_call") == []
    assert held(made, "survey") == ["Germany: a survey by mail needs consent (rule survey_germany)"]
    # Whoever was asked to call meanwhile may still do so.
    called = event(Kind.APPEARED, ASKED, step="survey_call", key=f"{KEY}:survey_call:11")
    assert wants(planned(happened(called), again + HOUR, around), "survey_call")


def test_a_mail_is_not_sent_after_the_permission_has_ended() -> None:
    around = world(person(), country="CA", contract_end=date(2026, 3, 1))
    ended = datetime(2026, 3, 11, tzinfo=UTC)
    case = happened(said(START, "departs_on", "2024-03-10"), phase="leaving")
    (want,) = wants(planned(case, ASKED, around), "survey")
    assert want.not_after == ended
    late = planned(case, ended, around)
    assert wants(late, "survey") == []
    assert held(late, "survey")[0].startswith(
        "Canada: former business allows mail for two years, which ended on 10 March 2026 (rule "
    )


def test_a_conversation_stops_the_reminder_and_not_the_survey() -> None:
    talked = event(Kind.DONE, ASKED + DAY, step="exit_talk", key=f"{KEY}:exit_talk")
    made = asked(SENT, talked, at=ASKED + 8 * DAY)
    assert wants(made, "survey_reminder") == []
    assert held(made, "survey_reminder") == ["somebody has spoken with them on 5 March 2026"]
    other = event(Kind.DONE, ASKED + DAY, step="acknowledge", key=f"{KEY}:acknowledge")
    assert wants(asked(SENT, other, at=ASKED + 8 * DAY), "survey_reminder")
    undone = event(Kind.UNDONE, ASKED + DAY, step="exit_talk", key=f"{KEY}:exit_talk")
    assert wants(asked(SENT, talked, undone, at=ASKED + 8 * DAY), "survey_reminder")
    assert wants(asked(talked, at=ASKED + 2 * DAY), "survey")


def test_of_everybody_it_is_said_why_they_are_not_asked() -> None:
    boss = person("1", roles=("DECISION_MAKER",))
    user, silent = person("2", roles=("END_USER",)), person("3", email=None)
    made = planned(happened(), ASKED, world(user, silent, boss))
    assert [want.key.split(":")[2] for want in wants(made, "survey")] == ["1"]
    assert {one.target: one.reason for one in made.withheld if one.step == "survey"} == {
        "2": "those with the role DECISION_MAKER are asked",
        "3": "has no e-mail address",
    }
    few = "survey: {ask: {at_most: 1, roles: []}}"
    made = planned(happened(), ASKED, world(user, boss, mapping=few), few)
    assert held(made, "survey") == ["others are asked, and no more than 1 at one customer"]
