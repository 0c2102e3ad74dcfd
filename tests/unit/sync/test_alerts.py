"""Somebody outside hears of a standstill once, and of its end; over a real wire."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from sync.alerts import Alerts, standstill
from sync.store.connections import Standing

BEGUN = datetime(2026, 3, 2, 9, tzinfo=UTC)
AFTER = timedelta(minutes=30)
WELL = Standing(name="acme", crm="hubspot", org="1", kind="production", title="Acme")


@contextmanager
def _ear(status: int = 200) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Something that listens on loopback and writes down what it hears."""
    heard: list[tuple[str, str]] = []

    class Ear(BaseHTTPRequestHandler):
        def _hear(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            heard.append((f"{self.command} {self.path}", self.rfile.read(length).decode()))
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_POST = _hear  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Ear) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", heard
        server.shutdown()
        thread.join()


def _alerts(url: str) -> Alerts:
    return Alerts(url=f"{url}/alert", heartbeat=f"{url}/beat", after=AFTER, begun=BEGUN)


def test_a_standstill_and_its_end_are_told_once_each() -> None:
    still = replace(WELL, trouble="the credentials are refused", cycle_at=BEGUN)
    late = BEGUN + timedelta(hours=1)
    with _ear() as (url, heard):
        alerts = _alerts(url)
        for standing, now in ((WELL, BEGUN), (still, late), (still, late)):
            alerts.look([("acme", standing)], now)
        alerts.look([("acme", replace(WELL, cycle_at=late))], late)
    posted = [json.loads(body) for what, body in heard if what == "POST /alert"]
    assert [one["state"] for one in posted] == ["stands_still", "works_again"]
    assert posted[0]["text"] == (
        "Aurevoir: acme (production) stands still since 2026-03-02 09:00 UTC: "
        "the credentials are refused"
    )
    assert {one["kind"] for one in posted} == {"production"}
    assert [what for what, _ in heard].count("GET /beat") == 4


def test_what_did_not_arrive_is_told_again() -> None:
    late = BEGUN + timedelta(hours=1)
    with _ear(status=500) as (url, heard):
        alerts = _alerts(url)
        alerts.look([("acme", None)], late)
        alerts.look([("acme", None)], late)
    assert [what for what, _ in heard].count("POST /alert") == 2
    alerts.look([("acme", None)], late)  # nobody listens: that is not our trouble


@pytest.mark.parametrize(
    ("standing", "words"),
    [
        (replace(WELL, paused="all"), ""),
        (
            replace(WELL, paused="outward", trouble="the credentials are refused"),
            "stands still since 2026-03-02 09:00 UTC: the credentials are refused",
        ),
        (replace(WELL, parked_until=BEGUN + timedelta(days=1)), ""),
        (replace(WELL, held="300 customers at once"), "is held: 300 customers at once"),
        (None, "stands still since 2026-03-02 09:00 UTC: no cycle has ended"),
    ],
)
def test_a_pause_and_a_used_up_limit_are_no_standstill(
    standing: Standing | None, words: str
) -> None:
    assert standstill(standing, BEGUN, BEGUN + timedelta(hours=1), AFTER) == words
