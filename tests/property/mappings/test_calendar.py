"""Business time, for every zone, country, week and hour that somebody may have."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import assume, given
from hypothesis import strategies as st

from mappings.calendar import Calendar
from mappings.spans import Span

SECONDS = timedelta(days=15 * 365) // timedelta(seconds=1)
MOMENTS = st.integers(0, SECONDS).map(
    lambda seconds: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
ZONES = st.sampled_from(
    ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Apia", "Asia/Kathmandu"]
)
BUSINESS = st.one_of(
    st.builds(Span, amount=st.integers(0, 60), unit=st.just("hours"), business=st.just(True)),
    st.builds(Span, amount=st.integers(0, 30), unit=st.just("days"), business=st.just(True)),
)
HOURS = st.builds(Span, amount=st.integers(0, 60), unit=st.just("hours"), business=st.just(True))


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    start = draw(st.integers(0, 22))
    return Calendar(
        zone=ZoneInfo(draw(ZONES)),
        start=time(start, draw(st.sampled_from([0, 30]))),
        end=time(draw(st.integers(start + 1, 23)), 45),
        days=draw(st.frozensets(st.integers(0, 6), min_size=1)),
        holidays=draw(st.sampled_from([None, "DE", "US", "IN"])),
    )


def worked(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """Working time between two moments, counted day by day."""
    total, day = timedelta(), calendar.day_of(start)
    while day <= calendar.day_of(end):
        if calendar.works(day):
            opens, closes = calendar.opening(day)
            total += max(timedelta(), min(closes, end) - max(opens, start))
        day += timedelta(days=1)
    return total


def at_work(calendar: Calendar, moment: datetime) -> bool:
    day = calendar.day_of(moment)
    opens, closes = calendar.opening(day)
    return calendar.works(day) and opens <= moment <= closes


@given(calendars(), MOMENTS, BUSINESS, st.booleans())
def test_it_always_ends_while_people_work(
    calendar: Calendar, moment: datetime, span: Span, before: bool
) -> None:
    end = calendar.add(moment, span, before=before)
    assert at_work(calendar, end)
    assert end.tzinfo is UTC
    assert end <= moment if before else end >= moment


@given(calendars(), MOMENTS, HOURS, st.booleans())
def test_business_hours_are_hours_of_work(
    calendar: Calendar, moment: datetime, span: Span, before: bool
) -> None:
    end = calendar.add(moment, span, before=before)
    first, last = sorted((moment, end))
    assert worked(calendar, first, last) == timedelta(hours=span.amount)


@given(calendars(), MOMENTS, st.integers(0, 30))
def test_business_days_are_days_of_work(calendar: Calendar, moment: datetime, amount: int) -> None:
    moment = calendar.add(moment, Span(amount=0, unit="hours", business=True))
    end = calendar.add(moment, Span(amount=amount, unit="days", business=True))
    first, last = calendar.day_of(moment), calendar.day_of(end)
    between = [first + timedelta(days=n) for n in range(1, (last - first).days + 1)]
    assert sum(calendar.works(day) for day in between) == amount


@given(calendars(), MOMENTS, MOMENTS, BUSINESS, st.booleans())
def test_who_starts_later_is_never_due_earlier(
    calendar: Calendar, one: datetime, other: datetime, span: Span, before: bool
) -> None:
    early, late = sorted((one, other))
    assert calendar.add(early, span, before=before) <= calendar.add(late, span, before=before)


@given(calendars(), MOMENTS, HOURS, HOURS)
def test_hours_add_up(calendar: Calendar, moment: datetime, one: Span, other: Span) -> None:
    both = Span(amount=one.amount + other.amount, unit="hours", business=True)
    together = calendar.add(moment, both)
    apart = calendar.add(calendar.add(moment, one), other)
    # The end of one day's work and the beginning of the next are the same point of working time.
    assert worked(calendar, *sorted((together, apart))) == timedelta()


@given(calendars(), MOMENTS, st.integers(0, 400), st.booleans())
def test_plain_days_keep_the_time_of_day(
    calendar: Calendar, moment: datetime, amount: int, before: bool
) -> None:
    end = calendar.add(moment, Span(amount=amount, unit="days"), before=before)
    start, there = (m.astimezone(calendar.zone) for m in (moment, end))
    wanted = start.date() + timedelta(days=-amount if before else amount)
    gap = datetime.combine(wanted, start.time(), tzinfo=calendar.zone)
    assume(gap == gap.astimezone(UTC).astimezone(calendar.zone))  # a time that the clocks skip
    assert (there.date(), there.time()) == (wanted, start.time())


@given(calendars(), MOMENTS)
def test_a_local_day_begins_at_its_start(calendar: Calendar, moment: datetime) -> None:
    day = calendar.day_of(moment)
    assert calendar.start_of(day) <= moment < calendar.start_of(day + timedelta(days=1))
    assert calendar.day_of(calendar.start_of(day)) == day
