"""Associates records as HubSpot does, with what follows: primary companies, counts, activity."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from integrations.sandbox.hubspot import wire
from integrations.sandbox.hubspot.errors import Refused, bad_json, missing_fields
from integrations.sandbox.hubspot.kinds import (
    ACTIVITIES,
    COMPANIES,
    CONTACTS,
    DEALS,
    EMAILS,
    LINE_ITEMS,
    PRODUCTS,
    TICKETS,
    Kind,
)
from integrations.sandbox.hubspot.links import HUBSPOT, LinkType, link_types
from integrations.sandbox.hubspot.portal import COMPUTED, Portal
from integrations.sandbox.hubspot.records import Record
from integrations.sandbox.hubspot.wire import identifier, instant

#: The two ends of an association are looked at in this order, whichever the caller named first.
_ORDER = (*ACTIVITIES, LINE_ITEMS, CONTACTS, DEALS, TICKETS, COMPANIES, PRODUCTS)


def _rank(kind: Kind) -> int:
    """The place in that order; a custom object is looked at first."""
    return -1 if kind.custom else _ORDER.index(kind)


class Linker:
    """Changes the associations of one portal."""

    def __init__(self, portal: Portal) -> None:
        self.portal = portal
        self._links = portal.links

    def asked(self, kind: Kind, associations: Sequence[Any]) -> Iterable[tuple[LinkType, int]]:
        """The associations that a new record brings along; raises Refused for a wrong one."""
        for entry in associations:
            if not isinstance(entry, dict) or not isinstance(entry.get("to"), dict):
                raise bad_json("Cannot deserialize value of type `PublicAssociationsForObject`")
            to = identifier(entry["to"])
            types = wire.entries(entry.get("types"), "types")
            if not types:
                raise missing_fields(["types"])
            for given in types:
                type_ = self.spec(kind, given)
                yield type_, self.end(type_.target, to)

    def spec(self, source: Kind, given: Any) -> LinkType:
        """The association type that a body names."""
        if not isinstance(given, dict):
            raise bad_json("Cannot deserialize value of type `AssociationSpec`")
        category, number = given.get("associationCategory"), given.get("associationTypeId")
        found = self._links.type(source, number) if isinstance(number, int) else None
        if found is None or category != found.category:
            raise Refused(
                400,
                f"No association type {number} of category {category} starts at {source.type_id}.",
                sub_category="crm.associations.INVALID_ASSOCIATION_TYPE",
            )
        return found

    def end(self, kind: Kind, id: str) -> int:
        """A record that an association may have; raises Refused where it is not there."""
        found = self.portal.record(kind, id)
        if found is None:
            name = kind.singular.upper()
            raise Refused(
                400,
                f"{name}={id} is not valid",
                sub_category="crm.associations.INVALID_OBJECT_IDS",
                context={name: [id]},
            )
        return found.id

    def ends(self, type_: LinkType, id: str, other: str) -> tuple[int, int]:
        """Both records of an association; raises Refused where one is not there."""
        return self.end(type_.source, id), self.end(type_.target, other)

    def link(self, type_: LinkType, one: int, two: int) -> None:
        """Associate two records. The first company of a record becomes its primary one."""
        type_, one, two = self._turned(type_, one, two)
        plain, *others = self._links.built_in(type_.source, type_.target)
        fresh = two not in self._links.of(type_.source, one, type_.target)
        self._links.add(plain, one, two)
        if type_.category != HUBSPOT:
            self._links.add(type_, one, two)
        for primary in (other for other in others if other.primary):
            held = self._links.of(type_.source, one, type_.target)
            if type_ == primary or not any(primary.id in types for types in held.values()):
                for company in list(held):
                    self._links.remove(primary, one, company)
                self._links.add(primary, one, two)
        if fresh and type_.source in ACTIVITIES:
            self._log_activity(type_.source, type_.target, two)
        self._follow(type_, one, two)

    def unlink(self, type_: LinkType, one: int, two: int) -> None:
        """Take one type off; with the unlabelled one every other goes as well."""
        type_, one, two = self._turned(type_, one, two)
        source, target = type_.source, type_.target
        plain = type_ in self._links.built_in(source, target)[:1]
        for gone in self._links.types(source, target) if plain else (type_,):
            self._links.remove(gone, one, two)
        self._follow(type_, one, two)

    def part(self, source: Kind, id: str, target: Kind, other: str) -> None:
        """Take every type off two records, where both are there."""
        one, two = self.portal.record(source, id), self.portal.record(target, other)
        if one and two:
            for type_ in self._links.types(source, target):
                self.unlink(type_, one.id, two.id)

    def drop(self, record: Record) -> None:
        """Take a record off all others."""
        for target in self.portal.kinds:
            for other in list(self._links.of(record.kind, record.id, target)):
                self.part(record.kind, str(record.id), target, str(other))

    def _follow(self, type_: LinkType, id: int, company: int) -> None:
        if (type_.source, type_.target) != (CONTACTS, COMPANIES):
            return
        companies = self._links.of(CONTACTS, id, COMPANIES)
        primary = link_types(CONTACTS, COMPANIES)[1].id
        named = [str(one) for one, types in companies.items() if primary in types]
        self._compute(CONTACTS, id, {"associatedcompanyid": "".join(named)})
        count = len(self._links.of(COMPANIES, company, CONTACTS))
        self._compute(COMPANIES, company, {"num_associated_contacts": str(count)})

    def _log_activity(self, activity: Kind, kind: Kind, id: int) -> None:
        if kind in ACTIVITIES:
            return
        now = instant(self.portal.now())
        before = self.portal.table(kind).live[id].get("num_notes") or 0
        values = {"notes_last_updated": now, "num_notes": str(int(before) + 1)}
        if activity is EMAILS:
            values["notes_last_contacted"] = now
        self._compute(kind, id, values)

    def _compute(self, kind: Kind, id: int, values: Mapping[str, str]) -> None:
        table = self.portal.table(kind)
        table.change(table.live[id], values, self.portal.now(), COMPUTED)

    def _turned(self, type_: LinkType, one: int, two: int) -> tuple[LinkType, int, int]:
        if _rank(type_.source) <= _rank(type_.target):
            return type_, one, two
        back = self._links.type(type_.target, type_.inverse)
        assert back is not None
        return back, two, one
