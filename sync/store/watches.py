"""Where each watch stands, and the raw stage every customer was seen in last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, delete, func, select

from sync.store.rows import chunks, upsert
from sync.store.tables import seen, watches

_ONE = select(watches).where(
    watches.c.connection == bindparam("owner"), watches.c.name == bindparam("name")
)
_SEEN = select(seen.c.record, seen.c.stage, seen.c.old).where(
    seen.c.connection == bindparam("owner"),
    seen.c.object == bindparam("object"),
    seen.c.record.in_(bindparam("records", expanding=True)),
)

#: How the watches of records begin that only tell of customers; the object follows.
TRIGGER: Final = "trigger:"


@dataclass(frozen=True, kw_only=True)
class Watching:
    """One watch: the baseline it started from and the cursor it has reached."""

    name: str
    #: A hash of what is watched; the baseline is only good for this.
    rules: str
    baseline_at: datetime
    cursor: str | None
    #: The baseline is complete.
    ready: bool


@dataclass(frozen=True, kw_only=True)
class Seen:
    """The raw stage a customer was seen in last."""

    record: str
    stage: str
    #: Was in it already when the watch began.
    old: bool = False


class Watches:
    """Cursors and last-seen stages of one connection."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def get(self, owner: str, name: str) -> Watching | None:
        """One watch of a connection, or None before its first look."""
        found = self._db.execute(_ONE, {"owner": owner, "name": name}).mappings().first()
        if not found:
            return None
        return Watching(**{k: v for k, v in found.items() if k != "connection"})

    def put(self, owner: str, watching: Watching) -> None:
        """Move the cursor, or start anew."""
        upsert(
            self._db,
            watches,
            [
                {
                    "connection": owner,
                    "name": watching.name,
                    "rules": watching.rules,
                    "baseline_at": watching.baseline_at,
                    "cursor": watching.cursor,
                    "ready": watching.ready,
                }
            ],
        )

    def seen(self, owner: str, object: str, records: Iterable[str]) -> dict[str, Seen]:
        """What was seen of these records."""
        found: dict[str, Seen] = {}
        for some in chunks(records):
            rows = self._db.execute(_SEEN, {"owner": owner, "object": object, "records": some})
            found |= {row.record: Seen(**row) for row in rows.mappings()}
        return found

    def remember(self, owner: str, object: str, stages: Mapping[str, Seen]) -> None:
        """Keep the stages by record."""
        upsert(
            self._db,
            seen,
            (
                {
                    "connection": owner,
                    "object": object,
                    "record": s.record,
                    "stage": s.stage,
                    "old": s.old,
                }
                for s in stages.values()
            ),
        )

    def forget(self, owner: str, object: str) -> None:
        """Before a new baseline."""
        self._db.execute(delete(seen).where(seen.c.connection == owner, seen.c.object == object))

    def customers(self, owner: str) -> int:
        """How many customers have been seen; records that only tell of them do not count."""
        begins = len(TRIGGER) + 1
        telling = select(func.substr(watches.c.name, begins)).where(
            watches.c.connection == owner, watches.c.name.startswith(TRIGGER)
        )
        count = (
            select(func.count())
            .select_from(seen)
            .where(seen.c.connection == owner, seen.c.object.not_in(telling))
        )
        return self._db.execute(count).scalar_one()

    def old(self, owner: str, object: str) -> tuple[str, ...]:
        """Customers that were in the stage already when the watch began."""
        rows = self._db.execute(
            select(seen.c.record)
            .where(seen.c.connection == owner, seen.c.object == object, seen.c.old)
            .order_by(seen.c.record)
        )
        return tuple(row.record for row in rows)
