"""Checks what is written to records as HubSpot does, and applies it.

A write is drafted first, which changes nothing and says everything that is wrong with it, and then
committed. So a batch is refused as a whole, or applied input by input, by the same rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from integrations.sandbox.hubspot import effects, wire
from integrations.sandbox.hubspot.errors import Complaint, Refused, bad_json, invalid_values
from integrations.sandbox.hubspot.kinds import LINE_ITEMS, PRODUCTS, Kind
from integrations.sandbox.hubspot.linking import Linker
from integrations.sandbox.hubspot.links import LinkType
from integrations.sandbox.hubspot.portal import INTEGRATION, Portal
from integrations.sandbox.hubspot.records import Record, Source
from integrations.sandbox.hubspot.schema import Property
from integrations.sandbox.hubspot.values import Unfit, stored
from integrations.sandbox.hubspot.wire import Json

#: The stage that records go through in one direction; it has to be emptied to go back.
LIFECYCLE: Final = "lifecyclestage"
#: What a line item takes over from its product.
_OF_PRODUCT: Final = ("name", "description", "hs_sku", "price", "recurringbillingfrequency")
#: Unique values that earlier inputs of the same batch will take: (property, value) -> id.
Claims = dict[tuple[str, str], int]


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A write that was found to be right."""

    kind: Kind
    id: int
    values: Mapping[str, str]
    links: tuple[tuple[LinkType, int], ...] = ()
    #: None for a create.
    record: Record | None = None


