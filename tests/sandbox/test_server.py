"""The server under the sandbox: what a client on the wire can rely on."""

from __future__ import annotations

import errno
import logging
import os
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from urllib.parse import urlsplit

import pytest
import requests

from integrations.sandbox import server
from integrations.sandbox.clock import Clock
from integrations.sandbox.faults import Fault
from integrations.sandbox.http import Answer, Router
from integrations.sandbox.open import Sandbox
from integrations.sandbox.seed import Seed
from integrations.sandbox.server import CannotListen, Gate, Serving
from integrations.sandbox.world import World
from tests.sandbox.tiny import START, Tiny, TinyHubSpot


def _raw(url: str) -> socket.socket:
    parts = urlsplit(url)
    return socket.create_connection((parts.hostname or "", parts.port or 0), timeout=10)


def _world() -> tuple[World, Tiny]:
    world = World(
        Seed(name="bare", started_at=START), clock=Clock(manual=START), dialects=[TinyHubSpot]
    )
    dialect = world.dialects["hubspot"]
    assert isinstance(dialect, Tiny)
    return world, dialect


def test_one_connection_carries_many_requests_without_waiting(
    url: str, http: requests.Session
) -> None:
    def seconds(get: Callable[[str], requests.Response]) -> float:
        began = time.perf_counter()
        assert get(f"{url}/things").status_code == 200
        return time.perf_counter() - began

    http.get(f"{url}/things")
    kept = median(seconds(http.get) for _ in range(30))
    # A new connection's first packets are acknowledged at once. Were answers on an old one held
    # back until theirs are, these would take many times as long.
    assert kept < 5 * median(seconds(requests.get) for _ in range(30))


def test_a_connection_stays_open_between_requests(url: str) -> None:
    with _raw(url) as connection:
        for _ in range(3):
            connection.sendall(b"GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n")
            answer = b""
            while not answer.endswith(b"}"):
                answer += connection.recv(4096)
            assert answer.startswith(b"HTTP/1.1 404")


def test_the_date_is_the_clocks_and_the_vendors_headers_are_on_every_answer(
    url: str, http: requests.Session
) -> None:
    answer = http.get(f"{url}/things")
    assert answer.headers["Date"] == "Mon, 02 Mar 2026 09:00:00 GMT"
    assert answer.headers["X-Tiny"] == "1"
    assert http.get(f"{url}/nowhere").headers["X-Tiny"] == "1"


def test_head_is_get_without_the_body(url: str, http: requests.Session) -> None:
    got, head = http.get(f"{url}/things/1"), http.head(f"{url}/things/1")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["Content-Length"] == str(len(got.content))
    assert http.get(f"{url}/things/2").status_code == 200  # the connection is still in step


def test_a_large_body_arrives_and_comes_back_whole(url: str, http: requests.Session) -> None:
    body = bytes(range(256)) * 40_000
    assert http.post(f"{url}/echo", data=body).content == body


def test_unknown_paths_and_methods_get_the_vendors_words(url: str, http: requests.Session) -> None:
    assert http.get(f"{url}/nowhere").json() == {"tiny": "The requested resource does not exist"}
    refused = http.delete(f"{url}/things")
    assert (refused.status_code, refused.headers["Allow"]) == (405, "GET, POST")


@pytest.mark.parametrize("path", ["broken", "unspeakable"])
def test_a_defect_is_the_vendors_500_and_is_told_on_stderr(
    path: str, url: str, http: requests.Session, caplog: pytest.LogCaptureFixture
) -> None:
    answer = http.get(f"{url}/{path}")
    assert answer.status_code == 500
    assert set(answer.json()) == {"tiny"}
    record = next(r for r in caplog.records if r.levelno == logging.ERROR)
    assert f"{path}.get" in record.getMessage()
    assert record.exc_info
    assert http.get(f"{url}/things").status_code == 200


def test_a_defect_of_the_pages_is_a_plain_500(caplog: pytest.LogCaptureFixture) -> None:
    def fails(request: object) -> Answer:
        raise RuntimeError("a defect of the house")

    world, dialect = _world()
    house = Router()
    house.add("GET", "/", "pages", fails)
    with Serving({"hubspot": (Gate(world, dialect, house), 0)}) as serving:
        answer = requests.get(serving.urls["hubspot"], timeout=10)
    assert answer.status_code == 500
    assert "sandbox failed" in answer.text
    assert "a defect of the house" in caplog.text
    assert not world.traffic.calls


@pytest.mark.parametrize(("when", "applied"), [("before", 0), ("after", 1)])
def test_a_dropped_socket_has_no_answer(
    when: str, applied: int, sandbox: Sandbox, tiny: Tiny, url: str, http: requests.Session
) -> None:
    there = len(tiny.accounts)
    sandbox.world.faults.add(Fault(crm="hubspot", operation="things.create", when=when))  # type: ignore[arg-type]
    with pytest.raises(requests.ConnectionError):
        http.post(f"{url}/things", json={"name": "Zeta"})
    assert len(tiny.accounts) == there + applied
    assert [e.status for e in sandbox.world.traffic.entries()] == [0]
    assert http.post(f"{url}/things", json={"name": "Eta"}).status_code == 201


