"""Opening and closing the ports."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
import requests
from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from mappings.service import Listen
from sync.web.serve import CannotListenError, Pages
from tests.web.site import LOOPBACK


async def hello(scope: Scope, receive: Receive, send: Send) -> None:
    """The smallest application."""
    await PlainTextResponse("hello")(scope, receive, send)


@contextmanager
def taken() -> Iterator[str]:
    """An address that another program listens on."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield f"127.0.0.1:{other.getsockname()[1]}"


def test_a_port_in_use_gets_one_sentence() -> None:
    with taken() as address:
        with pytest.raises(CannotListenError) as caught:
            Pages(hello, hello, Listen(public=address)).__enter__()
        assert str(caught.value) == (
            f"{address} is in use by another program; end that one, or choose another port "
            "under listen.public in aurevoir.yaml"
        )


def test_nothing_stays_open_when_the_second_port_is_in_use() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        free = f"127.0.0.1:{other.getsockname()[1]}"
    with taken() as address, pytest.raises(CannotListenError, match=r"listen\.private"):
        Pages(hello, hello, Listen(public=free, private=address)).__enter__()
    with Pages(hello, hello, Listen(public=free, private="127.0.0.1:0")) as pages:
        assert requests.get(pages.urls["public"], timeout=10).text == "hello"


@pytest.mark.parametrize("address", ["192.0.2.1:8010", "nowhere.invalid:8010"])
def test_an_address_of_somebody_else_gets_one_sentence(address: str) -> None:
    with pytest.raises(CannotListenError, match=f"^{address} .* under listen.public"):
        Pages(hello, hello, Listen(public=address)).__enter__()


def test_ports_are_free_again_afterwards() -> None:
    before = {*threading.enumerate()}
    with Pages(hello, hello, LOOPBACK) as pages:
        public = pages.urls["public"].removeprefix("http://")
        ours = {*threading.enumerate()} - before
        assert len(ours) == 2
    assert not any(thread.is_alive() for thread in ours)
    with Pages(hello, hello, Listen(public=public, private="127.0.0.1:0")) as pages:
        assert requests.get(pages.urls["public"], timeout=10).text == "hello"


def test_an_answer_on_its_way_arrives_before_the_end() -> None:
    asked, finish = threading.Event(), threading.Event()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        asked.set()
        await run_in_threadpool(finish.wait, 10)
        await hello(scope, receive, send)

    answers: list[str] = []
    pages = Pages(app, hello, LOOPBACK).__enter__()
    url = pages.urls["public"]
    client = threading.Thread(target=lambda: answers.append(requests.get(url, timeout=10).text))
    client.start()
    assert asked.wait(10)
    closing = threading.Thread(target=pages.__exit__)
    closing.start()
    _until_refused(url)
    finish.set()
    closing.join()
    client.join()
    assert answers == ["hello"]


def _until_refused(url: str) -> None:
    host, _, port = url.removeprefix("http://").rpartition(":")
    with suppress(ConnectionRefusedError):
        while True:
            socket.create_connection((host, int(port))).close()
