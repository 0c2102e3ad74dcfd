"""What commands and pages ask the running service to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, update

from sync.store.tables import requests


@dataclass(frozen=True, kw_only=True)
class Request:
    """One thing to do, and what came of it."""

    number: int
    connection: str | None
    kind: str
    data: Mapping[str, Any]
    asked_at: datetime
    done_at: datetime | None = None
    outcome: Mapping[str, Any] | None = None


class Requests:
    """The table of requests."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def ask(self, kind: str, now: datetime, *, connection: str | None = None, **data: Any) -> int:
        """Queue a request; returns its number."""
        last = self._db.execute(select(func.max(requests.c.number))).scalar() or 0
        self._db.execute(
            requests.insert().values(
                number=last + 1, connection=connection, kind=kind, data=data, asked_at=now
            )
        )
        return last + 1

    def open(self, connection: str) -> tuple[Request, ...]:
        """What is still to do for a connection, oldest first."""
        rows = self._db.execute(
            select(requests)
            .where(requests.c.connection == connection, requests.c.done_at.is_(None))
            .order_by(requests.c.number)
        )
        return tuple(Request(**row) for row in rows.mappings())

    def get(self, number: int) -> Request | None:
        """One request."""
        row = self._db.execute(select(requests).where(requests.c.number == number))
        found = row.mappings().first()
        return Request(**found) if found else None

    def done(self, number: int, now: datetime, outcome: Mapping[str, Any]) -> None:
        """Note what came of it."""
        self._db.execute(
            update(requests)
            .where(requests.c.number == number)
            .values(done_at=now, outcome=dict(outcome))
        )
