"""Who wants no mail. No answer is no permission."""

from __future__ import annotations

import pytest

from integrations.contract import Crm
from tests.contract.crm.bench import Bench


@pytest.fixture
def people(bench: Bench) -> dict[str, str]:
    """The people of a customer with their addresses."""
    one, two = bench.people()
    return {one.id: bench.address(1, 1), two.id: bench.address(2, 1)}


@pytest.mark.sandbox("people who opt out")
def test_tells_who_has_opted_out(bench: Bench, crm: Crm, people: dict[str, str]) -> None:
    one, two = bench.people()
    bench.unsubscribe(two)
    found = crm.opt_outs(people)
    assert {id: said.out for id, said in found.items()} == {one.id: False, two.id: True}
    assert bench.name in found[two.id].words.lower()
    assert found[one.id].words == ""


@pytest.mark.sandbox("faults on demand")
def test_no_answer_is_no_entry(bench: Bench, crm: Crm, people: dict[str, str]) -> None:
    crm.opt_outs(people)
    bench.strike("opt_out", status=500, times=10)
    assert crm.opt_outs(people) == {}


def test_a_person_who_is_gone_is_no_entry(bench: Bench, crm: Crm, people: dict[str, str]) -> None:
    one, two = bench.people()
    bench.delete(two)
    assert one.id in crm.opt_outs(people)
    assert two.id not in crm.opt_outs(people)


def test_asks_for_nobody_for_nothing(bench: Bench, crm: Crm) -> None:
    assert crm.opt_outs({}) == {}
    assert bench.calls() == 0


@pytest.mark.sandbox("faults on demand")
def test_a_flag_that_we_cannot_see_is_no_answer(
    bench: Bench, crm: Crm, people: dict[str, str]
) -> None:
    bench.strike("schema", status=200, body=bench.said["blind"])
    assert crm.opt_outs(people) == {}
