"""In whose working time a goodbye is counted: the customer's, or that of whoever owns it. Pure."""

from __future__ import annotations

from mappings.calendar import Calendar, calendar
from mappings.countries import alpha2
from mappings.facts import CustomerFacts
from mappings.hours import Time
from mappings.seats import Directory


def working_time(
    time: Time, customer: CustomerFacts, directory: Directory, *, zone: str
) -> Calendar:
    """The calendar of a customer's goodbye; ``zone`` is the org's.

    An owner of whom neither country nor zone is known gives way to the customer.
    """
    owner = directory.by_id.get(customer.owner or "") if time.of == "owner" else None
    if owner:
        country = time.country_of(owner.email) or alpha2(owner.country)
        if country or owner.zone:
            return calendar(time, country=country, zone=zone, own=owner.zone)
    return calendar(time, country=customer.country, zone=zone)
