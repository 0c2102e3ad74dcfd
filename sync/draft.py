"""A plan in the making: what the parts of the plan know, and where they put what they want."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from integrations.contract import Ref, Task, Value
from mappings.conditions import evaluate
from mappings.consent import Scope, Verdict
from mappings.playbook import Part, Playbook, Step
from mappings.reasons import REASONS
from mappings.rows import Kind
from mappings.spans import Due
from mappings.texts import Facts
from mappings.translate import to_crm
from sync import gates
from sync.course import Course
from sync.horizon import Horizon
from sync.model import Case, Fields, Item, Noted, Promised, Status, Want, Withheld, write_key
from sync.verbatim import quotes
from sync.world import World

_OVER: Mapping[Status, str] = {
    "saved": "the customer has stayed",
    "returned": "the customer has come back",
}


@dataclass(kw_only=True)
class Draft:
    """One case, its world, and what is wanted so far."""

    case: Case
    world: World
    book: Playbook
    horizon: Horizon
    course: Course
    #: The reason that counts, by the customer's word, ours, or the evidence; None: not known yet.
    reason: str | None = None
    wants: list[Want] = field(default_factory=list)
    withheld: list[Withheld] = field(default_factory=list)
    notes: list[Noted] = field(default_factory=list)
    promised: list[Promised] = field(default_factory=list)
    #: What has been found out already, and is asked for again and again.
    moments: dict[Due, datetime | None] = field(default_factory=dict)
    verdicts: dict[tuple[str, Scope], Verdict] = field(default_factory=dict)

    def key(self, step: str, target: str = "", occurrence: int = 1) -> str:
        """The stable key of one thing."""
        return write_key(self.case.key, self.case.names.get(step, step), target, occurrence)

    def task_key(self, step: str, target: str = "", occurrence: int = 1) -> str:
        """The key of a task: the first from this number on that is not used up."""
        while (key := self.key(step, target, occurrence)) in self.case.cancelled:
            occurrence += 1
        return key

    def seen(self, step: str) -> bool:
        """Whether people have the task of a step in front of them, or had."""
        return self.task_key(step, occurrence=self.case.occurrence) in self.case.appeared

    def want(
        self,
        step: str,
        item: Item,
        *,
        target: str = "",
        key: str = "",
        after: tuple[str, ...] = (),
        outward: bool = False,
        not_after: datetime | None = None,
    ) -> str:
        """Want it; returns its key. What a person removed is not wanted again."""
        if not key:
            key = (self.task_key if isinstance(item, Task) else self.key)(step, target)
        if key in self.case.removed:
            self.withhold(step, "a person deleted it in the CRM", target=target)
            return key
        self.wants.append(
            Want(key=key, step=step, item=item, after=after, outward=outward, not_after=not_after)
        )
        return key

    def withhold(
        self,
        step: str,
        reason: str,
        *,
        target: str = "",
        until: datetime | None = None,
        opens: str = "",
    ) -> None:
        """Say why a step is not wanted."""
        self.withheld.append(
            Withheld(step=step, reason=reason, target=target, until=until, opens=opens)
        )

    def note(self, step: str, words: str) -> None:
        """Say something about what is wanted, if there is anything to say."""
        if words:
            self.notes.append(Noted(step=step, words=words))

    def due(self, moment: datetime) -> datetime:
        """The moment, moved so that the CRM shows the day that it has for the customer."""
        return self.world.due(moment)

    def fields(self, kind: Kind, ref: Ref, values: Mapping[str, Value]) -> Fields | None:
        """Values of our fields, by the CRM's names; None where it has none of them."""
        places = self.world.rules.places[kind]
        schema = self.world.rules.schemas.get(ref.object)
        there = {
            place.field: to_crm(place, value, schema.fields.get(place.field) if schema else None)
            for key, value in values.items()
            if (place := places.get(key))
        }
        return Fields(ref=ref, values=there) if there else None

    @cached_property
    def facts(self) -> dict[str, Value]:
        """What conditions are about."""
        return {
            **self.world.customer.words,
            "reason": self.reason,
            "reasons": (self.reason,) if self.reason else (),
            "controllable": REASONS[self.reason].controllable if self.reason in REASONS else None,
            "phase": self.course.status,
            "opened_in": self.case.opened_in,
            "decision": self.course.decision,
        }

    def not_for(self, part: Part | Step | None, name: str) -> str:
        """Why a part of the playbook is not for this customer, as things stand; or nothing."""
        if part is None:
            return f"the playbook has no {name}"
        return evaluate(part.only_if, self.facts).words

    @property
    def over(self) -> str:
        """Why the programme does not go on, in words; nothing where it does."""
        return _OVER.get(self.course.status, "")

    @cached_property
    def told(self) -> str:
        """Every sentence that was said about this departure, as it was said."""
        return "\n\n".join(quote.shown for quote in quotes(self.case, self.world))

    @cached_property
    def words(self) -> Facts:
        """What texts may name."""
        customer, zone = self.world.customer, self.world.calendar
        return {
            "customer": customer.words,
            "case": {
                "phase": self.course.status,
                "reason": self.label("reason_csm", self.reason),
                "decision": self.label("decision", self.course.decision),
                "opened_on": zone.day_of(self.case.opened_at),
                "departs_on": self.course.departs_on,
                "offers": self.book.offers,
                "words": self.told,
            },
            "org": {"name": self.world.rules.org},
        }

    @property
    def shut(self) -> tuple[gates.Shut, ...]:
        """The gates that are waited for."""
        where = self.course
        return tuple(
            gates.shut(
                self.case,
                self.world.calendar,
                self.book,
                phase=where.status,
                decided=where.decision if where.live else None,
            )
        )

    def field_label(self, key: str) -> str:
        """What one of the customer's fields is called."""
        place = self.world.rules.places["customer"].get(key)
        return place.row.label if place else key.replace("_", " ")

    def label(self, key: str, value: str | None) -> str | None:
        """A choice, or several, as people read them."""
        place = self.world.rules.places["customer"].get(key)
        if place is None or value is None:
            return value
        return ", ".join(place.row.values.get(one, one) for one in value.split(";"))
