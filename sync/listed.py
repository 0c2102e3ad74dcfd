"""Who stands on the list of an exclusion at the moment in which something would reach them.

The lists are read whole at start and once an hour, which is what plans go by. Before anything goes
out the CRM is asked once more, for those alone whom it would reach and for their customers: nobody
hears from us after they were put on a list. Their cases are planned again, and say so too.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from integrations.contract import Record, Ref, Value
from integrations.errors import Drift, Gone, Reject, Retry
from mappings.conditions import evaluate
from mappings.facts import customer_facts
from mappings.programme import Exclude
from sync.connection import Connection
from sync.exclude import named
from sync.outbox import Entry
from sync.store import Tables
from sync.will import scope_of


def on_lists(connection: Connection, outward: Sequence[Entry]) -> Mapping[str, str] | None:
    """The keys of the entries that must not go out, and why; None: the CRM did not say."""
    rosters = {name: one for name, one in connection.org.rosters.items() if one.object}
    if not rosters or not outward:
        return {}
    with connection.store.reading() as tables:
        around = _around(connection, tables, {entry.case for entry in outward})
    reached = {e.key: around.get(e.case, frozenset()) | {e.ref} for e in outward}
    asked = frozenset[Ref]().union(*reached.values())
    try:
        found = connection.crm.listed(list(rosters.values()), sorted(asked, key=_order))
    except (Retry, Gone, Reject, Drift):
        return None
    objects = {one.object for one in rosters.values()}
    many = sum(ref.object in objects for ref in asked)
    connection.tally.add("listed", many, of="listed")
    now = {name: found.get(one.id, frozenset()) for name, one in rosters.items()}
    if any(now.values()):
        connection.now_on(now)
    rules = [one for one in connection.programme.exclude if one.list in now]
    words: dict[str, str] = {}
    for entry in outward:
        for rule in rules:
            if _is_about(connection, rule, entry, reached[entry.key], now):
                words.setdefault(entry.key, named(rule))
    return words


def _is_about(
    connection: Connection,
    rule: Exclude,
    entry: Entry,
    reached: Collection[Ref],
    now: Mapping[str, frozenset[Ref]],
) -> bool:
    """Whether an exclusion keeps an entry in.

    Who is on the list of a survey keeps only themselves out of it; a customer on it, and anybody
    on the list of an exclusion from everything, keeps out everybody there.
    """
    if rule.of == "survey":
        if scope_of(entry.step) != "survey":
            return False
        people = connection.programme.people.object
        reached = [ref for ref in reached if ref == entry.ref or ref.object != people]
    if not now.get(rule.list or "", frozenset()) & set(reached):
        return False
    return not rule.when or evaluate(rule.when, _facts(connection, entry)).holds


def _facts(connection: Connection, entry: Entry) -> Mapping[str, Value]:
    """What is known of the customer of an entry."""
    with connection.store.reading() as tables:
        if (row := tables.cases.get(entry.case)) is None:
            return {}
        found = tables.people.customers(connection.name, row.object, [row.record])
    if (customer := found.get(row.record)) is None:
        return {}
    record = Record(ref=customer.ref, fields=customer.fields)
    return customer_facts(record, connection.programme, connection.loaded.rows).words


def _around(
    connection: Connection, tables: Tables, cases: Collection[str]
) -> dict[str, frozenset[Ref]]:
    """The customer of each case, and everybody there."""
    rows = tables.cases.some(cases)
    people = tables.people.people(connection.name, {row.record for row in rows.values()})
    return {
        key: frozenset((row.ref, *(person.ref for person in people.get(row.record, ()))))
        for key, row in rows.items()
    }


def _order(ref: Ref) -> tuple[str, str]:
    return ref.object, ref.id
