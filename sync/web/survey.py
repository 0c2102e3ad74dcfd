"""The survey as customers meet it.

    /s/TOKEN           the questions; sending them keeps the answers
    /s/TOKEN/talk      asks for a person instead
    /s/TOKEN/opt-out   asks not to be asked again
    /s/TOKEN/thanks    and its like: the page after each of them

The check of the goodbye itself is the same with other questions; its tokens are its own.

GET records nothing: programs that look through mails follow every link. Whoever has the token may
answer, so it is also the secret that a forged form would lack. CRM users can read the link;
therefore no page shows what was answered before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from secrets import token_urlsafe
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from mappings.survey import Confirmation, Page, Wording
from sync import metrics
from sync.store import Store, Tables
from sync.web import record
from sync.web.backing import Backings
from sync.web.failure import tell
from sync.web.form import OTHER, Filled, Sheet, choices, has_lines, read, sheet, shuffled
from sync.web.frame import Frame
from sync.web.visit import Visit, find


@dataclass(frozen=True, kw_only=True)
class Wish:
    """Something that can be asked for instead of answering."""

    path: str
    confirm: Callable[[Wording], Confirmation]
    record: Callable[[Tables, Visit], None]
    done: str


WISHES: Final = (
    Wish(path="talk", confirm=lambda w: w.talk_confirm, record=record.talk, done="talking"),
    Wish(
        path="opt-out",
        confirm=lambda w: w.opt_out_confirm,
        record=record.opt_out,
        done="opted-out",
    ),
)
#: The pages that follow, by the end of their address.
DONE: Final[Mapping[str, Callable[[Wording], Page]]] = {
    "talking": lambda w: w.talking,
    "opted-out": lambda w: w.opted_out,
}

#: Links that lead here; that of somebody's own page is good for the survey, too.
PURPOSES: Final = ("survey", "check", "page")

Do = Callable[[Tables, Visit, Frame[Wording]], Response]


class Survey:
    """The pages under ``/s/``."""

    def __init__(self, store: Store, backings: Backings) -> None:
        self._store = store
        self._backings = backings

    def routes(self) -> list[Route]:
        """Every address."""
        routes = [
            Route("/s/{token}", self.show, methods=["GET"]),
            Route("/s/{token}", self.answer, methods=["POST"]),
        ]
        for wish in WISHES:
            path = f"/s/{{token}}/{wish.path}"
            routes.append(Route(path, partial(self.confirm, wish), methods=["GET"]))
            routes.append(Route(path, partial(self.wish, wish), methods=["POST"]))
        routes.append(Route("/s/{token}/thanks", self.thanks, methods=["GET"]))
        for end, page in DONE.items():
            routes.append(Route(f"/s/{{token}}/{end}", partial(self.after, page), methods=["GET"]))
        return routes

    def show(self, request: Request) -> Response:
        """The questions."""

        def ask(_: Tables, visit: Visit, frame: Frame[Wording]) -> Response:
            return _form(visit, frame, Filled(once=_once()))

        return self._visit(request, self._store.reading(), ask)

    async def answer(self, request: Request) -> Response:
        """Keep the answers, or say what is wrong with them."""
        async with request.form() as form:
            sent = {name: value for name, value in form.items() if isinstance(value, str)}
        return await run_in_threadpool(self._answer, request, sent)

    def _answer(self, request: Request, sent: Mapping[str, str]) -> Response:
        first = False

        def keep(tables: Tables, visit: Visit, frame: Frame[Wording]) -> Response:
            nonlocal first
            filled = read(sent, _sheet(visit, frame), visit.backing.loaded, fresh=_once())
            if filled.problems:
                return _form(visit, frame, filled, status=422)
            kept = record.check if visit.purpose == "check" else record.answers
            first = kept(tables, visit, filled)
            return _next(f"{visit.token}/thanks", frame)

        def give_back(_: Tables, visit: Visit, frame: Frame[Wording]) -> Response:
            filled = read(sent, _sheet(visit, frame), visit.backing.loaded, fresh=_once())
            return _form(visit, frame, filled, status=503)

        try:
            page = self._visit(request, self._store.transaction("survey answer"), keep)
        except Exception as error:  # noqa: BLE001 - whatever it was, nobody loses what they wrote
            tell("survey answer", error)
            return self._visit(request, self._store.reading(), give_back)
        if first:
            metrics.ANSWERS.inc()
        return page

    def confirm(self, wish: Wish, request: Request) -> Response:
        """Ask once more."""

        def ask(_: Tables, visit: Visit, frame: Frame[Wording]) -> Response:
            page = wish.confirm(frame.words)
            back = frame.words.back
            return frame.render("confirm.html", page=page, token=visit.token, back=back)

        return self._visit(request, self._store.reading(), ask)

    def wish(self, wish: Wish, request: Request) -> Response:
        """Keep the wish."""

        def keep(tables: Tables, visit: Visit, frame: Frame[Wording]) -> Response:
            wish.record(tables, visit)
            return _next(wish.done, frame)

        return self._visit(request, self._store.transaction(f"survey {wish.path}"), keep)

    def thanks(self, request: Request) -> Response:
        """The page after the answers."""

        def show(_: Tables, visit: Visit, frame: Frame[Wording]) -> Response:
            return frame.page(_sheet(visit, frame).thanks)

        return self._visit(request, self._store.reading(), show)

    def after(self, page: Callable[[Wording], Page], request: Request) -> Response:
        """The page after a form: an address of its own, so that reloading sends nothing again."""

        def show(_: Tables, __: Visit, frame: Frame[Wording]) -> Response:
            return frame.page(page(frame.words))

        return self._visit(request, self._store.reading(), show)

    def unknown(self, request: Request) -> Response:
        """The page for every address that leads nowhere."""
        with self._store.reading() as tables:
            titles = {s.title for s in tables.connections.all() if s.name in self._backings}
        # A name is only said where it cannot be somebody else's.
        frame = self.house(request, org=titles.pop() if len(titles) == 1 else "")
        return frame.page(frame.words.unknown, status=404)

    def house(self, request: Request, *, org: str = "") -> Frame[Wording]:
        """The frame for whoever cannot be told to which connection they belong."""
        first = next(iter(self._backings.values()))
        return Frame(request, first.loaded.questionnaire, org=org)

    def _visit(self, request: Request, opened: AbstractContextManager[Tables], do: Do) -> Response:
        with opened as tables:
            visit = find(tables, self._backings, request.path_params["token"], PURPOSES)
            if visit:
                asked = visit.backing.loaded.questionnaire
                asked = asked.checking() if visit.purpose == "check" else asked
                frame = Frame(request, asked, org=visit.org)
                if visit.over:
                    return frame.page(frame.words.closed, status=410)
                return do(tables, visit, frame)
        return self.unknown(request)


def _form(visit: Visit, frame: Frame[Wording], filled: Filled, *, status: int = 200) -> Response:
    """The questions, as far as they are filled in."""
    asked, loaded = _sheet(visit, frame), visit.backing.loaded
    before = visit.case.checks if visit.purpose == "check" else visit.case.answers
    return frame.render(
        "survey.html",
        status=status,
        token=visit.token,
        sheet=asked,
        long={question.key for question in asked.questions if has_lines(question, loaded)},
        filled=filled,
        reasons=shuffled(asked.reasons, filled.once),
        choices=choices,
        other=OTHER,
        again=visit.person in before,
        unsaved=status == 503,
    )


def _sheet(visit: Visit, frame: Frame[Wording]) -> Sheet:
    asked = visit.backing.loaded.questionnaire
    return sheet(asked, frame.words, check=visit.purpose == "check")


def _once() -> str:
    return token_urlsafe(12)


def _next(place: str, frame: Frame[Wording]) -> Response:
    return RedirectResponse(f"{place}{frame.query}", status_code=303)
