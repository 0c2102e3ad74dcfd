"""Every adapter promises the same rules, and every rule is a test of this suite."""

from __future__ import annotations

import pytest

from tests.contract.crm.conftest import BENCHES
from tests.contract.crm.quality import promised, suite


@pytest.mark.parametrize("name", list(BENCHES))
def test_promises_what_is_tested(name: str) -> None:
    assert {noun: list(rules) for noun, rules in promised(name).items()} == suite()


@pytest.mark.parametrize("name", list(BENCHES))
def test_every_rule_is_done_or_exempt_for_a_reason(name: str) -> None:
    for noun, rules in promised(name).items():
        for rule, said in rules.items():
            reason = said.get("exempt", "") if isinstance(said, dict) else ""
            assert said == "done" or len(reason.split()) > 3, f"{name}: {noun}.{rule}"


def test_no_rule_is_exempt_everywhere() -> None:
    for noun, rules in suite().items():
        for rule in rules:
            assert "done" in [promised(name)[noun][rule] for name in BENCHES], f"{noun}.{rule}"
