"""Turns ledger entries into writes: compares with what the CRM holds, and joins what goes together.

Several entries may set fields of one record; they travel as one write. Each keeps its own account
of what was sent for it, what was there already and what a person's edit keeps.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from integrations.contract import (
    DEPARTURE,
    NOTE,
    TASK,
    Change,
    Create,
    Departure,
    Mail,
    Member,
    Note,
    Ref,
    Send,
    Task,
    Value,
    Write,
)
from sync.connection import Connection
from sync.outbox import Entry, State, left
from sync.reconcile import Reconciled, reconcile


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """One write and the entries it serves."""

    write: Write
    entries: tuple[Entry, ...]
    found: Mapping[str, Reconciled] = field(default_factory=dict)

    def given(self, entry: Entry) -> dict[str, Value]:
        """What the CRM holds of an entry's fields once the write is through."""
        if found := self.found.get(entry.key):
            return {**found.there, **found.write}
        return {name: value for name, value in entry.wanted.items() if name not in entry.kept}

    def kept(self, entry: Entry) -> Mapping[str, str]:
        """The fields of an entry that were left alone, and why."""
        found = self.found.get(entry.key)
        return found.kept if found else {}


@dataclass(kw_only=True)
class Wrapped:
    """What is to be sent, by the key of its write, and what needs no sending after all."""

    parcels: dict[str, Parcel] = field(default_factory=dict)
    settled: list[Entry] = field(default_factory=list)


def wrap(connection: Connection, ready: Sequence[Entry]) -> Wrapped:
    """Read what the CRM holds where something is to change, and make the writes."""
    wrapped = Wrapped()
    changes: dict[Ref, list[Entry]] = defaultdict(list)
    for entry in ready:
        if why := _blocked(connection, entry):
            wrapped.settled.append(replace(entry, state=State.REJECTED, problem="drift", words=why))
        elif entry.kind == "fields":
            changes[entry.ref].append(entry)
        elif entry.kind in (TASK, NOTE, DEPARTURE) and entry.settled is not None and entry.id:
            object = connection.keeping.object if entry.kind == DEPARTURE else entry.kind
            changes[Ref(object=object, id=entry.id)].append(entry)
        else:
            fit = _fit(connection, entry)
            write = _write(connection, fit)
            wrapped.parcels[write.key] = Parcel(write=write, entries=(fit,))
    _compare(connection, changes, wrapped)
    return wrapped


def count(connection: Connection, parcels: Iterable[Parcel]) -> None:
    """Add the writes to the tally of the least number of calls."""
    kinds: dict[tuple[str, str], int] = defaultdict(int)
    for parcel in parcels:
        match parcel.write:
            case Create(item=Task()):
                kinds["create", TASK] += 1
            case Create(item=Departure()):
                kinds["create", DEPARTURE] += 1
            case Create():
                kinds["create", NOTE] += 1
            case Change(ref=ref):
                kinds["change", ref.object] += 1
            case Member(segment=segment, present=present):
                kinds["member", f"{segment} {present}"] += 1
            case Send():
                kinds["send", ""] += 1
    for (kind, of), number in kinds.items():
        connection.tally.add(f"{kind} {of}".strip(), number, of=kind)


def _fit(connection: Connection, entry: Entry) -> Entry:
    """A task or note that is to be created, without what the CRM cannot hold now."""
    if entry.kind not in (TASK, NOTE):
        return entry
    whys = {
        name: connection.fitness.unfit(entry.kind, name, value)
        for name, value in entry.wanted.items()
        if name not in entry.kept
    }
    return replace(entry, kept={**entry.kept, **{name: why for name, why in whys.items() if why}})


def _write(connection: Connection, entry: Entry) -> Write:
    values = connection.links.reveal(entry.wanted)
    values |= dict.fromkeys(entry.kept)
    match entry.kind:
        case "task":
            return Create(key=entry.key, item=Task(about=entry.ref, **values))  # type: ignore[arg-type]
        case "note":
            return Create(key=entry.key, item=Note(about=entry.ref, **values))  # type: ignore[arg-type]
        case "departure":
            return Create(key=entry.key, item=Departure(about=entry.ref, values=values))
        case "mail":
            object, _, id = str(values.pop("about")).partition(":")
            return Send(
                key=entry.key,
                mail=Mail(to=entry.ref, about=Ref(object=object, id=id), **values),  # type: ignore[arg-type]
            )
        case _:
            return Member(
                key=entry.key,
                segment=connection.segments[str(values["segment"])],
                person=entry.ref,
                present=bool(values["present"]),
                id=entry.id,
            )


