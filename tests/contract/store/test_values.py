"""What is kept comes back as it was: moments, values of every kind, and any text there is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integrations.contract import Ref, Value
from sync.model import Event, Kind
from sync.store import Store
from sync.store.database import DatabaseError
from sync.store.people import CustomerRow
from tests.contract.store.shelf import NOW, case, connection

# Each example has a transaction of its own in the one store of the test.
calm = settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
#: Also what no keyboard makes: NUL, and halves of characters.
texts = st.text(st.characters(exclude_categories=()), max_size=40)
zones = st.sampled_from([UTC, *(timezone(timedelta(hours=h)) for h in (5.75, -3.5, 14))])
moments = st.datetimes(datetime(1970, 1, 2), datetime(2200, 1, 1), timezones=zones)  # noqa: DTZ001
values: st.SearchStrategy[Value] = st.one_of(
    st.none(),
    texts,
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.dates(date(1, 1, 1)),
    moments,
    st.lists(texts, max_size=3).map(lambda listed: tuple(sorted(listed))),
)
fields = st.dictionaries(st.text(min_size=1, max_size=9), values, max_size=6)


@calm
@given(moments)
def test_a_moment_is_the_same_moment_in_utc(store: Store, moment: datetime) -> None:
    with store.transaction("test") as tables:
        connection(tables)
        tables.connections.set("acme", cycle_at=moment)
    with store.reading() as tables:
        (standing,) = tables.connections.all()
    assert standing.cycle_at == moment
    assert standing.cycle_at.tzinfo is UTC


def test_a_moment_without_a_zone_is_refused(store: Store) -> None:
    with pytest.raises(DatabaseError, match="no time zone"), store.transaction("test") as tables:
        case(tables, at=NOW.replace(tzinfo=None))


@calm
@given(st.lists(moments, min_size=2, max_size=5, unique=True))
def test_moments_are_ordered_as_they_are(store: Store, made: list[datetime]) -> None:
    with store.transaction("test") as tables:
        for number, moment in enumerate(made):
            key = f"case{number}"
            if tables.cases.get(key) is None:
                case(tables, key, record=key)
            tables.cases.set(key, wake_at=moment)
        for row in tables.cases.list():
            if int(row.key[4:]) >= len(made):
                tables.cases.set(row.key, wake_at=None)
        due = [row.wake_at for row in tables.cases.awake("acme", max(made), limit=9)]
    assert due == sorted(made)


@calm
@given(fields)
def test_values_keep_their_kind(store: Store, read: dict[str, Value]) -> None:
    row = CustomerRow(ref=Ref(object="companies", id="1"), fields=read)
    with store.transaction("test") as tables:
        connection(tables)
        tables.people.put_customers("acme", [row])
    with store.reading() as tables:
        kept = tables.people.customers("acme", "companies", ["1"])["1"].fields
    assert kept == read
    assert {name: type(value) for name, value in kept.items()} == {
        name: type(value) for name, value in read.items()
    }


@calm
@given(texts)
def test_codes_come_back_in_events(store: Store, code: str) -> None:
    event = Event(at=NOW, kind=Kind.SET, data={"field": "reason", "value": code})
    with store.transaction("test") as tables:
        if tables.cases.get("case1") is None:
            case(tables)
        tables.cases.append("case1", [event])
    with store.reading() as tables:
        assert tables.cases.histories(["case1"])["case1"][-1] == event


@calm
@given(texts)
def test_words_come_back_but_for_what_is_no_character(store: Store, said: str) -> None:
    with store.transaction("test") as tables:
        if tables.cases.get("case1") is None:
            case(tables)
        (id,) = tables.surveys.keep_words("case1", {"reason": said}).values()
    with store.reading() as tables:
        kept = tables.surveys.words_of(["case1"])["case1"][id]
    halves = {sign for sign in said if "\ud800" <= sign <= "\udfff"}
    if halves:
        assert not any("\ud800" <= sign <= "\udfff" for sign in kept)
    else:
        assert kept == said.replace("\0", "")
