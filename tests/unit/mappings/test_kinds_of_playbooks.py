"""The goodbyes for large customers, small ones and people."""

from __future__ import annotations

from pathlib import Path

import pytest

from mappings.conditions import evaluate, first
from mappings.findings import MappingError
from mappings.loader import load_text
from mappings.playbook import Playbook
from mappings.texts import CUSTOMER, TASK_WORDS, render, subject

MAPPING = """
playbooks:
  - {use: child, when: {parent_stays: true}}
  - {use: enterprise, when: {mrr: {at_least: 4000}}}
  - {use: consumer, when: {seats: {at_most: 1}}}
  - {use: small_business, when: {plan: [basic, starter]}}
  - {use: standard}
"""
KINDS = ("enterprise", "small_business", "consumer", "child")


def book(name: str, crm: str = "hubspot") -> Playbook:
    return load_text(MAPPING, crm=crm).programme.books[name]


@pytest.mark.parametrize(
    ("facts", "chosen"),
    [
        ({"mrr": "4000", "seats": 1}, "enterprise"),
        ({"mrr": 12, "seats": "1"}, "consumer"),
        ({"mrr": 90, "seats": 8, "plan": "Basic"}, "small_business"),
        ({"mrr": "4000", "parent_stays": True}, "child"),
        ({"mrr": "4000", "parent_stays": False}, "enterprise"),
        ({}, "standard"),
    ],
)
def test_a_customer_gets_the_first_goodbye_that_fits(facts: dict[str, str], chosen: str) -> None:
    use = first(load_text(MAPPING, crm="hubspot").programme.playbooks, facts)
    assert use is not None
    assert use.use == chosen


@pytest.mark.parametrize("crm", ["hubspot", "salesforce"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_task_says_what_to_do_what_to_avoid_and_why(kind: str, crm: str) -> None:
    more = load_text(MAPPING, crm=crm).programme.customer.more
    facts = {group: dict.fromkeys(words) for group, words in TASK_WORDS.items()}
    facts["customer"] = dict.fromkeys(CUSTOMER.union(more), "12")
    for step in book(kind, crm).steps.values():
        script = render(step.script, facts)
        assert {"Do:", "Avoid:", "Why:"} <= {line.split(" ")[0] for line in script.splitlines()}
        assert "12" in subject(step.task, facts)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_promised_has_a_day_and_somebody_who_hears_of_it_in_time(kind: str) -> None:
    steps = book(kind).steps
    for name in ("hand_over_data", "final_invoice"):
        assert steps[name].promise
        assert steps[name].due.anchor == "departs"
        assert steps[name].warn


def test_evidence_is_asked_for_with_every_promise_of_a_large_customer() -> None:
    steps = book("enterprise").steps
    for name in ("delete_or_return", "hand_over_data", "final_invoice", "refund", "certificate"):
        assert steps[name].evidence
        assert "“Evidence”" in steps[name].script


def test_an_offer_is_approved_before_it_is_made_and_the_numbers_come_before_the_talk() -> None:
    steps = book("enterprise").steps
    assert steps["approve_offer"].after == ("choose_offer",)
    assert steps["make_offer"].after == ("approve_offer",)
    assert steps["exit_talk"].after == ("review_signals",)
    facts = {"case": {"offers": ("a pause", "a smaller plan")}, "customer": {}, "org": {}}
    assert "a pause, a smaller plan" in render(steps["choose_offer"].script, facts)


def test_a_small_customer_is_offered_something_only_where_somebody_tries_to_keep_it() -> None:
    small = book("small_business")
    assert small.offers
    for name in ("approve_offer", "make_offer"):
        step = small.steps[name]
        assert not step.required
        assert evaluate(step.only_if, {"decision": "try_to_keep", "reason": "price"}).holds
        assert not evaluate(step.only_if, {"decision": "open", "reason": "price"}).holds
        assert not evaluate(step.only_if, {"decision": "try_to_keep", "reason": "deceased"}).holds
    assert small.steps["make_offer"].after == ("approve_offer",)
    assert small.steps["make_offer"].role != small.steps["approve_offer"].role


@pytest.mark.parametrize(
    ("reason", "survey", "alumni", "step"),
    [
        ("payment_failure", False, True, "settle_payment"),
        ("deceased", False, False, "help_the_family"),
        ("price", True, True, "acknowledge"),
    ],
)
def test_a_failed_payment_and_a_death_are_no_occasion_for_questions(
    reason: str, survey: bool, alumni: bool, step: str
) -> None:
    consumer = book("consumer")
    assert consumer.survey
    assert consumer.alumni
    assert evaluate(consumer.survey.only_if, {"reason": reason}).holds is survey
    assert evaluate(consumer.alumni.only_if, {"reason": reason}).holds is alumni
    assert evaluate(consumer.steps[step].only_if, {"reason": reason}).holds


def test_a_name_of_the_past_leads_to_one_step(tmp_path: Path) -> None:
    file = tmp_path / "playbooks" / "mine.yaml"
    file.parent.mkdir()
    rest = "phase: notice, role: it, task: Cake, due: opened, was: pie"
    file.write_text(f"steps: {{cake: {{{rest}}}, tart: {{{rest}}}}}")
    with pytest.raises(MappingError, match='"pie" is now cake already; it can be one step only'):
        load_text("playbooks: [{use: mine}]", crm="hubspot", folder=tmp_path)


@pytest.mark.parametrize(
    ("step", "key", "words"),
    [
        ("cake", "warn: {role: it}", "a warning comes before a promise; add `promise: true`"),
        (
            "letter_cake",
            "letter: thanks",
            "letter_ begins the names of letters; choose another name",
        ),
        ("bake_a_cake_for_everybody_here", "letter: thanks", "26 fit a letter's key"),
        ("cake", "guide: {departed_on: When?}", 'people cannot set "departed_on"'),
        ("cake", "guide: {exit_wrods: What?}", 'no customer field "exit_wrods"; did you mean'),
        ("departure_record", "required: true", "is the name of what keeps a departure"),
        ("warn_cake", "promise: true", "warn_ begins the names of warnings; choose another name"),
    ],
)
def test_a_warning_needs_a_promise_and_its_own_name(
    step: str, key: str, words: str, tmp_path: Path
) -> None:
    file = tmp_path / "playbooks" / "mine.yaml"
    file.parent.mkdir()
    file.write_text(
        f"steps: {{{step}: {{phase: notice, role: it, task: Cake, due: opened, {key}}}}}"
    )
    with pytest.raises(MappingError, match=words):
        load_text("playbooks: [{use: mine}]", crm="hubspot", folder=tmp_path)
