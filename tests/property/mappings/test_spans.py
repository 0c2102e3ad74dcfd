from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mappings.spans import LONGEST, Anchor, Due, Span, Unit

SPANS = st.one_of(
    st.builds(Span, amount=st.integers(0, 400), unit=st.sampled_from(get_args(Unit))),
    st.builds(
        Span,
        amount=st.integers(0, 400),
        unit=st.sampled_from(["hours", "days"]),
        business=st.just(True),
    ),
)
DUES = st.one_of(
    st.builds(Due, anchor=st.sampled_from(get_args(Anchor))),
    st.builds(Due, anchor=st.sampled_from(get_args(Anchor)), span=SPANS, before=st.booleans()),
)


@given(SPANS)
def test_a_length_of_time_is_read_as_it_is_written(span: Span) -> None:
    assert Span.parse(str(span)) == span
    assert Span.parse(f"  {str(span).upper()} ") == span


@given(DUES)
def test_a_due_date_is_read_as_it_is_written(due: Due) -> None:
    assert Due.parse(str(due)) == due


def refusal(kind: type[Span] | type[Due], text: str) -> str:
    try:
        parsed = kind.parse(text)
    except ValueError as error:
        return str(error)
    assert kind.parse(str(parsed)) == parsed
    return "write"


@given(st.text(), st.sampled_from([Span, Due]))
def test_anything_else_is_refused_with_a_mend(text: str, kind: type[Span] | type[Due]) -> None:
    words = refusal(kind, text)
    assert any(mend in words for mend in ("write", "longer than", "only hours and days"))


@given(st.integers(min_value=LONGEST.days + 1))
def test_nobody_plans_for_more_than_ten_years(days: int) -> None:
    with pytest.raises(ValueError, match="longer than ten years"):
        Span.parse(f"{days} days")
