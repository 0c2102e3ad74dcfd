"""More new tasks than collections are made for: one job, and an outcome for every row."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from integrations.contract import NOTE, TASK, Create, Note, Write
from integrations.errors import CrmError, Exists, Reject, Retry, Split, Unknown
from integrations.salesforce import Salesforce
from integrations.salesforce.client import Client
from integrations.salesforce.ingest import FROM, LONGEST, Ingest
from tests.contract.crm.people import START
from tests.contract.crm.salesforce import SalesforceBench
from tests.contract.crm.test_sending import send


def insert(job: Ingest, bench: SalesforceBench, *more: dict[str, object]) -> dict[str, Any]:
    """One task, and what else."""
    key = bench.our("key")
    words = "Say “hello”,\nthen go"
    first: dict[str, object] = {key: "a", "Subject": words, "WhatId": bench.customer().id}
    return dict(job.insert("Task", [first, *({key: "b", **one} for one in more)], key))


def many(bench: SalesforceBench, number: int = FROM + 1) -> list[Create]:
    return [Create(key=f"k{n}", item=bench.task(subject=f"Task {n}")) for n in range(number)]


@pytest.fixture
def client(crm: Salesforce) -> Client:
    return crm._client


def test_a_few_thousand_tasks_are_one_job(bench: SalesforceBench, crm: Salesforce) -> None:
    writes: list[Write] = [*many(bench)]
    odd = "“Pat”, said:\nplease — =SUM(1) #N/A"
    writes[5] = Create(key="k5", item=bench.task(subject="Odd", body=odd, owner=None))
    (gone,) = [owner.id for owner in crm.owners() if not owner.active]
    writes[6] = Create(key="k6", item=bench.task(owner=gone))
    writes.append(Create(key="note", item=Note(about=bench.customer(), body="n", at=START)))
    assert Counter(call.operation for call in crm.pack(writes)) == {
        "bulk.insert": 1,
        "collections.create": 1,
    }
    bench.forget()
    made = send(crm, *writes)
    assert bench.calls("bulk.*") <= 8
    assert bench.calls("collections.*") == 1
    assert {key for key, one in made.items() if one.problem} == {"k6"}
    assert isinstance(made["k6"].problem, Reject)
    assert made["k6"].problem.field == "owner"
    held = {one.key: one for one in crm.find(TASK, None)}
    assert len(held) == FROM
    assert held["k5"].values["body"] == odd
    assert held["k5"].id == made["k5"].id
    assert [one.key for one in crm.find(NOTE, None)] == ["note"]


def test_collections_carry_fewer(bench: SalesforceBench, crm: Salesforce) -> None:
    assert {call.operation for call in crm.pack(many(bench, FROM))} == {"collections.create"}


def test_what_is_there_already_is_told_row_by_row(bench: SalesforceBench, crm: Salesforce) -> None:
    writes = many(bench)
    first = send(crm, *writes[:2])
    again = send(crm, *writes)
    assert isinstance(again["k0"].problem, Exists)
    assert isinstance(again["k1"].problem, Exists)
    assert again["k2"].problem is None
    assert len([*crm.find(TASK, None)]) == FROM + 1
    assert first["k0"].id in {one.id for one in crm.find(TASK, None)}


@pytest.mark.parametrize(
    ("operation", "when", "problem"),
    [
        ("bulk.create", "after", Retry),
        ("bulk.upload", "after", Retry),
        ("bulk.close", "after", Unknown),
    ],
)
def test_an_answer_that_is_lost_doubles_nothing(
    bench: SalesforceBench, crm: Salesforce, operation: str, when: str, problem: type[CrmError]
) -> None:
    writes = many(bench)
    (call,) = crm.pack(writes)
    bench.strike(operation, when=when, status=None)
    with pytest.raises(problem):
        crm.send(call)
    after = {receipt.key: receipt for receipt in crm.send(call)}
    assert all(one.problem is None or isinstance(one.problem, Exists) for one in after.values())
    keys = Counter(one.key for one in crm.find(TASK, None))
    assert keys == Counter(write.key for write in writes)


def test_a_job_that_takes_too_long_is_ended(bench: SalesforceBench, client: Client) -> None:
    bench.dialect.options["slow_jobs"] = True
    passed = [0.0]

    def sleep(seconds: float) -> None:
        passed[0] += seconds

    job = Ingest(client, clock=lambda: passed[0], sleep=sleep)
    told = insert(job, bench)
    assert told["a"]["errors"] == [{"statusCode": "UNPROCESSED"}]
    assert LONGEST <= passed[0] < 2 * LONGEST


def test_a_job_is_waited_for_across_a_bad_moment(bench: SalesforceBench, client: Client) -> None:
    bench.dialect.options["slow_jobs"] = True
    bench.strike("bulk.get", status=503)

    def sleep(seconds: float) -> None:
        bench.dialect.options["slow_jobs"] = False

    job = Ingest(client, sleep=sleep)
    told = insert(job, bench)
    assert told["a"]["success"]


def test_a_job_that_is_refused_as_a_whole_is_split(bench: SalesforceBench, client: Client) -> None:
    with pytest.raises(Split):
        insert(Ingest(client), bench, {"No_Such__c": "x"})


def test_a_job_that_cannot_be_ended_is_unknown(bench: SalesforceBench, client: Client) -> None:
    bench.dialect.options["slow_jobs"] = True
    times = iter([0.0, LONGEST + 1])
    bench.strike("bulk.close", nth=2, status=500)
    job = Ingest(client, clock=lambda: next(times))
    with pytest.raises(Unknown):
        insert(job, bench)