class Writer:
    """Writes to the records of one portal."""

    def __init__(self, portal: Portal) -> None:
        self.portal = portal
        self.linker = Linker(portal)

    def create(self, kind: Kind, body: Json, claims: Claims | None = None) -> Draft:
        """Check a new record: ``properties``, and ``associations`` to existing ones."""
        new = self.portal.table(kind).next_id()
        values = self._checked(kind, _texts(body), None)
        if kind is LINE_ITEMS and (product := values.get("hs_product_id")):
            values = {**self._of_product(product), **values}
        self._require(kind, values)
        given = wire.entries(body.get("associations"), "associations")
        links = tuple(self.linker.asked(kind, given))
        self._claim(kind, new, values, {} if claims is None else claims)
        return Draft(kind=kind, id=new, values=values, links=links)

    def update(self, record: Record, body: Json, claims: Claims | None = None) -> Draft:
        """Check a change: ``properties``."""
        kind = record.kind
        values = self._checked(kind, _texts(body), record)
        if not values:
            raise Refused(400, "No properties found to update, please provide at least one.")
        self._claim(kind, record.id, values, {} if claims is None else claims)
        return Draft(kind=kind, id=record.id, values=values, record=record)

    def commit(self, draft: Draft, source: Source) -> Record:
        """Apply a draft."""
        now, table = self.portal.now(), self.portal.table(draft.kind)
        stages = self.portal.stages(draft.kind)
        if draft.record is not None:
            record = draft.record
            given = self._forward(record, draft.values, source)
            follow = effects.of_writing(draft.kind, record, given, now, source, stages)
            if _differing(record, given):
                changed = _differing(record, {**given, **follow})
                table.change(record, changed, now, source)
                self._tell(record, changed, source)
            return record
        record = Record(id=draft.id, kind=draft.kind, at=now)
        values = {**effects.of_creation(draft.kind, draft.id, now, source), **draft.values}
        values |= effects.of_writing(draft.kind, None, values, now, source, stages)
        values = {name: value for name, value in values.items() if value}
        table.add(record, values, source)
        for type_, other in draft.links:
            self.linker.link(type_, record.id, other)
        self.portal.tell("creation", record, source)
        self._tell(record, values, source)
        return record

    def _tell(self, record: Record, values: Mapping[str, str], source: Source) -> None:
        if self.portal.listener is None:
            return
        for name, value in values.items():
            self.portal.tell(
                "propertyChange", record, source, propertyName=name, propertyValue=value
            )

    def _forward(
        self, record: Record, values: Mapping[str, str], source: Source
    ) -> Mapping[str, str]:
        """Without a step back in the lifecycle, which HubSpot passes over where the API asks."""
        if LIFECYCLE not in values or source.user:
            return values
        options = self.portal.schema(record.kind).properties[LIFECYCLE].options
        order = [option.value for option in options]
        before, after = record.get(LIFECYCLE), values[LIFECYCLE]
        if not before or not after or order.index(after) >= order.index(before):
            return values
        return {name: value for name, value in values.items() if name != LIFECYCLE}

    def archive(self, record: Record, source: Source = INTEGRATION) -> None:
        """Put a record into the recycling bin."""
        self.portal.tell("deletion", record, source)
        self.take_out(record)

    def take_out(self, record: Record) -> None:
        """Put a record into the recycling bin without a word."""
        self.linker.drop(record)
        self.portal.table(record.kind).archive(record, self.portal.now())
        for segment in self.portal.segments.values():
            if segment.kind is record.kind:
                segment.members.pop(record.id, None)

    def restore(self, record: Record, source: Source) -> None:
        """Take a record out of the recycling bin; its associations and lists stay lost."""
        self.portal.table(record.kind).put_back(record, self.portal.now())
        self.portal.tell("restore", record, source)

    def _checked(
        self, kind: Kind, texts: Mapping[str, str], record: Record | None
    ) -> dict[str, str]:
        lenient = kind.lenient and record is not None
        complaints, values = [], {}
        for name, text in texts.items():
            definition = self.portal.schema(kind).properties.get(name)
            if definition is None:
                if not lenient:
                    complaints.append(_unknown(name))
            elif definition.read_only or definition.calculated:
                if not lenient:
                    complaints.append(_read_only(name))
            else:
                try:
                    values[name] = self._stored(definition, text, record)
                except Unfit as unfit:
                    complaints.append(
                        Complaint(name=name, code=unfit.code, message=unfit.message, value=text)
                    )
        if complaints:
            raise invalid_values(complaints, self.portal.id)
        return values

    def _of_product(self, id: str) -> dict[str, str]:
        """What a line item has of the product that it is made of; raises Refused for none."""
        product = self.portal.record(PRODUCTS, id)
        if product is None:
            words = f"Product {id} does not exist"
            complaint = Complaint(name="hs_product_id", code="INVALID_PRODUCT_ID", message=words)
            raise invalid_values([complaint], self.portal.id)
        return {name: value for name in _OF_PRODUCT if (value := product.get(name))}

    def _stored(self, definition: Property, text: str, record: Record | None) -> str:
        if definition.several and text.startswith(";"):
            # A leading semicolon adds to what is there.
            had = (record.get(definition.name) or "") if record else ""
            parts = dict.fromkeys(part for part in f"{had}{text}".split(";") if part)
            text = ";".join(parts)
        return stored(definition, text, self.portal.owners)

    def _require(self, kind: Kind, values: Mapping[str, str]) -> None:
        missing = [one[0] for one in kind.required if not any(values.get(name) for name in one)]
        if missing:
            raise Refused(
                400,
                f"Error creating {kind.singular.upper()}. Some required properties were not set.",
                context={"properties": missing},
            )

    def _claim(self, kind: Kind, id: int, values: Mapping[str, str], claims: Claims) -> None:
        table, properties = self.portal.table(kind), self.portal.schema(kind).properties
        unique = {
            name: value
            for name, value in values.items()
            if value and (name == kind.identity or properties[name].unique)
        }
        for name, value in unique.items():
            holder = table.holder(name, value)
            taken = holder.id if holder else claims.get((name, value), id)
            if taken != id:
                raise self._conflict(kind, name, value, id, taken)
        claims.update(dict.fromkeys(unique.items(), id))

    def _conflict(self, kind: Kind, name: str, value: str, id: int, taken: int) -> Refused:
        if name == kind.identity:
            words = f"{kind.singular.capitalize()} already exists. Existing ID: {taken}"
            return Refused(409, words, category="CONFLICT")
        words = (
            f"Cannot set PropertyValueCoordinates{{portalId={self.portal.id}, "
            f"objectTypeId=ObjectTypeId{{legacyObjectType={kind.singular.upper()}}}, "
            f"propertyName={name}, value={value}}} on {id}. {taken} already has that value."
        )
        detail = {
            "message": words,
            "code": "CONFLICTING_UNIQUE_VALUE",
            "context": {"propertyName": [name]},
        }
        return Refused(400, words, errors=[detail])


def _differing(record: Record, values: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in values.items() if value != (record.get(name) or "")}


def _texts(body: Json) -> dict[str, str]:
    given = body.get("properties")
    if not isinstance(given, dict):
        raise bad_json("Cannot deserialize value of type `java.util.LinkedHashMap`")
    return {name: _text(value) for name, value in given.items()}


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | int | float):
        return str(value)
    raise bad_json("Cannot deserialize value of type `java.lang.String` from Object value")


def _unknown(name: str) -> Complaint:
    return Complaint(
        name=name, code="PROPERTY_DOESNT_EXIST", message=f'Property "{name}" does not exist'
    )


def _read_only(name: str) -> Complaint:
    return Complaint(
        name=name,
        code="READ_ONLY_VALUE",
        message=f'"{name}" is a read only property; its value cannot be set.',
    )
