"""Notices that contacts have given by their link: each opens the case of its customer, once.

The watched stage is never written. A task asks people to move it; until then the case is open for
all that, and every date counts from the moment of the notice.
"""

from __future__ import annotations

from typing import Any, Final

from integrations.contract import Record
from mappings.programme import Watch
from sync.connection import Connection
from sync.intake import Intake, Known
from sync.model import Event, Kind
from sync.store.requests import Request

#: What a page asks the running service for.
NOTICE: Final = "notice"


def take_notices(connection: Connection) -> int:
    """Open a case for every notice since the last time; returns how many were opened."""
    with connection.store.reading() as tables:
        asked = [one for one in tables.requests.open(connection.name) if one.kind == NOTICE]
    return sum(_take(connection, one) for one in asked)


def _take(connection: Connection, asked: Request) -> int:
    object, id = asked.data["object"], asked.data["record"]
    watch = next((one for one in connection.programme.watch if one.object == object), None)
    if watch is None:
        return _done(connection, asked, "not watched any more")
    record = connection.crm.read(object, [id], connection.customer_fields(watch)).get(id)
    connection.tally.add(f"read {object}", 1, of="read")
    if record is None or record.gone:
        return _done(connection, asked, "gone")
    return _open(connection, watch, record, asked)


def _open(connection: Connection, watch: Watch, record: Record, asked: Request) -> int:
    id = record.ref.id
    with connection.store.transaction("notices") as tables:
        known = Known.read(connection, tables, watch, [id])
        intake = Intake(connection, tables, watch, known, baseline_at=asked.asked_at)
        opened = intake.noticed(record, asked.asked_at)
        row = tables.cases.of(connection.name, watch.object, [id])[id]
        data: dict[str, Any] = {
            "person": asked.data["person"],
            "last_day": asked.data.get("last_day"),
        }
        mark = f"{Kind.NOTICED} {asked.number}"
        event = Event(at=asked.asked_at, kind=Kind.NOTICED, data=data, mark=mark)
        tables.cases.append(row.key, [event])
        tables.cases.wake([row.key], asked.asked_at)
        tables.requests.done(asked.number, connection.clock(), {"case": row.key})
    return int(opened)


def _done(connection: Connection, asked: Request, why: str) -> int:
    with connection.store.transaction("notices") as tables:
        tables.requests.done(asked.number, connection.clock(), {"refused": why})
    return 0
