"""Which records a CRM's webhooks have told us to look at."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, and_, delete, select

from integrations.contract import Ref
from sync.store.rows import upsert
from sync.store.tables import hints


class Hints:
    """The table of hints: one for each record, however often it was told."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def keep(self, owner: str, refs: Iterable[Ref], now: datetime) -> None:
        """Look at these records when there is time."""
        rows = ({"connection": owner, "object": r.object, "record": r.id, "at": now} for r in refs)
        upsert(self._db, hints, rows)

    def of(self, owner: str) -> dict[Ref, datetime]:
        """The records to look at, and when that was told."""
        rows = self._db.execute(select(hints).where(hints.c.connection == owner))
        return {Ref(object=row.object, id=row.record): row.at for row in rows}

    def drop(self, owner: str, looked: Iterable[tuple[Ref, datetime]]) -> None:
        """Forget what was looked at; what was told again meanwhile stays."""
        for ref, at in looked:
            one = and_(hints.c.object == ref.object, hints.c.record == ref.id, hints.c.at == at)
            self._db.execute(delete(hints).where(hints.c.connection == owner, one))
