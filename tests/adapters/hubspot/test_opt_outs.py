"""Opt-outs read together, where the portal has Marketing Hub Enterprise."""

from __future__ import annotations

import pytest

from integrations.hubspot import HubSpot
from tests.contract.crm.hubspot import HubSpotBench

TOGETHER, ONE = "subscriptions.all.batch.read", "subscriptions.all.get"


@pytest.fixture
def people(bench: HubSpotBench) -> dict[str, str]:
    """A hundred and one, of whom the second has left all e-mail."""
    one, two = bench.people()
    bench.unsubscribe(two)
    others = {str(number): f"nobody{number}@c1.example" for number in range(1, 100)}
    return {one.id: "p1@c1.example", two.id: "P2@c1.example", **others}


def test_a_hundred_are_asked_for_in_one_call(
    bench: HubSpotBench, crm: HubSpot, people: dict[str, str]
) -> None:
    bench.dialect.options["marketing_enterprise"] = True
    bench.forget()
    found = crm.opt_outs(people)
    _, two = bench.people()
    assert {id for id, said in found.items() if said.out} == {two.id}
    assert found.keys() == people.keys()
    assert (bench.calls(TOGETHER), bench.calls(ONE)) == (2, 0)
    assert crm.limits["opt_out"] == 100


def test_a_portal_without_it_is_asked_once(
    bench: HubSpotBench, crm: HubSpot, people: dict[str, str]
) -> None:
    bench.forget()
    for _ in range(2):
        found = crm.opt_outs(people)
        assert sum(said.out for said in found.values()) == 1
        assert found.keys() == people.keys()
    assert (bench.calls(TOGETHER), bench.calls(ONE)) == (1, 2 * len(people))
    assert crm.limits["opt_out"] == 1


def test_whom_the_answer_leaves_out_is_asked_for_alone(
    bench: HubSpotBench, crm: HubSpot, people: dict[str, str]
) -> None:
    bench.dialect.options["marketing_enterprise"] = True
    none = {"status": "COMPLETE", "results": [], "startedAt": "", "completedAt": ""}
    bench.strike(TOGETHER, status=200, body=none)
    bench.forget()
    some = dict(list(people.items())[:3])
    found = crm.opt_outs(some)
    assert [said.out for said in found.values()] == [False, True, False]
    assert bench.calls(ONE) == 3


def test_one_person_is_asked_for_alone(
    bench: HubSpotBench, crm: HubSpot, people: dict[str, str]
) -> None:
    bench.forget()
    crm.opt_outs(dict(list(people.items())[:1]))
    assert (bench.calls(TOGETHER), bench.calls(ONE)) == (0, 1)
