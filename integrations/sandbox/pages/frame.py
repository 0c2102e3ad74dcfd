"""What every page of a port shares: its frame, who is acting, and what was just done."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl, urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined

from integrations.sandbox.desk import Desk
from integrations.sandbox.http import Answer, Handler, Request
from integrations.sandbox.pages.card import counted, say
from integrations.sandbox.pages.wording import FILTERS
from integrations.sandbox.switches import Switches

#: The places of the site, in the order of its navigation.
PLACES: Final = {
    "/": "Customers",
    "/outbox": "Outbox",
    "/requests": "Requests",
    "/switches": "Switches",
}
#: What the last form did, by the word that it leaves in the address.
SAID: Final = {
    "acting": "From now on you act as the person you chose.",
    "clock": "The clock was set.",
    "completed": "The task is done.",
    "disarmed": "No fault is armed any more.",
    "armed": "The fault is armed.",
    "begun": "Your practice customer is here. Nothing you do with it reaches anybody.",
    "begun_again": "A fresh practice customer is here; what was is out of the way.",
    "options": "The options were saved.",
    "passed": "Time has passed. Load the page again once the service has looked: in a moment.",
    "record": "That is done with the record.",
    "reset": "The world started again.",
    "saved": "Saved.",
    "unsubscribed": "This person gets no e-mail any more.",
}
#: Nothing from elsewhere, nothing that runs.
HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self';"
        " base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
HTML: Final = "text/html;charset=UTF-8"


class Refused(Exception):
    """A page that cannot be shown, or a form that asks for what cannot be; with plain words."""

    def __init__(self, status: int, words: str) -> None:
        self.status = status
        super().__init__(words)


class Frame:
    """Renders the pages of one port."""

    def __init__(self, switches: Switches, urls: Mapping[str, str]) -> None:
        self.switches = switches
        self.world = switches.world
        self.name = switches.dialect.name
        self._urls = urls
        self._templates = templates()

    @property
    def desk(self) -> Desk:
        """This port's CRM as its users have it."""
        return self.switches.dialect.desk

    def page(
        self, request: Request, template: str, *, status: int = 200, **values: object
    ) -> Answer:
        """A page of the site."""
        query = [
            (name, value)
            for name, value in parse_qsl(request.query_string, keep_blank_values=True)
            if name != "said"
        ]
        others = {
            self.world.dialects[name].desk.title: url
            for name, url in self._urls.items()
            if name != self.name
        }
        text = self._templates.get_template(template).render(
            crm=self.name,
            crm_title=self.desk.title,
            others=others,
            places=PLACES,
            path=request.path,
            here=request.path + ("?" + urlencode(query) if query else ""),
            now=self.world.clock.now(),
            manual=self.world.clock.manual,
            colleagues=self.desk.colleagues(),
            acting=self.acting(request),
            said=SAID.get(request.query.get("said", "")),
            **values,
        )
        return Answer(status=status, body=text, media_type=HTML, headers=HEADERS)

    def back(self, place: str, said: str, *, cookie: str = "") -> Answer:
        """The way back after a form, with a word on what it did."""
        path, _, fragment = place.partition("#")
        path += ("&" if "?" in path else "?") + urlencode({"said": said})
        location = f"{path}#{fragment}" if fragment else path
        more = {"Set-Cookie": cookie} if cookie else {}
        return Answer(status=303, headers={"Location": location, **more})

    def acting(self, request: Request) -> str:
        """The id of the colleague in whose name forms are sent, unless they say another."""
        there = list(dict(self.desk.colleagues()))
        sent = request.headers.get("cookie", "").split(";")
        chosen = dict(cookie.strip().partition("=")[::2] for cookie in sent).get(self.cookie)
        return chosen if chosen in there else next(iter(there), "")

    @property
    def cookie(self) -> str:
        """Browsers keep cookies by host and not by port, so each CRM has its own."""
        return f"acting-{self.name}"

    def by(self, request: Request) -> str:
        """The colleague whom a form names; raises Refused."""
        by = request.form.get("by", self.acting(request))
        if by not in dict(self.desk.colleagues()):
            raise Refused(400, "Nobody with an active seat has this id; choose a colleague.")
        return by

    def guarded(self, handler: Handler) -> Handler:
        """The handler, with a plain page for what it refuses."""

        def handle(request: Request) -> Answer:
            try:
                return handler(request)
            except Refused as refused:
                words = {"title": "That did not work", "words": str(refused)}
                return self.page(request, "refused.html", status=refused.status, **words)

        return handle


def templates() -> Environment:
    """The templates of the pages, with their filters and the words of the card."""
    made = Environment(
        loader=PackageLoader(__package__),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(FILTERS)
    made.globals.update(say=say, counted=counted)
    return made


def number(request: Request, name: str) -> int:
    """A number of the query; 0 where it is none."""
    text = request.query.get(name, "")
    return int(text) if re.fullmatch("[0-9]{1,9}", text) else 0
