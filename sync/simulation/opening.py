"""A simulated case opens, as the intake opens it, and hears what people have set."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from integrations.contract import Record, Value
from sync import detect
from sync.model import Event, Kind, Opening, case_key
from sync.planning import pinned
from sync.said import carried, sayings
from sync.simulation.customer import Customer
from sync.simulation.departure import Departure


def opens(
    customer: Customer,
    latest: Departure | None,
    now: datetime,
    stage: str,
    *,
    phase: Opening | None = None,
) -> Departure:
    """A new case; ``phase``: where the stage does not say it."""
    connection, watch, fields = customer.connection, customer.watch, customer.records[customer.ref]
    places = connection.places("customer")
    number = latest.case.number + 1 if latest else 1
    key = case_key(connection.identity.org, customer.ref, number)
    hash, body = connection.resolve(Record(ref=customer.ref, fields=fields))
    if latest:
        customer.carried = carried(
            places, latest.case, held=customer.carried, known=fields, after=fields
        )
    data: dict[str, Any] = {
        "stage": stage,
        "phase": phase or detect.phase_of(watch, stage),
        "playbook": hash,
        "number": number,
        "exact": True,
        "by": None,
    }
    if latest and latest.made and latest.made.status == "saved" and latest.case.left_at:
        data["stayed_at"] = latest.case.left_at.isoformat()
    made = Departure(
        key=key,
        ref=customer.ref,
        book=pinned(body),
        watch=watch,
        events=[Event(at=now, kind=Kind.OPENED, data=data)],
        wake_at=now,
    )
    customer.opens(made)
    hear(made, customer, customer.carried, fields, now)
    customer.wake(now)
    return made


def hear(
    one: Departure,
    customer: Customer,
    before: Mapping[str, Value],
    after: Mapping[str, Value],
    now: datetime,
) -> None:
    """What people have said in our fields, as events."""
    for saying in sayings(customer.connection.places("customer"), before=before, after=after):
        data: dict[str, Any] = {"field": saying.field, "value": saying.value}
        if saying.words and saying.value is not None:
            data = {
                "field": saying.field,
                "value": None,
                "words": one.remembers(saying.value),
            }
        one.append(Event(at=now, kind=Kind.SET, data=data))
