"""The record that stays of every departure."""

from __future__ import annotations

from datetime import date

from integrations.contract import Note
from sync.model import Event, Kind, Plan, Want
from tests.unit.sync.goodbye import (
    DAY,
    HOUR,
    START,
    event,
    happened,
    person,
    planned,
    said,
    tasks,
    wants,
    world,
)

OURS = said(START + HOUR, "reason_csm", "price")
WORDS = {"w1": "It broke every Monday."}
#: Three months to leave.
END = date(2026, 5, 29)
GONE = START + 89 * DAY
ALUMNI = START + 125 * DAY


def answer(who: str = "11", at: int = 1, reason: str = "trust") -> Event:
    return event(
        Kind.ANSWERED,
        START + at * DAY,
        person=who,
        codes={"reason": reason},
        words={"what_changed": "w1"},
    )


def made(*events: Event, at: float = 3) -> Plan:
    around = world(person("11"), person("12"), words=WORDS, contract_end=END)
    return planned(happened(*events), START + at * DAY, around)


def note(plan: Plan) -> str:
    (want,) = wants(plan, "feedback")
    assert isinstance(want.item, Note)
    return want.item.body


def test_it_is_there_before_anybody_has_said_a_word() -> None:
    assert note(made(at=1)) == (
        "Off-boarding of Alder & Quill\n\n"
        "Opened on: 2 March 2026\n"
        "Departs on: 29 May 2026\n"
        "Outcome: leaving\n"
        "Playbook: standard"
    )


def test_the_sides_stand_side_by_side_and_the_words_as_they_were_said() -> None:
    evident = event(Kind.POINTED, START + DAY, reason="support_service")
    decided = said(START + 2 * DAY, "decision", "let_go")
    body = note(made(OURS, evident, answer(), decided))
    assert "Decision: Let go" in body
    assert (
        "Why they leave\nPat Doe said Trust\nWe said Price\n"
        "The evidence points to Support or service\nThey disagree; Trust counts\n"
    ) in body
    assert "Reason said by us: Price" in body
    told = f"Reason said by customer: Trust\n\nIn their words:\n“{WORDS['w1']}”"
    assert f"Answers of Pat Doe:\n\n{told}" in body


def test_everybody_who_answered_is_in_it() -> None:
    body = note(made(answer("12", at=1), answer("11", at=2, reason="price")))
    assert body.count("Answers of Pat Doe:") == 2
    assert body.count(f"“{WORDS['w1']}”") == 2


def test_tasks_that_are_ticked_off_do_not_touch_it() -> None:
    before = made(OURS, at=20)
    ticks = [
        event(Kind.DONE, START + 20 * DAY, step=want.step, key=want.key) for want in _tasks(before)
    ]
    assert len(ticks) > 3
    assert note(made(OURS, *ticks, at=21)) == note(before)


def test_phases_on_the_way_do_not_touch_it() -> None:
    bodies = {note(made(at=day)) for day in (1, 6, 10, 20, 60)}
    assert len(bodies) == 1


def test_promises_are_told_once_the_departure_is_over() -> None:
    invoice = next(want for want in wants(made(at=80), "final_invoice"))
    kept = event(Kind.DONE, GONE - 2 * DAY, step="final_invoice", key=invoice.key)
    assert "promised" not in note(made(kept, at=95))
    assert "Departed on: 29 May 2026\nOutcome: departed" in note(made(kept, at=95))
    body = note(made(kept, at=125))
    subject = tasks(made(at=80))["final_invoice"].subject
    assert "What was promised\n" in body
    assert f"{subject}: done on 28 May 2026" in body
    data = tasks(made(at=80))["hand_over_data"].subject
    assert f"{data}: not done, promised for 21 May 2026" in body


def test_whoever_stays_is_saved_on_a_day() -> None:
    left = event(Kind.LEFT, START + 5 * DAY, stage="active", settled=True, departs_on=None)
    body = note(made(left, at=8))
    assert "Outcome: saved on 7 March 2026" in body
    assert "Departs on" not in body


def _tasks(plan: Plan) -> list[Want]:
    return [want for want in plan.wants if want.step in tasks(plan)]
