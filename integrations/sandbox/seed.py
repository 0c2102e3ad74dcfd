"""What a world starts with: customers, their people and the people who look after them.

Neutral values; each dialect writes them into its own objects and fields.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

#: The values of the customer stage, in both CRMs.
STAGES = ("active", "at_risk", "churning", "churned")


@dataclass(frozen=True, kw_only=True)
class Colleague:
    """Somebody with a seat in the CRM."""

    handle: str
    first: str
    last: str
    email: str
    title: str
    active: bool = True
    #: Where they work; Salesforce tells, HubSpot has no place for it.
    country: str | None = None
    zone: str | None = None


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody at a customer."""

    first: str
    last: str
    email: str | None
    title: str = ""
    #: Has unsubscribed from all e-mail.
    opted_out: bool = False
    language: str | None = None


@dataclass(frozen=True, kw_only=True)
class Customer:
    """An account. ``country`` is ISO 3166 alpha-2; money is in US dollars."""

    ref: str
    name: str
    created_at: datetime
    domain: str | None = None
    country: str | None = None
    industry: str | None = None
    stage: str = "active"
    plan: str | None = None
    seats: int | None = None
    #: Monthly recurring revenue.
    mrr: float | None = None
    open_tickets: int | None = None
    #: Uses of the product in the 30 days before the world starts, or its data end.
    usage: int | None = None
    contract_end: date | None = None
    #: Handles of colleagues.
    owner: str | None = None
    csm: str | None = None
    people: tuple[Person, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Seed:
    """A world before anything has happened."""

    name: str
    started_at: datetime
    colleagues: tuple[Colleague, ...] = ()
    customers: tuple[Customer, ...] = ()
    #: Whether the stage field and the business fields (plan, seats ...) exist already.
    fields: bool = True
