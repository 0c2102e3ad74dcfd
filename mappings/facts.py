"""What we know of a customer and of the people there, in our words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from integrations.contract import RELATION, FieldType, Record, Ref, Value
from mappings.canonical import canonical
from mappings.countries import alpha2
from mappings.programme import Programme, Watch
from mappings.rows import Kind, Rows
from mappings.translate import from_crm, placed


@dataclass(frozen=True, kw_only=True, slots=True)
class CustomerFacts:
    """A customer as the CRM has it."""

    ref: Ref
    name: str
    #: The raw value of the watched field.
    stage: str | None = None
    #: ISO 3166 alpha-2.
    country: str | None = None
    #: What the customer is worth in a year, in the org's currency.
    value: float | None = None
    #: The id of an owner.
    owner: str | None = None
    contract_end: date | None = None
    last_purchase: date | None = None
    language: str | None = None
    #: Whether it is a private person; None: the CRM does not say.
    private_person: bool | None = None
    #: Whether it is a part of another company; None: not read.
    has_parent: bool | None = None
    #: Whether that company is in no stage that means leaving; None: it is not known.
    parent_stays: bool | None = None
    #: The facts under ``customer.more``; one that this CRM lacks is ``None``.
    more: Mapping[str, Value] = field(default_factory=dict)
    #: Our own fields, as far as they were read, by our key.
    own: Mapping[str, Value] = field(default_factory=dict)
    #: The owners in the fields that roles name, by the CRM's field.
    holders: Mapping[str, str] = field(default_factory=dict)

    @property
    def words(self) -> Mapping[str, Value]:
        """Every fact by the name that conditions and texts have for it."""
        return {
            **self.own,
            **self.more,
            "name": self.name,
            "stage": self.stage,
            "country": self.country,
            "value": self.value,
            "contract_end": self.contract_end,
            "language": self.language,
            "private_person": self.private_person,
            "has_parent": self.has_parent,
            "parent_stays": self.parent_stays,
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonFacts:
    """Somebody at a customer, as the CRM has them."""

    ref: Ref
    first_name: str = ""
    last_name: str = ""
    email: str | None = None
    language: str | None = None
    #: What they are to us; ``survey.ask`` chooses by it.
    roles: tuple[str, ...] = ()
    #: They agreed to be mailed; None: the CRM does not say.
    consent: bool | None = None
    #: The days of other surveys, by the CRM's field.
    surveyed: Mapping[str, date] = field(default_factory=dict)
    own: Mapping[str, Value] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """First and last name, as far as there are any."""
        return f"{self.first_name} {self.last_name}".strip()


def customer_facts(record: Record, programme: Programme, rows: Rows) -> CustomerFacts:
    """A watched record in our words."""
    places, read = programme.customer, _Reading(record)
    watch = next((w for w in programme.watch if w.object == record.ref.object), None)
    value = read(places.value, FieldType.NUMBER)
    end = read(places.contract_end, FieldType.DATE)
    bought = read(places.last_purchase, FieldType.DATE)
    seats = [seat for role in programme.roles.values() for seat in role.seats]
    return CustomerFacts(
        ref=record.ref,
        name=read.text(places.name) or f"{record.ref.object} {record.ref.id}",
        stage=read.text(watch.stage if watch else None),
        country=alpha2(read.text(places.country)),
        value=value if isinstance(value, int | float) else None,
        owner=read.text(places.owner),
        contract_end=end if isinstance(end, date) else None,
        last_purchase=bought if isinstance(bought, date) else None,
        language=read.text(places.language),
        private_person=read.flag(places.private_person),
        has_parent=parent_of(record, programme) is not None
        if places.parent in record.fields
        else None,
        parent_stays=_stays(read.text(above(places.parent, watch)), watch),
        more={name: read.raw(field) for name, field in places.more.items()},
        own=_own(record, "customer", programme, rows),
        holders={
            seat.owner_field: holder
            for seat in seats
            if seat.owner_field and (holder := read.text(seat.owner_field))
        },
    )


def parent_of(record: Record, programme: Programme) -> str | None:
    """The id of the company above, as the CRM has it: a text, or a whole number."""
    name = programme.customer.parent
    value = record.fields.get(name) if name else None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value) if value not in (None, "") else None


def above(parent: str | None, watch: Watch | None) -> str:
    """The name under which the parent's stage stands among a record's fields."""
    return f"{parent}.{watch.stage}" if parent and watch else ""


def _stays(stage: str | None, watch: Watch | None) -> bool | None:
    return None if stage is None or watch is None else stage not in watch.enters.all


def person_facts(record: Record, programme: Programme, rows: Rows) -> PersonFacts:
    """Somebody's record in our words."""
    places, read = programme.people, _Reading(record)
    email = read.text(places.email)
    roles = [read(places.role, FieldType.CHOICES)]
    if places.relation:
        roles.append(record.fields.get(RELATION))
    return PersonFacts(
        ref=record.ref,
        first_name=read.text(places.first_name) or "",
        last_name=read.text(places.last_name) or "",
        email=email if email and "@" in email else None,
        language=read.text(places.language),
        roles=tuple(
            dict.fromkeys(one for said in roles if isinstance(said, tuple) for one in said)
        ),
        consent=read.flag(places.consent),
        surveyed={
            name: day
            for name in programme.survey.ask.also
            if isinstance(day := read(name, FieldType.DATE), date)
        },
        own=_own(record, "person", programme, rows),
    )


@dataclass(frozen=True, slots=True)
class _Reading:
    """A record, read by the CRM's names."""

    record: Record

    def raw(self, name: str | None) -> Value:
        value = self.record.fields.get(name) if name else None
        return None if value == "" else value

    def __call__(self, name: str | None, type: FieldType) -> Value:
        return canonical(self.raw(name), type)

    def flag(self, name: str | None) -> bool | None:
        value = None if self.raw(name) is None else self(name, FieldType.FLAG)
        return value if isinstance(value, bool) else None

    def text(self, name: str | None) -> str | None:
        value = self(name, FieldType.TEXT)
        return value if isinstance(value, str) else None


def _own(record: Record, kind: Kind, programme: Programme, rows: Rows) -> Mapping[str, Value]:
    return {
        key: from_crm(place, record.fields.get(place.field))
        for key, place in placed(programme, rows, kind).items()
        if place.field in record.fields
    }
