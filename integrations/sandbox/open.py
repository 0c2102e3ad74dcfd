"""Opens a sandbox: one world, each CRM on its own port, with pages and switches."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Final

from integrations.sandbox.clock import Clock
from integrations.sandbox.control import Control
from integrations.sandbox.http import Router
from integrations.sandbox.pages import Site
from integrations.sandbox.seed import Seed
from integrations.sandbox.server import Gate, Serving
from integrations.sandbox.switches import Switches
from integrations.sandbox.world import Dialect, World
from integrations.sandbox.worlds import build

#: Makes a dialect for a world.
Maker = Callable[[World], Dialect]

#: The CRMs by name; imported when they are opened, since their schemas are large.
DIALECTS: Final = {
    "hubspot": "integrations.sandbox.hubspot:HubSpot",
    "salesforce": "integrations.sandbox.salesforce:Salesforce",
}


@dataclass(frozen=True, kw_only=True)
class Sandbox:
    """An open sandbox; ``urls`` has the base address of each CRM by its name."""

    world: World
    urls: Mapping[str, str]

    def words(self) -> str:
        """What the person who started it wants to know."""
        seed, clock = self.world.seed, self.world.clock
        time = f"stands at {clock.now():%Y-%m-%d %H:%M} UTC" if clock.manual else "is the real time"
        lines = [
            "A sandbox is open; nothing in it reaches a real customer, and nothing is kept.",
            f"World {seed.name}: {len(seed.customers)} customers. Its clock {time}.",
        ]
        for name, url in self.urls.items():
            dialect = self.world.dialects[name]
            lines += ["", f"{dialect.desk.title}  {url}"]
            lines += [f"  {key:<14} {value}" for key, value in dialect.credentials().items()]
        lines += [
            "",
            "Open an address in a browser to see what sales would see, and to move a customer.",
            "Connect Aurevoir, or any client of these CRMs, with an address and its credentials.",
            "Ctrl-C ends it.",
        ]
        return "\n".join(lines)


@contextmanager
def open_sandbox(
    *,
    world: str | Seed = "demo",
    hubspot_port: int = 8031,
    salesforce_port: int = 8032,
    clock: Clock | None = None,
    host: str = "127.0.0.1",
    dialects: Mapping[str, Maker] | None = None,
) -> Iterator[Sandbox]:
    """Serve a world (``empty``, ``demo``, a folder, or a seed) until the block ends.

    Port 0 takes a free one. ``dialects`` takes others in place of the CRMs, by their names. Raises
    BadWorld and CannotListen.
    """
    clock = clock or Clock()
    makers = dialects or {name: _imported(place) for name, place in DIALECTS.items()}
    ports = {"hubspot": hubspot_port, "salesforce": salesforce_port}
    made = World(
        world if isinstance(world, Seed) else build(world, clock.now()),
        clock=clock,
        dialects=list(makers.values()),
    )
    urls: dict[str, str] = {}
    gates = {
        name: (Gate(made, dialect, house(made, dialect, urls)), ports[name])
        for name, dialect in made.dialects.items()
    }
    with Serving(gates, host=host) as serving:
        urls.update(serving.urls)
        yield Sandbox(world=made, urls=urls)


def house(world: World, dialect: Dialect, urls: Mapping[str, str]) -> Router:
    """Pages and switches of one port. ``urls`` may be filled in later."""
    routes, switches = Router(), Switches(world, dialect, build)
    Control(switches).add_to(routes)
    Site(switches, urls).add_to(routes)
    return routes


def _imported(place: str) -> Maker:
    module, name = place.split(":")
    maker: Maker = getattr(import_module(module), name)
    return maker
