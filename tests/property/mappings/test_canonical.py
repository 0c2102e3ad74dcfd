from __future__ import annotations

from datetime import UTC

from hypothesis import given
from hypothesis import strategies as st

from integrations.contract import Field, FieldType
from mappings.canonical import canonical, same
from mappings.loader import load_text
from mappings.texts import clip
from mappings.translate import from_crm, placed, to_crm

VALUES = st.one_of(
    st.none(),
    st.text(),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.datetimes(timezones=st.just(UTC)),
    st.lists(st.text(), max_size=4).map(tuple),
)
TYPES = st.sampled_from(FieldType)

LOADED = load_text("", crm="hubspot")
WORDS = placed(LOADED.programme, LOADED.rows, "customer")["exit_words"]
FIELD = Field(name="f", label="F", type=FieldType.WORDS, length=500)


@given(VALUES, TYPES)
def test_the_canonical_form_is_its_own(value, type: FieldType) -> None:  # type: ignore[no-untyped-def]
    once = canonical(value, type)
    assert canonical(once, type) == once
    assert same(value, once, type)


@given(VALUES, VALUES, TYPES)
def test_sameness_goes_both_ways(one, other, type: FieldType) -> None:  # type: ignore[no-untyped-def]
    assert same(one, one, type)
    assert same(one, other, type) == same(other, one, type)


@given(st.text(max_size=400), st.integers(0, 60))
def test_a_cut_text_fits_and_stays_readable(text: str, limit: int) -> None:
    cut = clip(text, limit)
    assert len(cut) <= limit
    assert (cut == text) == (len(text) <= limit)
    assert text.startswith(cut.removesuffix(" […]"))


@given(VALUES)
def test_what_we_write_and_read_back_is_what_we_meant(value) -> None:  # type: ignore[no-untyped-def]
    written = to_crm(WORDS, value, FIELD)
    assert to_crm(WORDS, from_crm(WORDS, written), FIELD) == written
    assert same(written, canonical(written, FieldType.WORDS), FieldType.WORDS)
