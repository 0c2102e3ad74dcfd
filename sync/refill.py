"""Give our records back what stood in a field that was gone for a while.

A CRM may empty a field that it deletes. Without its key nobody hears that a task was completed, and
nothing of ours can be counted; and a field that people sort by should not end where it was deleted.
Only what is empty is filled, so it may be repeated.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from integrations.batches import batches
from integrations.contract import NOTE, TASK, Change, Record, Ref, Value
from sync.connection import Connection
from sync.outbox import FINAL, Entry, State
from sync.store import Tables

#: Entries that are looked at together.
BATCH = 200
#: Kind, or object -> our words for its fields, or the CRM's names.
Gone = Mapping[str, frozenset[str]]


def watch_gone(connection: Connection) -> None:
    """Remember the fields that are gone, until what stood in them is back."""
    before, now = _lost(connection), connection.fitness.gone
    if any(names - before.get(kind, frozenset()) for kind, names in now.items()):
        kinds = before.keys() | now.keys()
        none: frozenset[str] = frozenset()
        _keep(connection, {k: before.get(k, none) | now.get(k, none) for k in kinds})


def give_back(connection: Connection) -> None:
    """Fill every field that is there again; raises what the CRM raises."""
    lost, gone = _lost(connection), connection.fitness.gone
    back = {kind: names - gone.get(kind, frozenset()) for kind, names in lost.items()}
    if not any(back.values()):
        return
    for kind in (TASK, NOTE):
        if names := back.get(kind):
            for some in batches(_entries(connection, kind), BATCH):
                _items(connection, kind, some, names)
    others = {object: names for object, names in back.items() if object not in (TASK, NOTE)}
    if any(others.values()):
        for some in batches(_entries(connection, "fields"), BATCH):
            _records(connection, some, others)
    _keep(connection, gone)


def _entries(connection: Connection, kind: str) -> list[Entry]:
    with connection.store.reading() as tables:
        return [e for e in tables.ledger.walk(connection.name, kind) if _there(e)]


def _there(entry: Entry) -> bool:
    made = entry.id is not None or entry.kind == "fields"
    return made and entry.settled is not None and entry.state is not State.GONE


def _items(
    connection: Connection, kind: str, entries: Iterable[Entry], names: frozenset[str]
) -> None:
    """Tasks or notes: their keys, and what else we have given them."""
    ours = {entry.id: entry for entry in entries if entry.id}
    held = connection.crm.read(kind, list(ours), sorted(names - {"key"}))
    connection.tally.add(f"read {kind}", len(ours), of="read")
    writes = [
        Change(key=entry.key, ref=Ref(object=kind, id=id), values=values)
        for id, entry in ours.items()
        if id in held
        and not held[id].gone
        and (values := _lacking(connection, entry, held[id], names))
    ]
    _send(connection, kind, writes)


def _lacking(
    connection: Connection, entry: Entry, record: Record, names: frozenset[str]
) -> dict[str, Value]:
    """What an item should hold, and does not."""
    values: dict[str, Value] = {}
    if "key" in names and record.fields.get("key") != entry.key:
        values["key"] = entry.key
    edited = entry.kept.keys() - entry.refused.keys()
    for name in sorted(names & entry.wanted.keys() - edited):
        value, empty = entry.wanted.get(name), record.fields.get(name) in (None, False, "")
        if empty and value and not connection.fitness.unfit(entry.kind, name, value):
            values[name] = value
    return values


def _send(connection: Connection, kind: str, writes: list[Change]) -> None:
    connection.tally.add(f"change {kind}", len(writes), of="change")
    for call in connection.crm.pack(writes):
        for receipt in connection.crm.send(call):
            # Whoever has deleted a task meanwhile needs no key on it.
            if receipt.problem and receipt.problem.name in ("retry", "drift", "unknown"):
                raise receipt.problem


def _records(connection: Connection, entries: Iterable[Entry], names: Gone) -> None:
    """Fields of customers and people: what is empty there counts as never written."""
    now = connection.clock()
    by_object: dict[str, dict[str, list[Entry]]] = {}
    for entry in entries:
        object, id = entry.ref.object, entry.ref.id
        written = entry.given.keys() | (entry.settled or {}).keys()
        if names.get(object, frozenset()) & written:
            by_object.setdefault(object, {}).setdefault(id, []).append(entry)
    for object, records in by_object.items():
        held = connection.crm.read(object, list(records), sorted(names[object]))
        connection.tally.add(f"read {object}", len(records), of="read")
        anew = [
            _anew(entry, empty)
            for id, some in records.items()
            if id in held
            and (empty := {n for n in names[object] if held[id].fields.get(n) in (None, False)})
            for entry in some
        ]
        with connection.store.transaction("refill") as tables:
            newest = _newest(tables, connection.name, {entry.case for entry in anew})
            again = [_due(e, e.case in newest) for e in anew]
            tables.ledger.put(connection.name, again, now)


def _newest(tables: Tables, owner: str, cases: Iterable[str]) -> frozenset[str]:
    """Those of these cases that are the last of their customers."""
    rows = [row for key in cases if (row := tables.cases.get(key))]
    return frozenset(
        last.key
        for object in {row.object for row in rows}
        for last in tables.cases.of(
            owner, object, {row.record for row in rows if row.object == object}
        ).values()
    )


def _anew(entry: Entry, empty: Collection[str]) -> Entry:
    given = {n: value for n, value in entry.given.items() if n not in empty}
    if entry.outward:  # nobody is written to a second time
        return replace(entry, given=given)
    settled = {n: value for n, value in (entry.settled or {}).items() if n not in empty}
    return replace(entry, given=given, settled=settled)


def _due(entry: Entry, newest: bool) -> Entry:
    """What an older departure has left there is not written over what a newer one wants."""
    again = newest and entry.state not in FINAL and bool(entry.changes)
    return replace(entry, state=State.PENDING, next_at=None) if again else entry


def _lost(connection: Connection) -> Gone:
    with connection.store.reading() as tables:
        standing = tables.connections.get(connection.name)
    found: dict[str, set[str]] = {}
    for one in ((standing.keyless if standing else None) or "").split():
        kind, _, name = one.partition(".")
        found.setdefault(kind, set()).add(name or "key")
    return {kind: frozenset(names) for kind, names in found.items()}


def _keep(connection: Connection, gone: Gone) -> None:
    words = " ".join(sorted(f"{kind}.{name}" for kind, names in gone.items() for name in names))
    with connection.store.transaction("refill") as tables:
        tables.connections.set(connection.name, keyless=words or None)
