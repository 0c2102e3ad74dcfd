"""One world: a clock, a request log, fault switches, and two CRMs filled from one seed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import RLock
from typing import Protocol

from integrations.sandbox.clock import Clock
from integrations.sandbox.desk import Desk
from integrations.sandbox.faults import Faults
from integrations.sandbox.http import Answer, Router
from integrations.sandbox.seed import Seed
from integrations.sandbox.traffic import Traffic

#: What an option of a portal or org may be.
Option = bool | int | str


class Dialect(Protocol):
    """One vendor's API over one seed."""

    #: ``hubspot`` or ``salesforce``.
    name: str
    routes: Router
    desk: Desk
    #: Switches of this portal or org, by name; ``/__sandbox__/options`` sets them.
    options: dict[str, Option]

    def load(self, seed: Seed) -> None:
        """Forget everything and start from this seed."""
        ...

    def failure(self, status: int, words: str) -> Answer:
        """The vendor's own error body for a status."""
        ...

    def refusals(self) -> Mapping[str, Answer]:
        """Refusals that a client cannot bring about, by the vendor's own names."""
        ...

    def headers(self) -> Mapping[str, str]:
        """What the vendor puts on every answer of its API, after counting the call."""
        ...

    def credentials(self) -> Mapping[str, str]:
        """What a client signs in with."""
        ...


class World:
    """Everything the two servers share. Whoever touches a dialect holds ``lock``."""

    def __init__(self, seed: Seed, *, clock: Clock, dialects: list[Callable[[World], Dialect]]):
        self.clock = clock
        self.traffic = Traffic()
        self.faults = Faults()
        self.lock = RLock()
        self.seed = seed
        #: The record of the practice customer, by CRM, and how many there have been.
        self.practising: dict[str, str] = {}
        self.rounds = 0
        self.dialects = {dialect.name: dialect for dialect in (make(self) for make in dialects)}
        self.reset(seed)

    def reset(self, seed: Seed | None = None) -> None:
        """Start again, from this seed or from the last."""
        with self.lock:
            self.seed = seed or self.seed
            self.traffic.clear()
            self.faults.clear()
            self.practising.clear()
            for dialect in self.dialects.values():
                dialect.load(self.seed)
