"""Lets time pass for customers in memory, from one moment of change to the next."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sync import features
from sync.connection import Connection
from sync.simulation.acts import act, ships
from sync.simulation.customer import Customer
from sync.simulation.script import Happening
from sync.simulation.seen import Seen
from sync.simulation.weeks import weeks
from sync.verbatim import FEATURE


@dataclass(frozen=True, kw_only=True)
class _Scene:
    number: int
    at: datetime
    #: What somebody does; or nothing, where it only follows from what was done elsewhere.
    happening: Happening | None
    #: What has shipped, by the item of some customer.
    shipped: str = ""
    #: The CRM as it is from then on, where somebody has left.
    connection: Connection | None


def play(
    connection: Connection,
    customers: Iterable[Customer],
    script: Sequence[Happening],
    start: datetime,
    days: int,
    rounds: Sequence[datetime] | None = None,
) -> list[Seen]:
    """What people see in these days, in the order of time; the customers end as they then are.

    ``rounds``: when the service looks, in order; left out: whenever it wants to.
    """
    end, before = start + timedelta(days=days), connection
    scenes: list[_Scene] = []
    told = sorted(script, key=lambda happening: happening.moment(start))
    for number, happening in enumerate(told):
        gone = happening.owner_leaves
        connection = _without(connection, gone) if gone else connection
        scenes.append(
            _Scene(
                number=number,
                at=happening.moment(start),
                happening=happening,
                connection=connection if gone else None,
            )
        )
        label = happening.proved.get(FEATURE)
        name = features.shipped(f"{features.LINE} {label}") if label else None
        if name and name != features.IT:
            at = happening.moment(start)
            scenes.append(
                _Scene(number=number, at=at, happening=None, shipped=name, connection=None)
            )
    common = [s for s in scenes if s.happening is None or s.happening.customer is None]
    own: dict[str, list[_Scene]] = {}
    for scene in scenes:
        if scene.happening and scene.happening.customer is not None:
            own.setdefault(scene.happening.customer, []).append(scene)
    seen: list[Seen] = []
    everybody = list(customers)
    for customer in everybody:
        mine = own.get(customer.name, [])
        script_of = sorted([*common, *mine], key=lambda s: s.number) if mine else common
        seen += _live(customer, script_of, start, end, rounds)
    seen += weeks(everybody, lambda at: _standing(before, scenes, at), start, end)
    return sorted(seen, key=lambda one: one.at)


def _live(
    customer: Customer,
    scenes: Sequence[_Scene],
    start: datetime,
    end: datetime,
    rounds: Sequence[datetime] | None,
) -> Iterator[Seen]:
    """One customer's days; nobody meets anybody else's."""
    due = list(reversed(scenes))
    while True:
        wakes = _round(rounds, customer.wake_at)
        moments = [at for at in (due[-1].at if due else None, wakes) if at]
        now = max(start, min(moments, default=end))
        if now >= end:
            return
        while due and due[-1].at <= now:
            scene = due.pop()
            customer.connection = scene.connection or customer.connection
            if scene.happening:
                words = act(customer, scene.happening, now, start)
            else:
                words = ships(customer, scene.shipped, now, sure=True)
            if words:
                yield Seen(at=now, customer=customer.name, what="event", who="", words=words)
        if rounds is None or _round(rounds, now) == now:
            yield from customer.cycle(now)


def _round(rounds: Sequence[datetime] | None, at: datetime | None) -> datetime | None:
    """When the service looks next, from this moment on."""
    if rounds is None or at is None:
        return at
    index = bisect_left(rounds, at)
    return rounds[index] if index < len(rounds) else None


def _standing(connection: Connection, scenes: Sequence[_Scene], at: datetime) -> Connection:
    """The CRM as it is at a moment."""
    for scene in scenes:
        if scene.connection and scene.at <= at:
            connection = scene.connection
    return connection


def _without(connection: Connection, colleague: str) -> Connection:
    """The connection once somebody has left the company."""
    owners = tuple(
        replace(owner, active=False) if colleague in (owner.id, owner.email, owner.name) else owner
        for owner in connection.org.owners
    )
    return replace(connection, org=replace(connection.org, owners=owners))
