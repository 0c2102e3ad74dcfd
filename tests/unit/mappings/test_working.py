"""Whose working days count: the customer's or the owner's, and what stands in for them."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from integrations.contract import Owner, Ref
from mappings.calendar import Calendar
from mappings.facts import CustomerFacts
from mappings.findings import MappingError
from mappings.hours import Time
from mappings.loader import load_text
from mappings.seats import Directory
from mappings.spans import Span
from mappings.working import working_time

#: The Thursday before Good Friday, which is a holiday in Germany and none in Japan.
THURSDAY = datetime(2026, 4, 2, 7, tzinfo=UTC)
TABLE = {"ada@vendor.example": "DE"}


def of(
    owner: Owner | None, *, country: str | None = "JP", owns: str | None = "7", **time: object
) -> Calendar:
    customer = CustomerFacts(
        ref=Ref(object="companies", id="1"), name="Alder", country=country, owner=owns
    )
    directory = Directory.of([owner] if owner else [])
    return working_time(Time.model_validate(time), customer, directory, zone="UTC")


def ada(*, country: str | None = None, zone: str | None = None, active: bool = True) -> Owner:
    return Owner(
        id="7", name="Ada", email="Ada@vendor.example", country=country, zone=zone, active=active
    )


@pytest.mark.parametrize(
    ("owner", "time", "holidays", "zone"),
    [
        # The customer's, as long as nobody says otherwise.
        (ada(country="Germany", zone="Europe/Berlin"), {}, "JP", "Asia/Tokyo"),
        (ada(country="Germany", zone="Europe/Berlin"), {"of": "owner"}, "DE", "Europe/Berlin"),
        (ada(country="Germany"), {"of": "owner"}, "DE", "Europe/Berlin"),
        # A country with many zones: the owner's own is the one.
        (ada(country="US", zone="America/Denver"), {"of": "owner"}, "US", "America/Denver"),
        (ada(zone="Europe/Berlin"), {"of": "owner", "holidays": "AT"}, "AT", "Europe/Berlin"),
        # What we write goes before what the CRM says.
        (ada(country="US"), {"of": "owner", "owners": TABLE}, "DE", "Europe/Berlin"),
        (ada(), {"of": "owner", "owners": {"ADA@vendor.example": "de"}}, "DE", "Europe/Berlin"),
        # Who has left is followed by somebody, and till then nothing moves.
        (ada(country="DE", active=False), {"of": "owner"}, "DE", "Europe/Berlin"),
        # Nothing is known: the customer's.
        (ada(), {"of": "owner"}, "JP", "Asia/Tokyo"),
        (ada(country="Atlantis"), {"of": "owner"}, "JP", "Asia/Tokyo"),
        (None, {"of": "owner"}, "JP", "Asia/Tokyo"),
    ],
)
def test_whose_days_count(
    owner: Owner | None, time: dict[str, object], holidays: str, zone: str
) -> None:
    found = of(owner, **time)
    assert (found.holidays, found.zone) == (holidays, ZoneInfo(zone))


def test_nobody_owns_it() -> None:
    assert of(ada(country="DE"), owns=None, of="owner").holidays == "JP"


def test_a_holiday_of_the_owner_moves_the_day() -> None:
    day = Span.parse("1 business day")
    theirs, ours = of(ada(country="DE")), of(ada(country="DE"), of="owner")
    assert theirs.day_of(theirs.add(THURSDAY, day)).isoformat() == "2026-04-03"
    # Good Friday, the weekend, Easter Monday.
    assert ours.day_of(ours.add(THURSDAY, day)).isoformat() == "2026-04-07"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("time: {of: nobody}", "of"),
        ("time: {owners: {ada@vendor.example: Atlantis}}", "is no country"),
        ("customer: {owner: null}\ntime: {of: owner}", "name customer.owner"),
    ],
)
def test_what_cannot_be_meant_is_refused(text: str, words: str) -> None:
    with pytest.raises(MappingError, match=words):
        load_text(text, crm="hubspot")
