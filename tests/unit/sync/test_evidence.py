"""What a customer's own facts say about why they leave."""

from __future__ import annotations

from dataclasses import replace

from integrations.contract import Value
from sync.evidence import noticed, points_to
from sync.feedback import reason
from sync.model import Case, Event, Kind, Plan
from sync.plan import plan
from sync.world import World
from tests.unit.sync.goodbye import (
    DAY,
    HOUR,
    START,
    book,
    event,
    happened,
    held,
    person,
    said,
    tasks,
    values,
    wants,
    watch,
    world,
)

MAPPING = """
customer: {more: {payment_failed: payment_failed, died: died, tickets: open_tickets}}
evidence:
  - {reason: deceased, when: {died: true}}
  - {reason: payment_failure, when: {payment_failed: true}}
  - {reason: support_service, when: {tickets: {at_least: 5}}}
playbooks: [{use: consumer}]
"""
FAILED = event(Kind.POINTED, START, reason="payment_failure")


def around(**facts: Value) -> World:
    known = world(person(), mapping=MAPPING)
    return replace(known, customer=replace(known.customer, more=facts))


def planned(case: Case, days: float = 2) -> Plan:
    return plan(case, around(), book(MAPPING), watch(MAPPING), START + days * DAY)


def test_the_first_rule_that_fits_is_the_evidence() -> None:
    assert points_to(around(payment_failed=True, tickets=9)) == "payment_failure"
    assert points_to(around(payment_failed=False, tickets=9)) == "support_service"
    assert points_to(around(tickets=None)) is None
    assert points_to(world(person())) is None


def test_it_is_noted_when_it_changes_and_while_the_customer_is_there() -> None:
    failed = around(payment_failed=True)
    first = noticed(happened(), failed, "notice", START)
    assert first == Event(at=START, kind=Kind.POINTED, data={"reason": "payment_failure"})
    again = happened(first)
    assert noticed(again, failed, "leaving", START + DAY) is None
    gone = noticed(again, around(), "leaving", START + DAY)
    assert gone
    assert gone.data == {"reason": None}
    assert noticed(happened(), failed, "departed", START + DAY) is None
    assert noticed(happened(), failed, "saved", START + DAY) is None


def test_our_word_and_then_the_customers_count_for_more() -> None:
    ours = said(START + HOUR, "reason_csm", "price")
    theirs = event(Kind.ANSWERED, START + DAY, person="11", codes={"reason": "trust"})
    assert reason(happened(FAILED)) == "payment_failure"
    assert reason(happened(FAILED, ours)) == "price"
    assert reason(happened(FAILED, ours, theirs)) == "trust"


def test_a_failed_payment_goes_to_billing_and_no_survey_asks_why() -> None:
    made = planned(happened(FAILED))
    assert tasks(made)["settle_payment"].department == "billing"
    assert wants(made, "survey") == []
    assert held(made, "survey") == ["reason is payment_failure"]
    assert wants(planned(happened()), "survey")


def test_nobody_is_asked_about_a_death_that_the_record_shows() -> None:
    made = planned(happened(event(Kind.POINTED, START, reason="deceased")))
    assert "help_the_family" in tasks(made)
    assert "acknowledge" not in tasks(made)
    assert held(made, "survey") == ["reason is deceased"]


def test_it_stands_in_a_field_of_its_own_and_goes_when_the_facts_change() -> None:
    known = values(planned(happened(FAILED)), "customer")
    assert known["aurevoir_reason_evidence"] == known["aurevoir_exit_reason"] == "payment_failure"
    assert "aurevoir_reason_confirmed_on" not in known
    settled = happened(FAILED, event(Kind.POINTED, START + DAY, reason=None))
    left = values(planned(settled), "customer")
    assert left["aurevoir_reason_evidence"] is left["aurevoir_exit_reason"] is None
    assert "aurevoir_reason_evidence" not in values(planned(happened()), "customer")
