"""Business time: hours, weekends, holidays and zones.

Moments go in and come out in UTC; days are local days of the calendar's zone.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from mappings.countries import zone_named, zone_of
from mappings.hours import Time
from mappings.model import Weekday
from mappings.spans import Due, Span

_WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Calendar:
    """When people work, somewhere."""

    zone: ZoneInfo
    start: time = time(9)
    end: time = time(17)
    #: 0 is Monday.
    days: frozenset[int] = frozenset(range(5))
    #: The country (alpha-2) whose public holidays are kept.
    holidays: str | None = None

    def day_of(self, moment: datetime) -> date:
        """The local date of a moment."""
        return moment.astimezone(self.zone).date()

    def start_of(self, day: date) -> datetime:
        """When a local day begins."""
        return self._at(day, time(0))

    def works(self, day: date) -> bool:
        """Whether people work on a day."""
        return day.weekday() in self.days and day not in _holidays(self.holidays, day.year)

    def opening(self, day: date) -> tuple[datetime, datetime]:
        """From when to when people would work on a day."""
        return self._at(day, self.start), self._at(day, self.end)

    def add(self, moment: datetime, span: Span, *, before: bool = False) -> datetime:
        """So much later, or earlier.

        Business hours count only while people work. Business days keep the time of day and land on
        a working day; a moment outside of working time counts as the next such moment (the last
        one, going back). Plain days and weeks keep the local time of day.
        """
        return _later(self, moment.astimezone(UTC), span, before)

    def _add(self, moment: datetime, span: Span, *, before: bool) -> datetime:
        if span.business and span.unit == "hours":
            return self._hours(moment, span.plain, before=before)
        if span.business:
            return self._days(moment, span.amount, before=before)
        if span.unit in ("days", "weeks") and span.amount:
            local = moment.astimezone(self.zone)
            day = local.date() + (-span.plain if before else span.plain)
            return self._at(day, local.time().replace(fold=local.fold))
        return moment - span.plain if before else moment + span.plain

    def due(self, due: Due, anchors: Mapping[str, datetime | date | None]) -> datetime | None:
        """When something is due; None while its anchor is not known.

        A day as an anchor means the end of its working hours.
        """
        anchor = anchors.get(due.anchor)
        if anchor is None:
            return None
        if not isinstance(anchor, datetime):
            anchor = self._at(anchor, self.end)
        return self.add(anchor, due.span, before=due.before) if due.span else anchor

    def _at(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, tzinfo=self.zone).astimezone(UTC)

    def _workdays(self, moment: datetime, *, before: bool) -> Iterator[tuple[datetime, datetime]]:
        """The working hours of each working day, beginning with the moment's own."""
        day = self.day_of(moment)
        while True:
            if self.works(day):
                yield self.opening(day)
            day += -_DAY if before else _DAY

    def _hours(self, moment: datetime, left: timedelta, *, before: bool) -> datetime:
        for opens, closes in self._workdays(moment, before=before):
            begin, end = (opens, min(moment, closes)) if before else (max(moment, opens), closes)
            if end < begin:
                continue  # the moment is before the day's work, or after it
            if left <= end - begin:
                return end - left if before else begin + left
            left -= end - begin
        raise AssertionError("there is always another working day")

    def _days(self, moment: datetime, amount: int, *, before: bool) -> datetime:
        moment = self._hours(moment, timedelta(), before=before)
        for index, (opens, _) in enumerate(self._workdays(moment, before=before)):
            if index == amount:
                local = moment.astimezone(self.zone)
                return self._at(self.day_of(opens), local.time())
        raise AssertionError("there is always another working day")


def weekday(name: Weekday) -> int:
    """0 is Monday."""
    return _WEEKDAYS.index(name)


@lru_cache(maxsize=16_384)
def _later(calendar: Calendar, moment: datetime, span: Span, before: bool) -> datetime:
    """Every plan of a case asks for the same days again."""
    return calendar._add(moment, span, before=before)


def calendar(time_: Time, *, country: str | None, zone: str, own: str | None = None) -> Calendar:
    """The calendar of a country; ``zone`` is the org's, ``own`` that of the person it is about."""
    return Calendar(
        # A CRM may have a zone that the tz database has not.
        zone=zone_named(own or "")
        or zone_named(zone_of(country) or time_.zone or zone)
        or ZoneInfo("UTC"),
        start=time.fromisoformat(time_.hours.start),
        end=time.fromisoformat(time_.hours.end),
        days=frozenset(map(_WEEKDAYS.index, time_.hours.days)),
        holidays=country or time_.holidays,
    )


@lru_cache(maxsize=4096)
def _holidays(country: str | None, year: int) -> frozenset[date]:
    if country is None:
        return frozenset()
    from holidays import country_holidays  # a third of a second that most commands never need

    try:
        # Some countries warn that the moon's feasts are not known for years far away.
        with warnings.catch_warnings(action="ignore"):
            return frozenset(country_holidays(country, years=year))
    except NotImplementedError:
        return frozenset()
