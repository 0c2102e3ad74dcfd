"""Writes: in the fewest calls, each with a receipt, whatever becomes of its neighbours."""

from __future__ import annotations

from datetime import timedelta

import pytest

from integrations.contract import NOTE, TASK, Change, Create, Crm, Note, Receipt, Ref, Value, Write
from integrations.errors import CrmError, Exists, Gone, Reject, Retry, Split, Unknown
from tests.contract.crm.bench import Bench
from tests.contract.crm.people import START
from tests.contract.crm.test_provisioning import wanted

LONG = "Long words. " * 10_000


def send(crm: Crm, *writes: Write) -> dict[str, Receipt]:
    """Everything, in as many calls as it takes."""
    return {r.key: r for call in crm.pack(writes) for r in crm.send(call)}


def problems(receipts: dict[str, Receipt]) -> dict[str, type[CrmError] | None]:
    """What became of each."""
    return {key: type(r.problem) if r.problem else None for key, r in receipts.items()}


@pytest.mark.parametrize("kind", ["create", "change"])
def test_packs_as_many_as_one_call_carries(bench: Bench, crm: Crm, kind: str) -> None:
    limit = crm.limits[kind]
    ref = bench.customer()
    write: dict[str, list[Write]] = {
        "create": [Create(key=f"k{n}", item=bench.task()) for n in range(limit + 1)],
        "change": [
            Change(key=f"k{n}", ref=Ref(object=ref.object, id=str(n)), values={})
            for n in range(limit + 1)
        ],
    }
    assert len(crm.pack(write[kind][:limit])) == 1
    calls = crm.pack(write[kind])
    assert [len(call.writes) for call in calls] == [limit, 1]
    assert [w.key for call in calls for w in call.writes] == [f"k{n}" for n in range(limit + 1)]
    assert crm.pack([]) == ()
    assert bench.calls() == 0


@pytest.mark.sandbox("what people see on their screens")
def test_creates_linked_tasks_in_one_call(bench: Bench, crm: Crm) -> None:
    send(crm, Create(key="first", item=bench.task(about=bench.customer(2))))
    bench.forget()
    made = send(crm, *(Create(key=f"k{n}", item=bench.task()) for n in range(20)))
    assert bench.calls() == 1
    assert set(problems(made).values()) == {None}
    assert len({r.id for r in made.values()}) == 20
    assert {h.id for h in bench.timeline(kind="task")} == {r.id for r in made.values()}


@pytest.mark.sandbox("what people see on their screens")
def test_people_see_the_task(bench: Bench, crm: Crm) -> None:
    send(crm, Create(key="k", item=bench.task(body="First line.\nA < B & C")))
    (seen,) = bench.timeline(kind="task")
    assert seen.title == "Send the final invoice"
    assert seen.who == "Ann Archer"
    assert seen.due is not None
    assert seen.due.date() == (START + timedelta(days=7)).date()
    assert not seen.done


@pytest.mark.sandbox("what people see on their screens")
def test_people_see_the_note(bench: Bench, crm: Crm) -> None:
    send(crm, Create(key="k", item=Note(about=bench.customer(), body="Left\nwell.", at=START)))
    (seen,) = bench.timeline(kind="note")
    assert "well." in seen.body


def test_a_task_may_belong_to_nobody(bench: Bench, crm: Crm) -> None:
    made = send(crm, Create(key="k", item=bench.task(owner=None)))
    assert problems(made) == {"k": None}


def test_cuts_what_is_too_long(bench: Bench, crm: Crm) -> None:
    made = send(
        crm,
        Create(key="t", item=bench.task(body=LONG)),
        Create(key="n", item=Note(about=bench.customer(), body=LONG, at=START)),
    )
    assert problems(made) == {"t": None, "n": None}
    ref = bench.customer()
    for kind, key in ((TASK, "t"), (NOTE, "n")):
        (held,) = crm.find(kind, {key: ref})
        body = str(held.values["body"])
        assert body.startswith("Long words. Long words.")
        assert body.endswith("[…]")


