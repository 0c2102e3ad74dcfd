"""The two ports: one for customers, one for whoever runs the service."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp

from mappings.survey import Page
from sync.store import Store
from sync.web.backing import Backings
from sync.web.door import Door
from sync.web.health import Health, alive
from sync.web.notice import Notices
from sync.web.overview import Overview
from sync.web.survey import Survey
from sync.web.throttle import RATES, Rates, Throttle
from sync.web.webhooks import Webhooks

#: What is served as it is, and its type.
FILES: Final = {"style.css": "text/css", "icon.svg": "image/svg+xml"}


def public(store: Store, backings: Backings, *, rates: Rates | None = RATES) -> ASGIApp:
    """What customers open, and webhooks; ``rates=None`` lets one machine play many customers."""
    survey = Survey(store, backings)

    def refuse(request: Request, status: int) -> Response:
        if request.url.path.startswith("/hooks/"):
            return PlainTextResponse(f"{status}\n", status_code=status)
        if status == 404:
            return survey.unknown(request)
        frame = survey.house(request)
        words = frame.words
        if status == 413:
            return frame.page(Page(title=words.problem, text=words.too_long), status=status)
        return frame.page(words.busy, status=status)

    hooks = Webhooks(store, backings)
    overview = Overview(store, backings, survey.unknown)
    notices = Notices(store, backings, survey.unknown)
    routes = [
        *survey.routes(),
        *overview.routes(),
        *notices.routes(),
        *hooks.routes(),
        *map(_file, FILES),
        alive(store),
    ]
    return Door(
        Router(routes, redirect_slashes=False), refuse, throttle=Throttle(rates) if rates else None
    )


def private(store: Store, backings: Backings) -> ASGIApp:
    """Health and metrics; keep this port to yourself."""

    def refuse(_: Request, status: int) -> Response:
        return PlainTextResponse(f"{status}\n", status_code=status)

    routes = Health(store, backings).routes()
    return Door(Router(routes, redirect_slashes=False), refuse)


def _file(name: str) -> Route:
    content = files(__package__).joinpath("static", name).read_bytes()

    def show(_: Request) -> Response:
        return Response(content, media_type=FILES[name])

    return Route(f"/static/{name}", show)
