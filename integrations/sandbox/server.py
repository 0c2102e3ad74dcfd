"""Serves one dialect on a port: reads the request, lets faults strike, logs, answers."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import socket
import threading
import zlib
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import replace
from email.utils import format_datetime
from functools import partial
from typing import Any, Final

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from integrations.sandbox.faults import Fault
from integrations.sandbox.http import Answer, Request, Router, wrong_method
from integrations.sandbox.world import Dialect, World

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Transmit = Callable[[Message], Awaitable[None]]

#: Seconds that an idle connection stays open; long, so that a client's reuse meets no closing.
IDLE: Final = 120
#: Seconds that requests on their way have when the servers stop.
GRACE: Final = 1
LAST_PORT: Final = 65_535

log = logging.getLogger(__name__)


class DroppableProtocol(H11Protocol):
    """Tells the application how to cut the connection: ``scope["drop"]``."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Hand the way out to every request on this connection."""
        super().connection_made(transport)
        # Head and body leave in two writes; held back until the first is acknowledged, every
        # answer would take 40 ms. asyncio does this only for sockets that it made itself.
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        inner = self.app

        async def app(scope: Scope, receive: Receive, send: Transmit) -> None:
            await inner({**scope, "drop": transport.abort}, receive, send)

        self.app = app


class Gate:
    """The ASGI application of one port: the vendor's API, the pages and the switches."""

    def __init__(self, world: World, dialect: Dialect, house: Router) -> None:
        self.world = world
        self.dialect = dialect
        #: Pages and switches; not part of the vendor's API, so neither counted nor struck.
        self.house = house

    async def __call__(self, scope: Scope, receive: Receive, send: Transmit) -> None:
        if scope["type"] != "http":
            return
        request = await _read(scope, receive)
        if request is None:
            return
        answer = self.answer(request)
        if delay := self._delay(request):
            await asyncio.sleep(delay)
        if answer is None:
            scope["drop"]()
            await receive()  # until the server has noticed
            return
        headers = {
            "content-type": answer.media_type,
            "content-length": str(len(answer.content)),
            "date": format_datetime(self.world.clock.now(), usegmt=True),
            **{name.lower(): value for name, value in answer.headers.items()},
        }
        if answer.status in (204, 304):
            del headers["content-type"], headers["content-length"]
        raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": answer.status, "headers": raw})
        await send({"type": "http.response.body", "body": answer.content})

    def _delay(self, request: Request) -> float:
        """Seconds that the way to the vendor takes, there and back; pages are at hand."""
        milliseconds = int(self.dialect.options.get("latency_ms", 0))
        if milliseconds and self.house.find(request.method, request.path) is None:
            return milliseconds / 1000
        return 0

    def answer(self, request: Request) -> Answer | None:
        """The answer, or None where the socket shall be dropped. HEAD is answered as GET is."""
        method = "GET" if request.method == "HEAD" else request.method
        with self.world.lock:
            found = self.house.find(method, request.path)
            if found is None:
                return self._vendor(method, request)
            route, params = found
            try:
                return route.handler(replace(request, params=params))
            except Exception:
                log.exception("the sandbox's own %s failed", route.operation)
                words = "The sandbox failed here; what it wrote to stderr says where.\n"
                return Answer(status=500, body=words, media_type="text/plain;charset=UTF-8")

    def _vendor(self, method: str, request: Request) -> Answer | None:
        name, world = self.dialect.name, self.world
        found = self.dialect.routes.find(method, request.path)
        operation = found[0].operation if found else "unknown.get"
        fault = world.faults.strike(name, operation)
        answer: Answer | None
        if fault and fault.when == "before":
            answer = self._struck(fault)
        elif found:
            route, params = found
            try:
                answer = route.handler(replace(request, params=params))
                answer = replace(answer, body=answer.content)  # what is no JSON shows here
            except Exception:
                log.exception("%s: %s failed", name, operation)
                answer = self.dialect.failure(500, "The sandbox failed here; see its stderr")
        elif allowed := self.dialect.routes.allowed(request.path):
            answer = replace(
                self.dialect.failure(405, wrong_method(request.method, allowed)),
                headers={"Allow": ", ".join(allowed)},
            )
        else:
            answer = self.dialect.failure(404, "The requested resource does not exist")
        if fault and fault.when == "after":
            answer = self._struck(fault)
        query = f"?{request.query_string}" if request.query_string else ""
        world.traffic.note(
            at=world.clock.now(),
            crm=name,
            operation=operation,
            method=request.method,
            path=request.path + query,
            status=answer.status if answer else 0,
            request=request.body.decode(errors="replace"),
        )
        return answer and replace(answer, headers={**self.dialect.headers(), **answer.headers})

    def _struck(self, fault: Fault) -> Answer | None:
        if fault.status is None:
            return None
        if fault.body is not None:
            return Answer(status=fault.status, body=fault.body, headers=fault.headers)
        made = self.dialect.failure(fault.status, "A fault of the sandbox")
        return replace(made, headers={**made.headers, **fault.headers})


