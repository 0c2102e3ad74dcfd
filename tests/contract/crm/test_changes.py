"""What has changed since the last look: nothing is ever skipped, and little is read twice."""

from __future__ import annotations

from datetime import timedelta

import pytest

from integrations.contract import NOTE, TASK, Create, Crm, Note, Query, Send, Write
from tests.contract.crm.bench import Bench, ids, look
from tests.contract.crm.people import LONG_AGO, MINUTE, START, customer, seed

#: More than search pages through, all changed at one moment.
MANY = 10_050


def customers(bench: Bench, *fields: str, having: str | None = None) -> Query:
    """All of them."""
    return Query(object=bench.words.customer, fields=fields, having=having)


@pytest.mark.sandbox("records of long ago")
def test_brings_everybody_at_first(bench: Bench, crm: Crm) -> None:
    pages = look(crm, customers(bench))
    assert sorted(ids(pages)) == sorted(ref.id for ref in bench.everybody())
    assert [page.last for page in pages] == [True]
    assert all(record.modified_at == LONG_AGO for record in pages[0].records)
    assert all(record.created_at == LONG_AGO for record in pages[0].records)


def test_brings_what_was_asked_for(bench: Bench, crm: Crm) -> None:
    words = bench.words
    assert len(bench.everybody()) == 5
    (page,) = look(crm, customers(bench, words.name, words.stage))
    assert {"Customer 1", "Customer 5"} < {str(r.fields[words.name]) for r in page.records}
    assert all(set(r.fields) == {words.name, words.stage} for r in page.records)


def test_brings_what_has_changed(bench: Bench, crm: Crm) -> None:
    query = customers(bench, bench.words.stage)
    cursor = look(crm, query)[-1].cursor
    bench.pass_(60 * MINUTE)
    bench.move(bench.customer(2))
    (page,) = look(crm, query, cursor)
    (record,) = page.records
    assert record.ref == bench.customer(2)
    assert record.fields == {bench.words.stage: "churning"}
    assert bench.is_now(record.modified_at)


@pytest.mark.sandbox("nobody else at work")
def test_costs_one_call_where_nothing_is_new(bench: Bench, crm: Crm) -> None:
    query = customers(bench)
    cursor = look(crm, query)[-1].cursor
    for _ in range(3):
        bench.pass_(20 * MINUTE)
        bench.forget()
        (page,) = look(crm, query, cursor)
        cursor = page.cursor
        assert page.records == ()
        assert bench.calls() == 1


def test_sees_two_changes_of_one_moment(bench: Bench, crm: Crm) -> None:
    query = customers(bench)
    cursor = look(crm, query)[-1].cursor
    bench.move(bench.customer(1))
    pages = look(crm, query, cursor)
    assert bench.customer(1).id in ids(pages)
    # At the very moment of the look before.
    bench.move(bench.customer(2))
    assert bench.customer(2).id in ids(look(crm, query, pages[-1].cursor))


@pytest.mark.sandbox("changes that appear late")
def test_sees_what_arrives_late(bench: Bench, crm: Crm) -> None:
    query = customers(bench)
    cursor = look(crm, query)[-1].cursor
    for _ in range(3):
        bench.pass_(5 * MINUTE)
        cursor = look(crm, query, cursor)[-1].cursor
    # A long transaction ends, an index catches up: the change is older than two looks.
    with bench.earlier(9 * MINUTE):
        bench.move(bench.customer(3))
    assert ids(look(crm, query, cursor)) == [bench.customer(3).id]


@pytest.mark.sandbox("a clock that one moves")
def test_keeps_time_by_the_crm(bench: Bench, crm: Crm) -> None:
    cursor = look(crm, customers(bench))[-1].cursor
    assert START.isoformat() in cursor


