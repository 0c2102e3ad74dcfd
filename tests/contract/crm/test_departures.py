"""The record of a departure in an object of its own: made once, changed, found, and linked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from integrations.contract import (
    DEPARTURE,
    Change,
    Create,
    Crm,
    Departure,
    Keeping,
    Query,
    Receipt,
    Ref,
    Value,
    Write,
)
from integrations.errors import Exists, Reject
from integrations.sandbox.desk import Related
from mappings.loader import rows
from tests.contract.crm.bench import Bench

pytestmark = pytest.mark.sandbox("an object that nobody has deployed or bought")

#: What no departure can be about.
OTHER = {"hubspot": "deals", "salesforce": "Opportunity"}
KEY = "abcdefghijklmnop:departure_record"


def send(crm: Crm, *writes: Write) -> dict[str, Receipt]:
    """Everything, in as many calls as it takes."""
    return {r.key: r for call in crm.pack(writes) for r in crm.send(call)}


def name(bench: Bench, word: str) -> str:
    """The CRM's name of a field."""
    return rows().departure.columns[word].names[bench.name]


def keeper(bench: Bench, crm: Crm) -> Keeping:
    """The object that keeps departures, which is there now."""
    if crm.makes_objects:
        crm.provision(rows().departure.spec(bench.name))
    else:
        bench.dialect.options["departures"] = True
    return rows().departure.keeping(bench.name)


def departure(bench: Bench, **values: Value) -> Departure:
    """The first departure of the first customer; ``values`` by our words."""
    given: dict[str, Value] = {"name": "Customer 1: departure 1", "number": 1, **values}
    held = {name(bench, word): value for word, value in given.items()}
    return Departure(about=bench.customer(), values=held)


def kept(bench: Bench, number: int = 1) -> list[Related]:
    """What people see of a customer's departures."""
    with bench.world.lock:
        sheet = bench.dialect.desk.customer(bench.customer(number).id)
    assert sheet is not None
    return list(sheet.related)


def test_is_made_once_whoever_tries_again(bench: Bench, crm: Crm) -> None:
    keeper(bench, crm)
    first = send(crm, Create(key=KEY, item=departure(bench, status="notice")))
    assert first[KEY].problem is None
    again = send(crm, Create(key=KEY, item=departure(bench, status="leaving")))
    assert isinstance(again[KEY].problem, Exists)
    (held,) = crm.find(DEPARTURE, {KEY: bench.customer()})
    assert held.id == first[KEY].id
    assert held.values[name(bench, "status")] == "notice"
    assert [one.key for one in crm.find(DEPARTURE, None)] == [KEY]
    assert len(kept(bench)) == 1


def test_what_changes_changes_the_one(bench: Bench, crm: Crm) -> None:
    object = keeper(bench, crm).object
    made = send(crm, Create(key=KEY, item=departure(bench, status="notice", words="Too dear.")))
    ref = Ref(object=object, id=str(made[KEY].id))
    day, number = name(bench, "departs_on"), name(bench, "number")
    status, words = name(bench, "status"), name(bench, "words")
    changed = {status: "leaving", day: date(2031, 5, 1)}
    done = send(crm, Change(key=KEY, ref=ref, values=changed))
    assert done[KEY].problem is None
    read = crm.read(object, [ref.id], (status, words, day, number))
    assert dict(read[ref.id].fields) == {**changed, words: "Too dear.", number: 1}
    assert len(list(crm.find(DEPARTURE, None))) == 1


def test_people_find_it_at_the_customer(bench: Bench, crm: Crm) -> None:
    keeper(bench, crm)
    owner = bench.colleague(1)
    send(crm, Create(key=KEY, item=departure(bench, owner=owner, exit_reason="price")))
    (seen,) = kept(bench)
    assert (seen.title, seen.name) == ("Departures", "Customer 1: departure 1")
    assert ("Exit reason", "price") in {(line.label, line.value) for line in seen.lines}
    assert owner in {line.value for line in seen.lines}
    assert kept(bench, 2) == []


def test_hangs_on_what_it_is_about(bench: Bench, crm: Crm) -> None:
    keeper(bench, crm)
    person = bench.people()[0]
    consumer = Create(key="consumer", item=replace(departure(bench), about=person))
    made = send(crm, Create(key=KEY, item=departure(bench)), consumer)
    ids = {key: str(receipt.id) for key, receipt in made.items()}
    about = {ids[KEY]: bench.customer(), ids["consumer"]: person}
    assert crm.linked(DEPARTURE, about) == set(ids.values())
    assert crm.linked(DEPARTURE, {ids[KEY]: bench.customer(2)}) == set()


def test_many_go_in_one_call_and_one_bad_one_stands_in_nobodys_way(bench: Bench, crm: Crm) -> None:
    keeper(bench, crm)
    send(crm, Create(key="first", item=departure(bench)))
    bench.forget()
    good = [Create(key=f"k{n}", item=departure(bench, number=n)) for n in range(20)]
    bad = Create(key="bad", item=departure(bench, outcome="eaten"))
    wrong = Create(
        key="wrong", item=Departure(about=Ref(object=OTHER[bench.name], id="1"), values={})
    )
    made = send(crm, *good, bad, wrong)
    assert {key for key, receipt in made.items() if receipt.problem} == {"bad", "wrong"}
    assert isinstance(made["bad"].problem, Reject)
    assert isinstance(made["wrong"].problem, Reject)
    assert getattr(made["bad"].problem, "field", None) == name(bench, "outcome")
    assert bench.calls("create") == 1
    assert len(list(crm.find(DEPARTURE, None))) == 21


def test_an_owner_who_has_left_is_named(bench: Bench, crm: Crm) -> None:
    keeper(bench, crm)
    (gone,) = [one.id for one in crm.owners() if not one.active and one.email == "eve@us.example"]
    made = send(crm, Create(key=KEY, item=departure(bench, owner=gone)))
    problem = made[KEY].problem
    assert problem is None or getattr(problem, "field", None) == name(bench, "owner")
    assert len(kept(bench)) == (problem is None), "an archived owner of HubSpot's may have it"


def test_changes_are_seen(bench: Bench, crm: Crm) -> None:
    kept_in = keeper(bench, crm)
    send(crm, Create(key=KEY, item=departure(bench)))
    bench.pass_(timedelta(minutes=5))
    query = Query(object=kept_in.object, fields=(kept_in.key,), having=kept_in.key)
    assert [r.fields[kept_in.key] for page in crm.changes(query, None) for r in page.records] == [
        KEY
    ]


def test_what_is_missing_is_said(bench: Bench, crm: Crm) -> None:
    shape = rows().departure
    wanted = (shape.spec(bench.name), *shape.fields(bench.name))
    assert crm.missing(wanted) == wanted[:1]
    assert crm.schema([shape.names[bench.name]]) == {}
    keeper(bench, crm)
    assert crm.missing(wanted) == ()
    bench.drop(shape.names[bench.name], name(bench, "words"))
    assert [getattr(spec, "name", "") for spec in crm.missing(wanted)] == [name(bench, "words")]
    for spec in crm.missing(wanted):
        crm.provision(spec)
    assert crm.missing(wanted) == ()


def test_another_look_finds_nothing_more_to_make(bench: Bench, crm: Crm) -> None:
    keeper(bench, crm)
    send(crm, Create(key=KEY, item=departure(bench)))
    again = bench.connect()
    if again.makes_objects:
        again.provision(rows().departure.spec(bench.name))
    assert [one.key for one in again.find(DEPARTURE, None)] == [KEY]
