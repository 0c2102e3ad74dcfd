"""Turns what was seen of one record into cases and events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum, auto
from typing import Any

from integrations.contract import Moment, Record, Value
from mappings.programme import Watch
from sync import detect
from sync.case import fold
from sync.connection import Connection
from sync.detect import Sight, Stay, Verdict
from sync.model import Case, Event, Kind, case_key
from sync.said import Saying, carried, left_over, sayings
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
        #: Customers whose case another record has just opened.
        self._told: set[str] = set()

    def take(
        self, record: Record, sight: Sight, moments: Sequence[Moment] | None, *, old: bool = False
    ) -> Taken:
        """One record. ``old``: open a case even if the stay began before the baseline."""
        case = self._known.cases.get(record.ref.id)
        at = record.modified_at or self._connection.crm.now()
        if record.gone:
            if case and case.gone_at is None:
                self._append(case, Event(at=at, kind=Kind.GONE, mark=f"gone {at.isoformat()}"))
            return Taken.NOTED
        if case and case.gone_at:
            if at < case.gone_at:
                return Taken.NOTED  # the CRM's index does not know yet
            back = Event(at=at, kind=Kind.RESTORED, mark=f"restored {at.isoformat()}")
            self._append(case, back)
            case = replace(case, gone_at=None)
        taken, events = Taken.NOTED, tuple[Event, ...]()
        if sight in (Sight.ENTERED, Sight.UNSURE):
            stay = detect.stay(self._watch, moments, modified_at=at)
            new = detect.is_new(
                stay, created_at=record.created_at, baseline_at=self._baseline_at, sight=sight
            )
            if new or old:
                verdict = self._entered(record, case, stay)
                if verdict.open:
                    return Taken.OPENED
                events = verdict.events
            else:
                taken = Taken.OLD
        elif case:
            events = self._passed(record, case, sight, at)
        if case:
            self._append(case, *events)
            self._refresh(record, case, at, undecided=any(map(_reopens, events)))
        return taken

    def noticed(self, record: Record, at: datetime) -> bool:
        """A notice that did not come by the stage; whether it opened a case.

        A case that is open goes on; one that has ended is closed for good, as by a new entry.
        """
        case, row = self._known.cases.get(record.ref.id), self._known.rows.get(record.ref.id)
        if case and case.inside and row and row.status not in ("departed", "alumni"):
            return False
        if case and row:
            closed = Event(at=at, kind=Kind.CLOSED, mark=f"{Kind.CLOSED} {at.isoformat()}")
            self._append(case, closed)
            self._tables.cases.set(row.key, closed=True)
        stay = Stay(at=at, exact=True)
        self._open(record, row, case, stay, stage=self._stage(record), phase="notice")
        return True

    def _passed(self, record: Record, case: Case, sight: Sight, at: datetime) -> tuple[Event, ...]:
        """What a look that is no entry means for the case that there is."""
        stage = self._stage(record)
        if sight is Sight.RETURNED:
            departs_on = self._departs_on(self._known.rows[record.ref.id])
            left = detect.returned(self._watch, case, departs_on=departs_on, at=at, stage=stage)
            return (left,) if left else ()
        if sight is Sight.MOVED:
            return (detect.moved(self._watch, at=at, stage=stage),)
        return ()

    def _entered(self, record: Record, case: Case | None, stay: Stay) -> Verdict:
        """The customer is in the stage since then; opens a new case where that calls for one."""
        row = self._known.rows.get(record.ref.id)
        verdict = detect.entered(
            self._watch, case, departed=self._departed(row), at=stay.at, stage=self._stage(record)
        )
        if verdict.open:
            if row:
                self._tables.cases.append(row.key, verdict.events)
                self._tables.cases.set(row.key, closed=True)
            stage = self._stage(record)
            phase = detect.phase_of(self._watch, stage)
            self._open(record, row, case, stay, stage=stage, phase=phase)
        return verdict

    def told(self, customer: Record, by: Record, sight: Sight, stay: Stay, rules: Watch) -> Taken:
        """What another record says of a customer; ``rules``: those of that record's stages."""
        id, stage = customer.ref.id, _text(by, rules.stage)
        case, row = self._known.cases.get(id), self._known.rows.get(id)
        if customer.gone or id in self._told or (case and case.gone_at):
            return Taken.NOTED
        source = f"{by.ref.object}:{by.ref.id}"
        if stage not in rules.enters.all:
            if case and row and case.trigger == source and not self._inside(customer):
                departs_on = self._departs_on(row)
                left = detect.returned(rules, case, departs_on=departs_on, at=stay.at, stage=stage)
                self._append(case, *([left] if left else []))
            return Taken.NOTED
        if not detect.is_new(
            stay, created_at=by.created_at, baseline_at=self._baseline_at, sight=sight
        ):
            return Taken.OLD
        departed = self._departed(row)
        verdict = detect.entered(rules, case, departed=departed, at=stay.at, stage=stage)
        if verdict.open:
            self._told.add(id)
            if row:
                self._tables.cases.append(row.key, verdict.events)
                self._tables.cases.set(row.key, closed=True)
            phase = detect.phase_of(rules, stage)
            self._open(customer, row, case, stay, stage=stage, phase=phase, trigger=source)
            return Taken.OPENED
        if case:
            self._append(case, *verdict.events)
        return Taken.NOTED

    def _inside(self, customer: Record) -> bool:
        return self._stage(customer) in self._watch.enters.all

    def _open(
        self,
        record: Record,
        row: CaseRow | None,
        before: Case | None,
        stay: Stay,
        *,
        stage: str,
        phase: str,
        trigger: str | None = None,
    ) -> None:
        connection = self._connection
        number, over = self._number(record, row)
        key = case_key(connection.identity.org, record.ref, number)
        hash, body = connection.resolve(record)
        self._tables.cases.pin(hash, body)
        data: dict[str, Any] = {
            "stage": stage,
            "phase": phase,
            "trigger": trigger,
            "playbook": hash,
            "number": number,
            "exact": stay.exact,
            "by": stay.by,
        }
        if row and row.status == "saved" and before and before.left_at:
            data["stayed_at"] = before.left_at.isoformat()
        event = Event(at=stay.at, kind=Kind.OPENED, data=data)
        self._tables.cases.open(
            connection.name, key, record.ref, number=number, playbook=hash, event=event
        )
        left = self._carried(record, before, over=over)
        said = sayings(connection.places("customer"), before=left, after=record.fields)
        self._tables.cases.append(key, list(self._events(key, said, stay.at)))
        self._tables.people.put_customers(
            connection.name, [CustomerRow(ref=record.ref, fields=record.fields, carried=left)]
        )

    def _carried(self, record: Record, before: Case | None, *, over: bool) -> dict[str, Value]:
        """What an earlier departure has left in our fields; what was said since it ended is new."""
        places = self._connection.places("customer")
        known = self._known.customers.get(record.ref.id)
        if before is None or known is None:
            return left_over(places, before={}, after=record.fields) if over else {}
        return carried(places, before, held=known.carried, known=known.fields, after=record.fields)

    def _number(self, record: Record, row: CaseRow | None) -> tuple[int, bool]:
        """The next number, and whether a departure before it is over.

        Where the store knows less than the CRM, the CRM's case goes on.
        """
        if row is not None:
            return row.number + 1, True
        held = self._connection.ours(record, "case")
        if held is None:
            return 1, False
        org = self._connection.identity.org
        for number in range(1, 100):
            if case_key(org, record.ref, number) == held:
                over = self._connection.ours(record, "status") in ("alumni", "saved", "returned")
                return number + over, over
        return 1, False

    def _refresh(self, record: Record, case: Case, at: datetime, *, undecided: bool) -> None:
        """Keep a customer's facts, and hear what people have said in our fields.

        ``undecided``: the decision that stands there was about an earlier stay.
        """
        known = self._known.customers.get(record.ref.id)
        if known is None:
            return
        places = self._connection.places("customer")
        if undecided and (place := places.get("decision")):
            old = {place.field: known.fields.get(place.field)}
            known = replace(known, carried={**known.carried, **old})
            self._tables.people.put_customers(self._connection.name, [known])
        if dict(known.fields) == dict(record.fields):
            return
        if known.known_at and at < known.known_at:
            return  # the CRM's index lags behind what we have written
        said = sayings(places, before=known.fields, after=record.fields)
        self._append(case, *self._events(case.key, said, at))
        self._tables.people.put_customers(
            self._connection.name, [replace(known, fields=record.fields)]
        )
        self._tables.cases.wake([case.key], at)

    def _events(self, case: str, said: Iterable[Saying], at: datetime) -> Iterable[Event]:
        for saying in said:
            data: dict[str, Any] = {"field": saying.field, "value": saying.value}
            if saying.words and saying.value is not None:
                kept = self._tables.surveys.keep_words(case, {saying.field: saying.value})
                data = {"field": saying.field, "value": None, "words": kept[saying.field]}
            yield Event(at=at, kind=Kind.SET, data=data)

    def _append(self, case: Case, *events: Event) -> None:
        self._tables.cases.append(case.key, events)

    def _departed(self, row: CaseRow | None) -> date | None:
        """The day on which the customer has left, if they have."""
        return self._departs_on(row) if row and detect.departed(row.status) else None

    @staticmethod
    def _departs_on(row: CaseRow) -> date | None:
        return date.fromisoformat(row.departs_on) if row.departs_on else None

    def _stage(self, record: Record) -> str:
        return _text(record, self._watch.stage)


def _text(record: Record, name: str) -> str:
    value = record.fields.get(name)
    return "" if value is None else str(value)


def _reopens(event: Event) -> bool:
    return event.kind is Kind.REOPENED and bool(event.data["settled"])
