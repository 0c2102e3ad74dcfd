"""What commands and pages ask the running service to do."""

from __future__ import annotations

import pytest

from sync.store import Store
from sync.store.database import DatabaseError
from tests.contract.store.shelf import HOUR, NOW, connection


def test_wait_in_the_order_they_were_asked(store: Store) -> None:
    with store.transaction("test") as tables:
        connection(tables)
        connection(tables, "beta")
        first = tables.requests.ask("apply", NOW, connection="acme", case="case1")
        tables.requests.ask("apply", NOW, connection="beta")
        second = tables.requests.ask("undo", NOW, connection="acme")
    with store.reading() as tables:
        waiting = tables.requests.open("acme")
    assert [one.number for one in waiting] == [first, second]
    assert (waiting[0].kind, waiting[0].data, waiting[0].asked_at) == (
        "apply", {"case": "case1"}, NOW,
    )  # fmt: skip


def test_are_done_once(store: Store) -> None:
    with store.transaction("test") as tables:
        connection(tables)
        number = tables.requests.ask("apply", NOW, connection="acme")
        assert (found := tables.requests.get(number))
        assert (found.done_at, found.outcome) == (None, None)
        tables.requests.done(number, NOW + HOUR, {"writes": 3})
    with store.reading() as tables:
        assert tables.requests.open("acme") == ()
        assert (found := tables.requests.get(number))
    assert (found.done_at, found.outcome) == (NOW + HOUR, {"writes": 3})


def test_may_be_for_no_connection_but_for_no_unknown_one(store: Store) -> None:
    with store.transaction("test") as tables:
        number = tables.requests.ask("stop", NOW)
    with pytest.raises(DatabaseError), store.transaction("test") as tables:
        tables.requests.ask("apply", NOW, connection="nobody")
    with store.reading() as tables:
        assert tables.requests.get(number)
        assert tables.requests.get(number + 1) is None
