"""The weekly digests of simulated time: what each department would be given to read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from mappings.calendar import calendar
from sync.case import fold
from sync.connection import Connection
from sync.digest import Departure, Week, digests, last_told
from sync.model import EVERYTHING, Kind
from sync.outbox import shape
from sync.plan import plan
from sync.simulation.customer import Customer
from sync.simulation.seen import Seen, owner

#: What makes a week one to tell of.
_SAID = (Kind.SET, Kind.ANSWERED)


def weeks(
    customers: Iterable[Customer],
    standing: Callable[[datetime], Connection],
    start: datetime,
    end: datetime,
) -> Iterator[Seen]:
    """Every digest between two moments, of customers whose days have passed.

    ``standing``: the CRM as it was at a moment.
    """
    connection = standing(start)
    rule = connection.programme.feedback.digest
    if rule is None:
        return
    days = calendar(connection.programme.time, country=None, zone=connection.identity.zone)
    lived, week = list(customers), last_told(rule, days, start).following()
    while (at := week.told_at(rule)) < end:
        if at >= start:
            connection = standing(at)
            heard = list(_heard(lived, connection, week, at))
            names = {one.case.key: one.world.customer.name for one in heard}
            for case, want in digests(week, rule, heard, org=connection.identity.org):
                task = shape(want.item).values
                due = task["due"]
                yield Seen(
                    at=at,
                    customer=names[case.key],
                    what="task",
                    who=owner(connection, task["owner"]),
                    words=str(task["subject"]),
                    due=due if isinstance(due, datetime) else None,
                )
        week = week.following()


def _heard(
    customers: Iterable[Customer], connection: Connection, week: Week, at: datetime
) -> Iterator[Departure]:
    """The departures about which somebody said something that week, as they stood at a moment."""
    for customer in customers:
        for one in customer.departures:
            if not any(e.kind in _SAID and week.begins <= e.at < week.ends for e in one.events):
                continue
            case = fold(one.key, one.ref, (event for event in one.events if event.at <= at))
            world = replace(customer.world_of(one, case), rules=connection.rules)
            made = plan(case, world, one.book, one.watch, at)
            if all(held.step != EVERYTHING for held in made.withheld):
                yield Departure(case=case, world=world, status=made.status)
