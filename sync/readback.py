"""Hear from the CRM what people have done with what we put there.

Tasks completed, opened again or deleted become events, and so do the boxes that people tick on a
person's record; other changed facts of people wake their cases. Our own writes come back too, and
are no events.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from integrations.contract import TASK, Page, Query, Record
from sync import features
from sync.connection import Connection
from sync.model import Event, Kind
from sync.outbox import Entry, State
from sync.proof import wanted_of, written
from sync.shipping import by_item
from sync.store import Tables
from sync.store.people import PersonRow
from sync.store.watches import Watching
from sync.ticks import by_person, certain, hear
from sync.verbatim import FEATURE

#: Where a task must stand, once it is there, for the CRM's word about it to be news.
_OPEN = (State.DELIVERED, State.PENDING, State.REJECTED)


@dataclass(kw_only=True)
class ReadBack:
    """What a look came to."""

    tasks: int = 0
    people: int = 0
    done: int = 0


def read_back(connection: Connection) -> ReadBack:
    """Look at every task of ours, and every person we have written to, that has changed."""
    found = ReadBack()
    if TASK not in connection.fitness.keyless:
        _read_tasks(connection, found)
    people = connection.programme.people.object
    query = Query(object=people, fields=connection.person_fields, having=connection.invited)
    for state, page in _pages(connection, "people", query):
        records = _sure(connection, page)
        with connection.store.transaction("read back people") as tables:
            _people(connection, tables, records)
            tables.watches.put(connection.name, state)
        found.people += len(page.records)
    connection.tally.page(f"changes {people}", found.people)
    return found


def _read_tasks(connection: Connection, found: ReadBack) -> None:
    """What people have done with our tasks since the last look."""
    tasks = Query(object=TASK, fields=("done",))
    for state, page in _pages(connection, "tasks", tasks):
        back, bodies = _back(connection, page), _bodies(connection, page)
        with connection.store.transaction("read back tasks") as tables:
            found.done += _tasks(connection, tables, page, back, bodies)
            tables.watches.put(connection.name, state)
        found.tasks += len(page.records)
    connection.tally.page("changes task", found.tasks)


def _pages(connection: Connection, name: str, query: Query) -> Iterator[tuple[Watching, Page]]:
    """The pages since the last look, each with the state to keep once it is dealt with."""
    with connection.store.reading() as tables:
        known = tables.watches.get(connection.name, name)
    state = known or Watching(
        name=name, rules="", baseline_at=connection.crm.now(), cursor=None, ready=True
    )
    for page in connection.crm.changes(query, state.cursor):
        state = replace(state, cursor=page.cursor)
        if page.records or known is None:
            yield state, page


def _back(connection: Connection, page: Page) -> frozenset[str]:
    """The tasks that were deleted and are there again; what a lagging index shows may be older."""
    ids = [record.ref.id for record in page.records if not record.gone]
    with connection.store.reading() as tables:
        entries = tables.ledger.by_id(connection.name, TASK, ids)
    gone = sorted(id for id, entry in entries.items() if entry.state is State.GONE)
    if not gone:
        return frozenset()
    connection.tally.add("removals task", len(gone), of="read")
    return frozenset(gone) - connection.crm.removals(TASK, gone).keys()


def _bodies(connection: Connection, page: Page) -> Mapping[str, str]:
    """What stands in the tasks that may hold the proof of a promise, and were completed."""
    done = [record.ref.id for record in page.records if record.fields.get("done")]
    with connection.store.reading() as tables:
        entries = tables.ledger.by_id(connection.name, TASK, done)
    ids = sorted(
        id
        for id, entry in entries.items()
        if entry.state in _OPEN
        and not entry.wanted["done"]
        and (entry.step == FEATURE or wanted_of(entry.step, bool(entry.wanted["promise"])))
    )
    if not ids:
        return {}
    connection.tally.add("read task", len(ids), of="read")
    read = connection.crm.read(TASK, ids, ("body",))
    return {id: str(record.fields.get("body") or "") for id, record in read.items()}


def _tasks(
    connection: Connection,
    tables: Tables,
    page: Page,
    back: frozenset[str],
    bodies: Mapping[str, str],
) -> int:
    """Completed, opened again, deleted: returns how many were completed."""
    entries = tables.ledger.by_id(connection.name, TASK, [r.ref.id for r in page.records])
    changed: list[Entry] = []
    for record in page.records:
        if (entry := entries.get(record.ref.id)) is None:
            continue
        state, kind = _news(entry, record, back=record.ref.id in back)
        if kind is None:
            continue
        changed.append(replace(entry, state=state))
        at = record.modified_at or connection.crm.now()
        data = {"step": entry.step, "key": entry.key}
        body = bodies.get(record.ref.id, "")
        ours = str(entry.wanted["body"])
        if kind is Kind.DONE and entry.step == FEATURE and (label := features.shipped(body, ours)):
            by_item(tables, connection.name, entry.case, label, at)
        proof = "" if entry.step == FEATURE else written(body, ours)
        if kind is Kind.DONE and proof:
            data |= tables.surveys.keep_words(entry.case, {"evidence": proof})
        event = Event(at=at, kind=kind, data=data, mark=f"{kind} {entry.key} {at.isoformat()}")
        tables.cases.append(entry.case, [event])
    tables.ledger.put(connection.name, changed, connection.crm.now())
    return sum(entry.state is State.DONE for entry in changed)


def _news(entry: Entry, record: Record, *, back: bool) -> tuple[State, Kind | None]:
    """What the CRM's word about a task changes."""
    if record.gone:
        gone = entry.state in (*_OPEN, State.DONE, State.CLOSED)
        return (State.GONE, Kind.REMOVED) if gone else (entry.state, None)
    done = bool(record.fields.get("done"))
    if back:
        return (State.DONE if done else State.DELIVERED), Kind.PUT_BACK
    if done and entry.state in _OPEN and not entry.wanted["done"]:
        return State.DONE, Kind.DONE
    if not done and entry.state is State.DONE:
        return State.DELIVERED, Kind.UNDONE
    return entry.state, None


def _sure(connection: Connection, page: Page) -> Sequence[Record]:
    """The people of a page, read once more where what they say would count."""
    with connection.store.reading() as tables:
        known = _known(connection, tables, page.records)
    return certain(connection, page.records, known)


def _known(
    connection: Connection, tables: Tables, records: Sequence[Record]
) -> Mapping[str, Sequence[PersonRow]]:
    object, ids = connection.programme.people.object, [record.ref.id for record in records]
    return by_person(tables.people.known(connection.name, object, ids))


def _people(connection: Connection, tables: Tables, records: Sequence[Record]) -> None:
    """Keep what was read; wake the cases of everybody who is not as before."""
    known = _known(connection, tables, records)
    hear(connection, tables, [(p, r) for r in records for p in known.get(r.ref.id, ())])
    woken: set[str] = set()
    for record in records:
        for person in known.get(record.ref.id, []):
            opt_out = connection.opt_out(record.fields) or person.opt_out
            fields = {**record.fields, **person.relation}
            if dict(person.fields) == fields and person.opt_out == opt_out:
                continue
            tables.people.update_person(connection.name, person.ref, fields=fields, opt_out=opt_out)
            woken.add(person.customer)
    rows = [
        row
        for watch in connection.programme.watch
        for row in tables.cases.of(connection.name, watch.object, woken).values()
    ]
    tables.cases.wake([row.key for row in rows if not row.closed], connection.crm.now())
