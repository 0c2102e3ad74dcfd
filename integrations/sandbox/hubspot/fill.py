"""Fills a portal from a seed: owners, companies, their people, and the fields of the business."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from integrations.sandbox.clock import Clock
from integrations.sandbox.hubspot.kinds import COMPANIES, CONTACTS, Kind
from integrations.sandbox.hubspot.links import link_types
from integrations.sandbox.hubspot.options import Options
from integrations.sandbox.hubspot.portal import IMPORT, Owner, Portal
from integrations.sandbox.hubspot.records import Record, Source
from integrations.sandbox.hubspot.schema import OWNER, Group, Option, Property
from integrations.sandbox.hubspot.subscriptions import opt_out
from integrations.sandbox.hubspot.writes import Writer
from integrations.sandbox.seed import STAGES, Customer, Person, Seed

GROUP: Final = Group(name="customer_success", label="Customer success")
STAGE: Final = "customer_stage"
_FIRST_OWNER: Final = 77_210_401
_FIRST_USER: Final = 52_310_007
_QUEUE: Final = "Customer Success"
#: Name, label, type, field type of what a business adds to its companies.
_FIELDS: Final = (
    (STAGE, "Customer stage", "enumeration", "radio"),
    ("csm_owner", "Customer success manager", "enumeration", "select"),
    ("industry_segment", "Industry segment", "string", "text"),
    ("plan", "Plan", "string", "text"),
    ("seats", "Seats", "number", "number"),
    ("mrr", "Monthly recurring revenue", "number", "number"),
    ("open_tickets", "Open tickets", "number", "number"),
    ("product_usage_30_days", "Product usage in 30 days", "number", "number"),
    ("contract_end_date", "Contract end date", "date", "date"),
)


def filled(seed: Seed, clock: Clock, options: Options) -> Portal:
    """A portal with what the seed says, as if it had been imported when each customer came."""
    importing = Clock(manual=seed.started_at)
    portal = Portal(importing, options)
    filler = _Filler(portal, seed)
    filler.add_colleagues(seed)
    if seed.fields:
        filler.add_fields()
    for customer in seed.customers:
        importing.set(customer.created_at)
        filler.add_customer(customer)
    portal.clock = clock
    return portal


def enrolled(portal: Portal, customer: Customer, source: Source) -> Record:
    """A customer who comes later, with their people, entered by somebody with a seat."""
    return _Filler(portal, Seed(name="", started_at=portal.now()), source).add_customer(customer)


class _Filler:
    def __init__(self, portal: Portal, seed: Seed, source: Source = IMPORT) -> None:
        self._portal = portal
        self._writer = Writer(portal)
        self._fields = seed.fields
        self._source = source
        self._industries = {
            name.lower(): option.value
            for option in portal.schema(COMPANIES).properties["industry"].options
            for name in (option.value, option.label)
        }
        self._owners = {owner.first.lower(): owner.id for owner in portal.owners.values()}

    def add_colleagues(self, seed: Seed) -> None:
        """Owners, and the queue."""
        portal = self._portal
        for place, colleague in enumerate(seed.colleagues):
            owner = Owner(
                id=str(_FIRST_OWNER + 17 * place),
                first=colleague.first,
                last=colleague.last,
                email=colleague.email,
                user=_FIRST_USER + 29 * place,
                archived=not colleague.active,
                created_at=seed.started_at,
            )
            portal.owners[owner.id] = owner
            self._owners[colleague.handle] = owner.id
        queue = str(_FIRST_OWNER + 17 * len(seed.colleagues))
        portal.owners[queue] = Owner(id=queue, first=_QUEUE, created_at=seed.started_at)

    def add_fields(self) -> None:
        """The custom properties of companies. A workflow uses the end of the contract."""
        schema, since = self._portal.schema(COMPANIES), self._portal.since
        schema.groups[GROUP.name] = GROUP
        for name, label, type_, field_type in _FIELDS:
            self._portal.define(COMPANIES, _property(name, label, type_, field_type, since))
        schema.uses["contract_end_date"] = [("WORKFLOW", "Remind of renewals")]

    def add_customer(self, customer: Customer) -> Record:
        """A company and its people."""
        revenue = None if customer.mrr is None else customer.mrr * 12
        # HubSpot's own industry where it has one of that name, else our own words.
        industry = self._industries.get((customer.industry or "").lower())
        values: dict[str, object] = {
            "name": customer.name,
            "domain": customer.domain,
            "country": customer.country,
            "industry": industry,
            "annualrevenue": revenue,
            "hubspot_owner_id": self._owners.get(customer.owner or ""),
        }
        if self._fields:
            values |= {
                STAGE: customer.stage,
                "csm_owner": self._owners.get(customer.csm or ""),
                "industry_segment": None if industry else customer.industry,
                "plan": customer.plan,
                "seats": customer.seats,
                "mrr": customer.mrr,
                "open_tickets": customer.open_tickets,
                "product_usage_30_days": customer.usage,
                "contract_end_date": customer.contract_end,
            }
        company = self._add(COMPANIES, values)
        for person in customer.people:
            self._add_person(person, company)
        return company

    def _add_person(self, person: Person, company: Record) -> None:
        contact = self._portal.contact(person.email or "") or self._new_contact(person, company)
        type_ = link_types(CONTACTS, COMPANIES)[0]
        self._writer.linker.link(type_, contact.id, company.id)
        if person.opted_out and person.email:
            opt_out(self._portal, person.email, source="IMPORT")

    def _new_contact(self, person: Person, company: Record) -> Record:
        languages = self._portal.schema(CONTACTS).properties["hs_language"]
        values = {
            "firstname": person.first,
            "lastname": person.last,
            "email": person.email,
            "jobtitle": person.title,
            "company": company.get("name"),
            "hs_language": person.language if languages.lists(person.language or "") else None,
            "hubspot_owner_id": company.get("hubspot_owner_id"),
        }
        return self._add(CONTACTS, values)

    def _add(self, kind: Kind, values: Mapping[str, object]) -> Record:
        given = {name: _text(value) for name, value in values.items() if value not in (None, "")}
        draft = self._writer.create(kind, {"properties": given})
        return self._writer.commit(draft, self._source)


def _property(name: str, label: str, type_: str, field_type: str, since: datetime) -> Property:
    owner = name == "csm_owner"
    stages = STAGES if name == STAGE else ()
    return Property(
        name=name,
        label=label,
        type=type_,
        field_type=field_type,
        group=GROUP.name,
        options=tuple(
            Option(value=stage, label=stage.replace("_", " ").capitalize(), order=order)
            for order, stage in enumerate(stages)
        ),
        external=owner,
        referenced=OWNER if owner else None,
        created_at=since,
        updated_at=since,
    )


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
