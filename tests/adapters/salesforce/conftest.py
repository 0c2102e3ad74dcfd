"""Salesforce alone on the bench."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from integrations.contract import Crm
from integrations.sandbox.clock import Clock
from integrations.sandbox.open import open_sandbox
from tests.contract.crm.people import START, seed
from tests.contract.crm.salesforce import DIALECT, SalesforceBench


@pytest.fixture(scope="session")
def org() -> Iterator[SalesforceBench]:
    """An org in a world of its own."""
    with open_sandbox(
        world=seed(),
        hubspot_port=0,
        salesforce_port=0,
        clock=Clock(manual=START),
        dialects={"salesforce": DIALECT},
    ) as sandbox:
        opened = SalesforceBench(sandbox)
        yield opened
        opened.close()


@pytest.fixture
def bench(org: SalesforceBench) -> SalesforceBench:
    """The org, fresh for this test."""
    org.reset(seed())
    return org


@pytest.fixture
def crm(bench: SalesforceBench) -> Crm:
    """Its adapter, with our fields on tasks and notes; calls are counted from here."""
    connected = bench.connect()
    for spec in bench.keys:
        connected.provision(spec)
    bench.forget()
    return connected