async def _read(scope: Scope, receive: Receive) -> Request | None:
    """The whole request, or None where the client went away before it was complete."""
    chunks = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        chunks.append(message.get("body", b""))
        if not message.get("more_body"):
            break
    headers = {k.decode().lower(): v.decode("latin-1") for k, v in scope["headers"]}
    return Request(
        method=scope["method"],
        path=scope["raw_path"].decode("latin-1").split("?", 1)[0],
        query_string=scope["query_string"].decode("latin-1"),
        headers=headers,
        body=_unpacked(b"".join(chunks), headers.get("content-encoding", "")),
    )


def _unpacked(body: bytes, encoding: str) -> bytes:
    """A body that was compressed for the way; as it came where it is not what it says."""
    if encoding.lower() not in ("gzip", "deflate"):
        return body
    try:
        return zlib.decompress(body, wbits=zlib.MAX_WBITS | 32)
    except zlib.error:
        return body


class CannotListen(Exception):
    """A port that cannot be had; its words say which, and what to do."""

    #: What is wrong, and the mend, by the system's number for it.
    WHY: Final = {
        errno.EADDRINUSE: "is in use by another program; end that one, or choose another port",
        errno.EACCES: "is for the administrator only; choose a port above 1023",
        errno.EADDRNOTAVAIL: "is not an address of this machine; use 127.0.0.1",
    }

    def __init__(self, crm: str, host: str, port: int, cause: Exception) -> None:
        self.crm = crm
        self.port = port
        number = cause.errno if isinstance(cause, OSError) else None
        words = os.strerror(number) if number else str(cause)
        why = self.WHY.get(number or 0, f"cannot be listened on ({words})")
        super().__init__(f"{crm}: {host}:{port} {why}.")


class Serving:
    """Every gate on its own port, in one thread; used with ``with``. Port 0 takes a free one."""

    def __init__(self, gates: dict[str, tuple[Gate, int]], *, host: str = "127.0.0.1") -> None:
        self.urls: dict[str, str] = {}
        self._bound: list[tuple[Gate, socket.socket]] = []
        for name, (gate, port) in gates.items():
            try:
                if port > LAST_PORT:
                    raise OverflowError(f"ports end at {LAST_PORT}")
                bound = socket.create_server((host, port))
            except (OSError, OverflowError) as cause:
                for _, other in self._bound:
                    other.close()
                raise CannotListen(name, host, port, cause) from None
            self.urls[name] = f"http://{host}:{bound.getsockname()[1]}"
            self._bound.append((gate, bound))
        self._stop = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sandbox", daemon=True)

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        """Accept until told to stop, then let what is on its way come to its end."""
        # uvicorn's protocol without its server, which looks ten times a second whether to stop.
        loop = self._loop = asyncio.get_running_loop()
        state = ServerState()
        listeners = []
        for gate, bound in self._bound:
            config = uvicorn.Config(
                gate,
                http=DroppableProtocol,
                ws="none",
                lifespan="off",
                log_config=None,
                log_level="warning",
                access_log=False,
                timeout_keep_alive=IDLE,
            )
            config.load()
            protocol = partial(DroppableProtocol, config, state, {})
            listeners.append(await loop.create_server(protocol, sock=bound, backlog=1024))
        self._ready.set()
        await self._stop.wait()
        for listener in listeners:
            listener.close()
        if state.tasks:
            await asyncio.wait(tuple(state.tasks), timeout=GRACE)
        for connection in tuple(state.connections):
            connection.transport.abort()
        if state.tasks:
            await asyncio.wait(tuple(state.tasks))

    def __enter__(self) -> Serving:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(self, *exc: object) -> None:
        if self._loop and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()
