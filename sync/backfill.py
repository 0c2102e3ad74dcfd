"""Open cases for customers that entered the stage before the watch began; only when asked to."""

from __future__ import annotations

from datetime import datetime

from integrations.batches import batches
from integrations.contract import Record
from mappings.programme import Watch
from sync import detect
from sync.connection import Connection
from sync.detect import Sight
from sync.intake import Intake, Known, Taken
from sync.store.watches import Seen
from sync.watch import watch_customers


def backfill(connection: Connection, since: datetime) -> int:
    """Open a case for whoever has been in the stage since then; returns how many.

    Who was there before ``since``, and whose history the CRM does not know, is left alone.
    """
    opened = 0
    for watch in connection.programme.watch:
        watch_customers(connection, watch)
        with connection.store.reading() as tables:
            old = tables.watches.old(connection.name, watch.object)
        for some in batches(old, 100):
            opened += _some(connection, watch, some, since)
    return opened


def _some(connection: Connection, watch: Watch, ids: tuple[str, ...], since: datetime) -> int:
    records = connection.crm.read(watch.object, ids, connection.customer_fields(watch))
    history = connection.crm.history(watch.object, ids, watch.stage)
    with connection.store.reading() as tables:
        known = Known.read(connection, tables, watch, ids)
    late: list[Record] = []
    for id, record in records.items():
        modified_at = record.modified_at or connection.crm.now()
        stay = detect.stay(watch, history.get(id), modified_at=modified_at)
        inside = str(record.fields.get(watch.stage)) in watch.enters.all
        case = known.cases.get(id)
        if inside and stay.at >= since and not (case and case.inside):
            late.append(record)
    late = [*connection.with_parents(watch, late)]
    with connection.store.transaction("backfill") as tables:
        intake = Intake(connection, tables, watch, known, baseline_at=since)
        opened = [
            record
            for record in late
            if intake.take(record, Sight.UNSURE, history.get(record.ref.id), old=True)
            is Taken.OPENED
        ]
        late_ids = [record.ref.id for record in opened]
        for row in tables.cases.of(connection.name, watch.object, late_ids).values():
            tables.cases.set(row.key, status="settling")  # asked for: no business of the brake
        tables.watches.remember(
            connection.name,
            watch.object,
            {r.ref.id: Seen(record=r.ref.id, stage=str(r.fields[watch.stage])) for r in opened},
        )
    return len(opened)
