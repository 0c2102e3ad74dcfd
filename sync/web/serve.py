"""Serves the pages from threads of this process, while it does its work."""

from __future__ import annotations

import errno
import socket
import threading
from typing import Final

import uvicorn
from starlette.types import ASGIApp

from mappings.service import Listen

#: Seconds that answers on their way have when the pages close.
GRACE: Final = 5
#: Connections at a time; more are told to come back.
MOST: Final = 200


class CannotListenError(Exception):
    """An address that cannot be listened on; the words say which, and what to do."""

    #: What is wrong, and the mend, by the system's number for it.
    WHY: Final = {
        errno.EADDRINUSE: "is in use by another program; end that one, or choose another port",
        errno.EACCES: "is for the administrator only; choose a port above 1023",
        errno.EADDRNOTAVAIL: "is not an address of this machine; choose 127.0.0.1",
    }

    def __init__(self, name: str, address: str, cause: OSError) -> None:
        why = self.WHY.get(cause.errno or 0, f"cannot be listened on ({cause.strerror or cause})")
        super().__init__(f"{address} {why} under listen.{name} in aurevoir.yaml")


class Pages:
    """Both ports, open from ``with`` to its end. Port 0 takes a free one.

    Raises CannotListenError.
    """

    def __init__(self, public: ASGIApp, private: ASGIApp, listen: Listen) -> None:
        self._ports = {"public": (public, listen.public), "private": (private, listen.private)}
        #: The addresses that people and tools can use, by the port's name.
        self.urls: dict[str, str] = {}
        self._running: list[tuple[uvicorn.Server, threading.Thread]] = []

    def __enter__(self) -> Pages:
        bound = {}
        try:
            for name, (_, address) in self._ports.items():
                bound[name] = _bind(name, address)
        except CannotListenError:
            for listener in bound.values():
                listener.close()
            raise
        for name, listener in bound.items():
            host, port = listener.getsockname()[:2]
            self.urls[name] = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
            self._start(name, listener)
        return self

    def __exit__(self, *exc: object) -> None:
        for server, _ in self._running:
            server.should_exit = True
        for _, thread in self._running:
            thread.join()

    def _start(self, name: str, listener: socket.socket) -> None:
        config = uvicorn.Config(
            self._ports[name][0],
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            # The path of a survey holds its token.
            access_log=False,
            server_header=False,
            limit_concurrency=MOST,
            timeout_graceful_shutdown=GRACE,
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listener],), name=f"{name} pages")
        thread.start()
        self._running.append((server, thread))


def _bind(name: str, address: str) -> socket.socket:
    host, _, port = address.rpartition(":")
    host = host.strip("[]")
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.create_server((host, int(port)), family=family)
    except OSError as cause:
        raise CannotListenError(name, address, cause) from None
    # Head and body of an answer leave in two writes; the second shall not wait for the first.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener
