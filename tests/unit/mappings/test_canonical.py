from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from integrations.contract import FieldType, Value
from mappings.canonical import canonical, same

MOMENT = datetime(2026, 5, 3, 10, 30, 15, 250_000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("type", "left", "right"),
    [
        (FieldType.TEXT, "Ada  Moss ", "Ada Moss"),
        (FieldType.TEXT, "one\ntwo", "one two"),
        (FieldType.TEXT, "cafe\u0301", "caf\u00e9"),
        (FieldType.TEXT, "", None),
        (FieldType.TEXT, "   ", None),
        (FieldType.TEXT, "5", 5),
        (FieldType.WORDS, "one \r\ntwo\n", "one\ntwo"),
        (FieldType.WORDS, "nul\x00l", "null"),
        (FieldType.WORDS, "half \ud83d", "half"),
        (FieldType.NUMBER, 5, 5.0),
        (FieldType.NUMBER, "5.0", 5),
        (FieldType.NUMBER, "5\x08", 5),
        (FieldType.NUMBER, "1E+2", 100),
        (FieldType.NUMBER, 0.1 + 0.2, 0.3),
        (FieldType.PERCENT, "40", 40.0),
        (FieldType.DATE, date(2026, 5, 3), "2026-05-03"),
        (FieldType.DATE, date(2026, 5, 3), MOMENT),
        (FieldType.MOMENT, MOMENT, MOMENT.replace(microsecond=0)),
        (FieldType.MOMENT, MOMENT, MOMENT.astimezone(timezone(timedelta(hours=5)))),
        (FieldType.MOMENT, MOMENT, "2026-05-03T10:30:15.000+0000"),
        (FieldType.MOMENT, MOMENT, date(2026, 5, 3)),
        (FieldType.MOMENT, "2026-05-03", MOMENT),
        (FieldType.CHOICE, "price ", "price"),
        (FieldType.CHOICES, ("b", "a"), ("a", "b")),
        (FieldType.CHOICES, ("a", "b"), "b;a"),
        (FieldType.CHOICES, (), None),
        (FieldType.CHOICES, "", None),
        (FieldType.FLAG, None, False),
        (FieldType.FLAG, "", False),
        (FieldType.FLAG, True, "true"),
        (FieldType.URL, " https://a.example/x ", "https://a.example/x"),
        (FieldType.REFERENCE, "42", 42),
    ],
)
def test_what_a_crm_does_to_a_value_is_no_edit(type: FieldType, left: Value, right: Value) -> None:
    assert same(left, right, type)
    assert same(right, left, type)


@pytest.mark.parametrize(
    ("type", "left", "right"),
    [
        (FieldType.TEXT, "price", "Price"),
        (FieldType.TEXT, "a", None),
        (FieldType.WORDS, "one\ntwo", "one two"),
        (FieldType.NUMBER, 5, 5.01),
        (FieldType.NUMBER, 0, None),
        (FieldType.DATE, date(2026, 5, 3), date(2026, 5, 4)),
        (FieldType.DATE, date(2026, 5, 3), None),
        (FieldType.MOMENT, MOMENT, MOMENT + timedelta(seconds=1)),
        (FieldType.MOMENT, MOMENT, date(2026, 5, 4)),
        (FieldType.CHOICES, ("a", "b"), ("a",)),
        (FieldType.FLAG, True, None),
        (FieldType.FLAG, True, "maybe"),
    ],
)
def test_what_a_person_changes_is_an_edit(type: FieldType, left: Value, right: Value) -> None:
    assert not same(left, right, type)


@pytest.mark.parametrize("value", ["n/a", "NaN", "Infinity", "9" * 40])
def test_what_is_no_number_stays_what_it_is(value: str) -> None:
    assert canonical(value, FieldType.NUMBER) == value
    assert canonical(value, FieldType.DATE) == value
