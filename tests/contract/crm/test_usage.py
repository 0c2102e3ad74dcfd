"""How many calls are left."""

from __future__ import annotations

import pytest

from integrations.contract import Crm
from tests.contract.crm.bench import Bench


@pytest.mark.sandbox("nobody else at work")
def test_counts_calls(bench: Bench, crm: Crm) -> None:
    crm.owners()
    before = crm.usage()
    assert before.used
    assert before.limit
    assert before.limit > 1_000
    bench.forget()
    crm.owners()
    assert crm.usage().used == before.used + bench.calls()


def test_costs_no_call_of_its_own(bench: Bench, crm: Crm) -> None:
    crm.owners()
    bench.forget()
    crm.usage()
    assert bench.calls() == 0


def test_says_when_the_day_ends(bench: Bench, crm: Crm) -> None:
    crm.identity()
    crm.owners()
    resets = crm.usage().resets_at
    assert resets is not None
    assert 0 < (resets - crm.now()).total_seconds() <= 86_400
