"""Which org it is, and what time it is there."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from integrations.contract import TASK, Crm
from tests.contract.crm.bench import Bench
from tests.contract.crm.people import MINUTE, START


def test_tells_which_org(bench: Bench, crm: Crm) -> None:
    identity = crm.identity()
    assert crm.name == bench.name
    assert identity.org.isalnum()
    assert identity.name
    assert identity.kind in bench.kinds
    assert identity == bench.connect().identity()


def test_has_the_permissions_that_it_needs(bench: Bench, crm: Crm) -> None:
    assert crm.lacking([bench.words.customer, bench.words.person, TASK]) == ()


def test_tells_its_zone(crm: Crm) -> None:
    assert ZoneInfo(crm.identity().zone).utcoffset(START) is not None


@pytest.mark.sandbox("a clock that one moves")
def test_has_the_time_of_the_crm(bench: Bench, crm: Crm) -> None:
    assert bench.connect().now() == START
    bench.pass_(MINUTE)
    crm.owners()
    assert crm.now() == START + MINUTE


def test_asks_for_the_time_only_once(bench: Bench) -> None:
    crm = bench.connect()
    crm.now()
    bench.forget()
    crm.now()
    assert bench.calls() == 0
