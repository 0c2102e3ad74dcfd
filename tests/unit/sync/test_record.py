"""The record that stays of every departure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from integrations.contract import Departure, Note, Schema, Value
from mappings.translate import columns
from sync.model import Event, Kind, Plan, Want
from tests.unit.sync.goodbye import (
    CSM,
    CUSTOMER,
    DAY,
    HOUR,
    START,
    event,
    happened,
    held,
    loaded,
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


def kept(*events: Event, at: float = 3) -> dict[str, Value]:
    """What the object says, by our words."""
    mapping = "record: object\n"
    people = (person("11"), person("12"))
    around = world(*people, mapping=mapping, words=WORDS, contract_end=END)
    around = replace(around, customer=replace(around.customer, owner=CSM.id))
    plan = planned(happened(*events), START + at * DAY, around, mapping)
    assert wants(plan, "feedback") == []
    (want,) = wants(plan, "departure_record")
    assert want.key.endswith(":departure_record")
    assert isinstance(want.item, Departure)
    assert want.item.about == CUSTOMER
    columns = loaded(mapping).rows.departure.columns
    ours = {column.names["hubspot"]: word for word, column in columns.items()}
    return {ours[name]: value for name, value in want.item.values.items()}


def test_an_object_of_its_own_has_the_course_in_fields() -> None:
    assert kept(at=1) == {
        "name": "Alder & Quill: departure 1",
        "number": 1,
        "owner": CSM.id,
        "status": "notice",
        "outcome": "leaving",
        "opened_on": START.date(),
        "departs_on": END,
        "ended_on": None,
        "exit_reason": None,
        "reason_customer": None,
        "reason_csm": None,
        "reason_evidence": None,
        "words": None,
        "story": (
            "Opened on: 2 March 2026\nDeparts on: 29 May 2026\nOutcome: leaving\nPlaybook: standard"
        ),
        "alumni_until": None,
    }


def test_the_object_keeps_the_three_reasons_apart_and_the_words() -> None:
    evident = event(Kind.POINTED, START + DAY, reason="support_service")
    found = kept(OURS, evident, answer())
    reasons = ("exit_reason", "reason_customer", "reason_csm", "reason_evidence")
    assert [found[key] for key in reasons] == ["trust", "trust", "price", "support_service"]
    assert f"“{WORDS['w1']}”" in str(found["words"])
    assert f"“{WORDS['w1']}”" not in str(found["story"])
    assert "They disagree; Trust counts" in str(found["story"])


def test_the_object_says_how_it_ended() -> None:
    left = event(Kind.LEFT, START + 5 * DAY, stage="active", settled=True, departs_on=None)
    saved = kept(left, at=8)
    assert (saved["outcome"], saved["status"]) == ("saved", "saved")
    assert saved["ended_on"] == date(2026, 3, 7)
    stays = event(Kind.CONSENTED, START + 2 * DAY, person="11", stay=True, reference=False)
    gone = kept(stays, at=125)
    assert (gone["outcome"], gone["status"]) == ("departed", "alumni")
    assert isinstance(gone["alumni_until"], date)
    assert gone["alumni_until"] > ALUMNI.date()
    assert kept(at=125)["alumni_until"] != gone["alumni_until"]


def test_a_long_name_leaves_room_for_the_number() -> None:
    mapping = "record: object\n"
    around = world(mapping=mapping, contract_end=END)
    long = replace(around, customer=replace(around.customer, name="Very long " * 20))
    plan = planned(happened(), START + DAY, long, mapping)
    (want,) = wants(plan, "departure_record")
    assert isinstance(want.item, Departure)
    name = str(want.item.values["aurevoir_name"])
    assert len(name) <= 80
    assert name.endswith(": departure 1")


def test_the_note_stands_in_only_where_the_mapping_says_so() -> None:
    mapping = "record: {as: object, else: note}\n"
    around = world(person("11"), mapping=mapping, contract_end=END)
    plan = planned(happened(), START + DAY, around, mapping)
    assert len(wants(plan, "feedback")) == 1
    assert wants(plan, "departure_record") == []
    assert held(plan, "departure_record") == [
        "the CRM has no object aurevoir_departure; a note keeps the departure"
    ]
    known = loaded(mapping)
    schema = Schema(object="aurevoir_departure", label="Departure", fields={})
    there = columns(known.programme, known.rows, {"aurevoir_departure": schema})
    rules = replace(around.rules, departure=there, schemas={"aurevoir_departure": schema})
    plan = planned(happened(), START + DAY, replace(around, rules=rules), mapping)
    assert wants(plan, "feedback") == []
    assert len(wants(plan, "departure_record")) == 1
