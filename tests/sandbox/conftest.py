"""A served world with a tiny CRM in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests

from integrations.sandbox.clock import Clock
from integrations.sandbox.open import Sandbox, open_sandbox
from tests.sandbox.tiny import START, Tiny, TinyHubSpot, TinySalesforce


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """Both ports, the demo world, a clock that stands still on a Monday morning."""
    with open_sandbox(
        world="demo",
        hubspot_port=0,
        salesforce_port=0,
        clock=Clock(manual=START),
        dialects={"hubspot": TinyHubSpot, "salesforce": TinySalesforce},
    ) as opened:
        yield opened


@pytest.fixture
def tiny(sandbox: Sandbox) -> Tiny:
    """The tiny CRM on the first port."""
    dialect = sandbox.world.dialects["hubspot"]
    assert isinstance(dialect, Tiny)
    return dialect


@pytest.fixture
def url(sandbox: Sandbox) -> str:
    """Its address."""
    return sandbox.urls["hubspot"]


@pytest.fixture
def http() -> Iterator[requests.Session]:
    """A client; it is closed, since warnings are errors."""
    with requests.Session() as session:
        yield session
