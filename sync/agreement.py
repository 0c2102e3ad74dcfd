"""Whether what was simulated and what the CRM holds are the same, record by record. Only reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from integrations.contract import DEPARTURE, NOTE, TASK, Ref, Value
from sync.connection import Connection
from sync.outbox import Entry, State
from sync.simulation.customer import Customer

#: What is compared of our tasks and notes, by the contract's names.
_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    TASK: ("subject", "body", "owner", "due", "done", "step", "phase", "department", "required",
           "promise"),
    NOTE: ("body",),
}  # fmt: skip
_DONE: Final = (State.DONE, State.CLOSED)


@dataclass(kw_only=True)
class Agreement:
    """Tasks, notes, departures, customers, people and memberships that were compared."""

    records: int = 0
    #: A sentence for each that differs.
    differ: list[str] = field(default_factory=list)

    @property
    def as_json(self) -> dict[str, Any]:
        """For ``--json``."""
        agree = self.records - len(self.differ)
        return {"records": self.records, "agree": agree, "differ": self.differ}

    def note(self, record: str, why: str) -> None:
        """One record was compared; ``why`` it differs, or nothing."""
        self.records += 1
        if why:
            self.differ.append(f"{record}: {why}")


def agree(connection: Connection, customers: Sequence[Customer]) -> Agreement:
    """Hold the customers in memory against the CRM, by the vendor's API alone."""
    found = Agreement()
    for kind in (TASK, NOTE, DEPARTURE):
        if kind != DEPARTURE or connection.keeps:
            _items(connection, customers, kind, found)
    _records(connection, customers, found)
    _members(connection, customers, found)
    return found


def _items(
    connection: Connection, customers: Sequence[Customer], kind: str, found: Agreement
) -> None:
    """Tasks, notes or departures, by their keys."""
    object, names = kind, _FIELDS.get(kind, ())
    if kind == DEPARTURE:
        object, names = connection.keeping.object, connection.keeping.fields
    simulated = {
        entry.key: entry
        for entry in _entries(customers, kind)
        if entry.settled is not None and entry.state is not State.GONE
    }
    edits = {
        key: values
        for customer in customers
        for one in customer.departures
        for key, values in one.edits.items()
    }
    held = {one.id: one.key for one in connection.crm.find(kind, None)}
    read = connection.crm.read(object, list(held), names)
    there: dict[str, list[Mapping[str, Value]]] = {}
    for id, record in read.items():
        there.setdefault(held[id], []).append(record.fields)
    for key in sorted(simulated.keys() | there.keys()):
        fields = there.get(key, [])
        if key not in simulated:
            why = "it is in the CRM, and was not simulated"
        elif len(fields) != 1:
            why = f"it was simulated, and is in the CRM {len(fields)} times"
        else:
            wanted = {**_wanted(connection, simulated[key]), **edits.get(key, {})}
            why = _differs(connection, object, wanted, fields[0])
        found.note(f"{kind} {key}", why)


def _wanted(connection: Connection, entry: Entry) -> dict[str, Value]:
    """A task, note or departure as the CRM should have it."""
    wanted = connection.links.reveal(entry.wanted)
    if entry.kind == DEPARTURE:
        return wanted
    if entry.kind == TASK:
        wanted["done"] = entry.state in _DONE
    return {name: wanted[name] for name in _FIELDS[entry.kind] if name in wanted}


def _differs(
    connection: Connection, object: str, simulated: Mapping[str, Value], held: Mapping[str, Value]
) -> str:
    return "; ".join(
        f"{name} is {held.get(name)!r} in the CRM, and {value!r} simulated"
        for name, value in simulated.items()
        if name in held and not _same(connection, object, name, held[name], value)
    )


def _same(connection: Connection, object: str, name: str, left: Value, right: Value) -> bool:
    if name == "due" and isinstance(left, date) and isinstance(right, datetime):
        # A CRM may keep the day alone.
        return left == right if isinstance(left, datetime) else left == right.date()
    return connection.same(object, name, left, right)


def _records(connection: Connection, customers: Sequence[Customer], found: Agreement) -> None:
    """Our fields on customers and people."""
    by_kind = {
        "customer": [one.ref for one in customers],
        "person": [person.ref for one in customers for person in one.people],
    }
    records = {ref: fields for one in customers for ref, fields in one.records.items()}
    for kind, refs in by_kind.items():
        names = [place.field for place in connection.places(kind).values()]  # type: ignore[arg-type]
        by_object: dict[str, list[str]] = {}
        for ref in refs:
            by_object.setdefault(ref.object, []).append(ref.id)
        for object, ids in by_object.items():
            read = connection.crm.read(object, ids, names)
            for id in ids:
                held = read[id].fields if id in read else None
                fields = connection.links.reveal(records[Ref(object=object, id=id)])
                ours = {name: fields.get(name) for name in names}
                why = (
                    "it is no longer in the CRM"
                    if held is None
                    else _differs(connection, object, ours, {**dict.fromkeys(names), **held})
                )
                found.note(f"{kind} {id}", why)


def _members(connection: Connection, customers: Sequence[Customer], found: Agreement) -> None:
    simulated = {
        (str(entry.wanted["segment"]), entry.ref.id)
        for entry in _entries(customers, "member")
        if entry.state is State.DELIVERED and entry.wanted["present"]
    }
    held = {
        (name, person)
        for name, id in connection.segments.items()
        for person in connection.crm.members(id)
    }
    for name, person in sorted(simulated | held):
        why = ""
        if (name, person) not in held:
            why = "simulated, and not in the CRM"
        elif (name, person) not in simulated:
            why = "in the CRM, and not simulated"
        found.note(f"{person} in {name}", why)


def _entries(customers: Sequence[Customer], kind: str) -> Iterator[Entry]:
    for customer in customers:
        for one in customer.departures:
            yield from (entry for entry in one.entries.values() if entry.kind == kind)
