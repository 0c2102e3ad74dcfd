"""The switches as JSON over HTTP: ``/__sandbox__/...`` on every port. See docs/sandbox.md."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Final

from pydantic import JsonValue, TypeAdapter

from integrations.sandbox.faults import Fault
from integrations.sandbox.http import Answer, Handler, Request, Router
from integrations.sandbox.switches import (
    ClockWish,
    FaultWish,
    RecordWish,
    ResetWish,
    Switches,
    Wish,
)
from integrations.sandbox.traffic import Entry

PREFIX: Final = "/__sandbox__"
METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")

_OPTIONS = TypeAdapter(dict[str, JsonValue])


class LogWish(Wish):
    """Which entries of the request log."""

    after: int = 0
    crm: str | None = None
    operation: str = "*"
    writes: bool = False


class Control:
    """Asks the switches and tells how they stand."""

    def __init__(self, switches: Switches) -> None:
        self.switches = switches
        self.world = switches.world

    def add_to(self, house: Router) -> None:
        """Put the routes into the house of a port."""
        table: Mapping[str, Mapping[str, Callable[[Request], JsonValue]]] = {
            "clock": {"GET": self.clock, "POST": self.move_clock},
            "counters": {"GET": self.counters},
            "faults": {"GET": self.faults, "POST": self.arm, "DELETE": self.disarm},
            "operations": {"GET": self.operations},
            "options": {"GET": self.options, "POST": self.set_options},
            "records": {"POST": self.records},
            "requests": {"GET": self.requests},
            "reset": {"POST": self.reset},
        }
        for name, verbs in table.items():
            for method, verb in verbs.items():
                house.add(method, f"{PREFIX}/{name}", f"sandbox.{name}", _guarded(verb))
            words = f"{name} knows {', '.join(verbs)} only"
            _refuse(house, f"{PREFIX}/{name}", 405, words, {"Allow": ", ".join(verbs)})
        words = f"there is no such switch; there are: {', '.join(table)}"
        _refuse(house, PREFIX + "{rest:(?:/.*)?}", 404, words, {})

    def clock(self, request: Request) -> JsonValue:
        """The time, and whether it stands still by itself."""
        return {"now": _iso(self.world.clock.now()), "manual": self.world.clock.manual}

    def move_clock(self, request: Request) -> JsonValue:
        """``{"now": ISO}``, ``{"advance": "2 days"}`` or ``{"run": true}``."""
        self.switches.move_clock(ClockWish.read(request.body))
        return self.clock(request)

    def reset(self, request: Request) -> JsonValue:
        """``{"world": "demo"}``, or nothing for the last world."""
        self.switches.reset(ResetWish.read(request.body))
        seed = self.world.seed
        return {
            "world": seed.name,
            "customers": len(seed.customers),
            "colleagues": len(seed.colleagues),
        }

    def records(self, request: Request) -> JsonValue:
        """``{"do": "merge", "object": "Account", "id": ..., "into": ...}``; delete, restore."""
        wish = RecordWish.read(request.body)
        self.switches.keep(wish)
        return {"do": wish.do, "object": wish.object, "id": wish.id}

    def requests(self, request: Request) -> JsonValue:
        """The request log, oldest first."""
        wish = LogWish.read(request.query)
        found = [
            _logged(entry)
            for entry in self.world.traffic.entries(crm=wish.crm, after=wish.after)
            if fnmatchcase(entry.operation, wish.operation) and (entry.writes or not wish.writes)
        ]
        return {"requests": found}

    def counters(self, request: Request) -> JsonValue:
        """Calls of each CRM since the last reset."""
        traffic = self.world.traffic
        return {
            crm: {**traffic.totals(crm), "operations": {**traffic.count(crm)}}
            for crm in self.world.dialects
        }

    def faults(self, request: Request) -> JsonValue:
        """The faults that may still strike."""
        return {"faults": [_fault(fault) for fault in self.world.faults.active]}

    def arm(self, request: Request) -> JsonValue:
        """The fields of a fault."""
        return _fault(self.switches.arm(FaultWish.read(request.body)))

    def disarm(self, request: Request) -> JsonValue:
        """All of them."""
        self.world.faults.clear()
        return self.faults(request)

    def options(self, request: Request) -> JsonValue:
        """How this port's CRM is set up."""
        return {**self.switches.dialect.options}

    def set_options(self, request: Request) -> JsonValue:
        """``{"rate_limits": false}``; what is not named stays."""
        try:
            wanted = _OPTIONS.validate_json(request.body)
        except ValueError:
            raise ValueError('say what to set: {"name": true}') from None
        self.switches.set_options(wanted)
        return self.options(request)

    def operations(self, request: Request) -> JsonValue:
        """The names that faults and counters use."""
        return {"operations": [*self.switches.dialect.routes.operations()]}


def _guarded(verb: Callable[[Request], JsonValue]) -> Handler:
    def handle(request: Request) -> Answer:
        try:
            return Answer(body=verb(request))
        except ValueError as problem:
            return Answer(status=400, body={"error": f"{str(problem).rstrip('.')}."})

    return handle


def _refuse(
    house: Router, template: str, status: int, words: str, headers: Mapping[str, str]
) -> None:
    answer = Answer(status=status, body={"error": f"{words}."}, headers=headers)
    for method in METHODS:
        house.add(method, template, "sandbox.unknown", lambda request: answer)


def _iso(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def _logged(entry: Entry) -> JsonValue:
    return {**asdict(entry), "at": _iso(entry.at), "writes": entry.writes}


def _fault(fault: Fault) -> JsonValue:
    return asdict(fault)