def test_one_bad_record_does_not_block_its_neighbours(bench: Bench, crm: Crm) -> None:
    made = send(
        crm,
        Create(key="a", item=bench.task()),
        Create(key="b", item=bench.task(phase="no such phase")),
        Create(key="c", item=bench.task()),
    )
    assert problems(made) == {"a": None, "b": Reject, "c": None}
    assert getattr(made["b"].problem, "field", None) == bench.our("phase")
    assert len([*crm.find(TASK, None)]) == 2


def test_says_no_word_of_what_was_typed(bench: Bench, crm: Crm) -> None:
    made = send(crm, Create(key="b", item=bench.task(phase="hush: ann@home.example")))
    problem = made["b"].problem
    assert problem is not None
    assert "hush" not in f"{problem} {problem.words} {problem.code}"


def test_the_same_key_again_exists(bench: Bench, crm: Crm) -> None:
    send(crm, Create(key="a", item=bench.task()))
    made = send(crm, *(Create(key=key, item=bench.task()) for key in ("b", "a", "c")))
    assert problems(made) == {"a": Exists, "b": None, "c": None}
    assert len([*crm.find(TASK, None)]) == 3


def test_changes_those_fields_and_no_others(bench: Bench, crm: Crm) -> None:
    words, ref = bench.words, bench.customer()
    values: dict[str, Value] = {words.stage: "at_risk", words.seats: 7, words.ends: START.date()}
    made = send(crm, Change(key="k", ref=ref, values=values))
    assert problems(made) == {"k": None}
    assert made["k"].values in (None, values)
    found = crm.read(ref.object, [ref.id], [*values, words.name])[ref.id].fields
    assert found == {**values, words.name: "Customer 1"}


def test_none_empties_a_field(bench: Bench, crm: Crm) -> None:
    words, ref = bench.words, bench.customer()
    send(crm, Change(key="k", ref=ref, values={words.ends: None, words.seats: None}))
    found = crm.read(ref.object, [ref.id], [words.ends, words.seats])[ref.id].fields
    assert found == {words.ends: None, words.seats: None}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("text", 'O\'Hara & "Sons" <b>'),
        ("words", "One.\nTwo & <three>.\n\n😀 four; {{ five }}"),
        ("words", None),
        ("choice", "trust"),
        ("choices", ("price", "trust")),
        ("choices", None),
        ("number", 0),
        ("number", 42),
        ("percent", 30),
        ("date", START.date()),
        ("moment", START),
        ("flag", True),
        ("flag", False),
        ("url", "https://bye.example/s/a?b=c&d=%20"),
    ],
)
def test_values_come_back_as_they_were(bench: Bench, crm: Crm, field: str, value: Value) -> None:
    for spec in wanted(bench):
        if spec.name == bench.our(field):
            crm.provision(spec)
    ref, name = bench.customer(), bench.our(field)
    made = send(crm, Change(key="k", ref=ref, values={name: value}))
    assert problems(made) == {"k": None}
    assert made["k"].values in (None, {name: value})
    assert crm.read(ref.object, [ref.id], [name])[ref.id].fields == {name: value}


def test_an_empty_flag_is_not_set(bench: Bench, crm: Crm) -> None:
    for spec in wanted(bench):
        if spec.name == bench.our("flag"):
            crm.provision(spec)
    ref, name = bench.customer(), bench.our("flag")
    made = send(crm, Change(key="k", ref=ref, values={name: None}))
    assert problems(made) == {"k": None}
    assert not crm.read(ref.object, [ref.id], [name])[ref.id].fields[name]


def test_changes_a_task(bench: Bench, crm: Crm) -> None:
    id = send(crm, Create(key="a", item=bench.task()))["a"].id
    assert id
    due = START + timedelta(days=9, hours=5)
    values: dict[str, Value] = {"done": True, "due": due, "body": "Closed.\nNo longer needed."}
    made = send(crm, Change(key="b", ref=Ref(object=TASK, id=id), values=values))
    assert problems(made) == {"b": None}
    (held,) = crm.find(TASK, {"a": bench.customer()})
    assert values.items() <= held.values.items()
    assert held.values["subject"] == "Send the final invoice"


