"""What the CRM holds under our keys, by a path that does not lag."""

from __future__ import annotations

import pytest

from integrations.contract import MAIL, NOTE, TASK, Create, Crm, Note
from tests.contract.crm.bench import Bench
from tests.contract.crm.people import START
from tests.contract.crm.test_sending import send


def test_finds_a_task_by_its_key(bench: Bench, crm: Crm) -> None:
    task = bench.task(body="Line one.\nLine < two.")
    made = send(crm, *(Create(key=key, item=task) for key in ("a:x", "b:x:2")))
    (held,) = crm.find(TASK, {"a:x": task.about, "c:x": task.about})
    assert (held.key, held.id) == ("a:x", made["a:x"].id)
    assert held.values == {name: getattr(task, name) for name in task.__slots__ if name != "about"}


def test_finds_a_note_by_its_key(bench: Bench, crm: Crm) -> None:
    note = Note(about=bench.customer(), body="Left <well>.\n\nReally.", at=START)
    made = send(crm, Create(key="a:n", item=note))
    (held,) = crm.find(NOTE, {"a:n": note.about})
    assert (held.key, held.id) == ("a:n", made["a:n"].id)
    assert held.values["body"] == note.body


def test_finds_what_people_have_changed(bench: Bench, crm: Crm) -> None:
    made = send(crm, Create(key="a", item=bench.task()))
    assert made["a"].id
    bench.complete(made["a"].id)
    (held,) = crm.find(TASK, {"a": bench.customer()})
    assert held.values["done"] is True


def test_finds_everything_of_ours(bench: Bench, crm: Crm) -> None:
    tasks = [Create(key=f"t{n}", item=bench.task()) for n in range(3)]
    note = Create(key="n", item=Note(about=bench.customer(), body="Left.", at=START))
    send(crm, *tasks, note)
    assert sorted(held.key for held in crm.find(TASK, None)) == ["t0", "t1", "t2"]
    assert [held.key for held in crm.find(NOTE, None)] == ["n"]


def test_does_not_find_what_was_deleted(bench: Bench, crm: Crm) -> None:
    made = send(crm, Create(key="a", item=bench.task()))
    assert made["a"].id
    bench.delete(bench.ref(TASK, made["a"].id))
    assert list(crm.find(TASK, {"a": bench.customer()})) == []


@pytest.mark.sandbox("switches of an org")
def test_finds_without_unique_keys(bench: Bench) -> None:
    bench.dialect.options["unique_task_keys"] = False
    crm = bench.connect()
    for spec in bench.keys:
        crm.provision(spec)
    refs = {f"k{n}": bench.customer(n) for n in range(1, 4)}
    made = send(crm, *(Create(key=key, item=bench.task(about=r)) for key, r in refs.items()))
    del refs["k3"]
    found = {held.key: held.id for held in crm.find(TASK, refs)}
    assert found == {key: made[key].id for key in refs}


def test_asks_for_many_in_one_call(bench: Bench, crm: Crm) -> None:
    refs = {f"k{n}": bench.customer() for n in range(crm.limits["find"])}
    list(crm.find(TASK, refs))
    bench.forget()
    assert list(crm.find(TASK, refs)) == []
    assert bench.calls() == 1


def test_tells_what_hangs_on_its_customer(bench: Bench, crm: Crm) -> None:
    one, two = bench.customer(1), bench.customer(2)
    (person, *_) = bench.people()
    note = Note(about=one, body="Left.", at=START)
    made = send(
        crm,
        *(Create(key=f"t{n}", item=bench.task(about=one)) for n in range(2)),
        Create(key="p", item=bench.task(about=person)),
        Create(key="n", item=note),
    )
    ids = {key: str(receipt.id) for key, receipt in made.items()}
    bench.forget()
    about = {ids["t0"]: one, ids["t1"]: two, ids["p"]: person}
    assert crm.linked(TASK, about) == {ids["t0"], ids["p"]}
    assert bench.calls() <= 2
    assert crm.linked(NOTE, {ids["n"]: one}) == {ids["n"]}


def test_finds_nothing_where_nothing_is_asked(bench: Bench, crm: Crm) -> None:
    for kind in (TASK, NOTE, MAIL):
        assert list(crm.find(kind, {})) == []
