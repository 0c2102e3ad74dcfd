"""A sandbox and a service on it, in one process: what demo, replay and tests stand on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from integrations.contract import ObjectSpec
from integrations.sandbox.clock import Clock
from integrations.sandbox.desk import Desk, Row
from integrations.sandbox.open import Sandbox, open_sandbox
from integrations.sandbox.seed import Seed
from integrations.sandbox.world import Dialect
from mappings.wanted import wanted
from sync.app import App
from sync.connection import Connection
from sync.engine.jobs import Cycle, cycle
from sync.web.serve import Pages

CRMS = ("salesforce", "hubspot")


@dataclass(kw_only=True)
class Trial:
    """An open sandbox with a manual clock, and the service that works on it."""

    sandbox: Sandbox
    app: App

    @property
    def clock(self) -> Clock:
        """The time of everything."""
        return self.sandbox.world.clock

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
        with self.app.pages(clocks, rates=None) as pages:
            self.app.address = pages.urls["public"]
            yield pages

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
        return self.app.connection(crm)

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


@contextmanager
def trial(
    world: str | Seed,
    *,
    start: datetime,
    crms: Sequence[str] = CRMS,
    mapping: Mapping[str, Any] | None = None,
    ports: tuple[int, int] = (0, 0),
    public: str = "127.0.0.1:0",
    folder: Path | None = None,
) -> Iterator[Trial]:
    """Open a sandbox at this time and set up a service on it, in a folder of its own.

    Per-second limits are off: time is simulated. ``mapping`` goes into every mapping file.
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
        app = _set_up(folder or Path(temporary), sandbox, crms, dict(mapping or {}), public)
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
        "listen": {"public": public, "private": public},
        "connections": connections,
    }
    file = folder / "aurevoir.yaml"
    file.write_text(yaml.safe_dump(service))
    app = App.load(file, env)
    app.durable = False
    return app
