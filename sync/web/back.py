"""The place on this machine that an admin's browser is sent back to with a code, once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from hmac import compare_digest
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

#: Seconds in which somebody has to agree.
PATIENCE: Final = 600.0
_WORDS: Final = b"Thank you. Go back to the terminal; this page can be closed."


class NobodyCameError(Exception):
    """Nobody agreed, or not in time, or nobody could."""


class Back:
    """Listens on the loopback interface only."""

    def __init__(self, server: HTTPServer) -> None:
        self._server = server
        self.address = f"http://localhost:{server.server_port}/"

    def code(self, state: str) -> str:
        """The code that comes with this ``state``; raises NobodyCameError."""
        ends = time.monotonic() + PATIENCE
        while (left := ends - time.monotonic()) > 0:
            self._server.timeout = left
            self._server.handle_request()
            said: dict[str, str] = getattr(self._server, "said", {})
            if not compare_digest(said.get("state", "").encode(), state.encode()):
                continue  # not what we have begun
            if "code" in said:
                return said["code"]
            raise NobodyCameError(f"the app was not let in ({said.get('error', 'no reason')})")
        raise NobodyCameError("nobody has agreed within ten minutes; begin again")


@contextmanager
def back(port: int) -> Iterator[Back]:
    """Listen; raises NobodyCameError."""
    try:
        server = HTTPServer(("127.0.0.1", port), _Page)
    except (OSError, OverflowError) as problem:
        raise NobodyCameError(f"port {port}: {problem}; choose another by --port") from None
    with server:
        yield Back(server)


class _Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        asked = parse_qs(urlsplit(self.path).query)
        self.server.said = {name: values[0] for name, values in asked.items()}  # type: ignore[attr-defined]
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(_WORDS)))
        self.end_headers()
        self.wfile.write(_WORDS)

    def log_message(self, format: str, *args: Any) -> None:
        """The address holds a code: it goes into no log."""
