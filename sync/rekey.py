"""Give our tasks and notes their keys back, after the field of the keys was gone for a while.

A CRM may empty a field that it deletes. Without its key nobody hears that a task was completed, and
nothing of ours can be counted. Writing a key that is there changes nothing, so it may be repeated.
"""

from __future__ import annotations

from collections.abc import Iterable

from integrations.batches import batches
from integrations.contract import Change, Ref
from sync.connection import Connection
from sync.outbox import Entry, State

#: Entries that are looked at together.
BATCH = 200


def watch_keys(connection: Connection) -> None:
    """Remember the kinds whose key is gone, until they have theirs back."""
    lost = _lost(connection)
    if connection.keyless - lost:
        _keep(connection, connection.keyless | lost)


def give_back_keys(connection: Connection) -> None:
    """Write the keys of every kind that can have them again; raises what the CRM raises."""
    lost = _lost(connection)
    for kind in sorted(lost - connection.keyless):
        with connection.store.reading() as tables:
            entries = [e for e in tables.ledger.walk(connection.name, kind) if _there(e)]
        for some in batches(entries, BATCH):
            _give_back(connection, kind, some)
    if lost - connection.keyless:
        _keep(connection, connection.keyless)


def _give_back(connection: Connection, kind: str, entries: Iterable[Entry]) -> None:
    ours = {entry.id: entry.key for entry in entries if entry.id}
    held = connection.crm.read(kind, list(ours), ())
    connection.tally.add(f"read {kind}", len(ours), of="read")
    writes = [
        Change(key=key, ref=Ref(object=kind, id=id), values={"key": key})
        for id, key in ours.items()
        if id in held and not held[id].gone and held[id].fields.get("key") != key
    ]
    connection.tally.add(f"change {kind}", len(writes), of="change")
    for call in connection.crm.pack(writes):
        for receipt in connection.crm.send(call):
            # Whoever has deleted a task meanwhile needs no key on it.
            if receipt.problem and receipt.problem.name in ("retry", "drift", "unknown"):
                raise receipt.problem


def _there(entry: Entry) -> bool:
    return entry.id is not None and entry.state is not State.GONE


def _lost(connection: Connection) -> frozenset[str]:
    with connection.store.reading() as tables:
        standing = tables.connections.get(connection.name)
    return frozenset((standing.keyless or "").split()) if standing else frozenset()


def _keep(connection: Connection, kinds: Iterable[str]) -> None:
    with connection.store.transaction("keys") as tables:
        tables.connections.set(connection.name, keyless=" ".join(sorted(kinds)) or None)
