"""Did a customer enter the stage, or leave it?"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from integrations.contract import Moment
from sync.detect import Sight, entered, is_new, look, moved, returned, stay
from sync.model import Event, Kind
from tests.unit.sync.goodbye import DAY, MINUTE, START, event, happened, watch

WATCH = watch()


@pytest.mark.parametrize(
    ("before", "now", "sight"),
    [
        ("active", "churning", Sight.ENTERED),
        ("at_risk", "churned", Sight.ENTERED),
        ("churning", "churning", Sight.NOTHING),
        ("churning", "churned", Sight.MOVED),
        ("churned", "churning", Sight.MOVED),
        (None, "churning", Sight.UNSURE),
        ("churning", "active", Sight.RETURNED),
        ("at_risk", "active", Sight.RETURNED),
        ("churning", "at_risk", Sight.NOTHING),
        ("active", "active", Sight.NOTHING),
        ("active", "", Sight.NOTHING),
        (None, "active", Sight.NOTHING),
        (None, "", Sight.NOTHING),
    ],
)
def test_compares_with_the_stage_seen_last(before: str | None, now: str, sight: Sight) -> None:
    assert look(WATCH, before, now) is sight


def test_a_stay_began_with_the_oldest_value_of_the_present_run() -> None:
    history = (
        Moment(value="churned", at=START + 3 * DAY, by="kim"),
        Moment(value="churning", at=START + 2 * DAY, by="lee"),
        Moment(value="active", at=START + DAY),
        Moment(value="churning", at=START),
    )
    found = stay(WATCH, history, modified_at=START + 9 * DAY)
    assert (found.at, found.exact, found.by) == (START + 2 * DAY, True, "lee")


@pytest.mark.parametrize("history", [None, (), (Moment(value="active", at=START),)])
def test_without_a_history_the_last_change_is_the_best_guess(
    history: tuple[Moment, ...] | None,
) -> None:
    found = stay(WATCH, history, modified_at=START + DAY)
    assert (found.at, found.exact) == (START + DAY, False)


@pytest.mark.parametrize(
    ("since", "exact", "created", "new"),
    [
        (START + DAY, True, None, True),
        (START - DAY, True, START + DAY, False),
        (START + DAY, False, START + DAY, True),
        (START + DAY, False, START - DAY, False),
        (START + DAY, False, None, False),
    ],
)
def test_first_seen_inside_is_an_entry_only_if_it_happened_after_the_baseline(
    since: datetime, exact: bool, created: datetime | None, new: bool
) -> None:
    moments = [Moment(value="churning", at=since)] if exact else None
    found = stay(WATCH, moments, modified_at=since)
    assert new is is_new(
        found,
        created_at=created,
        baseline_at=START,
        sight=Sight.UNSURE,
    )


def test_an_entry_that_was_seen_needs_no_history() -> None:
    found = stay(WATCH, None, modified_at=START - DAY)
    assert is_new(found, created_at=None, baseline_at=START, sight=Sight.ENTERED)


def _left(at: datetime, *, settled: bool = True) -> Event:
    return event(Kind.LEFT, at, stage="active", settled=settled, departs_on=None)


def test_the_first_entry_opens_a_case() -> None:
    assert entered(WATCH, None, departed=None, at=START, stage="churning").open


def test_a_step_outside_that_was_too_short_is_a_flap() -> None:
    case = happened(_left(START + DAY))
    verdict = entered(WATCH, case, departed=None, at=START + DAY + 5 * MINUTE, stage="churning")
    (back,) = verdict.events
    assert not verdict.open
    assert (back.kind, back.data["settled"]) == (Kind.REOPENED, False)


def test_within_the_window_the_same_case_goes_on() -> None:
    case = happened(_left(START + DAY))
    verdict = entered(WATCH, case, departed=None, at=START + 20 * DAY, stage="churned")
    (back,) = verdict.events
    assert not verdict.open
    assert (back.kind, back.data["settled"], back.data["phase"]) == (
        Kind.REOPENED,
        True,
        "leaving",
    )


def test_who_had_left_and_come_back_leaves_anew_within_the_window_too() -> None:
    case = happened(_left(START + 40 * DAY))
    at, last = START + 50 * DAY, date(2026, 4, 1)
    verdict = entered(WATCH, case, departed=last, at=at, stage="churning")
    assert verdict.open
    assert [one.kind for one in verdict.events] == [Kind.CLOSED]
    flap = entered(WATCH, case, departed=last, at=START + 40 * DAY + MINUTE, stage="churning")
    assert [one.data["settled"] for one in flap.events] == [False]
    assert not flap.open


def test_after_the_window_a_new_case_opens_and_the_old_one_closes() -> None:
    case = happened(_left(START + DAY))
    verdict = entered(WATCH, case, departed=None, at=START + 40 * DAY, stage="churning")
    assert verdict.open
    assert [one.kind for one in verdict.events] == [Kind.CLOSED]


def test_a_stay_that_never_settled_is_no_case_to_go_on_with() -> None:
    case = happened(_left(START + MINUTE, settled=False))
    assert entered(WATCH, case, departed=None, at=START + DAY, stage="churning").open


def test_who_enters_after_having_departed_had_come_back_unseen() -> None:
    verdict = entered(
        WATCH, happened(), departed=date(2026, 4, 1), at=START + 60 * DAY, stage="churning"
    )
    assert verdict.open
    assert [one.kind for one in verdict.events] == [Kind.LEFT, Kind.CLOSED]
    assert verdict.events[0].data["departs_on"] == "2026-04-01"


def test_an_entry_while_inside_is_a_move() -> None:
    verdict = entered(WATCH, happened(), departed=None, at=START + DAY, stage="churned")
    assert [one.kind for one in verdict.events] == [Kind.MOVED]


@pytest.mark.parametrize(("after", "settled"), [(9 * MINUTE, False), (10 * MINUTE, True)])
def test_leaving_remembers_whether_the_stay_had_settled(after: timedelta, settled: bool) -> None:
    at = START + after
    left = returned(WATCH, happened(), departs_on=date(2026, 4, 1), at=at, stage="active")
    assert left
    assert left.data == {"stage": "active", "settled": settled, "departs_on": "2026-04-01"}


def test_who_is_outside_already_does_not_leave_again() -> None:
    case = happened(_left(START + DAY))
    assert returned(WATCH, case, departs_on=None, at=START + 2 * DAY, stage="active") is None


def test_a_move_from_stage_to_stage_is_one() -> None:
    assert moved(WATCH, at=START + DAY, stage="churned").kind is Kind.MOVED
