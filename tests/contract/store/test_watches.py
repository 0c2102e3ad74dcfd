"""Where each watch stands, and the stage each customer was seen in last."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sync.store import Store
from sync.store.database import DatabaseError
from sync.store.watches import Seen, Watching
from tests.contract.store.shelf import NOW, connection

WATCHING = Watching(name="customers:x", rules="r1", baseline_at=NOW, cursor=None, ready=False)


def _seen(*records: str, stage: str = "active", old: bool = False) -> dict[str, Seen]:
    return {record: Seen(record=record, stage=stage, old=old) for record in records}


def test_moves_on(store: Store) -> None:
    later = replace(WATCHING, cursor="c1", ready=True)
    with store.transaction("test") as tables:
        connection(tables)
        connection(tables, "beta")
        tables.watches.put("acme", WATCHING)
        assert tables.watches.get("acme", "customers:x") == WATCHING
        tables.watches.put("acme", later)
    with store.reading() as tables:
        assert tables.watches.get("acme", "customers:x") == later
        assert tables.watches.get("acme", "tasks") is None
        assert tables.watches.get("beta", "customers:x") is None


def test_belongs_to_a_connection(store: Store) -> None:
    with pytest.raises(DatabaseError), store.transaction("test") as tables:
        tables.watches.put("nobody", WATCHING)
    with pytest.raises(DatabaseError), store.transaction("test") as tables:
        tables.watches.remember("nobody", "companies", _seen("1"))


def test_remembers_the_last_stage(store: Store) -> None:
    with store.transaction("test") as tables:
        connection(tables)
        tables.watches.remember("acme", "companies", _seen("1", "2", stage="churning", old=True))
        tables.watches.remember("acme", "companies", _seen("2", "3"))
    with store.reading() as tables:
        found = tables.watches.seen("acme", "companies", ["1", "2", "3", "4"])
        assert tables.watches.old("acme", "companies") == ("1",)
        assert tables.watches.customers("acme") == 3
    assert found == _seen("1", stage="churning", old=True) | _seen("2", "3")


def test_remembers_more_than_one_statement_takes(store: Store) -> None:
    many = _seen(*(str(number) for number in range(1234)))
    with store.transaction("test") as tables:
        connection(tables)
        tables.watches.remember("acme", "companies", many)
    with store.reading() as tables:
        assert tables.watches.seen("acme", "companies", many) == many


def test_forgets_one_object_of_one_connection(store: Store) -> None:
    with store.transaction("test") as tables:
        for name, object in (("acme", "companies"), ("acme", "deals"), ("beta", "companies")):
            connection(tables, name)
            tables.watches.remember(name, object, _seen("1"))
        tables.watches.forget("acme", "companies")
    with store.reading() as tables:
        assert tables.watches.seen("acme", "companies", ["1"]) == {}
        assert tables.watches.seen("acme", "deals", ["1"])
        assert tables.watches.customers("beta") == 1
