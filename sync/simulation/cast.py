"""Who is simulated: the customers that the store knows, or those of the CRM. Only reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from integrations.contract import OptOut, Query, Record, Ref
from mappings.facts import customer_facts
from mappings.playbook import Playbook
from mappings.reasons import REASONS
from sync.connection import Connection
from sync.outbox import ON_ITS_WAY, Entry, State
from sync.simulation.customer import Customer
from sync.simulation.departure import Departure
from sync.simulation.script import DUE
from sync.store import Tables
from sync.store.cases import CaseRow
from sync.store.people import CustomerRow, PersonRow


def everyone(connection: Connection, name: str | None = None) -> list[Customer]:
    """Every customer in the CRM, or the one of this name; none has a case yet."""
    found = []
    for watch in connection.programme.watch:
        query = Query(
            object=watch.object, fields=connection.customer_fields(watch), having=watch.stage
        )
        for page in connection.crm.changes(query, None):
            records = [record for record in page.records if not record.gone]
            named = {record.ref.id: _named(connection, record) for record in records}
            wanted = [r for r in records if name is None or named[r.ref.id] == name]
            wanted = [*connection.with_parents(watch, wanted)]
            found += [
                Customer(
                    connection=connection,
                    ref=record.ref,
                    name=named[record.ref.id],
                    records={record.ref: dict(record.fields)},
                )
                for record in wanted
            ]
    _meet(connection, found)
    return found


def known(connection: Connection, now: datetime, name: str | None = None) -> list[Customer]:
    """The customers that have cases in the store, or the one of this name, as they stand."""
    with connection.store.reading() as tables:
        rows = list(tables.cases.list(connection.name))
        records = [
            row
            for watch in connection.programme.watch
            for row in tables.people.customers(
                connection.name, watch.object, [r.record for r in rows if r.object == watch.object]
            ).values()
        ]
        found = [_customer(connection, tables, row, rows, now) for row in records]
    return [customer for customer in found if name is None or customer.name == name]


def _customer(
    connection: Connection, tables: Tables, known: CustomerRow, rows: Iterable[CaseRow],
    now: datetime,
) -> Customer:  # fmt: skip
    own = sorted((row for row in rows if row.ref == known.ref), key=lambda row: row.number)
    keys = [row.key for row in own]
    histories, entries = tables.cases.histories(keys), tables.ledger.of_cases(keys)
    words = tables.surveys.words_of(keys)
    features = {one.key: one.label for one in tables.shipped.of(connection.name)}
    customer = Customer(
        connection=connection,
        ref=known.ref,
        name=_named(connection, Record(ref=known.ref, fields=known.fields)),
        records={known.ref: dict(known.fields)},
        carried=dict(known.carried),
        features=features,
        departures=[
            Departure(
                key=row.key,
                ref=known.ref,
                book=Playbook.model_validate_json(tables.cases.playbook(row.playbook)),
                watch=connection.watch_of(row.object),
                events=list(histories[row.key]),
                entries={key: _calm(e) for key, e in entries.get(row.key, {}).items()},
                words=dict(words.get(row.key, {})),
                wake_at=now,
            )
            for row in own
        ],
    )
    customer.gone = any(one.case.gone_at for one in customer.departures[-1:])
    for person in tables.people.people(connection.name, [known.ref.id]).get(known.ref.id, ()):
        _knows(customer, person)
    for one in customer.departures:
        for entry in one.entries.values():
            if entry.kind == "fields":
                left = customer.newest if one is customer.departures[-1] else customer.left
                left.setdefault(entry.ref, {}).update(entry.given)
    return customer


def _knows(customer: Customer, person: PersonRow) -> None:
    customer.people.append(person)
    customer.records[person.ref] = dict(person.fields)
    if person.opt_out:
        customer.opt_outs[person.ref.id] = person.opt_out


def _calm(entry: Entry) -> Entry:
    """What is on the wire or waits for another try has its turn at once."""
    if entry.state not in ON_ITS_WAY and entry.next_at is None:
        return entry
    return replace(entry, state=State.PENDING, next_at=None)


def _meet(connection: Connection, customers: list[Customer]) -> None:
    """Read the people, and what the CRM says about mail to them."""
    to = connection.programme.people.object
    people: dict[Ref, tuple[Record, ...]] = {}
    for watch in connection.programme.watch:
        ids = [one.ref.id for one in customers if one.ref.object == watch.object]
        if ids:
            found = connection.crm.related(watch.object, ids, to, connection.related_fields)
            people |= {Ref(object=watch.object, id=id): listed for id, listed in found.items()}
    answers = _opt_outs(connection, people)
    for one in customers:
        for record in people.get(one.ref, ()):
            answer = answers.get(record.ref.id)
            fields, out = record.fields, connection.opt_out(record.fields)
            person = PersonRow(ref=record.ref, customer=one.ref.id, fields=fields, opt_out=out)
            _knows(one, person)
            if answer:
                one.opt_outs[record.ref.id] = answer


def _opt_outs(
    connection: Connection, people: Mapping[Ref, tuple[Record, ...]]
) -> Mapping[str, OptOut]:
    addresses = {
        record.ref.id: address
        for listed in people.values()
        for record in listed
        if (address := connection.address(record.fields))
    }
    return connection.crm.opt_outs(addresses) if addresses else {}


def _named(connection: Connection, record: Record) -> str:
    return customer_facts(record, connection.programme, connection.loaded.rows).name


def names(customers: Iterable[Customer], connection: Connection) -> dict[str, list[str]]:
    """What a script may name, by kind."""
    listed = list(customers)
    humans = [human for one in listed for human in one.world.people]
    owners = connection.org.owners
    steps = {step for book in connection.programme.books.values() for step in book.steps}
    steps |= {step for one in listed for case in one.departures for step in case.book.steps}
    return {
        "customer": [one.name for one in listed],
        "person": [w for h in humans for w in (h.facts.email, h.facts.name, h.id) if w],
        "colleague": [w for o in owners for w in (o.email, o.name, o.id) if w],
        "question of the check": [one.key for one in connection.rules.questionnaire.check],
        "question": [question.key for question in connection.rules.questionnaire.questions],
        "step": [DUE, *sorted(steps)],
        "reason": [*REASONS],
        "field": [k for k, p in connection.places("customer").items() if p.row.set_by_people],
    }
