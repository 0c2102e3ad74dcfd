"""What runs in every cycle finds its rows by an index, however many others there are."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest
from sqlalchemy import event

from sync.outbox import State
from sync.store import Store, Tables
from sync.store.database import Database
from tests.contract.store.shelf import NOW

#: What is asked in a cycle, and the columns that lead to its rows.
QUERIES: dict[str, tuple[Callable[[Tables], object], str]] = {
    "due": (lambda t: t.ledger.due("a", NOW, limit=9, after="k"), "connection state key"),
    "next due": (lambda t: t.ledger.next_due("a"), "connection state"),
    "in state": (lambda t: t.ledger.in_state("a", State.SENDING), "connection state"),
    "of cases": (lambda t: t.ledger.of_cases(["c"]), "case"),
    "of records": (lambda t: t.ledger.of_records("a", "o", ["1"]), "connection object record"),
    "by id": (lambda t: t.ledger.by_id("a", "task", ["1"]), "connection id"),
    "unsettled": (lambda t: t.ledger.unsettled(["k"]), "key"),
    "awake": (lambda t: t.cases.awake("a", NOW, limit=9), "connection wake_at"),
    "next wake": (lambda t: t.cases.next_wake("a"), "connection"),
    "last case": (lambda t: t.cases.of("a", "o", ["1"]), "connection object record"),
    "histories": (lambda t: t.cases.histories(["c"]), "case"),
    "event counts": (lambda t: t.cases.event_counts(["c"]), "case"),
    "people": (lambda t: t.people.people("a", ["1"]), "connection customer"),
    "known people": (lambda t: t.people.known("a", "o", ["1"]), "connection object record"),
    "customers": (lambda t: t.people.customers("a", "o", ["1"]), "connection object record"),
    "seen": (lambda t: t.watches.seen("a", "o", ["1"]), "connection object record"),
    "words": (lambda t: t.surveys.words_of(["c"]), "case"),
    "link": (lambda t: t.surveys.by_link("x"), "link"),
    "requests": (lambda t: t.requests.open("a"), "connection"),
}


@pytest.mark.parametrize("name", QUERIES)
def test_goes_by_an_index(sqlite_url: str, name: str) -> None:
    query, columns = QUERIES[name]
    asked: list[tuple[str, Any]] = []

    def note(_c: object, _cursor: object, statement: str, values: Any, *_: object) -> None:
        asked.append((statement, values))

    with closing(Store(sqlite_url)) as store:
        store.migrate()
    with closing(Database(sqlite_url)) as database, database.reading() as connection:
        event.listen(connection, "before_cursor_execute", note)
        query(Tables(connection))
        event.remove(connection, "before_cursor_execute", note)
        statement, values = asked[-1]
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        way, *joined = [row.detail for row in plan if re.match("SCAN|SEARCH", row.detail)]
    assert all(one.startswith("SEARCH") for one in joined), joined
    assert re.findall(r"(\w+)[=<>]", way) == columns.split(), way
