"""Every write that would be made now, and every step that would not; nothing is written."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from integrations.contract import TASK, Change, Create, Member, Send, Value, Write
from sync import parcels
from sync.connection import Connection
from sync.deliver import let_out
from sync.engine.jobs import Cycle, cycle
from sync.forecast import Forecast, Looking
from sync.outbox import Entry, State
from sync.planning import prepare
from sync.store.values import to_json

#: More than any preview shows.
_ALL = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Written:
    """One write of the preview."""

    key: str
    case: str
    step: str
    customer: str
    #: ``create``, ``change``, ``join``, ``leave`` or ``send``.
    does: str
    kind: str
    object: str
    record: str
    values: dict[str, Value]


@dataclass(frozen=True, kw_only=True)
class Held:
    """One step that is withheld."""

    case: str
    customer: str
    step: str
    target: str
    #: What whoever it is about is called; empty for the customer itself.
    person: str
    reason: str
    until: datetime | None


@dataclass(kw_only=True)
class Preview:
    """What one connection would do now."""

    cycle: Cycle
    #: Whether it would be made in production.
    kind: str
    writes: list[Written] = field(default_factory=list)
    withheld: list[Held] = field(default_factory=list)
    #: Calls by operation.
    calls: dict[str, int] = field(default_factory=dict)
    #: What the rest of the CRM's day costs; None: no limit is known.
    forecast: Forecast | None = None

    @property
    def as_json(self) -> dict[str, Any]:
        """For ``--json``."""
        return {
            "kind": self.kind,
            "new_cases": self.cycle.opened,
            "held": self.cycle.held,
            "paused": self.cycle.paused,
            "shadow": self.cycle.shadow,
            "writes": [{**_plain(one), "values": to_json(one.values)} for one in self.writes],
            "calls": self.calls,
            "calls_left": self.forecast.left if self.forecast else None,
            "calls_looking": self.forecast.looking if self.forecast else None,
            "calls_until": self.forecast.ends if self.forecast else None,
            "withheld": [_plain(one) for one in self.withheld],
        }


def preview(connection: Connection) -> Preview:
    """Look at the CRM, plan, and say what a cycle would write; the store is a rehearsal's."""
    shown = Preview(cycle=cycle(connection, write=False), kind=connection.identity.kind)
    names: dict[str, str] = {}
    with connection.store.reading() as tables:
        rows = [row for row in tables.cases.list(connection.name) if not row.closed]
        standing = tables.connections.get(connection.name)
    if standing:
        shown.cycle.held, shown.cycle.paused = standing.held, standing.paused
    for one in prepare(connection, rows):
        names[one.row.key] = one.world.customer.name
        for held in one.plan(connection.clock()).withheld:
            shown.withheld.append(
                Held(
                    case=one.row.key,
                    customer=one.world.customer.name,
                    step=held.step,
                    target=held.target,
                    person=one.world.named(held.target) if held.target else "",
                    reason=held.reason,
                    until=held.until,
                )
            )
    outward = not (standing and standing.paused)
    for wave in _waves(connection, outward=outward):
        wrapped = parcels.wrap(connection, wave)
        packed = list(wrapped.parcels.values())
        for call in connection.crm.pack([parcel.write for parcel in packed]):
            shown.calls[call.operation] = shown.calls.get(call.operation, 0) + 1
        for parcel in packed:
            for entry in parcel.entries:
                shown.writes.append(_written(connection, parcel.write, entry, names))
    shown.forecast = _forecast(connection, sum(shown.calls.values()))
    return shown


def _forecast(connection: Connection, writing: int) -> Forecast | None:
    budget = connection.budget
    if budget is None or budget.left is None or budget.ends is None:
        return None
    return Forecast(
        writing=writing,
        looking=looking(connection).until(budget.ends, connection.clock()),
        ends=budget.ends,
        left=budget.left,
    )


def looking(connection: Connection) -> Looking:
    """What is asked of the CRM again and again, as things are."""
    programme, name = connection.programme, connection.name
    with connection.store.reading() as tables:
        cases = [tables.cases.lasting(name, watch.object) for watch in programme.watch]
        standing = tables.ledger.in_state(name, State.DELIVERED, State.PENDING, State.REJECTED)
    tasks = sum(entry.kind == TASK for entry in standing)
    least = connection.crm.limits["read"]
    return Looking(
        polled=len(programme.watch)
        + len(programme.triggers)
        + len((TASK, programme.people.object)),
        poll=connection.poll,
        # Every hour our rights are looked at as well; that takes about as many calls again.
        afresh=2 * connection.afresh,
        # Tasks that would take more than one call are counted, in one.
        removed=sum(math.ceil(len(some) / least) for some in cases) + min(tasks, 1),
        removals=connection.removals,
    )


def _waves(connection: Connection, *, outward: bool) -> Iterator[list[Entry]]:
    """What is due, in the order of what must be there first."""
    now = connection.clock()
    with connection.store.reading() as tables:
        left = tables.ledger.due(connection.name, now, limit=_ALL, outward=outward)
        missing = tables.ledger.unsettled({key for entry in left for key in entry.after})
    while ready := [entry for entry in left if not missing.intersection(entry.after)]:
        yield let_out(connection, ready, now)
        done = {entry.key for entry in ready}
        left = [entry for entry in left if entry.key not in done]
        missing -= done


def _written(connection: Connection, write: Write, entry: Entry, names: dict[str, str]) -> Written:
    values = dict(write.values) if isinstance(write, Change) else dict(entry.wanted)
    return Written(
        key=entry.key,
        case=entry.case,
        step=entry.step,
        customer=names.get(entry.case, ""),
        does=_does(write),
        kind=entry.kind,
        object=entry.ref.object,
        record=entry.ref.id,
        values=connection.links.masked(values),
    )


def _does(write: Write) -> str:
    match write:
        case Create():
            return "create"
        case Change():
            return "change"
        case Member(present=present):
            return "join" if present else "leave"
        case Send():
            return "send"


def _plain(value: Any) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__dataclass_fields__}
