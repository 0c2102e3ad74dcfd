"""Lists that people keep, of which we only read who is on them."""

from __future__ import annotations

import pytest

from integrations.contract import Crm, Member, Roster, SegmentSpec
from tests.contract.crm.bench import Bench

NAME = "Legal hold"


@pytest.fixture
def roster(bench: Bench, crm: Crm) -> Roster:
    """A list with the first person of the first customer, and nobody else."""
    crm.provision(SegmentSpec(object=bench.words.person, name=NAME))
    found = crm.rosters([NAME], [bench.words.customer, bench.words.person])[NAME]
    (call,) = crm.pack([Member(key="x", segment=found.id, person=bench.people()[0])])
    (receipt,) = crm.send(call)
    assert receipt.problem is None
    return found


def test_are_known_by_name_and_say_what_they_hold(bench: Bench, crm: Crm, roster: Roster) -> None:
    assert roster.object == bench.words.person
    assert crm.rosters([NAME, "Nobody's"], [bench.words.person]) == {NAME: roster}
    assert crm.rosters([NAME], [bench.words.customer])[NAME].object == ""
    assert list(crm.members(roster.id)) == [bench.people()[0].id]


def test_tell_which_records_are_on_them(bench: Bench, crm: Crm, roster: Roster) -> None:
    one, two = bench.people()
    assert crm.listed([roster], [one, two, bench.customer()]) == {roster.id: frozenset({one})}
    assert crm.listed([roster], [two]) == {}
    assert crm.listed([], [one]) == {}


def test_one_call_asks_for_many(bench: Bench, crm: Crm, roster: Roster) -> None:
    everybody = [person for number in range(1, 5) for person in bench.people(number)]
    bench.forget()
    assert crm.listed([roster], everybody) == {roster.id: frozenset({everybody[0]})}
    assert bench.calls() == 1
