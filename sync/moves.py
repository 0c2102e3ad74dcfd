"""People who work elsewhere now: whoever said yes, left with a customer, and left the customer.

It costs a call only when somebody who said yes is no longer among the people of a customer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from integrations.contract import Record
from sync.connection import Connection
from sync.model import Event, Kind
from sync.store import Tables
from sync.store.cases import CaseRow
from sync.store.people import PersonRow
from sync.will import KINDS, wills

#: Before this a customer's people are those of a customer.
_AFTER: Final = ("departed", "alumni")


@dataclass(kw_only=True)
class Moves:
    """What has become of the people of some customers."""

    #: Case -> person -> the name and id of the new place; None: is back.
    found: dict[str, dict[str, tuple[str, str] | None]] = field(default_factory=dict)
    now: datetime

    def keep(self, tables: Tables) -> None:
        """Put it into the histories; the name is a row that can be erased."""
        for case, people in self.found.items():
            for person, place in people.items():
                data: dict[str, str | None] = {"person": person, "to": None}
                if place:
                    name, to = place
                    words = tables.surveys.keep_words(case, {"company": name})["company"]
                    data = {"person": person, "to": to, "words": words}
                mark = f"{Kind.MOVED_AWAY} {person} {data['to']} {self.now.isoformat()}"
                event = Event(at=self.now, kind=Kind.MOVED_AWAY, data=data, mark=mark)
                tables.cases.append(case, [event])


def moves(
    connection: Connection,
    rows: Sequence[CaseRow],
    read: dict[str, list[PersonRow]],
    now: datetime,
) -> Moves:
    """Who has moved since their people were read last; adds whoever has to ``read``."""
    made, people = Moves(now=now), connection.programme.people
    rows = [row for row in rows if row.status in _AFTER and row.object == people.employer]
    if not rows or people.employer is None:
        return made
    with connection.store.reading() as tables:
        before = tables.people.people(connection.name, [row.record for row in rows])
        kinds = (*KINDS, Kind.MOVED_AWAY)
        histories = tables.cases.histories([row.key for row in rows], kinds=kinds)
    asked: dict[str, CaseRow] = {}
    missing: dict[str, PersonRow] = {}
    for row in rows:
        history = histories.get(row.key, ())
        there = {person.ref.id for person in read[row.record]}
        away = _away(history)
        for person in sorted(there & away):
            made.found.setdefault(row.key, {})[person] = None
        said = wills(history)
        for person_row in before.get(row.record, ()):
            id = person_row.ref.id
            if id in there:
                continue
            consent = said[id].consent if id in said else None
            if id in away:
                read[row.record].append(person_row)
            elif consent and consent.stay:
                asked[id], missing[id] = row, person_row
    if asked:
        for id, place in _places(connection, asked, people.employer).items():
            row = asked[id]
            read[row.record].append(missing[id])
            made.found.setdefault(row.key, {})[id] = place
    return made


def _away(history: Iterable[Event]) -> set[str]:
    """Those who are known to have moved."""
    last = {e.data["person"]: e.data["to"] for e in history if e.kind is Kind.MOVED_AWAY}
    return {person for person, to in last.items() if to is not None}


def _places(
    connection: Connection, asked: Mapping[str, CaseRow], employer: str
) -> dict[str, tuple[str, str]]:
    """Where these people work now: the name and the id; whoever works nowhere is absent."""
    name, people = connection.programme.customer.name, connection.programme.people.object
    found = connection.crm.related(people, list(asked), employer, [name])
    connection.count_related(people, employer, asked, sum(map(len, found.values())))
    places: dict[str, tuple[str, str]] = {}
    for id, records in found.items():
        other = [one for one in records if one.ref.id != asked[id].record]
        if other and len(other) == len(records):
            places[id] = (_name(other[0], name), other[0].ref.id)
    return places


def _name(record: Record, field: str) -> str:
    return str(record.fields.get(field) or "another company")
