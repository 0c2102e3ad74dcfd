"""What stands between us and a CRM: passes everything on, and can be told to do it badly."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import requests

_HOP = {"connection", "transfer-encoding", "content-length", "content-encoding", "date", "server"}


class Proxy(ThreadingHTTPServer):
    """Listens on a port of its own; ``page`` answers in the CRM's place, ``slow`` drips."""

    daemon_threads = True

    def __init__(self, upstream: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.upstream = upstream
        self.slow = threading.Event()
        self.closed = threading.Event()
        self.seen: list[dict[str, str]] = []

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Proxy

    def _pass_on(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        headers = {k: v for k, v in self.headers.items() if k.lower() != "host"}
        self.server.seen.append(headers)
        answer = requests.request(
            self.command,
            self.server.upstream + self.path,
            data=self.rfile.read(length),
            headers=headers,
            timeout=10,
        )
        self.send_response(answer.status_code)
        for name, value in answer.headers.items():
            if name.lower() not in _HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.content)))
        self.end_headers()
        self._write(answer.content)

    def _write(self, content: bytes) -> None:
        if not self.server.slow.is_set():
            self.wfile.write(content)
            return
        with suppress(OSError):
            for byte in content:
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
                if self.server.closed.wait(0.02):
                    return

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _pass_on  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def proxy(upstream: str) -> Iterator[Proxy]:
    """A running one."""
    server = Proxy(upstream)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.closed.set()
        server.shutdown()
        server.server_close()
        thread.join()
