"""Turns what was seen of one record into cases and events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum, auto
from typing import Any

from integrations.contract import Moment, Record
from mappings.programme import Watch
from sync import detect
from sync.case import fold
from sync.connection import Connection
from sync.detect import Sight, Stay
from sync.model import Case, Event, Kind, case_key
from sync.said import Saying, left_over, sayings
from sync.store import Tables
from sync.store.cases import CaseRow
from sync.store.people import CustomerRow
from sync.store.watches import Seen


class Taken(Enum):
    """What became of a record that was looked at."""

    NOTED = auto()
    #: A case was opened.
    OPENED = auto()
    #: In the stage since before the watch began; only ``--backfill`` opens a case for it.
    OLD = auto()


@dataclass(frozen=True, kw_only=True)
class Known:
    """What the store knows of the records of a page."""

    seen: Mapping[str, Seen]
    rows: Mapping[str, CaseRow]
    cases: Mapping[str, Case]
    customers: Mapping[str, CustomerRow]

    @classmethod
    def read(
        cls, connection: Connection, tables: Tables, watch: Watch, ids: Sequence[str]
    ) -> Known:
        """Read it, in a few statements."""
        rows = tables.cases.of(connection.name, watch.object, ids)
        histories = tables.cases.histories(row.key for row in rows.values())
        return cls(
            seen=tables.watches.seen(connection.name, watch.object, ids),
            rows=rows,
            cases={id: fold(row.key, row.ref, histories[row.key]) for id, row in rows.items()},
            customers=tables.people.customers(connection.name, watch.object, rows),
        )

    def stage(self, id: str) -> str | None:
        """The raw stage a record was seen in last."""
        return seen.stage if (seen := self.seen.get(id)) else None


class Intake:
    """Takes in the records of one page, inside one transaction."""

    def __init__(
        self,
        connection: Connection,
        tables: Tables,
        watch: Watch,
        known: Known,
        *,
        baseline_at: datetime,
    ) -> None:
        self._connection = connection
        self._tables = tables
        self._watch = watch
        self._known = known
        self._baseline_at = baseline_at

    def take(
        self, record: Record, sight: Sight, moments: Sequence[Moment] | None, *, old: bool = False
    ) -> Taken:
        """One record. ``old``: open a case even if the stay began before the baseline."""
        case = self._known.cases.get(record.ref.id)
        at = record.modified_at or self._connection.crm.now()
        if record.gone:
            if case:
                self._append(case, Kind.GONE, at)
            return Taken.NOTED
        if sight in (Sight.ENTERED, Sight.UNSURE):
            stay = detect.stay(self._watch, moments, modified_at=at)
            new = detect.is_new(
                stay, created_at=record.created_at, baseline_at=self._baseline_at, sight=sight
            )
            if not new and not old:
                return Taken.OLD
            if self._entered(record, case, stay):
                return Taken.OPENED
        elif case and sight is Sight.MOVED:
            self._append(case, Kind.MOVED, at, phase=self._phase(record), stage=self._stage(record))
        elif case and sight is Sight.RETURNED and case.gone_at is None:
            self._append(case, Kind.LEFT, at, stage=self._stage(record))
        if case:
            self._refresh(record, case, at)
        return Taken.NOTED

    def _entered(self, record: Record, case: Case | None, stay: Stay) -> bool:
        """The customer is in the stage since then; whether that opens a new case."""
        row = self._known.rows.get(record.ref.id)
        verdict = detect.entered(
            self._watch,
            case,
            departed=row is not None and row.status in ("departed", "alumni"),
            at=stay.at,
            stage=self._stage(record),
        )
        if row and verdict.events:
            self._tables.cases.append(row.key, verdict.events)
        if row and verdict.close:
            self._tables.cases.set(row.key, closed=True)
        if verdict.open:
            self._open(record, row, stay)
        return verdict.open

    def _open(self, record: Record, row: CaseRow | None, stay: Stay) -> None:
        connection, id = self._connection, record.ref.id
        number = self._number(record, row)
        key = case_key(connection.identity.org, record.ref, number)
        hash, body = connection.resolve(record)
        self._tables.cases.pin(hash, body)
        data: dict[str, Any] = {
            "stage": self._stage(record),
            "phase": self._phase(record),
            "playbook": hash,
            "number": number,
            "exact": stay.exact,
            "by": stay.by,
        }
        event = Event(at=stay.at, kind=Kind.OPENED, data=data)
        self._tables.cases.open(
            connection.name, key, record.ref, number=number, playbook=hash, event=event
        )
        places = connection.places("customer")
        before = known.fields if (known := self._known.customers.get(id)) else {}
        carried = {}
        if number > 1:
            carried = left_over(places, before=before, after=record.fields)
        said = sayings(places, before={**before, **carried}, after=record.fields)
        self._tables.cases.append(key, list(self._events(key, said, stay.at)))
        self._tables.people.put_customers(
            connection.name, [CustomerRow(ref=record.ref, fields=record.fields, carried=carried)]
        )

    def _number(self, record: Record, row: CaseRow | None) -> int:
        """The next number; where the store knows less than the CRM, the CRM's case goes on."""
        if row is not None:
            return row.number + 1
        held = self._connection.ours(record, "case")
        if held is None:
            return 1
        org = self._connection.identity.org
        for number in range(1, 100):
            if case_key(org, record.ref, number) == held:
                over = self._connection.ours(record, "status") in ("alumni", "saved", "returned")
                return number + over
        return 1

    def _refresh(self, record: Record, case: Case, at: datetime) -> None:
        """Keep a customer's facts, and hear what people have said in our fields."""
        id = record.ref.id
        known = self._known.customers.get(id)
        if known is None or dict(known.fields) == dict(record.fields):
            return
        if known.known_at and at < known.known_at:
            return  # the CRM's index lags behind what we have written
        said = sayings(
            self._connection.places("customer"),
            before=known.fields,
            after=record.fields,
        )
        self._tables.cases.append(case.key, list(self._events(case.key, said, at)))
        self._tables.people.put_customers(
            self._connection.name,
            [replace(known, fields=record.fields)],
        )
        self._tables.cases.wake([case.key], at)

    def _events(self, case: str, said: Iterable[Saying], at: datetime) -> Iterable[Event]:
        for saying in said:
            data: dict[str, Any] = {"field": saying.field, "value": saying.value}
            if saying.words and saying.value is not None:
                kept = self._tables.surveys.keep_words(case, {saying.field: saying.value})
                data = {"field": saying.field, "value": None, "words": kept[saying.field]}
            yield Event(at=at, kind=Kind.SET, data=data)

    def _append(self, case: Case, kind: Kind, at: datetime, **data: Any) -> None:
        event = Event(at=at, kind=kind, data=data, mark=f"{kind} {at.isoformat()}")
        self._tables.cases.append(case.key, [event])

    def _stage(self, record: Record) -> str:
        value = record.fields.get(self._watch.stage)
        return "" if value is None else str(value)

    def _phase(self, record: Record) -> str:
        return detect.phase_of(self._watch, self._stage(record))
