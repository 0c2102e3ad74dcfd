"""Plan every case that is awake: read its world, plan, and keep the difference in the ledger."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from integrations.contract import Record
from mappings.facts import customer_facts, person_facts
from mappings.playbook import Playbook
from mappings.programme import Watch
from mappings.working import working_time
from sync import fatigue
from sync.case import after, fold
from sync.connection import Connection
from sync.evidence import noticed
from sync.invitations import invitations
from sync.lifetime import cancelled
from sync.model import Case, Event, Kind, Plan, Will
from sync.moves import moves
from sync.outbox import Entry, State, difference
from sync.plan import plan
from sync.store import Tables
from sync.store.cases import NEW, CaseRow
from sync.store.people import CustomerRow, PersonRow
from sync.store.surveys import Invitation
from sync.ticks import by_person, hear
from sync.touches import elsewhere
from sync.will import KINDS, wills
from sync.world import Human, World

#: Cases that are held in memory at a time.
BATCH: Final = 500
#: People are read again when a case wakes after this long.
STALE: Final = timedelta(days=1)
#: Cases in these may be no departure at all.
_UNCOUNTED: Final = (NEW, "settling", "void")


@dataclass(kw_only=True)
class Planned:
    """What planning came to."""

    cases: int = 0
    #: Cases for which something new is wanted, or something no longer is.
    changed: set[str] = field(default_factory=set)


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A case with everything its plan needs, and what the ledger has of it."""

    row: CaseRow
    case: Case
    world: World
    book: Playbook
    watch: Watch
    entries: Mapping[str, Entry]
    events: int

    def plan(self, now: datetime) -> Plan:
        """The plan at this moment."""
        return plan(self.case, self.world, self.book, self.watch, now)


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A plan and what it changes, made from this many events of its case."""

    case: str
    events: int
    #: What the plan was made on beside them.
    noticed: tuple[Event, ...]
    plan: Plan
    entries: tuple[Entry, ...]
    #: What the plan does to the case itself.
    news: tuple[Event, ...]
    invitations: tuple[Invitation, ...]


def plan_awake(connection: Connection, now: datetime) -> Planned:
    """Plan until no case is awake any more."""
    planned = Planned()
    while True:
        with connection.store.reading() as tables:
            rows = tables.cases.awake(connection.name, now, limit=BATCH)
        if not rows:
            return planned
        _read_people(connection, rows, now)
        drafts = [_draft(connection, one, now) for one in prepare(connection, rows)]
        with connection.store.transaction("plan cases") as tables:
            planned.changed |= _keep(connection, tables, drafts, now)
        planned.cases += len(rows)


def prepare(connection: Connection, rows: Sequence[CaseRow]) -> Iterator[Prepared]:
    """The cases with their worlds, as the store has them."""
    keys = [row.key for row in rows]
    with connection.store.reading() as tables:
        histories = tables.cases.histories(keys)
        entries = tables.ledger.of_cases(keys)
        words = tables.surveys.words_of(keys)
        customers: dict[tuple[str, str], CustomerRow] = {}
        for object, ids in _by_object(rows).items():
            found = tables.people.customers(connection.name, object, ids)
            customers |= {(object, id): row for id, row in found.items()}
        people = tables.people.people(connection.name, [row.record for row in rows])
        heard = _heard(tables, connection.name, people)
        siblings = tables.cases.all_of(connection.name, [row.record for row in rows])
        others = {key for listed in siblings.values() for key in listed} - {*keys}
        earlier = tables.cases.histories(others, kinds=(Kind.DONE,))
        features = {one.key: one.label for one in tables.shipped.of(connection.name)}
        told = wills(event for events in heard.values() for event in events)
        asked = fatigue.asked(heard)
        books = {hash: tables.cases.playbook(hash) for hash in {row.playbook for row in rows}}
    for row in rows:
        case = fold(row.key, row.ref, histories[row.key])
        known = people.get(row.record, ())
        yield Prepared(
            row=row,
            case=case,
            world=world(
                connection,
                customers[row.object, row.record],
                known,
                words.get(row.key, {}),
                {p.ref.id: told[p.ref.id] for p in known if p.ref.id in told},
                {p.ref.id: asked[p.ref.id] for p in known if p.ref.id in asked},
                moved=case.moved,
                touched=_touched(row, known, siblings.get(row.record, ()), earlier, heard),
                features=features,
            ),
            book=pinned(books[row.playbook]),
            watch=connection.watch_of(row.object),
            entries=entries.get(row.key, {}),
            events=len(histories[row.key]),
        )


def history(tables: Tables, owner: str, *, status: str | None = None) -> Iterator[tuple[Case, str]]:
    """Every departure of a connection that counted, with the name of its playbook."""
    rows = [row for row in tables.cases.list(owner, status=status) if row.status not in _UNCOUNTED]
    events = tables.cases.histories([row.key for row in rows])
    names = {hash: pinned(tables.cases.playbook(hash)).name for hash in {r.playbook for r in rows}}
    for row in rows:
        case = fold(row.key, row.ref, events[row.key])
        yield case, names[row.playbook]


def _heard(
    tables: Tables, owner: str, people: Mapping[str, Sequence[PersonRow]]
) -> dict[str, tuple[Event, ...]]:
    """What these people heard from us and said about it, by case, whichever it was."""
    ids = {p.ref.id for listed in people.values() for p in listed}
    cases = tables.surveys.cases_of(owner, ids)
    keys = {key for listed in cases.values() for key in listed}
    return tables.cases.histories(keys, kinds=(*KINDS, *fatigue.KINDS, Kind.DONE))


def _touched(
    row: CaseRow,
    people: Sequence[PersonRow],
    siblings: Iterable[str],
    earlier: Mapping[str, Iterable[Event]],
    heard: Mapping[str, Iterable[Event]],
) -> tuple[datetime, ...]:
    """When somebody got in touch with this customer, or with these people, in another case."""
    same = [at for key in siblings if key != row.key for at in elsewhere(earlier.get(key, ()))]
    ids = {person.ref.id for person in people}
    met = {at for key in heard.keys() - {*siblings} for at in elsewhere(heard[key], ids)}
    return tuple(sorted({*same, *met}))


@lru_cache(maxsize=256)
def pinned(body: str) -> Playbook:
    """A playbook from the text that a case keeps."""
    return Playbook.model_validate_json(body)


def world(
    connection: Connection,
    customer: CustomerRow,
    people: Iterable[PersonRow],
    words: Mapping[str, str],
    wills: Mapping[str, Will],
    asked: Mapping[str, Mapping[str, datetime]],
    *,
    moved: Collection[str] = (),
    touched: tuple[datetime, ...] = (),
    features: Mapping[str, str] | None = None,
) -> World:
    """One customer's world, in our words."""
    rules, programme = connection.rules, connection.programme
    record = Record(ref=customer.ref, fields=customer.fields)
    facts = customer_facts(record, programme, connection.loaded.rows)
    humans = [
        Human(
            facts=person_facts(
                Record(ref=person.ref, fields=person.fields),
                programme,
                connection.loaded.rows,
            ),
            opt_out=person.opt_out,
        )
        for person in people
    ]
    return World(
        rules=rules,
        customer=facts,
        people=tuple(human for human in humans if human.id not in moved),
        moved=tuple(human for human in humans if human.id in moved),
        touched=touched,
        features=features or {},
        calendar=working_time(
            programme.time, facts, rules.directory, zone=connection.identity.zone
        ),
        words=words,
        wills=wills,
        asked=asked,
        carried=customer.carried,
    )