@pytest.mark.parametrize(("when", "applied"), [("before", 0), ("after", 1)])
def test_a_status_on_the_second_call(
    when: str, applied: int, sandbox: Sandbox, tiny: Tiny, url: str, http: requests.Session
) -> None:
    there = len(tiny.accounts)
    fault = Fault(crm="hubspot", operation="things.*", nth=2, status=503, when=when)  # type: ignore[arg-type]
    sandbox.world.faults.add(fault)
    assert http.get(f"{url}/things").status_code == 200
    struck = http.post(f"{url}/things", json={"name": "Zeta"})
    assert (struck.status_code, set(struck.json())) == (503, {"tiny"})
    assert len(tiny.accounts) == there + applied
    assert http.get(f"{url}/things").status_code == 200


def test_half_a_request_does_nothing(
    sandbox: Sandbox, tiny: Tiny, url: str, http: requests.Session
) -> None:
    there = len(tiny.accounts)
    with _raw(url) as half:
        half.sendall(b'POST /things HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n{"name": "Z"}')
        half.shutdown(socket.SHUT_WR)
        assert half.recv(1024) == b""
    assert http.get(f"{url}/things").status_code == 200
    assert len(tiny.accounts) == there
    assert [e.operation for e in sandbox.world.traffic.entries()] == ["things.list"]


def test_many_clients_at_once(sandbox: Sandbox, tiny: Tiny, url: str) -> None:
    there = len(tiny.accounts)

    def client(number: int) -> set[int]:
        with requests.Session() as session:
            return {
                session.post(f"{url}/things", json={"name": f"{number}-{n}"}).status_code
                for n in range(10)
            }

    with ThreadPoolExecutor(16) as pool:
        assert set().union(*pool.map(client, range(16))) == {201}
    assert len(tiny.accounts) == there + 160
    assert sandbox.world.traffic.count("hubspot") == {"things.create": 160}


def test_closing_ends_idle_and_unfinished_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "GRACE", 0.05)
    world, dialect = _world()
    with Serving({"hubspot": (Gate(world, dialect, Router()), 0)}) as serving:
        url = serving.urls["hubspot"]
        idle, unfinished = _raw(url), _raw(url)
        idle.sendall(b"GET /things HTTP/1.1\r\nHost: x\r\n\r\n")
        assert idle.recv(4096).startswith(b"HTTP/1.1 200")
        unfinished.sendall(b"POST /things HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{")
        requests.get(f"{url}/things", timeout=10)  # so that the server has met the one before
    with idle, unfinished:
        while idle.recv(4096):
            pass
        with pytest.raises(OSError):  # noqa: PT011 - a reset has no words of its own
            unfinished.sendall(b"}") or unfinished.recv(1) or unfinished.sendall(b"}")
    with pytest.raises(OSError, match="refused"):
        _raw(url)


def test_a_port_in_use_is_said_in_one_sentence() -> None:
    world, dialect = _world()
    gate = Gate(world, dialect, Router())
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CannotListen) as refused:
            Serving({"salesforce": (gate, 0), "hubspot": (gate, port)})
    assert str(refused.value) == (
        f"hubspot: 127.0.0.1:{port} is in use by another program;"
        " end that one, or choose another port."
    )
    assert (refused.value.crm, refused.value.port) == ("hubspot", port)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.EACCES, "hubspot: 127.0.0.1:80 is for the administrator only; choose a port above"),
        (errno.EADDRNOTAVAIL, "hubspot: 127.0.0.1:80 is not an address of this machine; use"),
        (errno.ENOBUFS, "hubspot: 127.0.0.1:80 cannot be listened on (No buffer space available)."),
    ],
)
def test_other_reasons_are_named_too(number: int, words: str) -> None:
    cause = OSError(number, os.strerror(number))
    assert str(CannotListen("hubspot", "127.0.0.1", 80, cause)).startswith(words)


def test_a_number_that_is_no_port() -> None:
    world, dialect = _world()
    with pytest.raises(CannotListen, match=r":70000 cannot be listened on \(ports end at 65535\)"):
        Serving({"hubspot": (Gate(world, dialect, Router()), 70_000)})


def test_calls_take_as_long_as_the_way_does(url: str, sandbox: Sandbox) -> None:
    dialect = sandbox.world.dialects["hubspot"]
    dialect.options["latency_ms"] = 400
    began = time.perf_counter()
    with ThreadPoolExecutor(8) as several:
        answers = list(several.map(requests.get, [f"{url}/things"] * 8))
    took = time.perf_counter() - began
    assert {answer.status_code for answer in answers} == {200}
    assert 0.4 <= took < 8 * 0.4  # they wait side by side
    began = time.perf_counter()
    assert requests.get(f"{url}/__sandbox__/clock").ok
    assert time.perf_counter() - began < 0.4
