"""A copy to try things on, which is in nobody's way and leaves nothing behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from sync.store import Store
from sync.store.database import DatabaseError
from tests.contract.store.shelf import NOW, case, connection, entry


def test_starts_as_the_store_is(store: Store) -> None:
    line = entry("case1:call", wanted={"due": NOW, "subject": "Grüße"}, settled={"due": None})
    with store.transaction("test") as tables:
        case(tables)
        tables.ledger.put("acme", [line], NOW)
        tables.requests.ask("verify", NOW, connection="acme")
    with store.rehearsal() as copy, copy.reading() as tables:
        assert tables.ledger.some([line.key]) == {line.key: line}
        assert [one.number for one in tables.requests.open("acme")] == [1]
        assert tables.cases.get("case1")


def test_leaves_nothing_behind(store: Store) -> None:
    with store.transaction("test") as tables:
        connection(tables)
    with store.rehearsal() as copy:
        with copy.transaction("rehearsed") as tables:
            case(tables)
            tables.connections.set("acme", held="the brake")
        with copy.reading() as tables:
            assert tables.cases.get("case1")
    with store.reading() as tables:
        assert tables.cases.get("case1") is None
        assert [one.held for one in tables.connections.all()] == [None]
    with store.rehearsal() as copy, copy.reading() as tables:
        assert tables.cases.get("case1") is None


def test_forgets_what_failed_in_it(store: Store) -> None:
    def fail(copy: Store) -> None:
        with copy.transaction("rehearsed") as tables:
            case(tables)
            case(tables)

    with store.rehearsal() as copy:
        with pytest.raises(DatabaseError):
            fail(copy)
        with copy.reading() as tables:
            assert tables.connections.all() == ()
        with copy.transaction("rehearsed") as tables:
            case(tables)


def test_has_the_constraints_of_the_store(store: Store) -> None:
    with store.rehearsal() as copy:
        with copy.transaction("rehearsed") as tables:
            case(tables)
        with pytest.raises(DatabaseError), copy.transaction("rehearsed") as tables:
            case(tables, "case2", number=2)


def test_does_not_keep_the_service_from_writing(store: Store, other: Store) -> None:
    with store.transaction("test") as tables:
        case(tables)
    with other.rehearsal() as copy, copy.transaction("rehearsed") as rehearsed:
        case(rehearsed, "case2", record="2")
        rehearsed.connections.set("acme", held="rehearsed")
        with store.transaction("served") as tables:
            case(tables, "case2", record="2")
            tables.connections.set("acme", held="served")
            assert rehearsed.connections.all()[0].held == "rehearsed"
    with store.reading() as tables:
        assert tables.connections.all()[0].held == "served"


def test_puts_no_file_anywhere(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(elsewhere))
    monkeypatch.setenv("SQLITE_TMPDIR", str(elsewhere))
    store = Store(sqlite_url)
    store.migrate()
    with store.rehearsal() as copy, copy.transaction("rehearsed") as tables:
        case(tables)
        tables.surveys.keep_words("case1", {"reason": "x" * 5_000_000})
        assert list(elsewhere.iterdir()) == []
    store.close()
