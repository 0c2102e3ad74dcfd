from __future__ import annotations

from datetime import date

import pytest

from integrations.contract import Field, FieldType, Schema, Value
from mappings.loaded import Loaded
from mappings.loader import load_text
from mappings.translate import Placed, from_crm, names, placed, to_crm


def field(type: FieldType, length: int | None = None) -> Field:
    return Field(name="f", label="F", type=type, length=length)


@pytest.fixture(name="places")
def _places() -> dict[str, Placed]:
    text = """
fields:
  customer:
    exit_reason: {field: churn_reason, values: {price: Too expensive, budget_cut: Too expensive}}
    reasons_other: {values: {price: Z, other: A}}
"""
    loaded = load_text(text, crm="hubspot")
    return dict(placed(loaded.programme, loaded.rows, "customer"))


def test_our_fields_stand_where_the_mapping_says(places: dict[str, Placed]) -> None:
    assert places["exit_reason"].field == "churn_reason"
    assert not places["exit_reason"].ours
    assert places["status"].field == "aurevoir_status"
    assert places["status"].ours


def test_a_field_that_the_crm_lacks_is_no_place(hubspot: Loaded) -> None:
    schema = Schema(
        object="companies",
        label="Companies",
        fields={"aurevoir_case": Field(name="aurevoir_case", label="", type=FieldType.TEXT)},
    )
    assert [*placed(hubspot.programme, hubspot.rows, "customer", schema)] == ["case"]


def test_the_names_on_tasks_and_notes(crm: str) -> None:
    loaded = load_text("fields: {task: {promise: off}}", crm=crm)
    given = names(loaded.programme, loaded.rows)
    assert given.task["key"].lower().startswith("aurevoir_key")
    assert given.note["key"] == given.task["key"]
    assert given.task.keys() == {"key", "step", "phase", "department", "required"}


@pytest.mark.parametrize(
    ("key", "ours", "theirs"),
    [
        ("exit_reason", "price", "Too expensive"),
        ("exit_reason", "competitor", "competitor"),
        ("reasons_other", ("other", "price", "trust"), ("A", "Z", "trust")),
        ("status", "saved", "saved"),
        ("progress", 40.0, 40),
        ("opened_on", date(2026, 5, 3), date(2026, 5, 3)),
        ("exit_words", "one\r\ntwo ", "one\ntwo"),
        ("next_step", "one\ntwo", "one two"),
    ],
)
def test_values_there_and_back(
    places: dict[str, Placed], key: str, ours: Value, theirs: Value
) -> None:
    assert to_crm(places[key], ours) == theirs
    back = from_crm(places[key], theirs)
    assert to_crm(places[key], back) == theirs


def test_of_several_reasons_with_one_option_the_first_is_read(places: dict[str, Placed]) -> None:
    assert from_crm(places["exit_reason"], "Too expensive") == "price"


def test_a_choice_that_is_not_ours_is_not_understood(places: dict[str, Placed]) -> None:
    assert from_crm(places["decision"], "Undecided") is None
    assert from_crm(places["reasons_other"], ("A", "weather")) == ("other",)
    assert from_crm(places["reasons_other"], ("weather",)) is None


@pytest.mark.parametrize("empty", [None, "", ()])
def test_empty_is_empty(places: dict[str, Placed], empty: Value) -> None:
    assert to_crm(places["exit_words"], empty) is None
    assert from_crm(places["exit_words"], empty) is None
    assert to_crm(places["exit_reason"], None) is None


@pytest.mark.parametrize("extra", [-1, 0, 1, 500])
def test_a_long_text_is_cut_to_the_crms_field_with_a_mark(
    places: dict[str, Placed], extra: int
) -> None:
    text = "x" * (1000 + extra)
    cut = to_crm(places["exit_words"], text, field(FieldType.WORDS, 1000))
    assert isinstance(cut, str)
    assert len(cut) <= 1000
    assert (cut == text) == (extra <= 0)
    assert cut.endswith("x") == (extra <= 0)
    if extra > 0:
        assert cut.endswith(" […]")


def test_no_sign_is_cut_in_two(places: dict[str, Placed]) -> None:
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    for limit in range(10, 20):
        text = "abcdefgh" + family * 4
        cut = to_crm(places["exit_words"], text, field(FieldType.WORDS, limit))
        assert isinstance(cut, str)
        kept = cut.removesuffix(" […]").removeprefix("abcdefgh")
        assert kept.replace(family, "") in ("", *("abcdefgh"[:n] for n in range(8)))


@pytest.mark.parametrize("tone", ["\U0001f3fb", "\U0001f3ff"])
def test_a_hand_keeps_its_colour(places: dict[str, Placed], tone: str) -> None:
    hand = f"\U0001f44d{tone}"
    cut = to_crm(places["exit_words"], f"ok{hand}{hand} and more", field(FieldType.WORDS, 9))
    assert cut == f"ok{hand} […]"


def test_a_flag_in_a_text_field_is_a_word(hubspot: Loaded) -> None:
    place = placed(hubspot.programme, hubspot.rows, "person")["stay_in_touch"]
    assert to_crm(place, True, field(FieldType.TEXT)) == "yes"
    assert from_crm(place, "yes") is True


def test_the_row_has_a_length_of_its_own(places: dict[str, Placed]) -> None:
    cut = to_crm(places["moving_to"], "x" * 300, field(FieldType.TEXT, 65_536))
    assert isinstance(cut, str)
    assert len(cut) == 255


@pytest.mark.parametrize(
    ("key", "value", "text"),
    [
        ("exit_reason", "price", "Too expensive"),
        ("reasons_other", ("price", "trust"), "Z; trust"),
        ("opened_on", date(2026, 5, 3), "2026-05-03"),
        ("would_return", 7, "7"),
    ],
)
def test_a_text_field_takes_other_types(
    places: dict[str, Placed], key: str, value: Value, text: str
) -> None:
    assert to_crm(places[key], value, field(FieldType.TEXT, 255)) == text
    assert from_crm(places[key], text) == value
