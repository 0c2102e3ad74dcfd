"""A full disk leaves nothing half done, and the store goes on when there is room again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from sync.store import Store
from sync.store.database import DatabaseError
from sync.store.troubles import told
from tests.contract.store.shelf import NOW, case, entry

LONG = "x" * 10_000


@contextmanager
def _pages(most: int) -> Iterator[None]:
    """SQLite finds the disk full beyond this many pages."""

    def limit(connection: Any, _: object) -> None:
        connection.execute(f"PRAGMA max_page_count={most}")

    event.listen(Engine, "connect", limit)
    try:
        yield
    finally:
        event.remove(Engine, "connect", limit)


def test_a_full_disk_leaves_nothing_half_done(sqlite_url: str) -> None:
    def fill(store: Store) -> None:
        with store.transaction("fill") as tables:
            tables.ledger.put("acme", [entry("case1:call")], NOW)
            for _ in range(1000):
                tables.surveys.keep_words("case1", {"reason": LONG})

    with _pages(200):
        store = Store(sqlite_url)
        store.migrate()
    with store.transaction("test") as tables:
        case(tables)
    with pytest.raises(DatabaseError, match="full") as full:
        fill(store)
    assert told(full.value).endswith("; make room on the disk of the data folder")
    with store.reading() as tables:
        assert tables.cases.get("case1")
        assert tables.ledger.of_cases(["case1"]) == {}
        assert tables.surveys.words_of(["case1"]) == {}
    with store.transaction("test") as tables:
        tables.surveys.keep_words("case1", {"reason": "short"})
    store.close()

    roomy = Store(sqlite_url)
    fill(roomy)
    with roomy.reading() as tables:
        assert len(tables.surveys.words_of(["case1"])["case1"]) == 1001
    roomy.close()
