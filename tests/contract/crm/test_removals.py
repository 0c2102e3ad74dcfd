"""Records that are no longer there: deleted, merged away, brought back."""

from __future__ import annotations

import pytest

from integrations.contract import TASK, Create, Crm, Note, Query, Removal
from integrations.sandbox.desk import Keeper
from tests.contract.crm.bench import Bench, look
from tests.contract.crm.people import START

pytestmark = pytest.mark.sandbox("people who tidy up on their screens")


@pytest.fixture
def keeper(bench: Bench) -> Keeper:
    """The desk of people who tidy up."""
    desk = bench.dialect.desk
    assert isinstance(desk, Keeper)
    return desk


def test_tells_what_was_deleted(bench: Bench, crm: Crm, keeper: Keeper) -> None:
    kept, gone = bench.customer(1), bench.customer(5)
    keeper.delete(gone.object, gone.id, by=bench.colleague())
    assert crm.removals(kept.object, [kept.id, gone.id]) == {gone.id: Removal(ref=gone)}


def test_tells_deleted_tasks(bench: Bench, crm: Crm, keeper: Keeper) -> None:
    (call,) = crm.pack([Create(key="k:one", item=bench.task())])
    (receipt,) = crm.send(call)
    assert receipt.id
    assert crm.removals(TASK, [receipt.id]) == {}
    object = {"hubspot": "tasks", "salesforce": "Task"}[bench.name]
    keeper.delete(object, receipt.id, by=bench.colleague())
    assert crm.removals(TASK, [receipt.id]) == {
        receipt.id: Removal(ref=bench.ref(TASK, receipt.id))
    }


def test_what_was_brought_back_is_there(bench: Bench, crm: Crm, keeper: Keeper) -> None:
    gone = bench.customer(5)
    keeper.delete(gone.object, gone.id, by=bench.colleague())
    keeper.restore(gone.object, gone.id, by=bench.colleague())
    assert crm.removals(gone.object, [gone.id]) == {}


def test_tells_what_a_record_was_merged_into(bench: Bench, crm: Crm, keeper: Keeper) -> None:
    first, second, third = (bench.customer(number) for number in (1, 2, 3))
    keeper.merge(first.object, first.id, second.id, by=bench.colleague())
    keeper.merge(first.object, bench.customer(2).id, third.id, by=bench.colleague())
    survivor = bench.customer(3)
    found = crm.removals(first.object, [first.id])
    assert found == {first.id: Removal(ref=first, merged_into=survivor.id)}


def test_a_look_tells_of_a_merge(bench: Bench, crm: Crm, keeper: Keeper) -> None:
    first, second = bench.customer(1), bench.customer(2)
    query = Query(object=first.object, fields=(bench.words.name,))
    cursor = look(crm, query)[-1].cursor
    bench.pass_()
    keeper.merge(first.object, first.id, second.id, by=bench.colleague())
    survivor = bench.customer(2).id
    seen = [record for page in look(crm, query, cursor) for record in page.records]
    told = {(record.ref.id, record.merged_into) for record in seen if record.merged_into}
    told |= {(id, record.ref.id) for record in seen for id in record.absorbed}
    assert (first.id, survivor) in told


def test_counts_open_tasks_in_one_call(bench: Bench, crm: Crm, keeper: Keeper) -> None:
    assert crm.open_tasks() == 0
    items = [Create(key=f"k:{number}", item=bench.task()) for number in range(4)]
    ids = [receipt.id for call in crm.pack(items) for receipt in crm.send(call)]
    note = Note(about=bench.customer(), body="Said", at=START)
    for call in crm.pack([Create(key="k:note", item=note)]):
        crm.send(call)
    bench.forget()
    assert crm.open_tasks() == 4
    assert bench.calls() == 1
    object = {"hubspot": "tasks", "salesforce": "Task"}[bench.name]
    keeper.delete(object, str(ids[0]), by=bench.colleague())
    bench.complete(str(ids[1]))
    assert crm.open_tasks() == 2


def test_without_an_answer_no_task_is_counted(bench: Bench, crm: Crm) -> None:
    bench.strike("count", status=400, body=bench.said["refused"], times=9)
    assert crm.open_tasks() is None
