"""The ledger held against the CRM: what should be there and is not, and what is there twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from integrations.contract import DEPARTURE, NOTE, TASK, Ref, Value
from sync.connection import Connection
from sync.outbox import Entry, State, left

#: The CRM should hold what is in one of these states.
_THERE = frozenset({State.DELIVERED, State.DONE, State.CLOSED})


@dataclass(kw_only=True)
class Verified:
    """What was found; keys of ours, and of memberships the list and the person."""

    checked: int = 0
    missing: list[str] = field(default_factory=list)
    #: There without a line in the ledger, or more than once.
    extra: list[str] = field(default_factory=list)
    #: There, and not on the record that it is about: nobody sees it.
    unlinked: list[str] = field(default_factory=list)
    #: Fields that a person has changed since; that is their right.
    edited: list[str] = field(default_factory=list)

    @property
    def as_json(self) -> dict[str, Any]:
        """For ``--json``."""
        return {
            "checked": self.checked,
            "missing": self.missing,
            "extra": self.extra,
            "unlinked": self.unlinked,
            "edited": self.edited,
        }


def verify(connection: Connection) -> Verified:
    """Count everything of ours in the CRM, by the vendor's API alone. Writes nothing."""
    found = Verified()
    for kind in (TASK, NOTE, DEPARTURE):
        if kind in connection.fitness.keyless:
            found.missing.append(f"the field of the keys of {kind}s; run `aurevoir provision`")
        elif kind != DEPARTURE or connection.keeps:
            _kind(connection, kind, found)
    _members(connection, found)
    _fields(connection, found)
    return found


def _walk(connection: Connection, kind: str) -> Iterator[Entry]:
    with connection.store.reading() as tables:
        yield from tables.ledger.walk(connection.name, kind)


def _kind(connection: Connection, kind: str, found: Verified) -> None:
    ids: dict[str, str] = {}
    held: Counter[str] = Counter()
    for one in connection.crm.find(kind, None):
        held[one.key] += 1
        ids[one.id] = one.key
    about: dict[str, Ref] = {}
    absent: dict[str, Ref] = {}
    for entry in _walk(connection, kind):
        there = held.pop(entry.key, 0)
        expected = entry.state in _THERE or (
            entry.state is State.PENDING and entry.settled is not None
        )
        found.checked += 1
        if expected and not there:
            absent[entry.key] = entry.ref
        if there and entry.id in ids and entry.state is State.DELIVERED:
            about[entry.id] = entry.ref
        if there > 1 or (there and entry.state is State.DROPPED):
            found.extra.append(entry.key)
    # What hung on a record that people have deleted went with it.
    remain = _still_there(connection, set(absent.values()))
    found.missing += [key for key, ref in absent.items() if ref in remain]
    with connection.store.reading() as tables:
        known = tables.ledger.some(held)
    # Where the CRM cannot tell tasks from notes it names both.
    found.extra += sorted(k for k in held if k not in known or known[k].kind == kind)
    found.unlinked += sorted(ids[id] for id in _unlinked(connection, kind, about))


def _unlinked(connection: Connection, kind: str, about: Mapping[str, Ref]) -> set[str]:
    """Those that do not hang on their record, although it is there."""
    if not about:
        return set()
    loose = about.keys() - connection.crm.linked(kind, about)
    there = _still_there(connection, {about[id] for id in loose})
    return {id for id in loose if about[id] in there}


def _still_there(connection: Connection, refs: set[Ref]) -> set[Ref]:
    there: set[Ref] = set()
    for object in sorted({ref.object for ref in refs}):
        read = connection.crm.read(object, [r.id for r in refs if r.object == object], ())
        there |= {record.ref for record in read.values()}
    return there


def _members(connection: Connection, found: Verified) -> None:
    entries = list(_walk(connection, "member"))
    names = {str(entry.wanted["segment"]) for entry in entries}
    members = {
        name: set(connection.crm.members(connection.segments[name]))
        for name in sorted(names)
        if name in connection.segments
    }
    delivered = [entry for entry in entries if entry.state is State.DELIVERED]
    # Somebody may have left by one departure and joined by a later one.
    wanted = {(e.wanted["segment"], e.ref.id) for e in delivered if e.wanted["present"]}
    for entry in delivered:
        name = str(entry.wanted["segment"])
        inside = entry.ref.id in members.get(name, ())
        found.checked += 1
        if entry.wanted["present"] and not inside:
            found.missing.append(f"{name}: {entry.ref.id}")
        elif inside and (name, entry.ref.id) not in wanted:
            found.extra.append(f"{name}: {entry.ref.id}")


def _fields(connection: Connection, found: Verified) -> None:
    """The newest word of ours on each field, against what the field holds."""
    ours: dict[Ref, dict[str, Value]] = {}
    entries = list(_walk(connection, "fields"))
    with connection.store.reading() as tables:
        for object in sorted({entry.ref.object for entry in entries}):
            ids = {entry.ref.id for entry in entries if entry.ref.object == object}
            ours |= left(tables.ledger.of_records(connection.name, object, ids))
    for object in sorted({ref.object for ref in ours}):
        records = {ref.id: values for ref, values in ours.items() if ref.object == object}
        names = sorted({name for values in records.values() for name in values})
        held = connection.crm.read(object, list(records), names)
        absent = records.keys() - held.keys()
        removed = connection.crm.removals(object, absent) if absent else {}
        for id, values in records.items():
            revealed = connection.links.reveal(values)
            found.checked += 1
            if (record := held.get(id)) is None:
                # What people have deleted or merged away is theirs to miss.
                found.missing += [] if id in removed else [f"{object} {id}"]
                continue
            found.edited += [
                f"{object} {id}: {name}"
                for name, value in revealed.items()
                if not connection.same(object, name, record.fields.get(name), value)
            ]
