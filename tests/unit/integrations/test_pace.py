"""Never faster than the limit, never slower than it must be."""

from __future__ import annotations

from integrations.pace import Pace


class Time:
    """Stands still until somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 6))
        self.now += seconds


def test_waits_only_where_one_more_would_be_too_many() -> None:
    time = Time()
    pace = Pace(3, 1.0, clock=lambda: time.now, sleep=time.sleep)
    for _ in range(3):
        pace.wait()
    assert time.slept == []
    pace.wait()
    assert time.slept == [1.0]


def test_the_window_slides() -> None:
    time = Time()
    pace = Pace(2, 1.0, clock=lambda: time.now, sleep=time.sleep)
    pace.wait()
    time.now += 0.75
    pace.wait()
    pace.wait()
    assert time.slept == [0.25]
    pace.wait()
    assert time.slept == [0.25, 0.75]


def test_a_pause_is_no_credit() -> None:
    time = Time()
    pace = Pace(2, 1.0, clock=lambda: time.now, sleep=time.sleep)
    pace.wait()
    time.now += 60
    for _ in range(3):
        pace.wait()
    assert time.slept == [1.0]


def test_another_limit_forgets_nothing() -> None:
    time = Time()
    pace = Pace(2, 10.0, clock=lambda: time.now, sleep=time.sleep)
    pace.wait()
    pace.wait()
    pace.limit(3, 10.0)
    pace.wait()
    assert time.slept == []
    pace.wait()
    assert time.slept == [10.0]
    pace.limit(1, 5.0)
    pace.wait()
    assert time.slept == [10.0, 5.0]
