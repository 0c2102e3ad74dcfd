from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from mappings.calendar import Calendar, calendar
from mappings.hours import Hours, Time
from mappings.spans import Due, Span


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def berlin(**values: object) -> Calendar:
    return calendar(Time.model_validate(values), country="DE", zone="UTC")


@pytest.mark.parametrize(
    ("start", "span", "end"),
    [
        # Berlin is two hours ahead of UTC in summer; people work from 9 to 17 there.
        ("2026-07-01T10:00", "4 business hours", "2026-07-01T14:00"),
        ("2026-07-03T13:00", "4 business hours", "2026-07-06T09:00"),
        ("2026-07-04T13:00", "4 business hours", "2026-07-06T11:00"),
        ("2026-07-01T22:30", "1 business hour", "2026-07-02T08:00"),
        ("2026-07-01T10:00", "1 business day", "2026-07-02T10:00"),
        ("2026-07-03T10:00", "1 business day", "2026-07-06T10:00"),
        ("2026-07-04T10:00", "1 business day", "2026-07-07T07:00"),
        ("2026-07-03T18:00", "1 business day", "2026-07-07T07:00"),
        ("2026-07-04T10:00", "2 days", "2026-07-06T10:00"),
        ("2026-07-04T10:00", "1 week", "2026-07-11T10:00"),
        ("2026-07-04T10:00", "90 minutes", "2026-07-04T11:30"),
        # Christmas: the 25th and 26th are holidays, the 27th is a Sunday.
        ("2026-12-24T12:00", "1 business day", "2026-12-28T12:00"),
        ("2026-12-24T12:00", "8 business hours", "2026-12-28T12:00"),
        # The night of 29 March has an hour less, that of 25 October one more.
        ("2026-03-28T11:00", "1 day", "2026-03-29T10:00"),
        ("2026-10-24T10:00", "1 day", "2026-10-25T11:00"),
        ("2026-03-28T11:00", "24 hours", "2026-03-29T11:00"),
        ("2026-03-27T11:00", "1 business day", "2026-03-30T10:00"),
    ],
)
def test_later(start: str, span: str, end: str) -> None:
    assert berlin().add(at(start), Span.parse(span)) == at(end)


@pytest.mark.parametrize(
    ("start", "span", "end"),
    [
        ("2026-07-06T09:00", "4 business hours", "2026-07-03T13:00"),
        ("2026-07-05T09:00", "4 business hours", "2026-07-03T11:00"),
        ("2026-07-06T09:00", "1 business day", "2026-07-03T09:00"),
        ("2026-07-05T09:00", "1 business day", "2026-07-02T15:00"),
        ("2026-07-06T04:00", "1 business day", "2026-07-02T15:00"),
        ("2026-12-28T12:00", "5 business days", "2026-12-18T12:00"),
        ("2026-03-29T10:00", "1 day", "2026-03-28T11:00"),
        ("2026-03-29T10:00", "90 minutes", "2026-03-29T08:30"),
    ],
)
def test_earlier(start: str, span: str, end: str) -> None:
    assert berlin().add(at(start), Span.parse(span), before=True) == at(end)


def test_a_due_date_counts_from_an_event_of_the_case() -> None:
    anchors = {
        "opened": at("2026-07-03T13:00"),
        "departs": date(2026, 7, 31),
        "contract_end": None,
    }

    def due(text: str) -> datetime | None:
        return berlin().due(Due.parse(text), anchors)  # type: ignore[arg-type]

    assert due("opened + 4 business hours") == at("2026-07-06T09:00")
    assert due("departs - 5 business days") == at("2026-07-24T15:00")
    assert due("departs") == at("2026-07-31T15:00")
    assert due("contract_end - 1 day") is None
    assert due("leaving") is None


def test_hours_and_days_are_the_admins() -> None:
    late = berlin(hours={"from": "12:00", "to": "20:00", "days": ["sat", "sun"]})
    assert late.add(at("2026-07-01T10:00"), Span.parse("1 business hour")) == at("2026-07-04T11:00")


def test_local_days() -> None:
    tokyo = calendar(Time(), country="JP", zone="UTC")
    assert tokyo.day_of(at("2026-07-01T15:00")) == date(2026, 7, 2)
    assert tokyo.start_of(date(2026, 7, 2)) == at("2026-07-01T15:00")


def test_whose_zone_and_whose_holidays() -> None:
    def zone(country: str | None, mapping: str | None) -> str:
        return calendar(Time(zone=mapping), country=country, zone="Asia/Tokyo").zone.key

    assert zone("DE", "Europe/Paris") == "Europe/Berlin"
    assert zone("US", "Europe/Paris") == "Europe/Paris"
    assert zone("US", None) == "Asia/Tokyo"
    assert zone(None, None) == "Asia/Tokyo"
    assert calendar(Time(), country=None, zone="Somewhere/Else").zone.key == "UTC"

    unity_day = date(2026, 10, 2 + 3)  # the Monday after
    assert unity_day.weekday() == 0
    german, french = (calendar(Time(holidays="DE"), country=c, zone="UTC") for c in (None, "FR"))
    assert not german.works(date(2025, 10, 3))
    assert french.works(date(2025, 10, 3))
    assert calendar(Time(), country=None, zone="UTC").works(date(2025, 12, 25))


def test_a_country_without_a_table_of_holidays_has_none() -> None:
    nowhere = calendar(Time(), country="AQ", zone="UTC")
    assert nowhere.works(date(2026, 5, 4))


def test_a_year_whose_feasts_are_not_all_known_says_nothing() -> None:
    """Nobody wants a warning of a library among the answers; what is known of the year counts."""
    delhi = calendar(Time(), country="IN", zone=None)
    assert not delhi.works(date(2040, 1, 26))
    assert delhi.works(date(2040, 1, 24))


def test_hours_must_go_forwards() -> None:
    assert Hours().start == "09:00"
    with pytest.raises(ValueError, match="must end after it starts"):
        Hours.model_validate({"from": "17:00", "to": "09:00"})
