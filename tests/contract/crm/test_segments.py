"""Lists and campaigns, and who is in them."""

from __future__ import annotations

import pytest

from integrations.contract import Crm, Member, Receipt, SegmentSpec, Write
from integrations.errors import Gone, Reject
from tests.contract.crm.bench import Bench

NAME = "Alumni: budget"


@pytest.fixture
def segment(bench: Bench, crm: Crm) -> str:
    """An empty one."""
    name = bench.called(NAME)
    crm.provision(SegmentSpec(object=bench.words.person, name=name))
    return crm.segments([name])[name]


def send(crm: Crm, *writes: Write) -> list[Receipt]:
    """Everything, in as many calls as it takes."""
    return [receipt for call in crm.pack(writes) for receipt in crm.send(call)]


def test_are_known_by_name(bench: Bench, crm: Crm, segment: str) -> None:
    name, nobody = bench.called(NAME), bench.called("Alumni: nobody")
    assert crm.segments([name, nobody]) == {name: segment}
    assert crm.segments([]) == {}


def test_people_come_and_go(bench: Bench, crm: Crm, segment: str) -> None:
    one, two = bench.people()
    first = send(crm, *(Member(key=p.id, segment=segment, person=p) for p in (one, two)))
    assert [r.problem for r in first] == [None, None]
    assert set(crm.members(segment)) == {one.id, two.id}
    (left,) = send(crm, Member(key="x", segment=segment, person=one, present=False))
    assert left.problem is None
    assert list(crm.members(segment)) == [two.id]


def test_joining_twice_changes_nothing(bench: Bench, crm: Crm, segment: str) -> None:
    (person, _) = bench.people()
    for _ in range(2):
        (receipt,) = send(crm, Member(key="x", segment=segment, person=person))
        assert receipt.problem is None
    assert list(crm.members(segment)) == [person.id]


def test_leaving_twice_changes_nothing(bench: Bench, crm: Crm, segment: str) -> None:
    (person, _) = bench.people()
    (joined,) = send(crm, Member(key="x", segment=segment, person=person))
    for _ in range(2):
        leave = Member(key="x", segment=segment, person=person, present=False, id=joined.id)
        (receipt,) = send(crm, leave)
        assert receipt.problem is None
    assert list(crm.members(segment)) == []


def test_somebody_who_is_gone_does_not_block_others(bench: Bench, crm: Crm, segment: str) -> None:
    one, two = bench.people()
    bench.delete(one)
    found = send(crm, *(Member(key=p.id, segment=segment, person=p) for p in (one, two)))
    problems = {receipt.key: receipt.problem for receipt in found}
    assert isinstance(problems[one.id], Gone | Reject)
    assert problems[two.id] is None
    assert list(crm.members(segment)) == [two.id]


@pytest.mark.sandbox("faults on demand")
def test_a_failed_leave_is_not_taken_for_one(bench: Bench, crm: Crm, segment: str) -> None:
    (person, _) = bench.people()
    (joined,) = send(crm, Member(key="x", segment=segment, person=person))
    assert joined.problem is None
    bench.strike("leave", status=200, body=bench.said["locked"])
    (receipt,) = send(crm, Member(key="x", segment=segment, person=person, present=False))
    assert receipt.problem is not None
    assert receipt.problem.name == "retry"
    assert list(crm.members(segment)) == [person.id]


def test_one_call_carries_many(bench: Bench, crm: Crm, segment: str) -> None:
    people = [person for number in range(1, 5) for person in bench.people(number)]
    bench.forget()
    send(crm, *(Member(key=p.id, segment=segment, person=p) for p in people))
    assert bench.calls() == 1
    assert set(crm.members(segment)) == {person.id for person in people}
