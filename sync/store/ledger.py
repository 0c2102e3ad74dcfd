"""The ledger: what was wanted of the CRM under which key, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Integer,
    RowMapping,
    Select,
    and_,
    bindparam,
    func,
    or_,
    select,
    update,
)

from integrations.contract import Ref
from sync.outbox import Entry, State
from sync.store.rows import chunks, upsert
from sync.store.tables import cases, ledger
from sync.store.values import from_json, to_json

_OWNED = ledger.c.connection == bindparam("owner")
_KEYS = ledger.c.key.in_(bindparam("keys", expanding=True))
_STATES = ledger.c.state.in_(bindparam("states", expanding=True))
_OF_CASES = select(ledger).where(ledger.c.case.in_(bindparam("cases", expanding=True)))
_SOME = select(ledger).where(_KEYS)
_OF_RECORDS = (
    select(ledger)
    .outerjoin(cases, cases.c.key == ledger.c.case)
    .where(
        _OWNED,
        ledger.c.object == bindparam("object"),
        ledger.c.record.in_(bindparam("records", expanding=True)),
        ledger.c.kind == "fields",
    )
    .order_by(ledger.c.changed_at, cases.c.opened_at, ledger.c.key)
)
_DUE = (
    select(ledger)
    .where(
        _OWNED,
        ledger.c.state == State.PENDING.value,
        or_(ledger.c.next_at.is_(None), ledger.c.next_at <= bindparam("now")),
        ledger.c.key > bindparam("after"),
    )
    .order_by(ledger.c.key)
    .limit(bindparam("most", type_=Integer))
)
_DUE_INSIDE = _DUE.where(ledger.c.outward.is_(False))
_SETTLED = select(ledger.c.key).where(_KEYS, _STATES)
_SENDING = (
    update(ledger).where(_KEYS).values(state=State.SENDING.value, attempts=ledger.c.attempts + 1)
)
_IN_STATE = select(ledger).where(_OWNED, _STATES).order_by(ledger.c.key)
_FIRST_IN_STATE = _IN_STATE.limit(bindparam("most", type_=Integer))
_BY_ID = select(ledger).where(
    _OWNED, ledger.c.kind == bindparam("kind"), ledger.c.id.in_(bindparam("ids", expanding=True))
)
_NEXT_DUE = select(func.min(ledger.c.next_at)).where(_OWNED, ledger.c.state == State.PENDING.value)
_NEXT_DUE_INSIDE = _NEXT_DUE.where(ledger.c.outward.is_(False))


class Ledger:
    """The tables of ledger entries and calls."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def put(self, owner: str, entries: Iterable[Entry], now: datetime) -> None:
        """Keep these entries as they are."""
        upsert(self._db, ledger, (_row(owner, entry, now) for entry in entries))

    def of_cases(self, keys: Iterable[str]) -> dict[str, dict[str, Entry]]:
        """Every entry of these cases: case -> key -> entry."""
        found: dict[str, dict[str, Entry]] = {}
        for some in chunks(keys):
            for entry in self._entries(_OF_CASES, cases=some):
                found.setdefault(entry.case, {})[entry.key] = entry
        return found

    def some(self, keys: Iterable[str]) -> dict[str, Entry]:
        """Entries by key."""
        return {
            entry.key: entry for part in chunks(keys) for entry in self._entries(_SOME, keys=part)
        }

    def of_records(self, owner: str, object: str, records: Iterable[str]) -> list[Entry]:
        """Every fields entry that writes to these records, oldest first."""
        found: list[Entry] = []
        for some in chunks(records):
            found += self._entries(_OF_RECORDS, owner=owner, object=object, records=some)
        return found

    def due(
        self, owner: str, now: datetime, *, limit: int, outward: bool = True, after: str = ""
    ) -> list[Entry]:
        """Pending entries whose time has come, in the order of their keys, from ``after`` on."""
        statement = _DUE if outward else _DUE_INSIDE
        return list(self._entries(statement, owner=owner, now=now, after=after, most=limit))

    def unsettled(self, keys: Iterable[str]) -> frozenset[str]:
        """Those of these keys that the CRM does not hold yet, or not as wanted."""
        listed = list(keys)
        settled: set[str] = set()
        good = [State.DELIVERED.value, State.DONE.value, State.CLOSED.value]
        for some in chunks(listed):
            rows = self._db.execute(_SETTLED, {"keys": some, "states": good})
            settled |= set(rows.scalars())
        return frozenset(listed) - settled

    def sending(self, keys: Iterable[str]) -> None:
        """Note that these writes are about to go out, in one call."""
        for some in chunks(keys):
            self._db.execute(_SENDING, {"keys": some})

    def move(self, case: str, before: Ref, after: Ref) -> None:
        """Let what a case wants of one record be about another; its fields are compared anew."""
        mine = and_(ledger.c.case == case, ledger.c.object == before.object)
        self._db.execute(
            update(ledger).where(mine, ledger.c.record == before.id).values(record=after.id)
        )
        anew: dict[str, Any] = {
            "state": State.PENDING.value,
            "settled": None,
            "given": {},
            "kept": {},
        }
        self._db.execute(
            update(ledger)
            .where(mine, ledger.c.record == after.id, ledger.c.kind == "fields")
            .where(ledger.c.state != State.DROPPED.value)
            .values(**anew, failing_since=None, attempts=0, next_at=None, problem=None, words=None)
        )

    def interrupted(self, owner: str) -> int:
        """Mark what was on the wire when the process died as unknown; returns how many.

        Only before anything is sent: what is on the wire now would be marked as well.
        """
        marked = self._db.execute(
            update(ledger)
            .where(ledger.c.connection == owner, ledger.c.state == State.SENDING.value)
            .values(state=State.UNKNOWN.value)
        )
        return marked.rowcount

    def in_state(self, owner: str, *states: State, limit: int | None = None) -> list[Entry]:
        """Entries in one of these states, in the order of their keys."""
        wanted = [state.value for state in states]
        if limit is None:
            return list(self._entries(_IN_STATE, owner=owner, states=wanted))
        return list(self._entries(_FIRST_IN_STATE, owner=owner, states=wanted, most=limit))

    def failing(self, owner: str) -> list[Entry]:
        """Entries that the CRM has not taken, or not whole, the oldest failure first."""
        return list(
            self._entries(
                select(ledger)
                .where(ledger.c.connection == owner, ledger.c.failing_since.is_not(None))
                .order_by(ledger.c.failing_since, ledger.c.key)
            )
        )

    def by_id(self, owner: str, kind: str, ids: Iterable[str]) -> dict[str, Entry]:
        """Entries by the CRM's id of what they became."""
        return {
            str(entry.id): entry
            for some in chunks(ids)
            for entry in self._entries(_BY_ID, owner=owner, kind=kind, ids=some)
        }

    def walk(self, owner: str, kind: str, *, size: int = 1000) -> Iterator[Entry]:
        """Every entry of a kind, in the order of their keys, a page at a time."""
        last = ""
        while page := list(
            self._entries(
                select(ledger)
                .where(ledger.c.connection == owner, ledger.c.kind == kind, ledger.c.key > last)
                .order_by(ledger.c.key)
                .limit(size)
            )
        ):
            yield from page
            last = page[-1].key

    def count(self, owner: str) -> dict[tuple[str, str], int]:
        """How many entries there are by kind and state."""
        rows = self._db.execute(
            select(ledger.c.kind, ledger.c.state, func.count())
            .where(ledger.c.connection == owner)
            .group_by(ledger.c.kind, ledger.c.state)
        )
        return {(kind, state): number for kind, state, number in rows}

    def next_due(self, owner: str, *, outward: bool = True) -> datetime | None:
        """When the next postponed write wants to be tried again."""
        statement = _NEXT_DUE if outward else _NEXT_DUE_INSIDE
        return self._db.execute(statement, {"owner": owner}).scalar()

    def _entries(self, statement: Select[Any], **wanted: Any) -> Iterator[Entry]:
        for row in self._db.execute(statement, wanted).mappings():
            yield _entry(row)