def test_a_record_that_is_gone_is_gone(bench: Bench, crm: Crm) -> None:
    kept, gone = bench.customer(1), bench.customer(5)
    bench.delete(gone)
    values: dict[str, Value] = {bench.words.seats: 3}
    made = send(crm, *(Change(key=r.id, ref=r, values=values) for r in (kept, gone)))
    assert problems(made) == {kept.id: None, gone.id: Gone}


def test_a_field_that_is_gone_is_drift(bench: Bench, crm: Crm) -> None:
    made = send(crm, Change(key="k", ref=bench.customer(), values={bench.our("nothing"): "x"}))
    problem = made["k"].problem
    assert problem is not None
    assert problem.name == "drift"
    assert getattr(problem, "field", None) == bench.our("nothing")


def test_a_field_of_ours_that_is_gone_is_drift(bench: Bench, crm: Crm) -> None:
    id = send(crm, Create(key="a", item=bench.task()))["a"].id
    assert id
    bench.drop(TASK, bench.our("phase"))
    alone: dict[str, Value] = {"phase": "leaving"}
    for values in (alone, {"body": "Closed.", **alone}):
        made = send(crm, Change(key="k", ref=Ref(object=TASK, id=id), values=values))
        problem = made["k"].problem
        assert problem is not None
        assert problem.name == "drift"
        assert getattr(problem, "field", None) == bench.our("phase")


def test_an_option_that_is_not_there_is_rejected(bench: Bench, crm: Crm) -> None:
    stage = bench.words.stage
    made = send(crm, Change(key="k", ref=bench.customer(), values={stage: "no such stage"}))
    problem = made["k"].problem
    assert isinstance(problem, Reject)
    assert problem.field == stage
    assert stage in problem.words


def test_somebody_elses_value_is_rejected(bench: Bench, crm: Crm) -> None:
    made = send(crm, *(Create(key=key, item=bench.task()) for key in ("a", "b")))
    assert made["b"].id
    values: dict[str, Value] = {"key": "a"}
    ref = Ref(object=TASK, id=made["b"].id)
    assert problems(send(crm, Change(key="k", ref=ref, values=values))) == {"k": Reject}


@pytest.mark.sandbox("faults on demand")
def test_a_batch_that_is_refused_is_split(bench: Bench, crm: Crm) -> None:
    (call,) = crm.pack([Create(key=key, item=bench.task()) for key in ("a", "b")])
    bench.strike("create", status=400, body=bench.said["refused"])
    with pytest.raises(Split):
        crm.send(call)
    bench.strike("create", status=400, body=bench.said["refused"])
    (call,) = crm.pack([Create(key="a", item=bench.task())])
    with pytest.raises(Reject):
        crm.send(call)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("status", [None, 500, 502])
@pytest.mark.sandbox("faults on demand")
def test_a_lost_answer_is_unknown(bench: Bench, crm: Crm, when: str, status: int | None) -> None:
    (call,) = crm.pack([Create(key="a", item=bench.task())])
    crm.find(TASK, {"a": bench.customer()})
    bench.strike("create", when=when, status=status)
    with pytest.raises(Unknown):
        crm.send(call)
    held = [one.key for one in crm.find(TASK, {"a": bench.customer()})]
    assert held == (["a"] if when == "after" else [])
    assert bench.calls("create") == 1


@pytest.mark.sandbox("faults on demand")
def test_an_answer_that_leaves_writes_out_is_unknown(bench: Bench, crm: Crm) -> None:
    (call,) = crm.pack([Create(key=key, item=bench.task()) for key in ("a", "b")])
    bench.strike("create", when="after", status=200, body=bench.said["nothing"])
    assert [(r.key, type(r.problem)) for r in crm.send(call)] == [("a", Unknown), ("b", Unknown)]


def test_what_never_went_out_may_be_tried_again(bench: Bench, crm: Crm, closed: str) -> None:
    away = bench.connect(closed)
    (call,) = away.pack([Create(key="a", item=bench.task())])
    with pytest.raises(Retry):
        away.send(call)
