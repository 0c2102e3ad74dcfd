"""A watch misses nothing, whatever lags, and whenever it is broken off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from integrations.watermark import ALWAYS, OVERLAP, Watermark

START = datetime(2031, 3, 3, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Event:
    """A record is changed at one moment, and found from another on."""

    record: int
    at: datetime
    shown: datetime


@dataclass(frozen=True)
class Look:
    """Begins so long after the one before it; may be broken off after so many pages."""

    gap: timedelta
    between: timedelta
    pages: int


minutes = st.integers(0, 60).map(lambda n: n * MINUTE)
lags = st.integers(0, OVERLAP // MINUTE).map(lambda n: n * MINUTE)
events = st.lists(
    st.builds(
        lambda record, at, lag: Event(record, START + at, START + at + lag),
        st.integers(0, 6),
        minutes,
        lags,
    ),
    max_size=12,
)
looks = st.lists(
    st.builds(
        Look,
        gap=st.integers(0, 25).map(lambda n: n * MINUTE),
        between=st.integers(0, 4).map(lambda n: n * MINUTE),
        pages=st.integers(1, 4),
    ),
    max_size=10,
)
#: To the end, once everything is there, and once more when the overlap has passed.
LAST = [Look(gap=timedelta(hours=2), between=0 * MINUTE, pages=99)] + [
    Look(gap=OVERLAP + MINUTE, between=0 * MINUTE, pages=99)
] * 2


class Crm:
    """Shows the newest version of every record that its index has caught up with."""

    def __init__(self, events: list[Event], size: int) -> None:
        self.events = events
        self.size = size
        self.now = START
        self.calls = 0

    def page(self, since: datetime, last: int) -> tuple[list[Event], bool]:
        """The next records by id, and whether there are more."""
        self.calls += 1
        newest: dict[int, Event] = {}
        for event in sorted(self.events, key=lambda e: e.at):
            if event.shown <= self.now:
                newest[event.record] = event
        found = [e for e in newest.values() if e.at >= since and e.record > last]
        found.sort(key=lambda e: e.record)
        return found[: self.size], len(found) > self.size


def pages(
    crm: Crm, mark: Watermark, between: timedelta, *, asks: bool = False
) -> Iterator[tuple[list[Event], str]]:
    """A look as an adapter makes it: by id, a page at a time; ``asks``: where it pays only."""
    since, last = mark.begin(), int(next(iter(mark.passed), "-1"))
    while True:
        found, more = crm.page(since, last)
        begun = mark.begun_at if mark.passed and mark.begun_at else crm.now
        times = [event.at for event in found]
        if not more:
            pays = mark.pays(len(times), since=since, begun_at=begun, page=crm.size)
            covered = mark.low if asks and not pays else begun
            mark = mark.done(times, since=since, begun_at=begun, page=crm.size, covered=covered)
            yield found, mark.cursor
            return
        last = found[-1].record
        mark = mark.through(times, since=since, begun_at=begun, passed=(str(last),))
        yield found, mark.cursor
        crm.now += between


@given(events, looks, st.integers(1, 3), st.booleans())
def test_nothing_is_ever_skipped(
    events: list[Event], looks: list[Look], size: int, asks: bool
) -> None:
    crm = Crm(events, size)
    mark = Watermark(at=ALWAYS, low=ALWAYS)
    seen: set[Event] = set()
    for look in (*looks, *LAST):
        crm.now += look.gap
        looked = pages(crm, mark, look.between, asks=asks)
        for number, (found, cursor) in enumerate(looked, start=1):
            seen.update(found)
            mark = Watermark.read(cursor)
            if number == look.pages:
                break
    for record in {event.record for event in events}:
        final = max((e for e in events if e.record == record), key=lambda e: e.at)
        assert any((e.record, e.at) == (record, final.at) for e in seen)


@given(events, st.integers(1, 3))
def test_what_was_confirmed_costs_one_call(events: list[Event], size: int) -> None:
    crm, mark = Crm(events, size), Watermark(at=ALWAYS, low=ALWAYS)
    for look in LAST:
        crm.now += look.gap
        *_, (_, cursor) = pages(crm, mark, look.between)
        mark = Watermark.read(cursor)
    crm.now += MINUTE
    crm.calls = 0
    assert [found for found, _ in pages(crm, mark, MINUTE)] == [[]]
    assert crm.calls == 1


@given(events, looks)
def test_a_cursor_is_only_text(events: list[Event], looks: list[Look]) -> None:
    crm, mark = Crm(events, 1), Watermark(at=ALWAYS, low=ALWAYS)
    for look in looks:
        crm.now += look.gap
        for _, cursor in pages(crm, mark, look.between):
            mark = Watermark.read(cursor)
            assert mark.cursor == cursor