def _row(owner: str, entry: Entry, now: datetime) -> dict[str, Any]:
    return {
        "key": entry.key,
        "connection": owner,
        "case": entry.case,
        "step": entry.step,
        "kind": entry.kind,
        "object": entry.ref.object,
        "record": entry.ref.id,
        "state": entry.state.value,
        "wanted": to_json(entry.wanted),
        "settled": None if entry.settled is None else to_json(entry.settled),
        "given": to_json(entry.given),
        "kept": dict(entry.kept),
        "id": entry.id,
        "after": list(entry.after),
        "outward": entry.outward,
        "not_after": entry.not_after,
        "attempts": entry.attempts,
        "next_at": entry.next_at,
        "problem": entry.problem,
        "words": entry.words,
        "failing_since": (entry.failing_since or now) if entry.failing else None,
        "changed_at": now,
    }


def _entry(row: RowMapping) -> Entry:
    return Entry(
        key=row["key"],
        case=row["case"],
        step=row["step"],
        kind=row["kind"],
        ref=Ref(object=row["object"], id=row["record"]),
        wanted=from_json(row["wanted"]),
        state=State(row["state"]),
        settled=None if row["settled"] is None else from_json(row["settled"]),
        given=from_json(row["given"]),
        kept=row["kept"],
        id=row["id"],
        after=tuple(row["after"]),
        outward=row["outward"],
        not_after=row["not_after"],
        attempts=row["attempts"],
        next_at=row["next_at"],
        problem=row["problem"],
        words=row["words"],
        failing_since=row["failing_since"],
    )
