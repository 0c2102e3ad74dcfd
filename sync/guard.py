"""The last look before anything reaches a person outside: may they be written to, right now?

What they have said to us is read again from the store, and the CRM's opt-outs from the CRM, in the
step before a send. Whoever has said no since the plan was made is not written to; the case is
planned again and says why. No answer means no.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from sync.connection import Connection
from sync.listed import on_lists
from sync.model import Will
from sync.outbox import Entry, State
from sync.store import Tables
from sync.will import KINDS, forbids, scope_of, wills

#: After an answer that did not come.
ASK_AGAIN: Final = timedelta(minutes=15)


def in_time(entry: Entry, now: datetime) -> bool:
    """Whether an entry may still go out by its own date."""
    return entry.not_after is None or now < entry.not_after


def forbidden(entry: Entry, said: dict[str, Will]) -> bool:
    """Whether an entry would reach somebody who does not want it by their own newest word."""
    return entry.outward and forbids(said.get(entry.ref.id, Will()), scope_of(entry.step))


def let_through(connection: Connection, ready: Sequence[Entry], now: datetime) -> list[Entry]:
    """Those of these entries that may go out."""
    stopped = withdrawn(connection, ready, now) | kept_in(connection, ready, now)
    ready = [entry for entry in ready if entry.key not in stopped]
    asked = {e.ref.id: e for e in ready if e.outward}
    if not asked:
        return list(ready)
    with connection.store.reading() as tables:
        people = {
            person.ref.id: person
            for object in {e.ref.object for e in asked.values()}
            for person in tables.people.known(connection.name, object, asked)
        }
    addresses = {
        id: address
        for id, person in people.items()
        if (address := connection.address(person.fields))
    }
    answers = connection.crm.opt_outs(addresses)
    connection.tally.add("opt-out", len(addresses), of="opt_out")
    refused = {id for id, answer in answers.items() if answer.out}
    silent = asked.keys() - answers.keys()
    if refused or silent:
        with connection.store.transaction("guard") as tables:
            for id in refused:
                person = people[id]
                tables.people.update_person(
                    connection.name, person.ref, fields=person.fields, opt_out=answers[id]
                )
            tables.cases.wake({e.case for e in ready if e.outward and e.ref.id in refused}, now)
            tables.ledger.put(
                connection.name,
                [
                    replace(
                        entry,
                        state=State.PENDING,
                        next_at=now + ASK_AGAIN,
                        words="the CRM did not say whether this person may be written to",
                    )
                    for entry in ready
                    if entry.outward and entry.ref.id in silent
                ],
                now,
            )
    return [e for e in ready if not e.outward or e.ref.id not in refused | silent]


def kept_in(connection: Connection, ready: Iterable[Entry], now: datetime) -> frozenset[str]:
    """The keys of those whom an exclusion's list names by now; none where the CRM does not say."""
    outward = [entry for entry in ready if entry.outward]
    if (words := on_lists(connection, outward)) is None:
        silence = "the CRM did not say who is on the lists of exclusions"
        words = {entry.key: silence for entry in outward}
    if words:
        waiting = [
            replace(e, state=State.PENDING, next_at=now + ASK_AGAIN, words=words[e.key])
            for e in outward
            if e.key in words
        ]
        with connection.store.transaction("guard lists") as tables:
            tables.ledger.put(connection.name, waiting, now)
            tables.cases.wake({entry.case for entry in waiting}, now)
    return frozenset(words)


def withdrawn(connection: Connection, ready: Iterable[Entry], now: datetime) -> frozenset[str]:
    """The keys of those that people have spoken against since they were planned."""
    outward = [entry for entry in ready if entry.outward]
    if not outward:
        return frozenset()
    with connection.store.reading() as tables:
        said = _said(tables, connection.name, outward)
    stopped = [entry for entry in outward if forbidden(entry, said)]
    if stopped:
        with connection.store.transaction("guard withdrawn") as tables:
            tables.cases.wake({entry.case for entry in stopped}, now)
    return frozenset(entry.key for entry in stopped)


def _said(tables: Tables, owner: str, outward: Sequence[Entry]) -> dict[str, Will]:
    """The newest words of these people, in whichever case they were said."""
    invited = tables.surveys.cases_of(owner, {entry.ref.id for entry in outward})
    keys = {key for listed in invited.values() for key in listed}
    keys |= {entry.case for entry in outward}
    histories = tables.cases.histories(keys, kinds=KINDS)
    return wills(event for events in histories.values() for event in events)
