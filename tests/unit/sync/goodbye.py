"""Small worlds for the pure centre: one customer, the people there, and what happened."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from integrations.contract import OptOut, Owner, Ref, Task, Value
from mappings.facts import CustomerFacts, PersonFacts
from mappings.loaded import Loaded
from mappings.loader import load_text
from mappings.playbook import Playbook
from mappings.programme import Watch
from mappings.rows import KINDS
from mappings.seats import Directory
from mappings.translate import columns, placed
from mappings.working import working_time
from sync.case import fold
from sync.model import Case, Event, Kind, Plan, Want, Will, case_key
from sync.plan import plan
from sync.world import Human, Rulebook, World

#: A Monday morning.
START = datetime(2026, 3, 2, 9, tzinfo=UTC)
CUSTOMER = Ref(object="companies", id="1")
KEY = case_key("42", CUSTOMER, 1)
CSM = Owner(id="7", name="Ada Moss", email="ada@vendor.example")
QUEUE = Owner(id="9", name="Billing", queue=True)

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@lru_cache
def loaded(mapping: str = "") -> Loaded:
    """The default mapping of HubSpot, with this laid over it."""
    return load_text(mapping, crm="hubspot")


def watch(mapping: str = "") -> Watch:
    return loaded(mapping).programme.watch[0]


def book(mapping: str = "") -> Playbook:
    programme = loaded(mapping).programme
    return programme.books[programme.playbooks[-1].use]


def event(kind: Kind, at: datetime, **data: Any) -> Event:
    return Event(at=at, kind=kind, data=data)


def opening(at: datetime = START, phase: str = "notice") -> Event:
    """The customer enters the stage."""
    stage = {"notice": "churning", "leaving": "churned"}[phase]
    return event(
        Kind.OPENED, at, stage=stage, phase=phase, playbook="b", number=1, exact=True, by=None
    )


def happened(*events: Event, phase: str = "notice") -> Case:
    """A case that opened at the start, and what happened to it since."""
    return fold(KEY, CUSTOMER, [opening(phase=phase), *events])


def said(at: datetime, field: str, value: str | None) -> Event:
    """A person sets one of our fields on the customer."""
    return event(Kind.SET, at, field=field, value=value)


def person(
    id: str = "11",
    *,
    email: str | None = "pat@customer.example",
    roles: tuple[str, ...] = (),
    consent: bool | None = None,
    out: bool | None = None,
    own: Mapping[str, Value] | None = None,
) -> Human:
    return Human(
        facts=PersonFacts(
            ref=Ref(object="contacts", id=id),
            first_name="Pat",
            last_name="Doe",
            email=email,
            roles=roles,
            consent=consent,
            own=own or {},
        ),
        opt_out=None if out is None else OptOut(out=out),
    )


def world(
    *people: Human,
    mapping: str = "",
    country: str | None = "GB",
    contract_end: date | None = None,
    holders: Mapping[str, str] | None = None,
    owners: tuple[Owner, ...] = (CSM, QUEUE),
    zone: str = "Europe/London",
    wills: Mapping[str, Will] | None = None,
    words: Mapping[str, str] | None = None,
    carried: Mapping[str, Value] | None = None,
    works: Owner | None = None,
) -> World:
    """``works``: who owns the customer, and whose working days count then."""
    known = loaded(mapping)
    programme = known.programme
    customer = CustomerFacts(
        ref=CUSTOMER,
        name="Alder & Quill",
        country=country,
        owner=works.id if works else None,
        contract_end=contract_end,
        holders={"csm_owner": CSM.id} if holders is None else holders,
    )
    directory = Directory.of((*owners, *([works] if works else [])))
    time = programme.time.model_copy(update={"of": "owner" if works else "customer"})
    return World(
        rules=Rulebook(
            programme=programme,
            questionnaire=known.questionnaire,
            letters=known.letters,
            places={kind: placed(programme, known.rows, kind, None) for kind in KINDS},
            schemas={},
            directory=directory,
            org="Vendor",
            zone=ZoneInfo(zone),
            keeper=known.rows.departure.names[programme.crm],
            departure=columns(programme, known.rows, {}),
        ),
        customer=customer,
        people=people,
        calendar=working_time(time, customer, directory, zone=zone),
        wills=wills or {},
        words=words or {},
        carried=carried or {},
    )


def planned(case: Case, at: datetime, around: World | None = None, mapping: str = "") -> Plan:
    """The plan at a moment."""
    return plan(case, around or world(mapping=mapping), book(mapping), watch(mapping), at)


def wants(made: Plan, step: str) -> list[Want]:
    return [want for want in made.wants if want.step == step]


def tasks(made: Plan) -> dict[str, Task]:
    """The tasks of the playbook that are wanted, by step."""
    return {
        want.step: want.item
        for want in made.wants
        if isinstance(want.item, Task) and not want.step.startswith(("survey", "talk"))
    }


def held(made: Plan, step: str) -> list[str]:
    """Why a step is withheld."""
    return [one.reason for one in made.withheld if one.step == step]


def values(made: Plan, step: str) -> dict[str, Value]:
    """The fields that are wanted for a step, by the CRM's names."""
    (want,) = wants(made, step)
    return dict(want.item.values)  # type: ignore[union-attr]
