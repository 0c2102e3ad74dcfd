"""What the goodbye teaches, on the customer's record."""

from __future__ import annotations

from sync.model import Event, Kind, Plan
from tests.unit.sync.goodbye import (
    DAY,
    HOUR,
    START,
    event,
    happened,
    person,
    planned,
    said,
    values,
    world,
)

OURS = said(START + HOUR, "reason_csm", "price")
WORDS = {"w1": "It broke every Monday."}


def answer(who: str = "11", at: int = 1, reason: str = "trust", **codes: str) -> Event:
    return event(
        Kind.ANSWERED,
        START + at * DAY,
        person=who,
        codes={"reason": reason, **codes},
        words={"what_changed": "w1"},
    )


def learnt(*events: Event) -> Plan:
    around = world(person("11"), person("12"), words=WORDS)
    return planned(happened(*events), START + 3 * DAY, around)


def test_without_a_word_there_is_no_reason() -> None:
    assert "aurevoir_exit_reason" not in values(learnt(), "customer")


def test_ours_counts_until_the_customer_has_said_theirs() -> None:
    assert values(learnt(OURS), "customer")["aurevoir_exit_reason"] == "price"
    both = values(learnt(OURS, answer()), "customer")
    assert both["aurevoir_exit_reason"] == both["aurevoir_reason_customer"] == "trust"


def test_answers_stand_in_their_fields() -> None:
    held = values(learnt(answer(would_return="7")), "customer")
    assert held["aurevoir_exit_words"] == WORDS["w1"]
    assert held["aurevoir_would_return"] == 7
    assert held["aurevoir_feedback_on"] == (START + DAY).date()


def test_the_first_answer_stands() -> None:
    made = learnt(answer("12", at=1), answer("11", at=2, reason="price"))
    assert values(made, "customer")["aurevoir_exit_reason"] == "trust"
