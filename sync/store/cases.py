"""Cases, their append-only histories, and the playbooks they pin."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Integer, Select, bindparam, func, or_, select, update

from integrations.contract import Ref
from sync.model import QUIET, Event, Kind, Plan
from sync.store.rows import chunks, upsert
from sync.store.tables import cases, events, playbooks

#: The status of a case that no plan has seen yet.
NEW: Final = "new"

_LAST_NUMBER = select(func.max(events.c.number)).where(events.c.case == bindparam("case"))
_HISTORIES = (
    select(events)
    .where(
        events.c.case.in_(bindparam("cases", expanding=True)),
        events.c.kind.in_(bindparam("kinds", expanding=True)),
    )
    .order_by(events.c.case, events.c.number)
)
_EVENT_COUNTS = (
    select(events.c.case, func.count())
    .where(events.c.case.in_(bindparam("cases", expanding=True)))
    .group_by(events.c.case)
)
_OF = (
    select(cases)
    .where(
        cases.c.connection == bindparam("owner"),
        cases.c.object == bindparam("object"),
        cases.c.record.in_(bindparam("records", expanding=True)),
    )
    .order_by(cases.c.number)
)
_KEYS_OF = (
    select(cases.c.record, cases.c.key)
    .where(
        cases.c.connection == bindparam("owner"),
        cases.c.record.in_(bindparam("records", expanding=True)),
    )
    .order_by(cases.c.number, cases.c.key)
)
_AWAKE = (
    select(cases)
    .where(cases.c.connection == bindparam("owner"), cases.c.wake_at <= bindparam("now"))
    .order_by(cases.c.wake_at, cases.c.key)
    .limit(bindparam("most", type_=Integer))
)
_NEXT_WAKE = select(func.min(cases.c.wake_at)).where(cases.c.connection == bindparam("owner"))
_WAKE = (
    update(cases)
    .where(
        cases.c.key.in_(bindparam("cases", expanding=True)),
        or_(cases.c.wake_at.is_(None), cases.c.wake_at > bindparam("moment")),
    )
    .values(wake_at=bindparam("moment"))
)
_COUNT = (
    select(cases.c.status, func.count())
    .where(cases.c.connection == bindparam("owner"))
    .group_by(cases.c.status)
)


@dataclass(frozen=True, kw_only=True)
class CaseRow:
    """What is kept of a case beside its history: the last plan's view of it."""

    key: str
    connection: str
    object: str
    record: str
    number: int
    playbook: str
    opened_at: datetime
    status: str
    departs_on: str | None
    progress: int
    next_step: str
    closed: bool
    wake_at: datetime | None

    @property
    def ref(self) -> Ref:
        """The customer."""
        return Ref(object=self.object, id=self.record)


