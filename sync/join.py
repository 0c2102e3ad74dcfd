"""Two records of one customer become one: its case goes on, once, under the record that stays."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from integrations.contract import Record
from sync.connection import Connection
from sync.model import Event, Kind
from sync.store import Tables
from sync.store.cases import CaseRow
from sync.store.people import CustomerRow
from sync.store.watches import Seen

#: Where nothing is left to do; a case that still runs goes before one of these.
_ENDED: Final = frozenset({"void", "saved", "returned", "alumni"})


def join(connection: Connection, object: str, merged: Mapping[str, str]) -> None:
    """``merged``: the id of each record that is gone -> the id of the one that stays."""
    if not merged:
        return
    with connection.store.reading() as tables:
        found = tables.cases.of(connection.name, object, merged)
    rows = [row for row in found.values() if not row.closed and merged[row.record] != row.record]
    if not rows:
        return
    watch = connection.watch_of(object)
    ids = sorted({merged[row.record] for row in rows})
    stay = connection.crm.read(object, ids, connection.customer_fields(watch))
    connection.tally.add(f"read {object}", len(ids), of="read")
    with connection.store.transaction("join cases") as tables:
        for row in rows:
            if survivor := stay.get(merged[row.record]):
                stage = survivor.fields.get(watch.stage)
                _join(connection, tables, row, survivor, "" if stage is None else str(stage))


def _join(
    connection: Connection, tables: Tables, row: CaseRow, survivor: Record, stage: str
) -> None:
    """The elder of two running cases goes on; the other one is closed with a word."""
    name, ref, at = connection.name, survivor.ref, connection.crm.now()
    other = tables.cases.of(name, ref.object, [ref.id]).get(ref.id)
    if other and not other.closed:
        if _rank(other) < _rank(row):
            _close(tables, row, other, at)
            return
        _close(tables, other, row, at)
    known = tables.people.customers(name, ref.object, [row.record])[row.record]
    fresh = CustomerRow(ref=ref, fields=survivor.fields, carried=known.carried)
    tables.people.put_customers(name, [fresh])
    # What stands in the stage now was not moved there by anybody: no case ends or begins by it.
    seen = Seen(record=ref.id, stage=stage)
    tables.watches.remember(name, ref.object, {ref.id: seen})
    tables.ledger.move(row.key, row.ref, ref)
    number = other.number + 1 if other else row.number
    tables.cases.set(row.key, record=ref.id, number=number)
    told = {"from": row.record}
    mark = f"{Kind.MERGED} {row.record}"
    tables.cases.append(row.key, [Event(at=at, kind=Kind.MERGED, data=told, mark=mark)])


def _rank(row: CaseRow) -> tuple[bool, datetime]:
    return row.status in _ENDED, row.opened_at


def _close(tables: Tables, row: CaseRow, into: CaseRow, at: datetime) -> None:
    """What has ended keeps what it left behind; the tasks of what has not are closed."""
    data = {} if row.status in _ENDED else {"into": into.key}
    mark = f"{Kind.CLOSED} {into.key}"
    tables.cases.append(row.key, [Event(at=at, kind=Kind.CLOSED, data=data, mark=mark)])
    tables.cases.set(row.key, closed=True)