def _blocked(connection: Connection, entry: Entry) -> str:
    """Why the CRM would refuse an entry as it is set up now; or nothing. It is not sent, then."""
    if entry.kind == "member" and entry.wanted["segment"] not in connection.segments:
        name = entry.wanted["segment"]
        return f"the CRM has no list or campaign {name!r}; run aurevoir provision"
    if entry.kind == "fields" and entry.outward:  # half an invitation is none
        values = connection.links.reveal(entry.changes).items()
        whys = (connection.fitness.unfit(entry.ref.object, name, value) for name, value in values)
        return next(filter(None, whys), "")
    made = entry.id is not None and entry.kind != DEPARTURE
    return "" if made else connection.fitness.blocked.get(entry.kind, "")


def _compare(connection: Connection, changes: Mapping[Ref, list[Entry]], wrapped: Wrapped) -> None:
    """Read each record that is to change, once, and keep what people wrote."""
    objects: dict[str, dict[str, list[Entry]]] = defaultdict(dict)
    for ref, entries in changes.items():
        objects[ref.object][ref.id] = entries
    for object, records in objects.items():
        fields = {name for entries in records.values() for e in entries for name in e.changes}
        held = connection.crm.read(object, list(records), sorted(fields))
        connection.tally.add(f"read {object}", len(records), of="read")
        known = _left(connection, object, records)
        for id, entries in records.items():
            ref = Ref(object=object, id=id)
            if (record := held.get(id)) is None or record.gone:
                wrapped.settled += [replace(e, state=State.GONE, problem="gone") for e in entries]
                continue
            _one(connection, ref, entries, record.fields, known.get(id, {}), wrapped)


def _one(
    connection: Connection,
    ref: Ref,
    entries: Sequence[Entry],
    current: Mapping[str, Value],
    ours: Mapping[str, Value],
    wrapped: Wrapped,
) -> None:
    found: dict[str, Reconciled] = {}
    values: dict[str, Value] = {}
    for entry in entries:
        reveal = connection.links.reveal
        changes = reveal(entry.changes)
        unfit = {
            name: why
            for name, value in changes.items()
            if (why := connection.fitness.unfit(ref.object, name, value))
        }
        reconciled = reconcile(
            {name: value for name, value in changes.items() if name not in unfit},
            current=current,
            base=ours if entry.kind == "fields" else reveal(entry.given),
            policy=lambda name: connection.policy(ref.object, name),
            same=lambda name, a, b: connection.same(ref.object, name, a, b),
        )
        found[entry.key] = replace(reconciled, kept={**reconciled.kept, **unfit})
        values |= reconciled.write
    parcel = Parcel(
        write=Change(key=entries[0].key, ref=ref, values=values),
        entries=tuple(entries),
        found=found,
    )
    if values:
        wrapped.parcels[parcel.write.key] = parcel
        return
    wrapped.settled += [
        entry.taken(connection.links.conceal(parcel.given(entry), entry.wanted), parcel.kept(entry))
        for entry in entries
    ]


def _left(
    connection: Connection, object: str, records: Mapping[str, Sequence[Entry]]
) -> dict[str, dict[str, Value]]:
    """What we last left in the fields of these records, in whichever case."""
    if object in (TASK, NOTE):
        return {}
    with connection.store.reading() as tables:
        customers = tables.people.customers(connection.name, object, records)
        entries = tables.ledger.of_records(connection.name, object, records)
        last = {row.key for row in tables.cases.of(connection.name, object, records).values()}
    before = left(entry for entry in entries if entry.case not in last)
    newest = left(entry for entry in entries if entry.case in last)
    reveal = connection.links.reveal
    found: dict[str, dict[str, Value]] = {}
    for id in records:
        ref = Ref(object=object, id=id)
        between = customers[id].carried if id in customers else {}
        found[id] = {**reveal(before.get(ref, {})), **between, **reveal(newest.get(ref, {}))}
    return found