class Cases:
    """The tables of cases, events and playbooks."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def open(
        self,
        owner: str,
        key: str,
        ref: Ref,
        *,
        number: int,
        playbook: str,
        event: Event,
    ) -> None:
        """A new case with its first event, awake at once."""
        self._db.execute(
            cases.insert().values(
                key=key,
                connection=owner,
                object=ref.object,
                record=ref.id,
                number=number,
                playbook=playbook,
                opened_at=event.at,
                status=NEW,
                wake_at=event.at,
            )
        )
        self.append(key, [event])

    def append(self, key: str, happened: Sequence[Event]) -> int:
        """Add events that are not there yet; returns how many were new.

        All but the quiet ones wake the case.
        """
        number = self._db.execute(_LAST_NUMBER, {"case": key}).scalar() or 0
        marks = {event.mark for event in happened if event.mark}
        if marks:
            there = select(events.c.mark).where(events.c.case == key, events.c.mark.in_(marks))
            marks = set(self._db.execute(there).scalars())
        rows, stirring = [], []
        for event in happened:
            if event.mark and event.mark in marks:
                continue
            marks.add(event.mark)
            stirring += [event.at] if event.kind not in QUIET else []
            number += 1
            rows.append(
                {
                    "case": key,
                    "number": number,
                    "version": 1,
                    "at": event.at,
                    "kind": event.kind.value,
                    "data": dict(event.data),
                    "mark": event.mark or None,
                }
            )
        if rows:
            self._db.execute(events.insert(), rows)
        if stirring:
            self.wake([key], min(stirring))
        return len(rows)

    def histories(
        self, keys: Iterable[str], *, kinds: Sequence[Kind] = tuple(Kind)
    ) -> dict[str, tuple[Event, ...]]:
        """The events of these cases, each in its order, of these kinds alone."""
        found: dict[str, list[Event]] = {}
        for some in chunks(keys):
            wanted = {"cases": some, "kinds": [kind.value for kind in kinds]}
            rows = self._db.execute(_HISTORIES, wanted)
            for row in rows.mappings():
                found.setdefault(row["case"], []).append(
                    Event(
                        at=row["at"],
                        kind=Kind(row["kind"]),
                        data=row["data"],
                        mark=row["mark"] or "",
                    )
                )
        return {key: tuple(listed) for key, listed in found.items()}

    def event_counts(self, keys: Iterable[str]) -> dict[str, int]:
        """How many events each of these cases has."""
        found: dict[str, int] = {}
        for some in chunks(keys):
            rows = self._db.execute(_EVENT_COUNTS, {"cases": some})
            found |= {row[0]: row[1] for row in rows}
        return found

    def get(self, key: str) -> CaseRow | None:
        """One case."""
        row = self._db.execute(select(cases).where(cases.c.key == key)).mappings().first()
        return CaseRow(**row) if row else None

    def some(self, keys: Iterable[str]) -> dict[str, CaseRow]:
        """Cases by key."""
        return {
            row.key: row
            for part in chunks(keys)
            for row in self._rows(select(cases).where(cases.c.key.in_(part)))
        }

    def of(self, owner: str, object: str, records: Iterable[str]) -> dict[str, CaseRow]:
        """The last case of each of these customers that has any."""
        found: dict[str, CaseRow] = {}
        for some in chunks(records):
            wanted = {"owner": owner, "object": object, "records": some}
            found |= {row.record: row for row in self._rows(_OF, wanted)}
        return found

    def all_of(self, owner: str, records: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """The keys of every case of these customers, the closed ones included: record -> keys."""
        found: dict[str, tuple[str, ...]] = {}
        for some in chunks(records):
            rows = self._db.execute(_KEYS_OF, {"owner": owner, "records": some})
            for record, key in rows:
                found[record] = (*found.get(record, ()), key)
        return found

    def lasting(self, owner: str, object: str) -> dict[str, CaseRow]:
        """The case of each customer of this kind that has one which is not closed."""
        statement = select(cases).where(
            cases.c.connection == owner, cases.c.object == object, cases.c.closed.is_(False)
        )
        return {row.record: row for row in self._rows(statement)}

    def awake(self, owner: str, now: datetime, *, limit: int) -> tuple[CaseRow, ...]:
        """Cases to be planned now, the one that has waited longest first."""
        return tuple(self._rows(_AWAKE, {"owner": owner, "now": now, "most": limit}))

    def next_wake(self, owner: str) -> datetime | None:
        """When the next case wants to be planned."""
        return self._db.execute(_NEXT_WAKE, {"owner": owner}).scalar()

    def wake(self, keys: Iterable[str], at: datetime) -> None:
        """Have these cases planned from this moment on, or earlier if they are due earlier."""
        for some in chunks(keys):
            self._db.execute(_WAKE, {"cases": some, "moment": at})

    def wake_all(self, owner: str, at: datetime) -> int:
        """Have every open case planned; returns how many there are."""
        woken = self._db.execute(
            update(cases)
            .where(cases.c.connection == owner, cases.c.closed.is_(False))
            .values(wake_at=at)
        )
        return woken.rowcount

    def planned(self, plans: Mapping[str, Plan]) -> None:
        """Keep what the plans say of their cases."""
        rows = [
            {
                "b_key": key,
                "status": plan.status,
                "departs_on": plan.departs_on.isoformat(),
                "progress": plan.progress,
                "next_step": plan.next_step,
                "wake_at": plan.wake_at,
            }
            for key, plan in plans.items()
        ]
        if rows:
            self._db.execute(update(cases).where(cases.c.key == bindparam("b_key")), rows)

    def set(self, key: str, **values: Any) -> None:
        """Change some of what is kept of one case."""
        self._db.execute(update(cases).where(cases.c.key == key).values(**values))

    def list(
        self, owner: str | None = None, *, status: str | None = None, limit: int | None = None
    ) -> Iterator[CaseRow]:
        """Cases, newest first."""
        statement = select(cases).order_by(cases.c.opened_at.desc(), cases.c.key).limit(limit)
        if owner:
            statement = statement.where(cases.c.connection == owner)
        if status:
            statement = statement.where(cases.c.status == status)
        return self._rows(statement)

    def heard(self, owner: str, since: datetime, until: datetime) -> tuple[CaseRow, ...]:
        """The cases about which somebody said something in this time, the oldest first."""
        said = select(events.c.case).where(
            events.c.kind.in_([Kind.SET.value, Kind.ANSWERED.value]),
            events.c.at >= since,
            events.c.at < until,
        )
        return tuple(
            self._rows(
                select(cases)
                .where(cases.c.connection == owner, cases.c.key.in_(said))
                .order_by(cases.c.opened_at, cases.c.key)
            )
        )

    def count(self, owner: str) -> dict[str, int]:
        """Cases by status."""
        rows = self._db.execute(_COUNT, {"owner": owner})
        return {row[0]: row[1] for row in rows}

    def merged(self, owner: str, since: datetime) -> int:
        """How many cases go on although, or because, customers were merged."""
        statement = (
            select(events.c.case, events.c.kind, events.c.data)
            .join(cases, cases.c.key == events.c.case)
            .where(cases.c.connection == owner, events.c.at >= since)
            .where(events.c.kind.in_([Kind.MERGED, Kind.CLOSED]))
        )
        rows = self._db.execute(statement)
        told = {case if kind == Kind.MERGED else data.get("into") for case, kind, data in rows}
        return len(told - {None})

    def pin(self, hash: str, body: str) -> None:
        """Keep a resolved playbook under its hash."""
        upsert(self._db, playbooks, [{"hash": hash, "body": body}], keep=True)

    def playbook(self, hash: str) -> str:
        """A pinned playbook."""
        statement = select(playbooks.c.body).where(playbooks.c.hash == hash)
        return str(self._db.execute(statement).scalar_one())

    def _rows(
        self, statement: Select[Any], wanted: Mapping[str, Any] | None = None
    ) -> Iterator[CaseRow]:
        for row in self._db.execute(statement, wanted).mappings():
            yield CaseRow(**row)
