"""What people say by setting one of our fields."""

from __future__ import annotations

from integrations.contract import Value
from sync.said import Saying, left_over, sayings
from tests.unit.sync.goodbye import world

PLACES = world().rules.places["customer"]


def heard(before: dict[str, Value], after: dict[str, Value]) -> list[Saying]:
    return list(sayings(PLACES, before=before, after=after))


def test_a_reason_a_date_and_words_are_sayings() -> None:
    found = heard(
        {},
        {
            "aurevoir_reason_csm": "price",
            "aurevoir_departs_on": "2026-06-30",
            "aurevoir_exit_words": "Too dear.",
        },
    )
    assert {one.field: (one.value, one.words) for one in found} == {
        "reason_csm": ("price", False),
        "departs_on": ("2026-06-30", False),
        "exit_words": ("Too dear.", True),
    }


def test_emptying_is_a_saying_and_leaving_is_not() -> None:
    before: dict[str, Value] = {"aurevoir_reason_csm": "price"}
    assert heard(before, dict(before)) == []
    assert heard(before, {}) == []
    (emptied,) = heard(before, {"aurevoir_reason_csm": None})
    assert (emptied.field, emptied.value) == ("reason_csm", None)


def test_what_only_we_write_says_nothing() -> None:
    assert heard({}, {"aurevoir_status": "notice", "aurevoir_progress": 50}) == []


def test_what_an_earlier_departure_left_is_nobodys_word() -> None:
    after: dict[str, Value] = {"aurevoir_reason_csm": "price", "aurevoir_exit_words": "New."}
    before: dict[str, Value] = {"aurevoir_reason_csm": "price", "aurevoir_exit_words": "Old."}
    assert left_over(PLACES, before=before, after=after) == {"aurevoir_reason_csm": "price"}
