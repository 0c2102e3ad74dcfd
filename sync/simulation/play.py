"""Lets time pass for customers in memory, from one moment of change to the next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sync.connection import Connection
from sync.simulation.acts import act
from sync.simulation.customer import Customer
from sync.simulation.script import Happening
from sync.simulation.seen import Seen


@dataclass(frozen=True, kw_only=True)
class _Scene:
    at: datetime
    happening: Happening
    #: The CRM as it is from then on, where somebody has left.
    connection: Connection | None


def play(
    connection: Connection,
    customers: Iterable[Customer],
    script: Sequence[Happening],
    start: datetime,
    days: int,
) -> list[Seen]:
    """What people see in these days, in the order of time; the customers end as they then are."""
    end, scenes = start + timedelta(days=days), []
    for happening in sorted(script, key=lambda happening: happening.moment(start)):
        gone = happening.owner_leaves
        connection = _without(connection, gone) if gone else connection
        scenes.append(
            _Scene(
                at=happening.moment(start),
                happening=happening,
                connection=connection if gone else None,
            )
        )
    seen = [one for customer in customers for one in _live(customer, scenes, start, end)]
    return sorted(seen, key=lambda one: one.at)


def _live(
    customer: Customer, scenes: Sequence[_Scene], start: datetime, end: datetime
) -> Iterator[Seen]:
    """One customer's days; nobody meets anybody else's."""
    due = [s for s in reversed(scenes) if s.happening.customer in (None, customer.name)]
    while True:
        moments = [at for at in (due[-1].at if due else None, customer.wake_at) if at]
        now = max(start, min(moments, default=end))
        if now >= end:
            return
        while due and due[-1].at <= now:
            scene = due.pop()
            customer.connection = scene.connection or customer.connection
            if words := act(customer, scene.happening, now, start):
                yield Seen(at=now, customer=customer.name, what="event", who="", words=words)
        yield from customer.cycle(now)


def _without(connection: Connection, colleague: str) -> Connection:
    """The connection once somebody has left the company."""
    owners = tuple(
        replace(owner, active=False) if colleague in (owner.id, owner.email, owner.name) else owner
        for owner in connection.org.owners
    )
    return replace(connection, org=replace(connection.org, owners=owners))
