"""Other records that say a customer leaves: a renewal that is lost, a contract that ends.

A customer has one open case, whatever says so: the first word opens it, every further one is an
event on it. Each page is one transaction; reading a page again is harmless.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from integrations.contract import Moment, Page, Query, Record
from mappings.programme import Trigger, Watch
from sync import detect
from sync.connection import Connection
from sync.intake import Intake, Known, Taken
from sync.store.watches import TRIGGER, Seen, Watching
from sync.watch import complete, standing


def look_at_triggers(connection: Connection) -> int:
    """Look at every such record that has changed since the last look; how many cases opened."""
    return sum(_look(connection, trigger) for trigger in connection.programme.triggers)


def _look(connection: Connection, trigger: Trigger) -> int:
    opened, records = 0, 0
    if not connection.has(trigger.object, trigger.stage, *trigger.only):
        return 0  # what has changed meanwhile is looked at once the fields are there again
    state = standing(connection, f"{TRIGGER}{trigger.object}", trigger.object, _rules(trigger))
    query = Query(object=trigger.object, fields=(trigger.stage, *trigger.only))
    for page in connection.crm.changes(query, state.cursor):
        complete(page, query.fields)
        records += len(page.records)
        if state.ready and not page.records:
            continue
        if state.ready:
            state, more = _page(connection, trigger, state, page)
            opened += more
        else:
            state = _baseline(connection, trigger, state, page)
    connection.tally.page(f"changes {trigger.object}", records)
    return opened


def _rules(trigger: Trigger) -> str:
    return trigger.model_dump_json(include={"object", "stage", "enters", "only"})


def _baseline(connection: Connection, trigger: Trigger, state: Watching, page: Page) -> Watching:
    """Remember where each of them stands; what was lost before is nobody's departure now."""
    settled = [
        record
        for record in page.records
        if not record.gone
        and (record.modified_at is None or record.modified_at <= state.baseline_at)
    ]
    stages = {r.ref.id: Seen(record=r.ref.id, stage=_stage(trigger, r)) for r in settled}
    state = replace(state, cursor=page.cursor, ready=page.last)
    with connection.store.transaction("trigger baseline") as tables:
        tables.watches.remember(connection.name, trigger.object, stages)
        tables.watches.put(connection.name, state)
    return state


def _page(
    connection: Connection, trigger: Trigger, state: Watching, page: Page
) -> tuple[Watching, int]:
    """Compare each with what was seen of it last; what counts is told of its customers."""
    there = [record for record in page.records if not record.gone]
    ids = [record.ref.id for record in there]
    with connection.store.reading() as tables:
        seen = tables.watches.seen(connection.name, trigger.object, ids)
    rules = _watch(connection, trigger)
    before = {id: seen[id].stage if id in seen else None for id in ids}
    said = [record for record in there if _says(rules, before[record.ref.id], trigger, record)]
    history: Mapping[str, tuple[Moment, ...]] = {}
    customers: Mapping[str, tuple[Record, ...]] = {}
    if said:
        asked = [record.ref.id for record in said]
        history = connection.crm.history(trigger.object, asked, trigger.stage)
        connection.tally.add("history", len(asked))
        customers = _customers(connection, trigger, asked)
    every = {one.ref.id for some in customers.values() for one in some}
    with connection.store.reading() as tables:
        known = Known.read(connection, tables, _main(connection), sorted(every))
    state = replace(state, cursor=page.cursor)
    with connection.store.transaction("trigger page") as tables:
        intake = Intake(connection, tables, _main(connection), known, baseline_at=state.baseline_at)
        opened = 0
        for record in said:
            stay = detect.stay(
                rules,
                history.get(record.ref.id),
                modified_at=record.modified_at or connection.crm.now(),
            )
            sight = detect.look(rules, before[record.ref.id], _stage(trigger, record))
            for customer in customers.get(record.ref.id, ()):
                taken = intake.told(customer, record, sight, stay, rules)
                opened += taken is Taken.OPENED
        stages = {
            r.ref.id: Seen(record=r.ref.id, stage=stage)
            for r in there
            if (stage := _stage(trigger, r)) != before[r.ref.id]
        }
        tables.watches.remember(connection.name, trigger.object, stages)
        tables.watches.put(connection.name, state)
    return state, opened


def _says(rules: Watch, before: str | None, trigger: Trigger, record: Record) -> bool:
    """Whether the record says something that it did not say before."""
    if any(_text(record, name) not in values for name, values in trigger.only.items()):
        return False
    stage = _stage(trigger, record)
    inside, was = stage in rules.enters.all, before in rules.enters.all
    return stage != before and (inside or was)


def _customers(
    connection: Connection, trigger: Trigger, ids: Sequence[str]
) -> Mapping[str, tuple[Record, ...]]:
    """Whose records these are, by the CRM's own links."""
    main = _main(connection)
    fields = connection.customer_fields(main)
    found = connection.crm.related(trigger.object, ids, main.object, fields)
    connection.count_related(trigger.object, main.object, ids, sum(map(len, found.values())))
    return found


def _main(connection: Connection) -> Watch:
    return connection.programme.watch[0]


def _watch(connection: Connection, trigger: Trigger) -> Watch:
    """The trigger's own stages, under the rules that the customer is watched by."""
    changed = {"object": trigger.object, "stage": trigger.stage, "enters": trigger.enters}
    return _main(connection).model_copy(update={**changed, "returns": ()})


def _stage(trigger: Trigger, record: Record) -> str:
    return _text(record, trigger.stage)


def _text(record: Record, name: str) -> str:
    value = record.fields.get(name)
    return "" if value is None else str(value)
