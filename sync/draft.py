"""A plan in the making: what the parts of the plan know, and where they put what they want."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from integrations.contract import FieldType, Ref, Value
from mappings.playbook import Playbook
from mappings.programme import Watch
from mappings.rows import Kind
from mappings.texts import Facts
from mappings.translate import to_crm
from sync.course import Course, decision
from sync.horizon import Horizon
from sync.model import Case, Fields, Item, Want, Withheld, write_key
from sync.world import World


@dataclass(kw_only=True)
class Draft:
    """One case, its world, and what is wanted so far."""

    case: Case
    world: World
    book: Playbook
    watch: Watch
    horizon: Horizon
    course: Course
    #: The reason that counts, by the customer's word, ours, or the evidence; None: not known yet.
    reason: str | None = None
    wants: list[Want] = field(default_factory=list)
    withheld: list[Withheld] = field(default_factory=list)

    def key(self, step: str, target: str = "", occurrence: int = 1) -> str:
        """The stable key of one thing."""
        return write_key(self.case.key, step, target, occurrence)

    def want(
        self,
        step: str,
        item: Item,
        *,
        target: str = "",
        occurrence: int = 1,
        after: tuple[str, ...] = (),
        outward: bool = False,
        not_after: datetime | None = None,
    ) -> str:
        """Want it; returns its key. What a person removed is not wanted again."""
        key = self.key(step, target, occurrence)
        if (step, target, occurrence) in self.case.removed:
            self.withhold(step, "a person deleted it in the CRM", target=target)
            return key
        self.wants.append(
            Want(key=key, step=step, item=item, after=after, outward=outward, not_after=not_after)
        )
        return key

    def withhold(
        self, step: str, reason: str, *, target: str = "", until: datetime | None = None
    ) -> None:
        """Say why a step is not wanted."""
        self.withheld.append(Withheld(step=step, reason=reason, target=target, until=until))

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

    @property
    def facts(self) -> dict[str, Value]:
        """What conditions are about."""
        return {
            **self.world.customer.words,
            "reason": self.reason,
            "reasons": (self.reason,) if self.reason else (),
            "phase": self.course.status,
            "decision": decision(self.case),
        }

    @property
    def words(self) -> Facts:
        """What texts may name."""
        customer, zone = self.world.customer, self.world.calendar
        return {
            "customer": customer.words,
            "case": {
                "phase": self.course.status,
                "reason": self.label("reason_csm", self.reason),
                "decision": self.label("decision", decision(self.case)),
                "opened_on": zone.day_of(self.case.opened_at),
                "departs_on": self.course.departs_on,
            },
            "org": {"name": self.world.rules.org},
        }

    def label(self, key: str, value: str | None) -> str | None:
        """A choice as people read it."""
        place = self.world.rules.places["customer"].get(key)
        if place is None or value is None or place.row.type is not FieldType.CHOICE:
            return value
        return place.row.values.get(value, value)
