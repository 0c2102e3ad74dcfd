"""Puts every CRM on the bench. An adapter joins the suite by one line in ``BENCHES``."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from integrations.contract import Crm
from integrations.sandbox.clock import Clock
from integrations.sandbox.open import open_sandbox
from tests.contract.crm import hubspot, salesforce
from tests.contract.crm.bench import START, Bench, seed
from tests.contract.crm.quality import exemption

BENCHES = {
    "hubspot": (hubspot.HubSpotBench, hubspot.DIALECT),
    "salesforce": (salesforce.SalesforceBench, salesforce.DIALECT),
}


@pytest.fixture(scope="session")
def benches() -> Iterator[dict[str, Bench]]:
    """Every CRM, each in a world of its own."""
    with ExitStack() as stack:
        opened = {}
        for name, (bench, dialect) in BENCHES.items():
            sandbox = stack.enter_context(
                open_sandbox(
                    world=seed(),
                    hubspot_port=0,
                    salesforce_port=0,
                    clock=Clock(manual=START),
                    dialects={name: dialect},
                )
            )
            opened[name] = bench(sandbox)
            stack.callback(opened[name].close)
        yield opened


@pytest.fixture(params=list(BENCHES))
def bench(request: pytest.FixtureRequest, benches: dict[str, Bench]) -> Bench:
    """One CRM with a small company in it, fresh for this test."""
    name = request.param
    if reason := exemption(name, request.node):
        pytest.skip(f"{name}: {reason}")
    found = benches[name]
    found.reset(seed())
    return found


@pytest.fixture
def crm(bench: Bench) -> Crm:
    """Its adapter, with our fields on tasks and notes; calls are counted from here."""
    connected = bench.connect()
    for spec in bench.keys:
        connected.provision(spec)
    bench.forget()
    return connected


@pytest.fixture
def closed() -> str:
    """An address at which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    return f"http://127.0.0.1:{port}"
