"""The door of a port: what is said with every answer, and what is not let in at all."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sync.web.failure import tell
from sync.web.throttle import Throttle

#: Bytes of a form. Counted before anything of it is understood.
LARGEST: Final = 64 * 1024
#: Bytes that are read of a larger one, so that whoever sends it gets to see the answer.
DRAINED: Final = 16 * LARGEST
#: Seconds for sending one.
PATIENCE: Final = 20.0

#: Nothing from elsewhere, nothing that runs, nothing kept, nothing told to the next site.
HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self';"
        " base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
_RAW: Final = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]

#: Makes the page for a request that is refused with this status.
Refuse = Callable[[Request, int], Response]


class Door:
    """Stands before an application; whatever goes wrong behind it ends in a polite page."""

    def __init__(self, app: ASGIApp, refuse: Refuse, *, throttle: Throttle | None = None) -> None:
        self._app = app
        self._refuse = refuse
        self._throttle = throttle

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or refuse it."""
        begun = False

        async def answer(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                message = {**message, "headers": [*message["headers"], *_RAW]}
            await send(message)

        request = Request(scope, receive)
        try:
            self._admit(request)
            body = await _body(request)
            # Starlette raises its refusals, instead of answering, where it knows of an app.
            await self._app({**scope, "app": self._app}, _again(body, receive), answer)
        except ClientDisconnect:
            return
        except HTTPException as refusal:
            status, headers = refusal.status_code, refusal.headers
        except Exception as error:  # noqa: BLE001 - nobody shall read a traceback, nor the log words
            tell(request.method, error)
            status, headers = 503, None
        else:
            return
        if not begun:
            response = await run_in_threadpool(self._refuse, request, status)
            response.headers.update(headers or {})
            await response(scope, receive, answer)

    def _admit(self, request: Request) -> None:
        path = request.scope["path"]
        if self._throttle is None or path == "/healthz" or path.startswith("/static/"):
            return
        address = request.client.host if request.client else ""
        if wait := self._throttle.wait(address, path):
            raise HTTPException(429, headers={"Retry-After": str(wait)})


async def _body(request: Request) -> bytes:
    """The whole body, or a refusal."""
    body, size = bytearray(), 0
    try:
        async with asyncio.timeout(PATIENCE):
            async for chunk in request.stream():
                size += len(chunk)
                if size <= LARGEST:
                    body += chunk
                elif size > DRAINED:
                    break
    except TimeoutError:
        raise HTTPException(408, headers={"Connection": "close"}) from None
    if size > LARGEST:
        raise HTTPException(413, headers={"Connection": "close"})
    return bytes(body)


def _again(body: bytes, receive: Receive) -> Receive:
    """Gives the body that was read to whoever asks for it."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def give() -> Message:
        return messages.pop() if messages else await receive()

    return give
