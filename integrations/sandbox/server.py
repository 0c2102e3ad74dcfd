"""Serves one dialect on a port: reads the request, lets faults strike, logs, answers."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import replace
from email.utils import format_datetime
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from integrations.sandbox.faults import Fault
from integrations.sandbox.http import Answer, Request, Router
from integrations.sandbox.world import Dialect, World

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Transmit = Callable[[Message], Awaitable[None]]


class DroppableProtocol(H11Protocol):
    """Tells the application how to cut the connection: ``scope["drop"]``."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Hand the way out to every request on this connection."""
        super().connection_made(transport)
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
        answer = self.answer(request)
        if answer is None:
            scope["drop"]()
            await asyncio.sleep(0)  # lets the server notice before it looks for an answer
            return
        content = b"" if request.method == "HEAD" else answer.content
        headers = {
            "content-type": answer.media_type,
            "content-length": str(len(content)),
            "date": format_datetime(self.world.clock.now(), usegmt=True),
            **{name.lower(): value for name, value in answer.headers.items()},
        }
        if answer.status == 204:
            del headers["content-type"], headers["content-length"]
        raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": answer.status, "headers": raw})
        await send({"type": "http.response.body", "body": content})

    def answer(self, request: Request) -> Answer | None:
        """The answer, or None where the socket shall be dropped."""
        with self.world.lock:
            if found := self.house.find(request.method, request.path):
                route, params = found
                return route.handler(replace(request, params=params))
            return self._vendor(request)

    def _vendor(self, request: Request) -> Answer | None:
        name, world = self.dialect.name, self.world
        found = self.dialect.routes.find(request.method, request.path)
        operation = found[0].operation if found else "unknown.get"
        fault = world.faults.strike(name, operation)
        answer: Answer | None
        if fault and fault.when == "before":
            answer = self._struck(fault)
        elif found:
            answer = found[0].handler(replace(request, params=found[1]))
        elif allowed := self.dialect.routes.allowed(request.path):
            answer = replace(
                self.dialect.failure(405, "Method not allowed"),
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


async def _read(scope: Scope, receive: Receive) -> Request:
    chunks = []
    while True:
        message = await receive()
        chunks.append(message.get("body", b""))
        if not message.get("more_body"):
            break
    return Request(
        method=scope["method"],
        path=scope["raw_path"].decode("latin-1").split("?", 1)[0],
        query_string=scope["query_string"].decode("latin-1"),
        headers={k.decode().lower(): v.decode("latin-1") for k, v in scope["headers"]},
        body=b"".join(chunks),
    )


class Serving:
    """Both servers in one thread of their own; used with ``with``."""

    def __init__(self, gates: dict[str, tuple[Gate, int]], *, host: str = "127.0.0.1") -> None:
        self.urls: dict[str, str] = {}
        self._servers: list[tuple[uvicorn.Server, socket.socket]] = []
        for name, (gate, port) in gates.items():
            config = uvicorn.Config(
                gate,
                http=DroppableProtocol,
                ws="none",
                lifespan="off",
                log_level="warning",
                access_log=False,
                date_header=False,
                server_header=False,
                timeout_graceful_shutdown=2,
            )
            bound = socket.create_server((host, port), reuse_port=False)
            self.urls[name] = f"http://{host}:{bound.getsockname()[1]}"
            self._servers.append((uvicorn.Server(config), bound))
        self._thread = threading.Thread(target=self._run, name="sandbox", daemon=True)

    def _run(self) -> None:
        async def serve() -> None:
            await asyncio.gather(*(server.serve([bound]) for server, bound in self._servers))

        asyncio.run(serve())

    def __enter__(self) -> Serving:
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        for server, _ in self._servers:
            server.should_exit = True
        self._thread.join(timeout=5)
