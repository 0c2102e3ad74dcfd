"""Ask the CRM, now and then, what is no longer there: customers with a case, and open tasks.

A look at what has changed does not tell of everything that was deleted, merged or brought back.
Where there are more open tasks than one call can ask for, they are counted first, in one call: as
many as there should be means that none is missing. A count may lag; once a week nobody goes by it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from integrations.contract import TASK, Removal
from mappings.programme import Watch
from sync.connection import Connection
from sync.join import join
from sync.model import Event, Kind
from sync.outbox import Entry, State
from sync.store.cases import CaseRow
from sync.store.watches import Watching
from sync.watch import look_at

#: When all open tasks were asked for last, and how often that is done.
_WHOLE: Final = "removals whole"
_EVERY: Final = timedelta(days=7)


def look_for_removals(connection: Connection) -> None:
    """Look, if it is time for it."""
    now = connection.crm.now()
    with connection.store.reading() as tables:
        last = tables.watches.get(connection.name, "removals")
    if connection.removals is None or (last and now < last.baseline_at + connection.removals):
        return
    with connection.store.reading() as tables:
        whole = tables.watches.get(connection.name, _WHOLE)
    due = whole is None or now >= whole.baseline_at + _EVERY
    if last:
        for watch in connection.programme.watch:
            with connection.store.reading() as tables:
                rows = tables.cases.lasting(connection.name, watch.object)
            look_for(connection, watch, rows)
        _tasks(connection, now, whole=due)
    with connection.store.transaction("removals looked") as tables:
        for name in ("removals", _WHOLE) if due else ("removals",):
            looked = Watching(name=name, rules="", baseline_at=now, cursor=None, ready=True)
            tables.watches.put(connection.name, looked)


def look_for(connection: Connection, watch: Watch, rows: Mapping[str, CaseRow]) -> None:
    """What has become of the customers of these cases, by record."""
    now = connection.crm.now()
    removed = _removed(connection, watch.object, rows)
    join(
        connection,
        watch.object,
        {id: one.merged_into for id, one in removed.items() if one.merged_into},
    )
    gone = [id for id, one in removed.items() if not one.merged_into and not _is_gone(rows[id])]
    back = [id for id, row in rows.items() if id not in removed and _is_gone(row)]
    with connection.store.transaction("removals customers") as tables:
        for ids, kind in ((gone, Kind.GONE), (back, Kind.RESTORED)):
            for id in ids:
                event = Event(at=now, kind=kind, mark=f"{kind} {now.isoformat()}")
                tables.cases.append(rows[id].key, [event])
    look_at(connection, watch, back)


def _tasks(connection: Connection, now: datetime, *, whole: bool) -> None:
    """A task that was deleted is not made again."""
    with connection.store.reading() as tables:
        standing = tables.ledger.in_state(
            connection.name, State.DELIVERED, State.PENDING, State.REJECTED
        )
    tasks = {entry.id: entry for entry in standing if entry.kind == TASK and entry.id}
    if not whole and _all_there(connection, tasks.values()):
        return
    removed = _removed(connection, TASK, tasks)
    with connection.store.transaction("removals tasks") as tables:
        for id in removed:
            entry = tasks[id]
            data = {"step": entry.step, "key": entry.key}
            mark = f"{Kind.REMOVED} {entry.key}"
            event = Event(at=now, kind=Kind.REMOVED, data=data, mark=mark)
            tables.cases.append(entry.case, [event])
            tables.ledger.put(connection.name, [replace(entry, state=State.GONE)], now)


def _all_there(connection: Connection, tasks: Collection[Entry]) -> bool:
    """Whether the CRM counts as many open tasks as there should be; few are better asked for."""
    if len(tasks) <= connection.crm.limits["read"]:
        return False
    connection.tally.once("count task")
    done = sum(bool((entry.settled or {}).get("done")) for entry in tasks)
    return connection.crm.open_tasks() == len(tasks) - done


def _removed(connection: Connection, object: str, ids: Collection[str]) -> Mapping[str, Removal]:
    connection.tally.add(f"removals {object}", len(ids), of="read")
    return connection.crm.removals(object, ids) if ids else {}


def _is_gone(row: CaseRow) -> bool:
    """By the last plan; every case is planned as soon as it hears of it."""
    return row.status == "gone"
