"""The request log keeps what fits, and counts everything."""

from __future__ import annotations

import pytest

from integrations.sandbox import traffic
from integrations.sandbox.traffic import Traffic
from tests.sandbox.tiny import START


def _note(log: Traffic, operation: str, request: str = "") -> None:
    log.note(
        at=START, crm="x", operation=operation, method="POST", path="/", status=200, request=request
    )


def test_the_oldest_bodies_make_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(traffic, "ROOM", 100)
    log = Traffic()
    for letter in "abc":
        _note(log, "things.create", letter * 40)
    assert [entry.request[0] for entry in log.entries()] == ["b", "c"]
    _note(log, "things.create", "d" * 1000)
    assert [entry.number for entry in log.entries()] == [4]
    _note(log, "things.create", "e")
    assert [entry.number for entry in log.entries()] == [5]
    assert log.count("x") == {"things.create": 5}


def test_a_cleared_log_has_its_room_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(traffic, "ROOM", 100)
    log = Traffic()
    _note(log, "things.create", "a" * 90)
    log.clear()
    _note(log, "things.create", "b" * 90)
    _note(log, "things.list", "c" * 90)
    assert [(entry.number, entry.request[:1]) for entry in log.entries()] == [(1, "b"), (2, "")]


def test_entries_are_few_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(traffic, "KEPT", 3)
    log = Traffic()
    for _ in range(5):
        _note(log, "things.list")
    assert [entry.number for entry in log.entries()] == [3, 4, 5]
    assert log.totals("x") == {"reads": 5, "writes": 0}