@pytest.mark.slow
@pytest.mark.sandbox("thousands of customers")
def test_goes_through_more_than_ten_thousand_of_one_moment(bench: Bench, crm: Crm) -> None:
    bench.reset(seed(*(customer(n, people=0) for n in range(MANY))))
    crm = bench.connect()
    query = customers(bench)
    pages = look(crm, query)
    found = ids(pages)
    assert len(found) == len(set(found)) == MANY
    assert [page.last for page in pages] == [False] * (len(pages) - 1) + [True]
    size = crm.limits["page"]
    assert bench.calls("changes") == -(-MANY // size)
    # Broken off in the middle, and taken up by another process.
    rest = look(bench.connect(), query, pages[2].cursor)
    assert ids(rest) == found[3 * size :]


@pytest.mark.sandbox("thousands of customers")
def test_reads_a_mass_update_twice_and_not_more(bench: Bench, crm: Crm) -> None:
    size = crm.limits["page"]
    many = size + 10
    bench.reset(seed(*(customer(n, people=0, at=START - MINUTE) for n in range(many))))
    crm, query = bench.connect(), customers(bench)
    cursor, calls, found = look(crm, query)[-1].cursor, [], []
    for _ in range(8):
        bench.pass_(3 * MINUTE)
        bench.forget()
        pages = look(crm, query, cursor)
        cursor = pages[-1].cursor
        calls.append(bench.calls("changes"))
        found.append(len(set(ids(pages))))
    assert sum(found) == many
    assert sorted(calls) == [1] * 7 + [2]
    assert calls[0] == calls[1] == 1


@pytest.mark.sandbox("an index that does not lag", crm="hubspot")
def test_brings_only_those_with_a_value(bench: Bench, crm: Crm) -> None:
    ends, everybody = bench.words.ends, bench.everybody()
    bench.edit(bench.customer(2), ends, "")
    found = ids(look(crm, customers(bench, having=ends)))
    assert set(found) == {ref.id for ref in everybody} - {bench.customer(2).id}


def test_tells_what_was_deleted(bench: Bench, crm: Crm) -> None:
    query = customers(bench)
    cursor = look(crm, query)[-1].cursor
    gone = bench.customer(5)
    bench.pass_()
    bench.delete(gone)
    (record,) = (r for page in look(crm, query, cursor) for r in page.records)
    assert (record.ref, record.gone) == (gone, True)


def test_does_without_a_field_that_is_gone(bench: Bench, crm: Crm) -> None:
    words, everybody = bench.words, bench.everybody()
    (page,) = look(crm, customers(bench, words.name, bench.our("nothing")))
    assert len(page.records) == len(everybody)
    assert all(set(record.fields) == {words.name} for record in page.records)


def test_asks_for_any_number_of_fields(bench: Bench, crm: Crm) -> None:
    words, everybody = bench.words, bench.everybody()
    many = [bench.our(f"nothing_with_a_long_name_{n}") for n in range(150)]
    pages = look(crm, customers(bench, words.name, *many, words.stage))
    assert sorted(ids(pages)) == sorted(ref.id for ref in everybody)
    assert all(set(r.fields) == {words.name, words.stage} for r in pages[0].records)
    assert all(r.fields[words.stage] == "active" for r in pages[0].records)


def test_knows_our_tasks_from_our_notes(bench: Bench, crm: Crm) -> None:
    writes: list[Write] = [
        Create(key="a:task", item=bench.task()),
        Create(key="a:note", item=Note(about=bench.customer(), body="Left well.", at=START)),
    ]
    made = {r.key: r.id for call in crm.pack(writes) for r in crm.send(call)}
    (task,) = (r for p in look(crm, Query(object=TASK, fields=("done",))) for r in p.records)
    (note,) = (r for p in look(crm, Query(object=NOTE, fields=("body",))) for r in p.records)
    assert (task.ref.id, note.ref.id) == (made["a:task"], made["a:note"])
    assert task.fields == {"key": "a:task", "done": False}
    assert note.fields == {"key": "a:note", "body": "Left well."}


@pytest.mark.sandbox("mail that reaches nobody")
def test_passes_over_everybody_elses_tasks(bench: Bench, crm: Crm) -> None:
    bench.mailing()
    person = bench.people()[0]
    # Whatever the CRM itself logs on the timeline has no key of ours.
    for call in crm.pack([Send(key="a:mail", mail=bench.mail(person))]):
        crm.send(call)
    for object in (TASK, NOTE):
        assert ids(look(crm, Query(object=object))) == []


def test_tells_when_a_task_is_done(bench: Bench, crm: Crm) -> None:
    (call,) = crm.pack([Create(key="a:task", item=bench.task())])
    (receipt,) = crm.send(call)
    assert receipt.id
    query = Query(object=TASK, fields=("done",))
    cursor = look(crm, query)[-1].cursor
    bench.pass_(timedelta(hours=1))
    bench.complete(receipt.id)
    (page,) = look(crm, query, cursor)
    assert [(r.ref.id, r.fields["done"]) for r in page.records] == [(receipt.id, True)]
