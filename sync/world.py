"""What the plan knows beside the case: frozen facts, read beforehand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from functools import cached_property
from zoneinfo import ZoneInfo

from integrations.contract import OptOut, Ref, Schema, Value
from mappings.calendar import Calendar
from mappings.facts import CustomerFacts, PersonFacts
from mappings.letters import Letterbook
from mappings.programme import Programme
from mappings.rows import Kind
from mappings.seats import Assigned, Directory
from mappings.survey import Questionnaire
from mappings.translate import Placed
from sync.model import Will


@dataclass(frozen=True, kw_only=True)
class Human:
    """Somebody at the customer, and what the CRM says about mail to them; None: it did not say."""

    facts: PersonFacts
    opt_out: OptOut | None = None

    @property
    def id(self) -> str:
        """The CRM's id."""
        return self.facts.ref.id


@dataclass(frozen=True, kw_only=True)
class Rulebook:
    """What an admin has set up for a connection, and what the CRM has of it: for all cases."""

    programme: Programme
    questionnaire: Questionnaire
    letters: Letterbook
    #: Our fields by kind and by our key, without what this CRM lacks.
    places: Mapping[Kind, Mapping[str, Placed]]
    schemas: Mapping[str, Schema]
    directory: Directory
    org: str
    #: The zone that the CRM shows dates in.
    zone: ZoneInfo
    #: When shadow mode ended; what was due before reaches nobody outside any more.
    live_since: datetime | None = None
    #: Who is on the lists that ``exclude`` names.
    excluded: Mapping[str, frozenset[Ref]] = field(default_factory=dict)
    #: The CRM's name of the object that keeps the departures, and its fields by our key; None:
    #: notes keep them.
    keeper: str = ""
    departure: Mapping[str, Placed] | None = None


@dataclass(frozen=True, kw_only=True)
class World:
    """One customer as they are now."""

    rules: Rulebook
    customer: CustomerFacts
    people: tuple[Human, ...]
    calendar: Calendar
    #: What people wrote, by the ids that events point to.
    words: Mapping[str, str] = field(default_factory=dict)
    #: What people have said about hearing from us, in whichever case.
    wills: Mapping[str, Will] = field(default_factory=dict)
    #: When people were written to last: person -> case -> moment.
    asked: Mapping[str, Mapping[str, datetime]] = field(default_factory=dict)
    #: Those who work elsewhere now.
    moved: tuple[Human, ...] = ()
    #: When somebody got in touch with them because of other departures.
    touched: tuple[datetime, ...] = ()
    #: What shipped features are called, by their keys.
    features: Mapping[str, str] = field(default_factory=dict)
    #: What an earlier departure has left in our fields, by the CRM's names.
    carried: Mapping[str, Value] = field(default_factory=dict)

    @cached_property
    def seats(self) -> dict[str, Assigned]:
        """Who takes the tasks of which role, found once: it is asked for again and again."""
        return {}

    def named(self, id: str) -> str:
        """What somebody at the customer is called, also once they work elsewhere."""
        known = (one for one in (*self.people, *self.moved) if one.id == id)
        return next((one.facts.name for one in known), "") or "somebody"

    def due(self, moment: datetime) -> datetime:
        """The moment, moved so that the CRM shows the day that it has for the customer.

        A CRM shows dates in its own zone; "the 31st" in Auckland must not become the 30th.
        """
        day, zone = self.calendar.day_of(moment), self.rules.zone
        first = datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)
        last = datetime.combine(day, time(23, 59), tzinfo=zone).astimezone(UTC)
        return min(max(moment, first), last)
