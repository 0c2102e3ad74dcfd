"""The last look before anything reaches a person outside: may they be written to, right now?

The CRM's opt-outs are read again in the step before a send. Whoever has opted out since the plan
was made is not written to; the case is planned again and says why. No answer means no.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from sync.connection import Connection
from sync.outbox import Entry, State

#: After an answer that did not come.
ASK_AGAIN: Final = timedelta(minutes=15)


def let_through(connection: Connection, ready: Sequence[Entry], now: datetime) -> list[Entry]:
    """Those of these entries that may go out."""
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
