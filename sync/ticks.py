"""What people tick on a person's record in the CRM: a yes or a no that somebody gave a colleague.

It is news only where the record is no longer as we knew it, and not by our own hand. The first look
at a record is none: nobody knows when its boxes were ticked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from integrations.contract import Record, Value
from mappings.survey import CONSENTS
from sync.connection import Connection
from sync.model import Event, Kind
from sync.outbox import FINAL, Entry
from sync.reconcile import EDITED
from sync.said import sayings
from sync.store import Tables
from sync.store.people import PersonRow

#: What an event calls the two boxes.
_NAMES: Mapping[str, str] = dict(zip(CONSENTS, ("stay", "reference"), strict=True))


@dataclass(frozen=True, kw_only=True)
class Tick:
    """A box on a record that is otherwise than we knew it."""

    key: str
    #: The CRM's name of it.
    field: str
    yes: bool


def certain(
    connection: Connection, records: Sequence[Record], known: Mapping[str, Sequence[PersonRow]]
) -> tuple[Record, ...]:
    """The records, read once more where a box is otherwise: what a search shows may be older."""
    unsure = [
        record.ref.id
        for record in records
        for person in known.get(record.ref.id, ())
        if any(ticks(connection, person.fields, record))
    ]
    if not unsure:
        return tuple(records)
    object, ids = connection.programme.people.object, sorted(set(unsure))
    fresh = connection.crm.read(object, ids, connection.person_fields)
    connection.tally.add(f"read {object}", len(ids), of="read")
    return tuple(_newer(record, fresh.get(record.ref.id)) for record in records)


def _newer(record: Record, fresh: Record | None) -> Record:
    if fresh is None or fresh.gone:
        return record
    return replace(fresh, modified_at=fresh.modified_at or record.modified_at)


def ticks(connection: Connection, before: Mapping[str, Value], record: Record) -> Iterator[Tick]:
    """The boxes that are otherwise than they were."""
    places = connection.places("person")
    boxes = {key: place for key, place in places.items() if key in _NAMES and place.field in before}
    if record.gone:
        return
    for saying in sayings(boxes, before=before, after=record.fields):
        yield Tick(key=saying.field, field=boxes[saying.field].field, yes=saying.value == "true")


def hear(connection: Connection, tables: Tables, seen: Iterable[tuple[PersonRow, Record]]) -> None:
    """Tell the newest case of each customer what was ticked; ``seen``: as we knew it, and as it is.

    Is called before what is known is replaced.
    """
    news = [
        (person, record, found)
        for person, record in seen
        if (found := [*ticks(connection, person.fields, record)])
    ]
    if not news:
        return
    object, now = connection.programme.people.object, connection.crm.now()
    ours = tables.ledger.of_records(
        connection.name, object, {record.ref.id for _, record, _ in news}
    )
    rows = {
        row.record: row
        for watch in connection.programme.watch
        for row in tables.cases.of(
            connection.name, watch.object, {person.customer for person, _, _ in news}
        ).values()
    }
    for person, record, found in news:
        written = [entry for entry in ours if entry.ref == record.ref]
        heard = [tick for tick in found if not _echo(connection, tick, written)]
        if not heard or (row := rows.get(person.customer)) is None:
            continue
        tables.ledger.put(connection.name, _let_go(written, heard), now)
        at = record.modified_at or now
        said = {_NAMES[tick.key]: tick.yes for tick in heard}
        data = {"person": record.ref.id, "where": "crm", **said}
        mark = f"ticked:{record.ref.id}:{at.isoformat()}"
        tables.cases.append(row.key, [Event(at=at, kind=Kind.CONSENTED, data=data, mark=mark)])


def _echo(connection: Connection, tick: Tick, written: Iterable[Entry]) -> bool:
    """Whether it is what we are writing ourselves: the answer to that may have been lost."""
    return any(
        connection.same(entry.ref.object, tick.field, entry.changes[tick.field], tick.yes)
        for entry in written
        if entry.state not in FINAL and tick.field in entry.changes
    )


def _let_go(written: Iterable[Entry], heard: Iterable[Tick]) -> Iterator[Entry]:
    """An edit that we have heard is not kept against us any more: a newer word may replace it."""
    values = {tick.field: tick.yes for tick in heard}
    for entry in written:
        if edited := {n for n, why in entry.kept.items() if why == EDITED and n in values}:
            yield replace(
                entry,
                kept={name: why for name, why in entry.kept.items() if name not in edited},
                given={**entry.given, **{name: values[name] for name in edited}},
            )


def by_person(rows: Iterable[PersonRow]) -> dict[str, list[PersonRow]]:
    """The rows of each person, one for every customer they belong to."""
    found: dict[str, list[PersonRow]] = {}
    for row in rows:
        found.setdefault(row.ref.id, []).append(row)
    return found
