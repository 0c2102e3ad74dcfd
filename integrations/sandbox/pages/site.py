"""All pages of one port, and what belongs to them."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from typing import Final

from integrations.sandbox.http import Answer, Handler, Request, Router
from integrations.sandbox.pages.customers import Customers
from integrations.sandbox.pages.exchange import Exchange
from integrations.sandbox.pages.frame import Frame
from integrations.sandbox.pages.panel import Panel
from integrations.sandbox.pages.practising import Practising
from integrations.sandbox.switches import Switches

#: Files that are served as they are, by their paths.
FILES: Final = {
    "/style.css": ("style.css", "text/css;charset=UTF-8"),
    "/favicon.ico": ("icon.svg", "image/svg+xml"),
}


class Site:
    """Puts the pages into the house of a port. ``urls`` are the ports, by the CRM's name."""

    def __init__(self, switches: Switches, urls: Mapping[str, str]) -> None:
        self._frame = Frame(switches, urls)

    def add_to(self, house: Router) -> None:
        """Every path of the site. A form is posted to the page that it stands on."""
        frame = self._frame
        practising, exchange, panel = Practising(frame), Exchange(frame), Panel(frame)
        customers = Customers(frame, practising)
        for method, template, handler in (
            ("GET", "/", customers.index),
            ("GET", "/customers/{id}", customers.show),
            ("POST", "/customers/{id}", customers.act),
            ("GET", "/outbox", exchange.outbox),
            ("GET", "/requests", exchange.requests),
            ("GET", "/switches", panel.show),
            ("POST", "/switches", panel.act),
            ("POST", "/acting", self.choose),
            ("POST", "/practice", practising.act),
        ):
            house.add(method, template, "pages", frame.guarded(handler))
        for path, (name, media_type) in FILES.items():
            house.add("GET", path, "pages", _file(name, media_type))

    def choose(self, request: Request) -> Answer:
        """From now on forms are sent in this colleague's name."""
        by = self._frame.by(request)
        back = request.form.get("back", "/")
        if not back.startswith("/") or back[1:2] in ("/", "\\"):
            back = "/"
        cookie = f"{self._frame.cookie}={by}; Path=/; HttpOnly; SameSite=Lax"
        return self._frame.back(back, "acting", cookie=cookie)


def _file(name: str, media_type: str) -> Handler:
    answer = Answer(
        body=files(__package__).joinpath(name).read_bytes(),
        media_type=media_type,
        headers={"Cache-Control": "no-cache"},
    )
    return lambda request: answer
