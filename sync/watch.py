"""Ask the CRM what has changed, and open, move, close and re-open cases by what it says.

Each page is one transaction: stages, events and the cursor are kept together or not at all.
Reading a page again is harmless.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256

from integrations.contract import Moment, Page, Query, Record
from integrations.errors import Drift
from mappings.programme import Watch
from sync import detect
from sync.connection import Connection
from sync.detect import Sight
from sync.intake import Intake, Known, Taken
from sync.join import join
from sync.store.watches import Seen, Watching


@dataclass(kw_only=True)
class Watched:
    """What a look came to."""

    records: int = 0
    opened: int = 0
    #: In the stage since before the watch began.
    old: int = 0
    #: No cursor was there yet, or the rules of the watch have changed.
    baseline: bool = False


def watch_customers(connection: Connection, watch: Watch) -> Watched:
    """Look at every customer that has changed since the last look."""
    watched = Watched()
    state = _state(connection, watch)
    watched.baseline = not state.ready
    query = Query(object=watch.object, fields=connection.customer_fields(watch))
    for page in connection.crm.changes(query, state.cursor):
        complete(page, [watch.stage])
        if state.ready and not page.records:
            continue  # the older cursor leads here as well
        if state.ready:
            state = _look(connection, watch, state, page, watched)
        else:
            state = _baseline(connection, watch, state, page, watched)
        watched.records += len(page.records)
    connection.tally.page(f"changes {watch.object}", watched.records)
    return watched


@dataclass(frozen=True, kw_only=True)
class LookedAt:
    """What a look at single customers came to: those that are there, and the cases opened."""

    ids: frozenset[str] = frozenset()
    opened: int = 0


def look_at(connection: Connection, watch: Watch, ids: Collection[str]) -> LookedAt:
    """Look at these customers as they are now, by a path that does not lag."""
    state = _state(connection, watch)
    if not ids or not state.ready or state.cursor is None:
        return LookedAt(ids=frozenset(ids))
    read = connection.crm.read(watch.object, ids, connection.customer_fields(watch))
    connection.tally.add(f"read {watch.object}", len(ids), of="read")
    watched, page = Watched(), Page(records=tuple(read.values()), cursor=state.cursor, last=True)
    complete(page, [watch.stage])
    _look(connection, watch, state, page, watched)
    return LookedAt(ids=frozenset(read), opened=watched.opened)


def _state(connection: Connection, watch: Watch) -> Watching:
    rules = watch.model_dump_json(include={"object", "stage", "enters", "returns"})
    return standing(connection, f"customers:{watch.object}", watch.object, rules)


def standing(connection: Connection, name: str, object: str, rules: str) -> Watching:
    """Where a watch stands; a new one, or one of other rules, starts with a silent baseline."""
    hashed = sha256(rules.encode()).hexdigest()[:16]
    with connection.store.reading() as tables:
        known = tables.watches.get(connection.name, name)
    if known and known.rules == hashed:
        return known
    begun = Watching(
        name=name, rules=hashed, baseline_at=connection.crm.now(), cursor=None, ready=False
    )
    with connection.store.transaction("watch begins") as tables:
        tables.watches.forget(connection.name, object)
        tables.watches.put(connection.name, begun)
    return begun


def _baseline(
    connection: Connection, watch: Watch, state: Watching, page: Page, watched: Watched
) -> Watching:
    """Remember where everybody stands. Who was modified meanwhile is looked at afterwards."""
    settled = [
        record
        for record in page.records
        if not record.gone
        and (record.modified_at is None or record.modified_at <= state.baseline_at)
    ]
    stages = {
        record.ref.id: Seen(
            record=record.ref.id,
            stage=(stage := _stage(watch, record)),
            old=stage in watch.enters.all,
        )
        for record in settled
    }
    watched.old += sum(seen.old for seen in stages.values())
    state = replace(state, cursor=page.cursor, ready=page.last)
    with connection.store.transaction("watch baseline") as tables:
        tables.watches.remember(connection.name, watch.object, stages)
        tables.watches.put(connection.name, state)
    return state


def _look(
    connection: Connection, watch: Watch, state: Watching, page: Page, watched: Watched
) -> Watching:
    """Compare each record with what was seen of it last."""
    ids = [record.ref.id for record in page.records]
    join(connection, watch.object, _merged(page))
    with connection.store.reading() as tables:
        known = Known.read(connection, tables, watch, ids)
    sights = {
        record.ref.id: detect.look(watch, known.stage(record.ref.id), _stage(watch, record))
        for record in page.records
    }
    doubtful = [id for id, sight in sights.items() if sight in (Sight.ENTERED, Sight.UNSURE)]
    history: Mapping[str, tuple[Moment, ...]] = {}
    if doubtful:
        history = connection.crm.history(watch.object, doubtful, watch.stage)
        connection.tally.add("history", len(doubtful))
    concerned = {*doubtful, *known.cases}
    family = connection.with_parents(watch, (r for r in page.records if r.ref.id in concerned))
    children = {record.ref.id: record for record in family}
    state = replace(state, cursor=page.cursor)
    with connection.store.transaction("watch page") as tables:
        intake = Intake(connection, tables, watch, known, baseline_at=state.baseline_at)
        stages = {}
        for each in page.records:
            record = children.get(each.ref.id, each)
            id = record.ref.id
            stage, taken = _stage(watch, record), intake.take(record, sights[id], history.get(id))
            watched.opened += taken is Taken.OPENED
            watched.old += taken is Taken.OLD
            if known.stage(id) != stage:
                stages[id] = Seen(record=id, stage=stage, old=taken is Taken.OLD)
        tables.watches.remember(connection.name, watch.object, stages)
        tables.watches.put(connection.name, state)
    return state


def complete(page: Page, fields: Collection[str]) -> None:
    """See that the records tell what is compared; raises Drift where a field has gone.

    Nobody has left a stage because the field of the stage was deleted.
    """
    for record in page.records:
        for name in fields:
            if not record.gone and name not in record.fields:
                raise Drift(f"{record.ref.object} has no field {name} any more", field=name)


def _merged(page: Page) -> dict[str, str]:
    """Who was merged into whom, as these records tell."""
    told = {id: record.ref.id for record in page.records for id in record.absorbed}
    return told | {r.ref.id: r.merged_into for r in page.records if r.merged_into}


def _stage(watch: Watch, record: Record) -> str:
    value = record.fields.get(watch.stage)
    return "" if value is None else str(value)
