"""What comes after a goodbye that did not happen, or that ended with the customer back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sync.case import fold
from sync.explain import told
from sync.model import Case, Event, Kind
from tests.unit.sync.goodbye import (
    CUSTOMER,
    DAY,
    HOUR,
    KEY,
    START,
    event,
    happened,
    held,
    opening,
    planned,
    said,
    tasks,
    world,
)

AROUND = world(contract_end=date(2026, 6, 24))
BACK = START + 10 * DAY


def left(*before: Event, at: date = date(2026, 6, 24), after: tuple[Event, ...] = ()) -> Case:
    gone = event(Kind.LEFT, BACK, stage="active", settled=True, departs_on=at.isoformat())
    return happened(*before, gone, *after)


def test_who_stays_is_asked_after_a_month_two_and_three() -> None:
    case = left()
    made = planned(case, BACK + DAY, AROUND)
    assert (made.status, tasks(made)) == ("saved", {})
    for month, step in ((1, "check_in_30"), (2, "check_in_60"), (3, "check_in_90")):
        appears = made.wake_at
        assert appears
        made = planned(case, appears, AROUND)
        asked = tasks(made)
        assert len(asked) == month
        assert asked[step].due.date() == (BACK + 30 * month * DAY).date()
    assert made.wake_at is None
    assert held(made, "decide") == ["the customer has stayed"]
    assert held(made, "greet") == ["the customer has stayed"]


def test_nobody_is_asked_who_has_left_in_a_later_departure_or_is_still_here() -> None:
    assert held(planned(happened(), BACK, AROUND), "check_in_30") == [
        "comes where the customer has stayed"
    ]
    later = replace(left(), closed_at=BACK + DAY)
    assert tasks(planned(later, BACK + 80 * DAY, AROUND)) == {}


def test_who_comes_back_is_greeted_with_their_history() -> None:
    case = left(said(START + DAY, "reason_csm", "price"), at=date(2026, 3, 9))
    made = planned(case, BACK + DAY, AROUND)
    assert (made.status, tasks(made).keys()) == ("returned", {"greet"})
    greet = tasks(made)["greet"]
    assert "Notice on: 2 March 2026" in greet.body
    assert "Reason then: Price" in greet.body
    assert greet.due.date() == (BACK + DAY).date()


def test_who_stayed_and_leaves_again_is_a_re_churn_for_as_long_as_it_is_watched() -> None:
    back = event(Kind.REOPENED, BACK + 5 * DAY, stage="churning", phase="notice", settled=True)
    made = planned(left(after=(back,)), BACK + 5 * DAY + HOUR, AROUND)
    task = tasks(made)["rechurn"]
    assert task.subject == "Alder & Quill stayed, and is leaving again"
    assert "They stayed on 12 March 2026" in task.body
    assert task.department == "leadership"


def test_a_new_case_knows_that_the_customer_had_stayed() -> None:
    def again(days: int) -> dict[str, object]:
        stayed = (START - days * DAY).isoformat()
        first = opening()
        first = replace(first, data={**first.data, "stayed_at": stayed})
        assert f"having stayed on {stayed[:10]}" in told(first, AROUND)
        return dict(tasks(planned(fold(KEY, CUSTOMER, [first]), START + HOUR, AROUND)))

    assert "rechurn" in again(40)
    assert "rechurn" not in again(91)


def test_who_was_kept_beyond_the_last_day_has_stayed_as_well() -> None:
    last = date(2026, 3, 10)
    around = world(contract_end=last)
    keep = said(START + DAY, "decision", "try_to_keep")
    assert planned(left(keep, at=last), BACK + HOUR, around).status == "saved"
    again = BACK + 5 * DAY
    back = event(Kind.REOPENED, again, stage="churning", phase="notice", settled=True)
    assert "rechurn" in tasks(planned(left(keep, at=last, after=(back,)), again + HOUR, around))
