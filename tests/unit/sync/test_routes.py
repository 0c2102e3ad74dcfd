"""Whom the words of a departure reach, and what becomes of a wish."""

from __future__ import annotations

from dataclasses import replace

import pytest

from integrations.contract import Note, Task
from sync.model import Event, Kind, Plan
from sync.plan import plan
from tests.unit.sync.goodbye import (
    DAY,
    HOUR,
    KEY,
    START,
    book,
    event,
    happened,
    held,
    person,
    said,
    wants,
    watch,
    world,
)

WORDS = {"w1": "Nobody answered for a week.", "w2": "Sign-in with our\nown directory."}


def answer(reason: str, at: float = 1, *, what_if: bool = False, **codes: str) -> Event:
    words = {"what_changed": "w1"} | ({"what_if": "w2"} if what_if else {})
    when = START + at * DAY
    return event(Kind.ANSWERED, when, person="11", codes={"reason": reason, **codes}, words=words)


def noted(at: float = 1) -> Event:
    """One of us puts their words on the record."""
    return event(Kind.SET, START + at * DAY, field="exit_words", value=None, words="w1")


def made(*events: Event, at: float = 3, mapping: str = "") -> Plan:
    around = world(person("11"), words=WORDS, mapping=mapping)
    return plan(happened(*events), around, book(mapping), watch(mapping), START + at * DAY)


def routed(plan: Plan) -> dict[str, Task | Note]:
    return {
        want.step: want.item
        for want in plan.wants
        if want.step.startswith(("route_", "note_", "feature"))
        and isinstance(want.item, Task | Note)
    }


@pytest.mark.parametrize(
    ("reason", "department"),
    [
        ("support_service", "support"),
        ("price", "sales"),
        ("payment_failure", "billing"),
        ("legal_security", "it"),
        ("poor_fit", "marketing"),
        ("trust", "leadership"),
    ],
)
def test_words_reach_who_can_mend_the_reason(reason: str, department: str) -> None:
    ((step, task),) = routed(made(answer(reason))).items()
    assert step == f"route_{department}"
    assert isinstance(task, Task)
    assert task.department == department
    assert "In their words (Pat Doe):\n“Nobody answered for a week.”" in task.body
    (want,) = wants(made(answer(reason)), step)
    assert want.key == f"{KEY}:route_{department}"


def test_a_bare_reason_travels_nowhere() -> None:
    bare = made(said(START + HOUR, "reason_csm", "support_service"))
    assert routed(bare) == {}
    assert held(bare, "route") == ["nobody has said anything in words yet"]


def test_words_that_we_wrote_down_travel_as_well() -> None:
    ours = made(noted(), said(START + HOUR, "reason_csm", "support_service"))
    assert [*routed(ours)] == ["route_support"]


def test_words_without_a_reason_wait_for_one() -> None:
    assert routed(made(noted())) == {}


def test_who_looks_after_the_customer_has_the_words_already() -> None:
    assert routed(made(answer("onboarding_adoption"))) == {}


def test_the_product_team_gets_the_words_once() -> None:
    """The review of the playbook brings them; no second task does."""
    before = made(answer("quality_reliability"))
    assert routed(before) == {}
    assert held(before, "route_product") == ["the words are in the task lessons"]
    (lessons,) = wants(made(answer("quality_reliability"), at=40), "lessons")
    assert isinstance(lessons.item, Task)
    assert "“Nobody answered for a week.”" in lessons.item.body


def test_where_the_review_never_comes_the_words_go_all_the_same() -> None:
    stayed = event(Kind.LEFT, START + 2 * DAY, stage="active", settled=True, departs_on=None)
    assert [*routed(made(answer("quality_reliability"), stayed))] == ["route_product"]
    consumer = made(answer("quality_reliability"), mapping="playbooks: [{use: consumer}]")
    assert [*routed(consumer)] == ["route_product"]


def test_what_is_said_after_the_review_travels_by_itself() -> None:
    done = event(Kind.DONE, START + 35 * DAY, step="lessons", key=f"{KEY}:lessons")
    assert routed(made(answer("quality_reliability"), done, at=50)) == {}
    late = made(done, answer("quality_reliability", at=40), at=50)
    assert [*routed(late)] == ["route_product"]


def test_a_wish_is_an_item_of_its_own() -> None:
    ((step, task),) = routed(made(answer("product_gap", what_if=True))).items()
    assert step == "feature"
    assert isinstance(task, Task)
    assert task.department == "product"
    assert task.subject == "Feature asked for: Sign-in with our own directory. (Alder & Quill)"
    assert "“Nobody answered for a week.”" in task.body
    assert routed(made(said(START + HOUR, "reason_csm", "product_gap"))) == {}


def test_a_wish_among_other_reasons_is_one_too() -> None:
    other = said(START + HOUR, "reasons_other", "product_gap;trust")
    assert {*routed(made(answer("price"), other))} == {"feature", "route_sales"}


OWN = """
feedback:
  routes:
    - {when: {reason: price, would_return: {at_least: 7}}, role: sales}
    - {when: {reason: price}, role: leadership, as: note}
    - {role: marketing, as: note}
    - {role: marketing}
  features: off
"""


def test_an_admin_says_who_hears_what_and_how() -> None:
    warm = routed(made(answer("price", would_return="8"), mapping=OWN))
    assert {step: type(item) for step, item in warm.items()} == {
        "route_sales": Task,
        "note_leadership": Note,
        "note_marketing": Note,
    }
    cold = routed(made(answer("price", would_return="3"), mapping=OWN))
    assert {*cold} == {"note_leadership", "note_marketing"}
    assert {*routed(made(answer("product_gap"), mapping=OWN))} == {"note_marketing"}
    assert routed(made(answer("price"), mapping="feedback: {routes: []}")) == {}


def test_what_an_earlier_departure_answered_routes_nothing_now() -> None:
    around = world(person("11"), words=WORDS, mapping=OWN)
    customer = replace(around.customer, own={"would_return": 9})
    case = happened(answer("price"))
    now = plan(case, replace(around, customer=customer), book(OWN), watch(OWN), START + 3 * DAY)
    assert "route_sales" not in routed(now)
