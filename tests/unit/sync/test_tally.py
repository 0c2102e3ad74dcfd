"""The least number of calls, by the vendor's limits."""

from __future__ import annotations

from sync.tally import Tally


def test_whatever_may_go_together_is_one_call() -> None:
    tally = Tally({"create": 100, "page": 200})
    tally.add("create", 0)
    tally.add("create", 100)
    tally.add("create", 101)
    tally.add("notes", 1, of="create")
    assert tally.least == {"create": 3, "notes": 1}
    assert tally.total == 4


def test_asking_costs_a_call_even_where_nothing_is_new() -> None:
    tally = Tally({"page": 200})
    for records in (0, 200, 201):
        tally.page("changes", records)
    assert tally.total == 1 + 1 + 2
