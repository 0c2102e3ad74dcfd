"""The simulation promises what the service does: both play the demo's story, and end alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import pytest

from integrations.contract import NOTE, TASK, Ref, Value
from integrations.sandbox import visitor
from sync.connection import Connection
from sync.demo import DAYS, START, STORY
from sync.engine.jobs import waits
from sync.outbox import Entry, State
from sync.simulation import cast
from sync.simulation.customer import Customer
from sync.simulation.play import play
from sync.simulation.script import Happening, told
from sync.trial import CRMS, Trial, trial

pytestmark = pytest.mark.slow

FIELDS = {"departs": "departs_on", "reason": "reason_csm"}


@pytest.mark.parametrize("crm", CRMS)
def test_the_simulation_and_the_service_end_alike(crm: str) -> None:
    with trial("demo", start=START, crms=[crm]) as stage, stage.pages() as pages:
        stage.provision(crm)
        connection = stage.connect(crm)
        script = told(STORY, DAYS)
        customers = cast.everyone(connection)
        play(connection, customers, script, START, DAYS)
        stage.cycle(connection)
        _run(stage, crm, connection, pages.urls["public"], script)

        tasks = {e.key: e for e in _entries(customers, "task") if e.settled is not None}
        notes = {e.key: e for e in _entries(customers, "note") if e.settled is not None}
        assert len(tasks) > 80
        assert _held(connection, TASK) == {key: _task(entry) for key, entry in tasks.items()}
        assert _held(connection, NOTE).keys() == notes.keys()
        assert _memberships(connection) == _members(customers)
        assert list(_otherwise(connection, customers)) == []


def _run(
    stage: Trial, crm: str, connection: Connection, survey: str, script: Sequence[Happening]
) -> None:
    """The same story in the sandbox; the service looks whenever it wants to."""
    due = sorted(script, key=lambda one: one.moment(START), reverse=True)
    end = START + timedelta(days=DAYS)
    while True:
        moments = [*waits(connection), *(one.moment(START) for one in due[-1:])]
        now = min(moments, default=end)
        if now >= end:
            return
        stage.until(now)
        acted = False
        while due and due[-1].moment(START) <= now:
            acted = _act(stage, crm, connection, survey, due.pop(), now) or acted
        if acted or any(at <= now for at in waits(connection)):
            stage.cycle(connection)


def _act(
    stage: Trial, crm: str, connection: Connection, survey: str, one: Happening, now: datetime
) -> bool:
    """Do it; whether there was anything to do."""
    id = stage.customers(crm)[one.customer or ""].id
    watch, by = connection.programme.watch[0], stage.colleague(crm, 1)
    (what,) = one.what
    if what == "stage":
        stage.edit(crm, id, watch.stage, one.stage or "", by=by)
    elif what in FIELDS:
        value = getattr(one, what)
        if isinstance(value, int):
            value = (START + timedelta(days=value)).date().isoformat()
        stage.edit(crm, id, connection.places("customer")[FIELDS[what]].field, value, by=by)
    elif what == "done":
        tasks = list(_due(connection, id, now))
        for task in tasks:
            with stage.sandbox.world.lock:
                stage.desk(crm).complete(task, by=by)
        return bool(tasks)
    elif one.answered:
        _answer(connection, survey, Ref(object=watch.object, id=id), one)
    return True


def _due(connection: Connection, customer: str, now: datetime) -> Iterator[str]:
    """The open tasks of a customer whose day has come."""
    with connection.store.reading() as tables:
        keys = [row.key for row in tables.cases.list(connection.name) if row.record == customer]
        entries = tables.ledger.of_cases(keys)
    for entry in (entry for case in entries.values() for entry in case.values()):
        due = entry.wanted.get("due")
        if entry.state is State.DELIVERED and isinstance(due, datetime) and due <= now:
            assert entry.id
            yield entry.id


def _answer(connection: Connection, survey: str, customer: Ref, one: Happening) -> None:
    """The first person who has a link opens it."""
    link = connection.places("person")["survey_url"].field
    to = connection.programme.people.object
    people = connection.crm.related(customer.object, [customer.id], to, [link])[customer.id]
    url = next(str(p.fields[link]) for p in people if p.fields.get(link))
    assert one.answered
    answers = dict(one.answered.answers)
    if one.answered.stay_in_touch:
        answers["stay_in_touch"] = "on"
    visitor.fill_in(survey + url[url.index("/s/") :], answers)


def _entries(customers: Sequence[Customer], kind: str) -> Iterator[Entry]:
    for customer in customers:
        for one in customer.departures:
            yield from (entry for entry in one.entries.values() if entry.kind == kind)


def _task(entry: Entry) -> dict[str, Value]:
    done = entry.state in (State.DONE, State.CLOSED)
    return {
        "subject": entry.wanted["subject"],
        "owner": entry.wanted["owner"],
        "day": entry.wanted["due"].date(),  # type: ignore[union-attr]
        "done": done,
    }


def _held(connection: Connection, kind: str) -> dict[str, dict[str, Value]]:
    """Our tasks or notes as the CRM has them."""
    held = {one.id: one.key for one in connection.crm.find(kind, None)}
    if kind == NOTE:
        return {key: {} for key in held.values()}
    read = connection.crm.read(kind, list(held), ("subject", "owner", "due", "done"))
    return {
        held[id]: {
            "subject": record.fields["subject"],
            "owner": record.fields["owner"],
            "day": record.fields["due"].date()  # type: ignore[union-attr]
            if isinstance(record.fields["due"], datetime)
            else record.fields["due"],
            "done": record.fields["done"],
        }
        for id, record in read.items()
    }


def _memberships(connection: Connection) -> set[tuple[str, str]]:
    return {
        (name, person)
        for name, id in connection.segments.items()
        for person in connection.crm.members(id)
    }


def _members(customers: Sequence[Customer]) -> set[tuple[str, str]]:
    return {
        (str(entry.wanted["segment"]), entry.ref.id)
        for entry in _entries(customers, "member")
        if entry.state is State.DELIVERED and entry.wanted["present"]
    }


def _otherwise(connection: Connection, customers: Sequence[Customer]) -> Iterator[object]:
    """Our fields that the CRM holds otherwise than the simulation."""
    objects = {
        "customer": [one.ref for one in customers],
        "person": [person.ref for one in customers for person in one.people],
    }
    records = {ref: fields for one in customers for ref, fields in one.records.items()}
    for kind, refs in objects.items():
        fields = [place.field for place in connection.places(kind).values()]  # type: ignore[arg-type]
        object = refs[0].object
        for id, record in connection.crm.read(object, [ref.id for ref in refs], fields).items():
            simulated = connection.links.reveal(records[Ref(object=object, id=id)])
            for name in fields:
                left, right = record.fields.get(name), simulated.get(name)
                if not connection.same(object, name, left, right):
                    yield id, name, left, right
