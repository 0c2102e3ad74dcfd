"""How far a departure has come."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from mappings.playbook import Gates
from sync.model import Event, Kind
from sync.plan import plan
from tests.unit.sync.goodbye import (
    DAY,
    HOUR,
    KEY,
    MINUTE,
    START,
    book,
    event,
    happened,
    held,
    planned,
    said,
    tasks,
    watch,
    world,
)

#: The contract ends on a Wednesday, far enough ahead for every gate.
END = date(2026, 6, 24)
AROUND = world(contract_end=END)


def status(at: datetime, *events: Event, phase: str = "notice") -> str:
    return planned(happened(*events, phase=phase), at, AROUND).status


def left(at: datetime, *, settled: bool = True, departs_on: date = END) -> Event:
    return event(Kind.LEFT, at, stage="active", settled=settled, departs_on=departs_on.isoformat())


def back(at: datetime, *, settled: bool = True, phase: str = "notice") -> Event:
    return event(Kind.REOPENED, at, stage="churning", phase=phase, settled=settled)


def test_settles_first() -> None:
    assert status(START + 10 * MINUTE - timedelta(seconds=1)) == "settling"
    assert status(START + 10 * MINUTE) == "notice"


@pytest.mark.parametrize("at", [START + MINUTE, START + 400 * DAY])
def test_what_left_before_it_settled_never_was(at: datetime) -> None:
    made = planned(happened(left(START + MINUTE, settled=False)), at, AROUND)
    assert (made.status, made.wants, made.wake_at) == ("void", (), None)


def test_a_reason_opens_the_first_gate() -> None:
    assert status(START + DAY, said(START + HOUR, "reason_csm", "price")) == "assess"


def test_the_first_gate_opens_by_itself_after_five_business_days() -> None:
    assert status(START + 7 * DAY - MINUTE) == "notice"
    assert status(START + 7 * DAY) == "assess"


def test_the_second_gate_opens_by_itself_after_ten_business_days() -> None:
    assert status(START + 14 * DAY - MINUTE) == "assess"
    assert status(START + 14 * DAY) == "leaving"


def test_a_decision_opens_or_shuts_the_second_gate() -> None:
    assert status(START + DAY, said(START + HOUR, "decision", "let_go")) == "leaving"
    keep = said(START + HOUR, "decision", "try_to_keep")
    assert status(START + 29 * DAY, keep) == "assess"


def test_a_try_to_keep_a_customer_ends_after_its_time_and_may_be_made_again() -> None:
    keep, again = (said(START + at * DAY, "decision", "try_to_keep") for at in (1, 40))
    over = START + 31 * DAY - HOUR  # by summer time
    assert status(over - MINUTE, keep) == "assess"
    assert status(over, keep) == "leaving"
    assert planned(happened(keep), over - MINUTE, AROUND).wake_at == over
    assert status(START + 41 * DAY, keep, again) == "assess"
    assert status(START + 200 * DAY, keep, again) == "alumni"


def test_nobody_departs_who_is_being_kept_without_end() -> None:
    case = happened(said(START + HOUR, "decision", "try_to_keep"))
    patient = book().model_copy(update={"gates": Gates(keep=None)})
    assert plan(case, AROUND, patient, watch(), START + 400 * DAY).status == "assess"


@pytest.mark.parametrize(
    ("name", "events", "opens", "role"),
    [
        ("reason", (), datetime(2026, 3, 9, 9, tzinfo=UTC), "customer_success"),
        (
            "decision",
            (said(START + HOUR, "reason_csm", "price"),),
            datetime(2026, 3, 16, 9, tzinfo=UTC),
            "leadership",
        ),
        (
            "keep",
            (said(START + DAY, "decision", "try_to_keep"),),
            datetime(2026, 4, 2, 8, tzinfo=UTC),
            "leadership",
        ),
    ],
)
def test_somebody_hears_of_a_shut_gate_before_it_goes_on_by_itself(
    name: str, events: tuple[Event, ...], opens: datetime, role: str
) -> None:
    case, step = happened(*events), f"gate_{name}"
    early = max(opens - 12 * DAY, START + HOUR)
    waits = next(one for one in planned(case, early, AROUND).withheld if one.step == step)
    assert waits.until
    assert planned(case, waits.until - MINUTE, AROUND).wake_at == waits.until
    task = tasks(planned(case, waits.until, AROUND))[step]
    assert (task.due.date(), task.department) == (opens.date(), role)
    assert step in tasks(planned(case, opens - MINUTE, AROUND))
    assert step not in tasks(planned(case, opens, AROUND))


def test_an_answer_ends_the_task_about_a_gate() -> None:
    late = said(START + 6 * DAY + 2 * HOUR, "reason_csm", "price")
    at = START + 6 * DAY + HOUR
    assert "gate_reason" in tasks(planned(happened(), at, AROUND))
    there = event(Kind.APPEARED, at, step="gate_reason", key=f"{KEY}:gate_reason")
    made = planned(happened(there, late), at + 2 * HOUR, AROUND)
    assert held(made, "gate_reason") == ["no reason is waited for"]


def test_the_stage_overrules_an_older_decision() -> None:
    keep = said(START + HOUR, "decision", "try_to_keep")
    gone = event(Kind.MOVED, START + DAY, stage="churned", phase="leaving")
    assert status(START + 2 * DAY, keep, gone) == "leaving"


def test_straight_into_the_last_stage_opens_in_leaving() -> None:
    assert status(START + HOUR, phase="leaving") == "leaving"


def test_the_last_day_comes_whether_or_not_anybody_decided() -> None:
    midnight = datetime(2026, 6, 23, 23, tzinfo=START.tzinfo)  # summer time in London
    assert status(midnight - MINUTE) == "leaving"
    assert status(midnight) == "departed"
    assert status(midnight + 31 * DAY) == "alumni"


@pytest.mark.parametrize(
    ("contract_end", "events", "departs_on"),
    [
        (END, (), END),
        (date(2026, 3, 2), (), date(2026, 4, 1)),
        (None, (), date(2026, 4, 1)),
        (END, (said(START + HOUR, "departs_on", "2026-05-05"),), date(2026, 5, 5)),
        (END, (said(START + HOUR, "departs_on", "soon"),), END),
        (END, (said(START + HOUR, "departs_on", None),), END),
    ],
    ids=["contract", "contract is over", "nothing known", "agreed", "nonsense", "emptied"],
)
def test_the_last_day_is_the_agreed_one_or_the_contracts_or_in_thirty_days(
    contract_end: date | None, events: tuple[Event, ...], departs_on: date
) -> None:
    made = planned(happened(*events), START + DAY, world(contract_end=contract_end))
    assert made.departs_on == departs_on


def test_time_stands_still_until_it_is_sure_that_they_left() -> None:
    case = happened(left(START + DAY))
    still = planned(case, START + DAY + 9 * MINUTE, AROUND)
    assert still.status == "notice"
    assert still.wake_at == START + DAY + 10 * MINUTE
    assert planned(case, still.wake_at, AROUND).status == "saved"


def test_a_flap_outside_changes_nothing() -> None:
    case = happened(left(START + DAY), back(START + DAY + MINUTE, settled=False))
    assert planned(case, START + 2 * DAY, AROUND) == planned(happened(), START + 2 * DAY, AROUND)


def test_who_leaves_the_stage_before_the_last_day_is_saved_and_after_it_has_returned() -> None:
    late = START + 200 * DAY
    assert status(late, left(START + DAY)) == "saved"
    assert status(late, left(START + 150 * DAY)) == "returned"


def test_a_renewed_contract_does_not_turn_a_return_into_a_rescue() -> None:
    renewed = world(contract_end=date(2027, 6, 24))
    case = happened(left(START + 150 * DAY))
    assert planned(case, START + 200 * DAY, renewed).status == "returned"


def test_a_case_that_goes_on_counts_from_the_return() -> None:
    case = happened(
        said(START + HOUR, "decision", "let_go"), left(START + DAY), back(START + 7 * DAY)
    )
    again = START + 7 * DAY
    assert planned(case, again + 9 * MINUTE, AROUND).status == "saved"
    made = planned(case, again + 10 * MINUTE, AROUND)
    assert made.status == "notice", "the decision is open again"
    assert tasks(made)["acknowledge"].due == again + 4 * HOUR


def test_a_stay_that_had_not_settled_again_leaves_the_case_ended() -> None:
    case = happened(
        left(START + DAY),
        back(START + 5 * DAY),
        left(START + 5 * DAY + MINUTE, settled=False),
    )
    assert planned(case, START + 9 * DAY, AROUND).status == "saved"


def test_a_deleted_record_ends_everything() -> None:
    made = planned(happened(event(Kind.GONE, START + DAY)), START + 2 * DAY, AROUND)
    assert (made.status, made.wants, made.wake_at) == ("gone", (), None)
    assert held(made, "everything") == ["the customer's record is no longer in the CRM"]


def test_is_the_customers_own_midnight() -> None:
    tokyo = world(country="JP", contract_end=date(2026, 3, 31))
    midnight = datetime(2026, 3, 30, 15, tzinfo=START.tzinfo)
    assert planned(happened(), midnight - MINUTE, tokyo).status == "leaving"
    assert planned(happened(), midnight, tokyo).status == "departed"