def _read_people(connection: Connection, rows: Sequence[CaseRow], now: datetime) -> None:
    """Read the people of the customers whose people were not read lately."""
    for object, ids in _by_object(rows).items():
        with connection.store.reading() as tables:
            known = tables.people.customers(connection.name, object, ids)
        stale = [
            id for id, row in known.items() if row.people_at is None or now - row.people_at >= STALE
        ]
        if not stale:
            continue
        to = connection.programme.people.object
        found = connection.crm.related(object, stale, to, connection.related_fields)
        connection.count_related(object, to, stale, sum(map(len, found.values())))
        read = {
            id: [
                PersonRow(
                    ref=record.ref,
                    customer=id,
                    fields=record.fields,
                    opt_out=connection.opt_out(record.fields),
                )
                for record in found.get(id, ())
            ]
            for id in stale
        }
        mine = [row for row in rows if row.object == object and row.record in stale]
        gone = moves(connection, mine, read, now)
        with connection.store.transaction("plan people") as tables:
            before = by_person(
                row
                for rows in tables.people.people(connection.name, stale).values()
                for row in rows
            )
            now_read = [record for listed in found.values() for record in listed]
            hear(connection, tables, [(p, r) for r in now_read for p in before.get(r.ref.id, ())])
            gone.keep(tables)
            tables.people.put_people(connection.name, to, read, now)


def _draft(connection: Connection, one: Prepared, now: datetime) -> Draft:
    """Plan, while the store is free for others."""
    made = one.plan(now)
    event = noticed(one.case, one.world, made.status, now)
    if event:
        one = replace(one, case=after(one.case, event))
        made = one.plan(now)
    reasons = {held.step: held.reason for held in made.withheld}
    # A digest hangs on a case, and is about others as well.
    mine = {key: e for key, e in one.entries.items() if key.startswith(f"{one.row.key}:")}
    changed = difference(one.row.key, made.wants, mine, reasons)
    if one.case.gone_at and not one.case.joined:
        # What is left of a deleted customer stays as it is: it may be restored, or live on.
        changed = tuple(entry for entry in changed if entry.state is State.DROPPED)
    return Draft(
        case=one.row.key,
        events=one.events,
        noticed=(event,) if event else (),
        plan=made,
        entries=changed,
        news=tuple(cancelled(made.wants, one.entries, changed, now)),
        invitations=tuple(invitations(connection, one.case.key, made.wants, one.entries, now)),
    )


def _keep(
    connection: Connection, tables: Tables, drafts: Sequence[Draft], now: datetime
) -> set[str]:
    """Keep plans whose case has not moved on meanwhile; the others stay awake.

    Returns the cases for which something else is wanted than before.
    """
    counts = tables.cases.event_counts(draft.case for draft in drafts)
    kept = [draft for draft in drafts if counts[draft.case] == draft.events]
    for draft in kept:
        tables.cases.append(draft.case, draft.noticed)
    tables.ledger.put(connection.name, (e for draft in kept for e in draft.entries), now)
    tables.surveys.invite(one for draft in kept for one in draft.invitations)
    tables.cases.planned({draft.case: draft.plan for draft in kept})
    for draft in kept:
        if draft.news:
            tables.cases.append(draft.case, draft.news)
    return {draft.case for draft in kept if draft.entries}


def _by_object(rows: Iterable[CaseRow]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row.object, []).append(row.record)
    return found
