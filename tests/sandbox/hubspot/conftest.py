"""A portal on a real socket, filled anew for every test, and a client with its key."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from integrations.sandbox.clock import Clock
from integrations.sandbox.http import Router
from integrations.sandbox.hubspot import HubSpot
from integrations.sandbox.server import Gate, Serving
from integrations.sandbox.world import World
from tests.sandbox.hubspot.client import NOW, OPTIONS, Api, seed


@pytest.fixture(scope="session")
def served() -> Iterator[tuple[World, str]]:
    """A world with a HubSpot, and its address."""
    world = World(seed(), clock=Clock(manual=NOW), dialects=[HubSpot])
    gate = Gate(world, world.dialects["hubspot"], Router())
    with Serving({"hubspot": (gate, 0)}) as serving:
        yield world, serving.urls["hubspot"]


@pytest.fixture
def world(served: tuple[World, str]) -> World:
    """The world as it begins."""
    world, _ = served
    world.clock.set(NOW)
    world.dialects["hubspot"].options.update(OPTIONS)
    world.reset(seed())
    return world


@pytest.fixture
def hubspot(world: World) -> HubSpot:
    """The dialect behind the socket."""
    dialect = world.dialects["hubspot"]
    assert isinstance(dialect, HubSpot)
    return dialect


@pytest.fixture
def api(served: tuple[World, str], hubspot: HubSpot) -> Iterator[Api]:
    """A client of the portal."""
    client = Api(served[1], hubspot.credentials()["token"])
    yield client
    client.session.close()
