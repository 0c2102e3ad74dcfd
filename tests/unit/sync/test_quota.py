"""The budget of a day: what is ours, what is left to others, and when it begins anew."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from integrations.contract import Usage
from integrations.errors import Park
from sync.quota import Budget

BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 3, 2, 11, tzinfo=UTC)


def _budget(*, used: int = 0, limit: int | None = 100, reserve: float = 10) -> Budget:
    budget = Budget(
        wire=lambda _: nullcontext(),
        share=20,
        reserve=reserve,
    )
    budget.turn(NOON, BERLIN)
    budget.usage = lambda: Usage(used=used, limit=limit)
    return budget


def _make(budget: Budget, calls: int) -> None:
    for _ in range(calls):
        with budget.around("read"):
            pass


def test_work_is_parked_until_the_crms_midnight_when_our_share_is_used() -> None:
    budget = _budget()
    _make(budget, 20)
    with pytest.raises(Park, match="budget of 20 calls is used") as caught:
        _make(budget, 1)
    assert caught.value.until == datetime(2026, 3, 2, 23, tzinfo=UTC)
    assert budget.calls == 20


def test_what_others_need_is_left_to_them() -> None:
    budget = _budget(used=90)
    with pytest.raises(Park, match="90 of 100 calls"):
        _make(budget, 1)
    _make(_budget(used=90, reserve=0), 1)
    budget.turn(NOON + timedelta(days=1), BERLIN)  # the next answer will tell what is used
    _make(budget, 1)


def test_a_new_day_begins_anew_and_a_restart_does_not() -> None:
    budget = _budget()
    _make(budget, 5)
    again = _budget()
    again.resume("2026-03-02", 5)
    again.turn(NOON, BERLIN)
    assert again.left == 15
    again.turn(NOON + timedelta(hours=12), BERLIN)
    assert (again.calls, again.left) == (0, 20)


def test_without_a_limit_there_is_no_budget() -> None:
    budget = _budget(limit=None)
    _make(budget, 1000)
    assert budget.left is None


def test_what_the_crm_does_not_say_can_be_told() -> None:
    budget = _budget(limit=None)
    budget.daily = 1000
    _make(budget, 200)
    with pytest.raises(Park, match="budget of 200 calls is used"):
        _make(budget, 1)
    budget = _budget(limit=100)
    budget.daily = 1000  # the CRM's own word goes before
    assert budget.left == 20
