"""Features that were asked for and are there now."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from sync.model import Kind
from sync.store.rows import upsert
from sync.store.tables import cases, events, shipped

_OF = (
    select(shipped)
    .where(shipped.c.connection == bindparam("owner"))
    .order_by(shipped.c.at, shipped.c.feature)
)

_TOLD = (
    select(events.c.data)
    .join(cases, cases.c.key == events.c.case)
    .where(cases.c.connection == bindparam("owner"), events.c.kind == Kind.FEATURE_SHIPPED.value)
)


@dataclass(frozen=True, kw_only=True)
class Feature:
    """A feature; ``key`` is what histories and keys call it, ``label`` what people do."""

    key: str
    label: str
    at: datetime


class Shipped:
    """The table of shipped features."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def put(self, owner: str, feature: Feature) -> None:
        """Keep it, unless it is there."""
        row = {
            "connection": owner,
            "feature": feature.key,
            "label": feature.label,
            "at": feature.at,
        }
        upsert(self._db, shipped, [row], keep=True)

    def of(self, owner: str) -> tuple[Feature, ...]:
        """Everything that was shipped, in its order."""
        rows = self._db.execute(_OF, {"owner": owner}).mappings()
        return tuple(Feature(key=row["feature"], label=row["label"], at=row["at"]) for row in rows)

    def cases(self, owner: str) -> Counter[str]:
        """How many cases each feature mattered to."""
        rows = self._db.execute(_TOLD, {"owner": owner}).scalars()
        return Counter(data["feature"] for data in rows)
