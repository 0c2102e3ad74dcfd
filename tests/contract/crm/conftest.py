"""Puts every CRM on the bench. An adapter joins the suite by one line in ``BENCHES``."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from integrations.contract import Crm
from integrations.sandbox.clock import Clock
from integrations.sandbox.open import open_sandbox
from tests.contract.crm import hubspot, salesforce
from tests.contract.crm.bench import Bench
from tests.contract.crm.people import START, seed
from tests.contract.crm.quality import exemption
from tests.live.access import LIVE, access
from tests.live.bench import Live

BENCHES = {
    "hubspot": (hubspot.HubSpotBench, hubspot.DIALECT),
    "salesforce": (salesforce.SalesforceBench, salesforce.DIALECT),
}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--live", action="store_true", help="try a test portal and an org, and not the sandbox"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what only the sandbox has, and say what that is."""
    if not config.getoption("--live", default=False):
        return
    for item in items:
        of = getattr(item, "callspec", None)
        crm = of.params.get("bench") if of else None
        for mark in item.iter_markers("sandbox"):
            if mark.kwargs.get("crm", crm) == crm:
                item.add_marker(pytest.mark.skip(reason=f"needs the sandbox: {mark.args[0]}"))


@pytest.fixture(scope="session")
def benches(pytestconfig: pytest.Config) -> Iterator[dict[str, Bench]]:
    """Every CRM, each in a world of its own; live: those that the environment leads to."""
    with ExitStack() as stack:
        opened: dict[str, Bench] = {}
        if pytestconfig.getoption("--live", default=False):
            for name, (live, _, _) in LIVE.items():
                if found := access(name, os.environ):
                    made = live(found)
                    stack.callback(made.close)
                    made.open()
                    opened[name] = made
            yield opened
            return
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
def bench(request: pytest.FixtureRequest, benches: dict[str, Bench]) -> Iterator[Bench]:
    """One CRM with a small company in it, fresh for this test."""
    name = request.param
    if reason := exemption(name, request.node):
        pytest.skip(f"{name}: {reason}")
    if name not in benches:
        pytest.skip(LIVE[name][2])
    found = benches[name]
    if isinstance(found, Live):
        found.begin()
        try:
            yield found
        finally:
            found.end()
        return
    found.reset(seed())
    yield found


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
