"""What CRMs send to us by themselves: a hint to look at a record now, and nothing more.

    /hooks/CRM/CONNECTION            where the CRM signs what it sends
    /hooks/CRM/CONNECTION/SECRET     where it does not

The answer says that a hint is kept, never whether it was worth anything. What is not from the CRM
of that connection gets the same answer as an address that does not exist.
"""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from integrations.contract import Forged, Hook, Ref
from sync import metrics
from sync.store import Store
from sync.web.backing import Backing, Backings


class Webhooks:
    """The addresses under ``/hooks/``."""

    def __init__(self, store: Store, backings: Backings) -> None:
        self._store = store
        self._backings = backings

    def routes(self) -> list[Route]:
        """Every address; all of it behind a name is read by the CRM's own rules."""
        return [Route("/hooks/{crm}/{connection}{rest:path}", self.hear, methods=["POST"])]

    async def hear(self, request: Request) -> Response:
        """Keep the hint, then say so."""
        body = await request.body()
        return await run_in_threadpool(self._hear, request, body)

    def _hear(self, request: Request, body: bytes) -> Response:
        name = request.path_params["connection"]
        backing = self._backings.get(name)
        if backing is None or backing.crm != request.path_params["crm"]:
            raise HTTPException(404)
        query = request.url.query
        hook = Hook(
            method=request.method,
            url=request.url.path + (f"?{query}" if query else ""),
            headers={key.lower(): value for key, value in request.headers.items()},
            body=body,
        )
        self._keep(name, backing, hook)
        type_, answer = backing.answer(hook)
        return Response(answer, media_type=type_)

    def _keep(self, name: str, backing: Backing, hook: Hook) -> None:
        """Raises a 404 for what the CRM has not sent."""
        with self._store.reading() as tables:
            standing = tables.connections.get(name)
        try:
            hints = backing.hints(hook)
        except Forged:
            metrics.HOOKS.labels(connection=name, outcome="forged").inc()
            raise HTTPException(404) from None
        org = standing.org if standing else None
        ours = [hint for hint in hints if org and hint.org[:15] == org[:15]]
        if len(ours) < len(hints):
            metrics.HOOKS.labels(connection=name, outcome="elsewhere").inc()
            raise HTTPException(404)
        watched = {watch.object for watch in backing.loaded.programme.watch}
        refs = {Ref(object=hint.object, id=hint.id) for hint in ours if hint.object in watched}
        if refs:
            with self._store.transaction("hook hints") as tables:
                tables.hints.keep(name, refs, backing.clock())
            backing.wake()
        metrics.HOOKS.labels(connection=name, outcome="kept").inc()
