"""When a task of ours comes into the CRM, and when we end it: events of its case. Pure.

People rely on what they have seen. So a task that has appeared stays until people, or the end of
the case, take it away; and one that we have closed is over for good: should its step be wanted
again, it comes under its next number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from integrations.contract import TASK
from sync.model import Event, Kind, Want
from sync.outbox import Entry, State


def appeared(entry: Entry, at: datetime) -> Event | None:
    """What a case hears of a line of the ledger that the CRM has just taken, if anything."""
    if entry.kind != TASK or entry.state is not State.DELIVERED:
        return None
    return _event(Kind.APPEARED, entry, at)


def cancelled(
    wants: Iterable[Want], before: Mapping[str, Entry], changed: Iterable[Entry], at: datetime
) -> Iterator[Event]:
    """The tasks that this plan ends.

    And those that it wants although they were closed, by whatever way that came about.
    """
    for entry in changed:
        if entry.kind == TASK and entry.wanted["done"] and not before[entry.key].wanted["done"]:
            yield _event(Kind.CANCELLED, entry, at)
    for want in wants:
        closed = before.get(want.key)
        if closed is not None and closed.state is State.CLOSED:
            yield _event(Kind.CANCELLED, closed, at)


def _event(kind: Kind, entry: Entry, at: datetime) -> Event:
    data = {"step": entry.step, "key": entry.key}
    return Event(at=at, kind=kind, data=data, mark=f"{kind} {entry.key}")
