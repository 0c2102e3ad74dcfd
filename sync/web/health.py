"""How the service fares, for whoever watches over it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from sync.metrics import REGISTRY
from sync.place import kind
from sync.store import Store
from sync.store.connections import Standing
from sync.web.backing import Backing, Backings

#: A connection that has not come round for this many polls stands still.
STANDS_STILL: Final = 10


def alive(store: Store) -> Route:
    """``/healthz`` of the public port: the store answers."""

    def show(_: Request) -> Response:
        with store.reading() as tables:
            tables.connections.all()
        return PlainTextResponse("ok\n")

    return Route("/healthz", show)


class Health:
    """``/healthz`` and ``/metrics`` of the private port."""

    def __init__(self, store: Store, backings: Backings) -> None:
        self._store = store
        self._backings = backings
        #: A service that has just been started is not late yet.
        self._since = {name: backing.clock() for name, backing in backings.items()}

    def routes(self) -> list[Route]:
        """Every address."""
        return [Route("/healthz", self.show), Route("/metrics", self.metrics)]

    def show(self, _: Request) -> Response:
        """Each connection; 503 when one stands still."""
        with self._store.reading() as tables:
            standings = {standing.name: standing for standing in tables.connections.known()}
        connections = {
            name: self._fares(name, backing, standings.get(name))
            for name, backing in self._backings.items()
        }
        ok = all(fares["ok"] for fares in connections.values())
        body = {"ok": ok, "connections": connections}
        return JSONResponse(body, status_code=200 if ok else 503)

    def _fares(self, name: str, backing: Backing, standing: Standing | None) -> Mapping[str, Any]:
        now = backing.clock()
        last = standing.cycle_at if standing else None
        parked = standing.parked_until if standing else None
        # Waiting for the CRM's limit to reset is no standing still.
        moved = max(moment for moment in (self._since[name], last, parked) if moment)
        return {
            "kind": kind(standing),
            "ok": now - moved <= STANDS_STILL * backing.poll,
            "last_cycle_at": _iso(last),
            "last_cycle_seconds": (now - last).total_seconds() if last else None,
            "trouble": standing.trouble if standing else None,
            "held": standing.held if standing else None,
            "paused": standing.paused if standing else None,
            "parked_until": _iso(parked),
        }

    def metrics(self, _: Request) -> Response:
        """For Prometheus."""
        return Response(generate_latest(REGISTRY), media_type=CONTENT_TYPE_LATEST)


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
