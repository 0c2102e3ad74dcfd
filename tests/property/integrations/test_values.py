"""Values come through either CRM's form as they were."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.contract import FieldType, Value
from integrations.hubspot import values as hubspot
from integrations.salesforce import values as salesforce

CRMS = pytest.mark.parametrize("crm", [hubspot, salesforce], ids=["hubspot", "salesforce"])
words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1)
numbers = st.integers(-(10**12), 10**12) | st.decimals(-(10**6), 10**6, places=2).map(float)
moments = st.integers(0, 7 * 10**9).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
choices = st.frozensets(st.sampled_from(("a", "b c", "d&e", "é")), min_size=1)
typed = st.one_of(
    st.tuples(st.just(FieldType.TEXT), words),
    st.tuples(st.just(FieldType.WORDS), words),
    st.tuples(st.just(FieldType.CHOICES), choices.map(lambda some: tuple(sorted(some)))),
    st.tuples(st.just(FieldType.NUMBER), numbers),
    st.tuples(st.just(FieldType.PERCENT), st.integers(-1_000, 1_000)),
    st.tuples(st.just(FieldType.DATE), st.dates()),
    st.tuples(st.just(FieldType.MOMENT), moments),
    st.tuples(st.just(FieldType.FLAG), st.booleans()),
)


@CRMS
@given(given=typed)
def test_values_come_back(crm: Any, given: tuple[FieldType, Value]) -> None:
    type, value = given
    back = crm.decode(crm.encode(value, type), type)
    assert back == value
    assert isinstance(back, bool) == isinstance(value, bool)


@CRMS
@pytest.mark.parametrize("type", FieldType)
@given(raw=st.none() | st.booleans() | st.integers() | st.floats() | st.text())
def test_any_answer_can_be_read(crm: Any, type: FieldType, raw: Any) -> None:
    crm.decode(raw, type)


@CRMS
@pytest.mark.parametrize("type", FieldType)
def test_empty_is_none(crm: Any, type: FieldType) -> None:
    assert crm.decode("", type) is None
    assert crm.decode(None, type) is None


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\x00")))
def test_rich_text_holds_any_plain_text(text: str) -> None:
    rich = hubspot.rich(text)
    assert hubspot.plain(rich) == text
    assert "<" not in rich.replace("<br>", "")


@given(st.text(st.sampled_from("<>&\n😀 a"), min_size=1).map(lambda text: text * 9_000))
def test_rich_text_is_cut_to_what_hubspot_holds(text: str) -> None:
    rich = hubspot.rich(text)
    assert len(rich) <= hubspot.LONGEST
    cut = hubspot.plain(rich)
    assert cut == text or cut.endswith("[…]")


@given(st.text())
def test_any_body_can_be_read_as_plain_text(body: str) -> None:
    hubspot.plain(body)
