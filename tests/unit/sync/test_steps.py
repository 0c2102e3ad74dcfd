"""The playbook's tasks: whose they are, what they wait for, and what never comes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from integrations.contract import Owner
from mappings.spans import Due
from sync.model import Event, Kind
from sync.plan import plan
from tests.unit.sync.goodbye import (
    CSM,
    DAY,
    HOUR,
    KEY,
    QUEUE,
    START,
    book,
    event,
    happened,
    held,
    planned,
    said,
    tasks,
    wants,
    watch,
    world,
)

NOTICE = {"acknowledge", "confirm_reason", "check_contract", "agree_dates", "read_the_signals"}


def test_a_notice_has_the_tasks_of_its_phase_and_the_rest_wait_for_theirs() -> None:
    made = planned(happened(), START + HOUR, world(contract_end=date(2026, 6, 24)))
    assert tasks(made).keys() == NOTICE
    assert held(made, "decide") == ["waits for a reason"]


def test_the_seat_decides_whose_a_task_is() -> None:
    found = tasks(planned(happened(), START + HOUR))
    assert (found["acknowledge"].owner, found["check_contract"].owner) == (CSM.id, QUEUE.id)
    assert found["check_contract"].department == "billing"


@pytest.mark.parametrize(
    ("owners", "owner"),
    [
        ((CSM,), CSM.id),
        ((CSM, Owner(id="9", name="Billing", queue=True, active=False)), CSM.id),
        ((), None),
    ],
)
def test_where_the_first_seat_is_empty_the_next_one_counts(
    owners: tuple[Owner, ...], owner: str | None
) -> None:
    task = tasks(planned(happened(), START + HOUR, world(owners=owners)))["check_contract"]
    assert task.owner == owner
    nobody = "Nobody could be found for billing: " in task.body
    assert nobody is (owner is None)


def test_a_department_without_a_seat_gets_its_task_passed_on() -> None:
    mapping = "roles: {billing: {no_seat: {via: customer_success, mail: b@vendor.example}}}"
    around = world(owners=(CSM,), mapping=mapping)
    task = tasks(planned(happened(), START + HOUR, around))["check_contract"]
    assert task.owner == CSM.id
    assert task.subject.startswith("For billing: ")
    assert task.body.startswith("Please pass this on to billing (b@vendor.example).")


def test_what_is_done_stays_and_counts() -> None:
    key = f"{KEY}:acknowledge"
    done = event(Kind.DONE, START + HOUR, step="acknowledge", key=key)
    before, made = planned(happened(), START + DAY), planned(happened(done), START + DAY)
    assert key in {want.key for want in made.wants}
    assert before.progress == 0 < made.progress
    assert before.next_step == "Acknowledge the notice of Alder & Quill in person"
    assert made.next_step != before.next_step


def test_what_a_person_deleted_never_comes_back() -> None:
    key = f"{KEY}:check_contract"
    gone = event(Kind.REMOVED, START + HOUR, step="check_contract", key=key)
    made = planned(happened(gone), START + DAY)
    assert held(made, "check_contract") == ["a person deleted it in the CRM"]
    assert key not in {want.key for want in made.wants}


def test_promises_have_their_day_without_a_decision_and_while_people_try_to_keep() -> None:
    around = world(contract_end=date(2026, 3, 20))
    at = START + 4 * DAY
    assert "final_invoice" in tasks(planned(happened(), at, around))
    keeping = happened(said(START + HOUR, "decision", "try_to_keep"))
    assert "final_invoice" in tasks(planned(keeping, at, around))
    assert held(planned(keeping, at, around), "exit_talk") == ["people try to keep the customer"]


def there(step: str, number: int = 1, kind: Kind = Kind.APPEARED) -> Event:
    """A task came into the CRM, or we closed it."""
    key = f"{KEY}:{step}" + (f"::{number}" if number > 1 else "")
    return event(kind, START + 5 * DAY, step=step, key=key)


def test_a_task_that_is_there_stays_when_the_day_moves_and_when_people_try_to_keep() -> None:
    seen = [there("final_invoice"), there("exit_talk")]
    moved = said(START + 5 * DAY, "departs_on", "2026-09-30")
    at = START + 6 * DAY
    assert "final_invoice" not in tasks(planned(happened(moved), at))
    due = tasks(planned(happened(*seen, moved), at))["final_invoice"].due
    assert due.date() == date(2026, 9, 23)
    keeping = happened(*seen, moved, said(at, "decision", "try_to_keep"))
    made = planned(keeping, at)
    assert "final_invoice" in tasks(made)
    assert held(made, "exit_talk") == ["people try to keep the customer"]


def test_a_task_that_we_closed_comes_again_under_the_next_number() -> None:
    ended = there("final_invoice", kind=Kind.CANCELLED)
    made = planned(happened(there("final_invoice"), ended, phase="leaving"), START + 6 * DAY)
    assert [want.key for want in wants(made, "final_invoice")] == [f"{KEY}:final_invoice::2"]
    case = happened(there("final_invoice"), ended, there("final_invoice", 2), phase="leaving")
    made = planned(replace(case, occurrence=2), START + 6 * DAY)
    assert [want.key for want in wants(made, "final_invoice")] == [f"{KEY}:final_invoice::2"]


def test_what_a_person_deleted_comes_back_with_the_customers_next_stay_alone() -> None:
    ended = there("acknowledge", kind=Kind.CANCELLED)
    gone = there("acknowledge", 2, Kind.REMOVED)
    left = event(Kind.LEFT, START + 6 * DAY, stage="active", settled=True)
    back = event(Kind.REOPENED, START + 7 * DAY, stage="churning", phase="notice", settled=True)
    case = happened(ended, gone)
    assert held(planned(case, START + 6 * DAY), "acknowledge") == ["a person deleted it in the CRM"]
    made = planned(happened(ended, gone, left, back), START + 8 * DAY)
    assert [want.key for want in wants(made, "acknowledge")] == [f"{KEY}:acknowledge::3"]


def test_who_goes_straight_away_is_not_assessed() -> None:
    made = planned(happened(phase="leaving"), START + HOUR)
    assert held(made, "decide") == ["it is decided: the customer is leaving"]
    assert "final_invoice" in tasks(made)


def test_a_step_is_due_by_another_one_from_when_that_was_done() -> None:
    offers = [said(START, "reason_csm", "price"), said(START, "decision", "try_to_keep")]
    enterprise = "playbooks: [{use: enterprise}]"
    around = world(mapping=enterprise, contract_end=date(2026, 6, 24))
    chosen = event(Kind.DONE, START + DAY, step="choose_offer", key=f"{KEY}:choose_offer")
    signals = event(Kind.DONE, START + DAY, step="review_signals", key=f"{KEY}:review_signals")
    made = planned(happened(*offers, signals, chosen), START + DAY + HOUR, around, enterprise)
    assert tasks(made)["approve_offer"].due == START + 2 * DAY
    again = event(Kind.UNDONE, START + 2 * DAY, step="choose_offer", key=f"{KEY}:choose_offer")
    made = planned(happened(*offers, signals, chosen, again), START + 3 * DAY, around, enterprise)
    assert held(made, "approve_offer") == ["waits for choose_offer"]


def test_a_step_that_is_due_by_another_moves_with_it() -> None:
    steps = book().steps
    invoice = steps["final_invoice"].model_copy(update={"due": Due.parse("hand_over_data + 1 day")})
    chained = book().model_copy(update={"steps": {**steps, "final_invoice": invoice}})
    for day in (24, 30):
        around = world(contract_end=date(2026, 6, day))
        made = plan(happened(phase="leaving"), around, chained, watch(), START + HOUR)
        found = tasks(made)
        assert found["final_invoice"].due - found["hand_over_data"].due == DAY
