"""A customer's own page: where their goodbye stands, and what they can ask for.

    /c/TOKEN           the dates, and the wishes
    /c/TOKEN/export    asks for a copy of their data
    /c/TOKEN/talk      asks for a person
    /c/TOKEN/contact   says whether we may write to them
    /c/TOKEN/saved     and its like: the page after each of them

As with the survey, GET records nothing, and nothing that was said is ever shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mappings import letters
from mappings.letters import Told
from mappings.survey import Page
from sync.store import Tables
from sync.web import record
from sync.web.frame import Frame
from sync.web.linked import Linked, onward
from sync.web.standing import standing
from sync.web.visit import Visit, find


@dataclass(frozen=True, kw_only=True)
class Wish:
    """Something that can be asked for."""

    path: str
    words: Callable[[letters.Overview], letters.Wish]
    record: Callable[[Tables, Visit], None]
    done: str


WISHES: Final = (
    Wish(path="export", words=lambda w: w.export, record=record.export, done="exporting"),
    Wish(path="talk", words=lambda w: w.talk, record=record.talk, done="talking"),
)
CHOICES: Final = ("stay", "quiet", "never")
#: The pages that follow, by the end of their address.
DONE: Final[Mapping[str, Callable[[letters.Overview], Page]]] = {
    "exporting": lambda w: w.export.done,
    "talking": lambda w: w.talk.done,
    "saved": lambda w: w.contact.done,
}

Do = Callable[[Tables, Visit, Frame[Told]], Response]


class Overview(Linked):
    """The pages under ``/c/``."""

    def routes(self) -> list[Route]:
        """Every address."""
        routes = [
            Route("/c/{token}", self.show, methods=["GET"]),
            Route("/c/{token}/contact", self.choose, methods=["GET"]),
            Route("/c/{token}/contact", self.chosen, methods=["POST"]),
        ]
        for wish in WISHES:
            path = f"/c/{{token}}/{wish.path}"
            routes.append(Route(path, partial(self.confirm, wish), methods=["GET"]))
            routes.append(Route(path, partial(self.wish, wish), methods=["POST"]))
        for end, page in DONE.items():
            routes.append(Route(f"/c/{{token}}/{end}", partial(self.after, page), methods=["GET"]))
        return routes

    def show(self, request: Request) -> Response:
        """Where things stand."""

        def look(tables: Tables, visit: Visit, frame: Frame[Told]) -> Response:
            words, found = frame.words, standing(tables, visit)
            if found is None or found.status not in words.overview.phases:
                return frame.page(words.overview.closed, status=410)
            return frame.render(
                "overview.html",
                page=words.overview,
                token=visit.token,
                phase=words.overview.phases[found.status],
                last_day=None if found.status in ("saved", "returned") else found.last_day,
                promised=[one for one in found.promised if one.step in words.promises],
                standing=found,
            )

        return self._visit(request, self._store.reading(), look)

    def confirm(self, wish: Wish, request: Request) -> Response:
        """Ask once more."""

        def ask(_: Tables, visit: Visit, frame: Frame[Told]) -> Response:
            words = frame.words.overview
            page = wish.words(words).confirm
            return frame.render("confirm.html", page=page, token=visit.token, back=words.back)

        return self._visit(request, self._store.reading(), ask)

    def wish(self, wish: Wish, request: Request) -> Response:
        """Keep the wish."""

        def keep(tables: Tables, visit: Visit, frame: Frame[Told]) -> Response:
            wish.record(tables, visit)
            return onward(wish.done, frame)

        return self._visit(request, self._store.transaction(f"overview {wish.path}"), keep)

    def choose(self, request: Request) -> Response:
        """Ask whether we may write."""

        def ask(_: Tables, visit: Visit, frame: Frame[Told]) -> Response:
            return _choices(visit, frame)

        return self._visit(request, self._store.reading(), ask)

    async def chosen(self, request: Request) -> Response:
        """Keep the choice."""
        async with request.form() as form:
            choice = form.get("contact")
        return await run_in_threadpool(self._chosen, request, choice)

    def _chosen(self, request: Request, choice: object) -> Response:
        def keep(tables: Tables, visit: Visit, frame: Frame[Told]) -> Response:
            if choice not in CHOICES:
                return _choices(visit, frame, status=422)
            record.contact(tables, visit, str(choice))
            return onward("saved", frame)

        return self._visit(request, self._store.transaction("overview contact"), keep)

    def after(self, page: Callable[[letters.Overview], Page], request: Request) -> Response:
        """The page after a form, with the way back."""

        def show(_: Tables, visit: Visit, frame: Frame[Told]) -> Response:
            words = frame.words.overview
            return frame.render("page.html", page=page(words), token=visit.token, back=words.back)

        return self._visit(request, self._store.reading(), show)

    def _visit(self, request: Request, opened: AbstractContextManager[Tables], do: Do) -> Response:
        with opened as tables:
            visit = find(tables, self._backings, request.path_params["token"], ("page",))
            if visit and visit.backing.loaded.programme.self_service:
                frame = Frame(request, visit.backing.loaded.letters, org=visit.org)
                if visit.over:
                    return frame.page(frame.words.overview.closed, status=410)
                return do(tables, visit, frame)
        return self._unknown(request)


def _choices(visit: Visit, frame: Frame[Told], *, status: int = 200) -> Response:
    return frame.render(
        "contact.html",
        status=status,
        token=visit.token,
        page=frame.words.overview.contact,
        back=frame.words.overview.back,
        choices=CHOICES,
        wrong=status == 422,
    )
