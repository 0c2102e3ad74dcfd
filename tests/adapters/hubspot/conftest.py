"""A portal of its own, and the adapter in front of it: what only HubSpot has."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from integrations.hubspot import HubSpot
from integrations.sandbox.clock import Clock
from integrations.sandbox.open import open_sandbox
from tests.contract.crm.hubspot import DIALECT, HubSpotBench
from tests.contract.crm.people import START, seed


@pytest.fixture(scope="session")
def opened() -> Iterator[HubSpotBench]:
    """One portal for all tests."""
    with open_sandbox(
        world=seed(),
        hubspot_port=0,
        salesforce_port=0,
        clock=Clock(manual=START),
        dialects={"hubspot": DIALECT},
    ) as sandbox:
        bench = HubSpotBench(sandbox)
        yield bench
        bench.close()


@pytest.fixture
def bench(opened: HubSpotBench) -> HubSpotBench:
    """The portal, fresh."""
    opened.reset(seed())
    return opened


@pytest.fixture
def crm(bench: HubSpotBench) -> HubSpot:
    """Its adapter, with our fields on tasks and notes; calls are counted from here."""
    connected = bench.connect()
    assert isinstance(connected, HubSpot)
    for spec in bench.keys:
        connected.provision(spec)
    bench.forget()
    return connected
