"""Look at once at the records that a webhook was about. What it said of them is never believed."""

from __future__ import annotations

from sync.connection import Connection
from sync.removals import look_for
from sync.watch import look_at


def look_at_hints(connection: Connection) -> int:
    """Look at everything that was told since the last time; returns how many cases opened.

    A record that is told again while we look at it is looked at once more.
    """
    with connection.store.reading() as tables:
        told = tables.hints.of(connection.name)
    if not told:
        return 0
    opened = 0
    for watch in connection.programme.watch:
        ids = [ref.id for ref in told if ref.object == watch.object]
        looked = look_at(connection, watch, ids)
        opened += looked.opened
        if missing := set(ids) - looked.ids:
            with connection.store.reading() as tables:
                rows = tables.cases.of(connection.name, watch.object, missing)
            look_for(connection, watch, {id: r for id, r in rows.items() if not r.closed})
    with connection.store.transaction("hints looked at") as tables:
        tables.hints.drop(connection.name, told.items())
    return opened
