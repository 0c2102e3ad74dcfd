"""When something is due that comes at short notice, or that is known late."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from mappings.playbook import Playbook
from sync.model import Event, Kind
from sync.plan import plan
from sync.promises import promises
from sync.world import World
from tests.unit.sync.goodbye import (
    DAY,
    HOUR,
    KEY,
    START,
    book,
    event,
    happened,
    held,
    planned,
    said,
    tasks,
    values,
    watch,
    world,
)

CONSUMER = "playbooks: [{use: consumer}]"
#: The notice comes on a Monday, and they leave on Thursday.
SHORT = world(contract_end=date(2026, 3, 5))
#: Tuesday morning: the working day after the notice.
NEXT = START + DAY


def test_at_short_notice_nothing_is_due_before_the_notice() -> None:
    made = tasks(planned(happened(), START + HOUR, SHORT))
    early = ("delete_or_return", "hand_over_data", "final_invoice")
    assert {name: made[name].due for name in early} == dict.fromkeys(early, NEXT)


def test_the_dates_are_in_writing_before_the_last_of_them() -> None:
    assert tasks(planned(happened(), START + HOUR, SHORT))["agree_dates"].due == START + 80 * HOUR
    later = tasks(planned(happened(), START + HOUR, world(contract_end=date(2026, 6, 30))))
    assert later["agree_dates"].due == START + 7 * DAY


def test_nobody_warns_of_a_promise_together_with_it() -> None:
    made = planned(happened(), START + HOUR, SHORT)
    assert held(made, "warn_hand_over_data") == ["its time has not come"]
    late = planned(happened(), START + 13 * HOUR, SHORT)
    assert tasks(late)["warn_hand_over_data"].due == NEXT


def test_a_promise_at_short_notice_is_due_before_it_is_broken() -> None:
    assert [_state(SHORT, START + wait) for wait in (HOUR, 13 * HOUR, 40 * HOUR)] == [
        "due",
        "at risk",
        "broken",
    ]


def _state(around: World, at: Any, *events: Event) -> str:
    case = happened(*events)
    found = promises(planned(case, at, around), case, around.calendar, at)
    return next(one.state for one in found if one.step == "hand_over_data")


def test_the_last_day_is_the_latest() -> None:
    today = world(contract_end=None)
    case = happened(said(START + HOUR, "departs_on", "2026-03-02"))
    made = tasks(planned(case, START + 2 * HOUR, today))
    assert made["hand_over_data"].due == START + 8 * HOUR
    over = happened(said(START + HOUR, "departs_on", "2026-02-20"))
    made = tasks(planned(over, START + 2 * HOUR, today))
    assert made["hand_over_data"].due == NEXT


def test_a_day_that_is_moved_nearer_leaves_time_for_what_is_dated_by_it() -> None:
    around, at = world(contract_end=date(2026, 6, 30)), START + 21 * DAY  # a Monday
    case = happened(said(at, "departs_on", "2026-03-25"))
    made = tasks(planned(case, at + HOUR, around))
    assert made["hand_over_data"].due == at + DAY


def test_a_day_that_is_set_when_it_is_over_keeps_no_promise() -> None:
    around, at = world(contract_end=date(2026, 3, 31)), START + 40 * DAY
    before = tasks(planned(happened(), at, around))["hand_over_data"].due
    case = happened(said(at, "departs_on", "2026-03-30"))
    made = tasks(planned(case, at + HOUR, around))
    assert made["hand_over_data"].due < before
    # What only follows the departure is not late because of the correction.
    assert made["thank_you"].due >= at


def test_a_day_that_is_taken_back_leaves_time_as_well() -> None:
    at = START + 56 * DAY
    case = happened(said(START + DAY, "departs_on", "2026-05-15"), said(at, "departs_on", None))
    made = planned(case, at + HOUR, world())
    assert made.departs_on < at.date()
    assert tasks(made)["close_renewals"].due == at + DAY


@pytest.mark.parametrize(
    ("what", "due"),
    [
        (said(START + 9 * DAY, "reason_csm", "deceased"), START + 9 * DAY + 4 * HOUR),
        (
            event(
                Kind.ANSWERED, START + 9 * DAY, person="11", codes={"reason": "deceased"}, words={}
            ),
            START + 9 * DAY + 4 * HOUR,
        ),
        (said(START + HOUR, "reason_csm", "deceased"), START + 4 * HOUR),
    ],
)
def test_what_depends_on_a_reason_is_due_after_it_is_known(what: Event, due: Any) -> None:
    made = tasks(planned(happened(what), START + 9 * DAY + HOUR, world(), CONSUMER))
    assert made["help_the_family"].due == due


def test_the_same_reason_from_another_side_moves_nothing() -> None:
    first = said(START + HOUR, "reason_csm", "payment_failure")
    again = event(
        Kind.ANSWERED, START + 9 * DAY, person="11", codes={"reason": "payment_failure"}, words={}
    )
    due = [
        tasks(planned(happened(first, *more), START + 10 * DAY, world(), CONSUMER))[
            "settle_payment"
        ].due
        for more in ((), (again,))
    ]
    assert due == [START + DAY] * 2


def test_a_rescue_that_is_decided_on_late_has_its_day() -> None:
    case = happened(
        said(START + DAY, "reason_csm", "price"),
        said(START + 28 * DAY, "decision", "try_to_keep"),
    )
    around = world(contract_end=date(2026, 9, 30))
    made = tasks(planned(case, START + 28 * DAY + HOUR, around))
    assert made["rescue_plan"].due == START + 29 * DAY


def test_whoever_tries_when_the_customer_is_leaving_already_has_time_to_decide() -> None:
    at = START + 15 * DAY
    around = world(contract_end=date(2026, 9, 30))
    case = happened(said(at, "decision", "try_to_keep"))
    assert tasks(planned(case, at + HOUR, around))["decide"].due == at + DAY
    early = happened(
        said(START + DAY, "reason_csm", "price"), said(START + 2 * DAY, "decision", "try_to_keep")
    )
    assert tasks(planned(early, START + 3 * DAY, around))["decide"].due == START + 10 * DAY


def test_a_talk_after_a_try_that_the_stage_has_ended_has_its_day() -> None:
    at = START + 29 * DAY
    moved = event(Kind.MOVED, at + HOUR, stage="churned", phase="leaving")
    case = happened(said(at, "decision", "try_to_keep"), moved)
    around = world(contract_end=date(2026, 9, 30))
    made = planned(case, at + 2 * HOUR, around)
    assert made.status == "leaving"
    assert tasks(made)["exit_talk"].due == at + HOUR + DAY


def test_what_a_wrong_reason_had_held_back_has_its_day() -> None:
    at = START + 29 * DAY
    case = happened(
        said(START + DAY, "reason_csm", "deceased"), said(at, "reason_csm", None), phase="leaving"
    )
    around = world(contract_end=date(2026, 9, 30))
    assert tasks(planned(case, at + HOUR, around))["exit_talk"].due == at + DAY


def own_book(**steps: object) -> Playbook:
    known = book().model_dump(mode="json", by_alias=True)
    return Playbook.model_validate({**known, "steps": {**known["steps"], **steps}})


def test_a_step_after_another_is_due_after_it() -> None:
    lists = {"phase": "notice", "role": "it", "task": "List", "due": "opened + 1 business day"}
    own = own_book(lists={**lists, "after": ["check_contract"]})
    done = event(Kind.DONE, START + 7 * DAY, step="check_contract", key=f"{KEY}:check_contract")
    around = world(contract_end=date(2026, 9, 30))
    made = plan(happened(done), around, own, watch(), START + 7 * DAY + HOUR)
    assert tasks(made)["lists"].due == START + 8 * DAY
    promised = own_book(lists={**lists, "after": ["check_contract"], "promise": True})
    made = plan(happened(done), around, promised, watch(), START + 7 * DAY + HOUR)
    assert tasks(made)["lists"].due == START + DAY


def test_what_follows_a_departure_that_was_put_off_is_due_after_it() -> None:
    around = world(contract_end=date(2026, 3, 20))
    case = happened(said(START + DAY, "decision", "try_to_keep"))
    at = START + 31 * DAY + timedelta(hours=1)
    made = planned(case, at, around)
    assert made.status == "departed"
    assert tasks(made)["thank_you"].due >= at - timedelta(hours=1)


def test_a_promise_that_nobody_keeps_any_more_does_not_shut_the_door() -> None:
    own = own_book(
        gift={
            "phase": "saved",
            "role": "sales",
            "task": "Gift",
            "promise": True,
            "due": "opened + 1 business day",
        },
        report={
            "phase": "notice",
            "role": "sales",
            "task": "Report",
            "promise": True,
            "due": "confirm_reason + 1 business day",
        },
    )
    done = [
        event(Kind.DONE, START + DAY, step=step, key=f"{KEY}:{step}")
        for step in ("agree_dates", "delete_or_return", "hand_over_data", "final_invoice")
    ]
    removed = event(Kind.REMOVED, START + DAY, step="report", key=f"{KEY}:report")
    at = START + 40 * DAY
    made = plan(happened(*done), world(), own, watch(), at)
    assert "promises that were not kept in time: 1" in {words for _, words in made.door}
    made = plan(happened(*done, removed), world(), own, watch(), at)
    assert "every promise that was due is kept" in {words for _, words in made.door}
    assert values(made, "customer")["aurevoir_status"] == "departed"
