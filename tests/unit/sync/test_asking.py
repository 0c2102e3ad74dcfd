"""Who is not asked: the bereaved, those whose payment failed, and those who were asked lately."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from sync.fatigue import asked
from sync.model import Kind
from sync.plan import plan
from sync.world import World
from tests.unit.sync.goodbye import (
    DAY,
    KEY,
    MINUTE,
    START,
    book,
    event,
    happened,
    held,
    person,
    planned,
    said,
    wants,
    watch,
    world,
)

CONSUMER = "playbooks: [{use: consumer}]"
LATER = START + 2 * DAY
PAT = person(out=False)
ELSEWHERE = START - 60 * DAY


@pytest.mark.parametrize(
    ("reason", "words"),
    [("deceased", "reason is deceased"), ("payment_failure", "reason is payment_failure")],
)
def test_some_reasons_are_no_occasion_for_a_survey(reason: str, words: str) -> None:
    case = happened(said(START + MINUTE, "reason_csm", reason))
    made = planned(case, LATER, world(PAT, mapping=CONSUMER), CONSUMER)
    assert wants(made, "survey") == []
    assert held(made, "survey") == [words]


def test_nobody_is_asked_about_a_death_in_the_standard_goodbye_either() -> None:
    case = happened(said(START + MINUTE, "reason_csm", "deceased"))
    assert wants(planned(case, LATER, world(PAT)), "survey") == []
    assert len(wants(planned(happened(), LATER, world(PAT)), "survey")) == 1


def test_a_reminder_stops_once_a_death_is_known() -> None:
    sent = event(Kind.SENT, START + DAY, step="survey", person=PAT.id)
    assert wants(planned(happened(sent), START + 9 * DAY, world(PAT)), "survey_reminder")
    case = happened(sent, said(START + 2 * DAY, "reason_csm", "deceased"))
    assert not wants(planned(case, START + 9 * DAY, world(PAT)), "survey_reminder")


def test_a_family_in_mourning_is_in_no_segment() -> None:
    stays = event(Kind.CONSENTED, START + DAY, person=PAT.id, stay=True)
    for reason, segments in (("price", 1), ("deceased", 0)):
        case = happened(said(START + MINUTE, "reason_csm", reason), stays)
        made = planned(case, START + 30 * DAY, world(PAT, mapping=CONSUMER), CONSUMER)
        joined = [want for want in made.wants if want.step.startswith("alumni_")]
        assert len(joined) == segments


@pytest.mark.parametrize("name", ["survey", "alumni"])
def test_a_playbook_can_do_without(name: str) -> None:
    around = world(PAT)
    case = happened(event(Kind.CONSENTED, START + DAY, person=PAT.id, stay=True))
    without = book().model_copy(update={name: None})
    made = plan(case, around, without, watch(), START + 40 * DAY)
    assert f"the playbook has no {name}" in held(made, name)


def test_who_was_asked_about_another_departure_has_a_rest() -> None:
    around = replace(world(PAT), asked={PAT.id: {"another": ELSEWHERE}})
    made = planned(happened(), LATER, around)
    assert wants(made, "survey") == []
    (words,) = held(made, "survey")
    assert words == "had a survey on 1 January 2026, and nobody gets two within 90 days"


def test_after_the_rest_they_are_asked_if_it_is_not_too_late() -> None:
    around = replace(world(PAT), asked={PAT.id: {"another": ELSEWHERE}})
    wake = planned(happened(), LATER, around).wake_at
    assert wake is not None
    assert wake <= ELSEWHERE + 90 * DAY
    assert len(wants(planned(happened(), ELSEWHERE + 91 * DAY, around), "survey")) == 1


def test_their_own_departure_does_not_tire_them_and_the_rest_can_be_switched_off() -> None:
    own = replace(world(PAT), asked={PAT.id: {KEY: START + DAY}})
    assert len(wants(planned(happened(), LATER, own), "survey")) == 1
    mapping = "survey: {ask: {rest: off}}"
    tired = replace(world(PAT, mapping=mapping), asked={PAT.id: {"another": ELSEWHERE}})
    assert len(wants(planned(happened(), LATER, tired, mapping), "survey")) == 1


def test_the_last_message_of_each_case_counts() -> None:
    first = event(Kind.SENT, START, step="survey", person="1")
    last = event(Kind.MAYBE_SENT, START + DAY, step="survey_reminder", person="1")
    other = event(Kind.OPTED_OUT, START + 2 * DAY, person="1")
    assert asked({"a": [last, first, other]}) == {"1": {"a": START + DAY}}


def _surveyed(on: date) -> World:
    around = world(PAT, mapping=ALSO)
    facts = replace(PAT.facts, surveyed={"last_nps_on": on})
    return replace(around, people=(replace(PAT, facts=facts),))


ALSO = "survey: {ask: {also: [last_nps_on]}}"


def test_a_survey_of_another_tool_tires_people_too() -> None:
    made = planned(happened(), LATER, _surveyed(date(2026, 2, 1)), ALSO)
    assert wants(made, "survey") == []
    assert held(made, "survey") == [
        "had a survey on 1 February 2026 (last_nps_on), and nobody gets two within 90 days"
    ]
    old = planned(happened(), LATER, _surveyed(date(2025, 11, 1)), ALSO)
    assert len(wants(old, "survey")) == 1


def test_a_survey_that_is_only_planned_tires_nobody_yet() -> None:
    made = planned(happened(), LATER, _surveyed(date(2026, 3, 20)), ALSO)
    assert len(wants(made, "survey")) == 1
    assert made.wake_at is not None
    assert made.wake_at <= datetime(2026, 3, 20, tzinfo=UTC)
