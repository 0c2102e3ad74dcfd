"""A sandbox and a service on it, in one process: what demo, replay and tests stand on."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import yaml

from integrations.contract import ObjectSpec
from integrations.sandbox.clock import Clock
from integrations.sandbox.desk import Desk, Row
from integrations.sandbox.open import Sandbox, open_sandbox
from integrations.sandbox.seed import Seed
from integrations.sandbox.world import Dialect
from mappings.seats import Directory
from mappings.wanted import wanted
from sync.app import App
from sync.connection import Connection
from sync.engine.jobs import Cycle, cycle
from sync.web.serve import Pages

CRMS = ("salesforce", "hubspot")
#: How often the service looks while somebody watches it.
LIVELY: Final = timedelta(seconds=1)


@dataclass(kw_only=True)
class Trial:
    """An open sandbox with a manual clock, and the service that works on it."""

    sandbox: Sandbox
    app: App
    #: As they were opened last.
    connections: dict[str, Connection] = field(default_factory=dict)

    @property
    def clock(self) -> Clock:
        """The time of everything."""
        return self.sandbox.world.clock

    @property
    def urls(self) -> dict[str, str]:
        """The CRMs that the service works on, by their addresses."""
        return {name: self.sandbox.urls[name] for name in self.app.service.connections}

    def dialect(self, crm: str) -> Dialect:
        """One of the sandbox's CRMs."""
        return self.sandbox.world.dialects[crm]

    def desk(self, crm: str) -> Desk:
        """What people see and do there."""
        return self.dialect(crm).desk

    @contextmanager
    def pages(self) -> Iterator[Pages]:
        """The survey, at the sandbox's time, for one machine that plays many customers."""
        clocks = dict.fromkeys(self.app.service.connections, self.clock.now)
        with self.app.pages(clocks, rates=None, directory=self._directory) as pages:
            self.app.address = pages.urls["public"]
            yield pages

    def serve(self, hand_over: Callable[[Callable[[], None]], None]) -> None:
        """Run the service as it runs anywhere, but so lively that people see it at work.

        What stops it is handed over first.
        """
        engine = self.app.engine(self.app.service.connections)
        for line in engine.lines.values():
            line.poll, line.open = LIVELY, partial(self.attentive, line.name)
        hand_over(engine.stop)
        engine.run()

    def attentive(self, crm: str) -> Connection:
        """Signed in, and with an eye on what is deleted: the clock may stand still for long."""
        connection = self.connect(crm)
        connection.removals = timedelta(0)
        return connection

    def settle_in(self) -> None:
        """Give each CRM what it lacks and look once, so that whatever follows is news."""
        for crm in self.app.service.connections:
            self.provision(crm)
            self.cycle(self.connect(crm))
        self.count_from_here()
        self.advance(timedelta(minutes=15))

    def provision(self, crm: str) -> int:
        """Create what the mapping wants and the CRM lacks; returns how much that was."""
        loaded = self.app.mapping(crm)
        adapter = self.app.crm(crm, loaded)
        specs = wanted(loaded.programme, loaded.rows)
        missing = adapter.missing(specs)
        if not adapter.makes_objects and any(isinstance(one, ObjectSpec) for one in missing):
            self.dialect(crm).options["departures"] = True  # an admin deploys that part
            missing = adapter.missing(specs)
        for spec in missing:
            adapter.provision(spec)
        return len(missing)

    def connect(self, crm: str) -> Connection:
        """Sign in."""
        self.connections[crm] = self.app.connection(crm)
        return self.connections[crm]

    def _directory(self, crm: str) -> Directory:
        """Who works there, for the pages."""
        opened = self.connections.get(crm)
        return opened.rules.directory if opened else Directory.of(())

    def count_from_here(self) -> None:
        """Forget the calls that setting up has cost."""
        with self.sandbox.world.lock:
            self.sandbox.world.traffic.clear()

    def calls(self, crm: str) -> dict[str, int]:
        """Calls by operation, as the sandbox has counted them."""
        with self.sandbox.world.lock:
            return self.sandbox.world.traffic.count(crm)

    def advance(self, by: timedelta) -> None:
        """Let time pass."""
        with self.sandbox.world.lock:
            self.clock.advance(by)

    def until(self, moment: datetime) -> None:
        """Let time pass until then."""
        with self.sandbox.world.lock:
            self.clock.set(max(moment, self.clock.now()))

    def customers(self, crm: str) -> dict[str, Row]:
        """Every customer, by name."""
        with self.sandbox.world.lock:
            return {row.name: row for row in self.desk(crm).customers(limit=1_000_000)}

    def edit(self, crm: str, customer: str, field: str, value: str, *, by: str) -> None:
        """Set a field of a customer, as a colleague does."""
        desk = self.desk(crm)
        with self.sandbox.world.lock:
            desk.edit(desk.customer_object, customer, field, value, by=by)

    def colleague(self, crm: str, number: int = 0) -> str:
        """The id of somebody with a seat."""
        with self.sandbox.world.lock:
            return self.desk(crm).colleagues()[number][0]

    def cycle(self, connection: Connection) -> Cycle:
        """One cycle at the sandbox's time."""
        return cycle(connection)


def free_address(port: int = 0) -> str:
    """An address on this machine that nobody listens on: at this port, if it can be had."""
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            probe.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{probe.getsockname()[1]}"


@contextmanager
def trial(
    world: str | Seed,
    *,
    start: datetime,
    crms: Sequence[str] = CRMS,
    mapping: Mapping[str, Any] | None = None,
    ports: tuple[int, int] = (0, 0),
    public: str | None = None,
    folder: Path | None = None,
) -> Iterator[Trial]:
    """Open a sandbox at this time and set up a service on it, in a folder of its own.

    Per-second limits are off: time is simulated. ``mapping`` goes into every mapping file;
    ``public`` is where customers' pages are, left out: at any free port.
    """
    with (
        TemporaryDirectory(prefix="aurevoir-") as temporary,
        open_sandbox(
            world=world,
            hubspot_port=ports[0],
            salesforce_port=ports[1],
            clock=Clock(manual=start),
        ) as sandbox,
    ):
        for dialect in sandbox.world.dialects.values():
            dialect.options["rate_limits"] = False
        app = _set_up(
            folder or Path(temporary), sandbox, crms, dict(mapping or {}), public or free_address()
        )
        try:
            yield Trial(sandbox=sandbox, app=app)
        finally:
            app.store.close()


def _set_up(
    folder: Path, sandbox: Sandbox, crms: Sequence[str], mapping: dict[str, Any], public: str
) -> App:
    env: dict[str, str] = {}
    connections = {}
    for crm in crms:
        credentials = {}
        for name, value in sandbox.world.dialects[crm].credentials().items():
            env[f"{crm}_{name}".upper()] = value
            if name in ("client_id", "client_secret") or crm == "hubspot":
                credentials[name] = f"${{{crm}_{name}}}".upper()
        connections[crm] = {
            "crm": crm,
            "credentials": credentials,
            "mapping": f"{crm}.yaml",
            "url": sandbox.urls[crm],
            "clock": "crm",
            "pace": False,
        }
        (folder / f"{crm}.yaml").write_text(yaml.safe_dump(mapping))
    service = {
        "company": "Nimbus Desk",
        "listen": {"public": public, "private": "127.0.0.1:0"},
        "connections": connections,
    }
    file = folder / "aurevoir.yaml"
    file.write_text(yaml.safe_dump(service))
    app = App.load(file, env)
    app.durable = False
    return app
