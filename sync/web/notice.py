"""The page on which a contact gives notice, where the mapping says ``notice_link: on``.

    /n/TOKEN        what it does, and the last day
    /n/TOKEN/done   the page that follows

Nothing stands between a customer and their notice: no reason, no survey, no second page. GET
records nothing. The notice is kept before the answer goes out; the running service opens the case.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, timedelta

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mappings.letters import Told
from sync.notices import NOTICE
from sync.store import Tables
from sync.web.backing import Backing
from sync.web.frame import Frame
from sync.web.linked import Linked, onward


@dataclass(frozen=True, kw_only=True)
class Giver:
    """Whose link it is."""

    connection: str
    object: str
    record: str
    person: str
    token: str
    backing: Backing


Do = Callable[[Tables, Giver, Frame[Told]], Response]


class Notices(Linked):
    """The pages under ``/n/``."""

    def routes(self) -> list[Route]:
        """Every address."""
        return [
            Route("/n/{token}", self.show, methods=["GET"]),
            Route("/n/{token}", self.give, methods=["POST"]),
            Route("/n/{token}/done", self.done, methods=["GET"]),
        ]

    def show(self, request: Request) -> Response:
        """Say what it does."""

        def ask(_: Tables, giver: Giver, frame: Frame[Told]) -> Response:
            return _form(giver, frame)

        return self._given(request, self._store.reading(), ask)

    async def give(self, request: Request) -> Response:
        """Keep the notice."""
        async with request.form() as form:
            wished = form.get("last_day")
        return await run_in_threadpool(self._give, request, str(wished or "").strip())

    def _give(self, request: Request, wished: str) -> Response:
        def keep(tables: Tables, giver: Giver, frame: Frame[Told]) -> Response:
            now = giver.backing.clock()
            # Somewhere it is still yesterday.
            earliest = now.date() - timedelta(days=1)
            if wished and not ((day := _day(wished)) and day >= earliest):
                return _form(giver, frame, status=422, wished=wished)
            said = {"object": giver.object, "record": giver.record, "person": giver.person}
            if not _there(tables, giver, wished):
                tables.requests.ask(
                    NOTICE, now, connection=giver.connection, **said, last_day=wished or None
                )
            giver.backing.wake()
            return onward(f"{giver.token}/done", frame)

        return self._given(request, self._store.transaction("notice given"), keep)

    def done(self, request: Request) -> Response:
        """The page that follows."""

        def show(_: Tables, __: Giver, frame: Frame[Told]) -> Response:
            return frame.page(frame.words.notice.done)

        return self._given(request, self._store.reading(), show)

    def _given(self, request: Request, opened: AbstractContextManager[Tables], do: Do) -> Response:
        if giver := self._giver(request.path_params["token"]):
            with opened as tables:
                standing = tables.connections.get(giver.connection)
                org = standing.title if standing else ""
                return do(tables, giver, Frame(request, giver.backing.loaded.letters, org=org))
        return self._unknown(request)

    def _giver(self, token: str) -> Giver | None:
        for name, backing in self._backings.items():
            parts = backing.links.unsealed(NOTICE, token) if backing.links else None
            allowed = backing.loaded.programme.notice_link
            if parts and len(parts) == 4 and parts[0] == name and allowed:
                _, object, record, person = parts
                return Giver(
                    connection=name, object=object, record=record, person=person, token=token,
                    backing=backing,
                )  # fmt: skip
        return None


def _there(tables: Tables, giver: Giver, wished: str) -> bool:
    """Whether the same notice is kept already, and waits for the service."""
    asked = (one for one in tables.requests.open(giver.connection) if one.kind == NOTICE)
    mine = (giver.object, giver.record, wished or None)
    return any(
        (one.data["object"], one.data["record"], one.data["last_day"]) == mine for one in asked
    )


def _form(giver: Giver, frame: Frame[Told], *, status: int = 200, wished: str = "") -> Response:
    return frame.render(
        "notice.html", status=status, page=frame.words.notice, wished=wished, wrong=status == 422
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
