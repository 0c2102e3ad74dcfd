"""Business time: when people work, and in which zone."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from mappings.countries import alpha2, zone_named
from mappings.model import Model, Weekday


def _clock(text: str) -> str:
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text):
        raise ValueError(f"{text!r} is no time of day; write 09:00")
    return text


def _zone(name: str) -> str:
    if zone_named(name) is None:
        raise ValueError(f"{name!r} is no time zone; write one like Europe/Berlin")
    return name


def _country(text: str) -> str:
    if (code := alpha2(text)) is None:
        raise ValueError(f"{text!r} is no country; write its code, such as DE")
    return code


Clock = Annotated[str, AfterValidator(_clock)]


class Hours(Model):
    """When people work."""

    #: A local time of day.
    start: Clock = Field("09:00", alias="from")
    #: A local time of day, later than ``from``.
    end: Clock = Field("17:00", alias="to")
    #: ``mon`` to ``sun``.
    days: tuple[Weekday, ...] = Field(("mon", "tue", "wed", "thu", "fri"), min_length=1)

    @model_validator(mode="after")
    def _forwards(self) -> Hours:
        if self.start >= self.end:
            raise ValueError("a day must end after it starts")
        return self


class Time(Model):
    """Business time."""

    #: Whose working days, holidays and zone count: the ``customer``'s, or those of the ``owner``
    #: in the field ``customer.owner``. Where the owner's are not known, the customer's do.
    of: Literal["customer", "owner"] = "customer"
    #: Where owners work, by e-mail address: a country each. It goes before what the CRM says, and
    #: is needed where the CRM does not say it.
    owners: dict[str, Annotated[str, AfterValidator(_country)]] = Field({})
    #: ``Europe/Berlin``; for customers whose country has several zones, or is not known. Left out:
    #: the org's own.
    zone: Annotated[str, AfterValidator(_zone)] | None = None
    hours: Hours = Hours()
    #: A country whose holidays are kept where the customer's is not known; left out: none are.
    holidays: Annotated[str, AfterValidator(_country)] | None = None

    def country_of(self, email: str | None) -> str | None:
        """Where an owner works, by our own table."""
        known = {address.casefold(): country for address, country in self.owners.items()}
        return known.get(email.casefold()) if email else None
