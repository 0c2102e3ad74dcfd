"""What colleagues do with simulated tasks: tick off, prove, open again, edit, delete."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from integrations.contract import Value
from sync import features
from sync.asked import feature_key
from sync.model import Event, Kind
from sync.outbox import Entry, State
from sync.proof import wanted_of
from sync.shipping import LEAVERS, announced
from sync.simulation.customer import Customer
from sync.simulation.departure import Departure
from sync.simulation.script import DUE, Edited, Happening
from sync.verbatim import FEATURE


def done(customer: Customer, happening: Happening, now: datetime, start: datetime) -> str:
    """The tasks of these steps are completed, or whatever is due."""
    return _each("ticked off", _open(customer, happening.done, now), _completed, now)


def proved(customer: Customer, happening: Happening, now: datetime, start: datetime) -> str:
    """The same with what is written behind the line for it, where the task has one."""

    def prove(one: Departure, entry: Entry, at: datetime) -> str:
        text = happening.proved[entry.step].strip()
        if entry.step == FEATURE and text:
            one.edits.setdefault(entry.key, {})["body"] = f"{entry.wanted['body']} {text}"
            if label := features.shipped(f"{features.LINE} {text}"):
                _ships(customer, one, label, at)
            return _completed(one, entry, at)
        if not (text and wanted_of(entry.step, bool(entry.wanted["promise"]))):
            return _completed(one, entry, at)
        one.edits.setdefault(entry.key, {})["body"] = f"{entry.wanted['body']} {text}"
        return _mark(one, entry, State.DONE, Kind.DONE, at, evidence=one.remembers(text))

    return _each("ticked off", _open(customer, tuple(happening.proved), now), prove, now)


def _ships(customer: Customer, one: Departure, label: str, now: datetime) -> None:
    """The item says that it is there: its own case hears of it, whatever they called it."""
    key, status = feature_key(label), one.made.status if one.made else ""
    customer.features[key] = label
    if status in LEAVERS and not one.case.closed_at:
        one.append(announced(key, features.wishers(one.case), now))


def undone(customer: Customer, happening: Happening, now: datetime, start: datetime) -> str:
    """The completed tasks of these steps are opened again."""
    found = _of(customer, happening.undone, State.DONE)

    def reopen(one: Departure, entry: Entry, at: datetime) -> str:
        return _mark(one, entry, State.DELIVERED, Kind.UNDONE, at)

    return _each("opened again", found, reopen, now)


def removed(customer: Customer, happening: Happening, now: datetime, start: datetime) -> str:
    """The tasks of these steps are deleted."""

    def delete(one: Departure, entry: Entry, at: datetime) -> str:
        return _mark(one, entry, State.GONE, Kind.REMOVED, at)

    return _each("deleted", _open(customer, happening.removed, now), delete, now)


def edited(customer: Customer, happening: Happening, now: datetime, start: datetime) -> str:
    """A person changes an open task; that is final, until they change it again."""
    given = happening.edited
    assert given is not None
    values = _values(customer, given, start)

    def edit(one: Departure, entry: Entry, at: datetime) -> str:
        one.edits.setdefault(entry.key, {}).update(values)
        return entry.step

    said = ", ".join(values)
    return _each(f"somebody changes {said} of", _open(customer, (given.step,), now), edit, now)


def _values(customer: Customer, given: Edited, start: datetime) -> dict[str, Value]:
    """What is changed, as the CRM has it."""
    values: dict[str, Value] = {}
    if given.subject is not None:
        values["subject"] = given.subject
    if given.owner is not None:
        owners = customer.connection.org.owners
        known = (one.id for one in owners if given.owner in (one.id, one.email, one.name))
        values["owner"] = next(known, None)
    if given.due is not None:
        day = given.due
        if not isinstance(day, date):
            day = (start + timedelta(days=day)).date()
        values["due"] = datetime.combine(day, time(12), tzinfo=UTC)
    return values


def _of(
    customer: Customer, steps: tuple[str, ...], state: State
) -> Iterator[tuple[Departure, Entry]]:
    """The tasks of these steps that stand like this."""
    for one in customer.departures:
        for entry in list(one.entries.values()):
            if entry.kind == "task" and entry.state is state and entry.step in steps:
                yield one, entry


def _open(
    customer: Customer, steps: tuple[str, ...], now: datetime
) -> Iterator[tuple[Departure, Entry]]:
    """The open tasks of these steps, or whatever is due."""
    for one in customer.departures:
        for entry in list(one.entries.values()):
            due = {**entry.wanted, **one.edits.get(entry.key, {})}.get("due")
            late = DUE in steps and isinstance(due, datetime) and due <= now
            is_open = entry.kind == "task" and entry.state is State.DELIVERED
            if is_open and not entry.wanted["done"] and (late or entry.step in steps):
                yield one, entry


def _each(
    words: str,
    found: Iterator[tuple[Departure, Entry]],
    do: Callable[[Departure, Entry, datetime], str],
    now: datetime,
) -> str:
    """Do it to each of them; returns it in words, or nothing where there was none."""
    steps = [do(one, entry, now) for one, entry in found]
    return f"{words}: {', '.join(steps)}" if steps else ""


def _completed(one: Departure, entry: Entry, now: datetime) -> str:
    return _mark(one, entry, State.DONE, Kind.DONE, now)


def _mark(
    one: Departure, entry: Entry, state: State, kind: Kind, now: datetime, **more: str
) -> str:
    one.keep(replace(entry, state=state))
    mark = f"{kind} {entry.key} {now.isoformat()}"
    data = {"step": entry.step, "key": entry.key, **more}
    one.append(Event(at=now, kind=kind, data=data, mark=mark))
    return entry.step
