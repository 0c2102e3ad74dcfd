"""What the rest of a day costs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sync.forecast import Forecast, Looking

NOW = datetime(2026, 3, 2, 21, 30, tzinfo=UTC)
MIDNIGHT = datetime(2026, 3, 3, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def looking(removals: timedelta | None = HOUR) -> Looking:
    return Looking(polled=3, poll=MINUTE, afresh=20, removed=2, removals=removals)


def test_every_round_that_still_fits_is_counted() -> None:
    assert looking().until(MIDNIGHT, NOW) == 150 * 3 + 2 * 20 + 2 * 2
    assert looking(removals=None).until(MIDNIGHT, NOW) == 150 * 3 + 2 * 20
    assert looking(removals=10 * MINUTE).until(MIDNIGHT, NOW) == 150 * 3 + 2 * 20 + 15 * 2


def test_a_day_that_is_over_costs_nothing() -> None:
    assert looking().until(NOW, NOW) == looking().until(NOW, MIDNIGHT) == 0


@pytest.mark.parametrize(("left", "short"), [(110, False), (109, True)])
def test_the_budget_is_short_when_both_do_not_fit(left: int, short: bool) -> None:
    assert Forecast(writing=10, looking=100, ends=MIDNIGHT, left=left).short is short
