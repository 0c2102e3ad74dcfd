"""A database that is away, or that somebody else holds for too long."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from sync.store import Store
from sync.store.database import DatabaseError, StoreAddressError, StoreGoneError
from sync.store.troubles import told
from tests.contract.store.server import Server
from tests.contract.store.shelf import case, connection


def test_goes_on_when_the_server_is_back(server: Server, postgresql_url: str) -> None:
    def interrupted(store: Store) -> None:
        with store.transaction("interrupted") as tables:
            case(tables)
            server.stop("immediate")

    with closing(Store(postgresql_url)) as store:
        store.migrate()
        with store.transaction("before") as tables:
            connection(tables, "before")
        with pytest.raises(DatabaseError):
            interrupted(store)
        server.start()
        with store.reading() as tables:
            assert tables.connections.get("before")
            assert tables.cases.get("case1") is None
        with store.transaction("after") as tables:
            case(tables)


def test_gives_up_on_a_lock_that_is_never_let_go(sqlite_url: str) -> None:
    def impatient(raw: sqlite3.Connection, *_: object) -> None:
        raw.execute("PRAGMA busy_timeout=50")

    def write(store: Store) -> None:
        with store.transaction("test") as tables:
            connection(tables)

    with closing(Store(sqlite_url)) as store:
        store.migrate()
        event.listen(Engine, "checkout", impatient)
        try:
            with closing(Store(sqlite_url)) as waiting:
                with store.transaction("held"), pytest.raises(DatabaseError, match="locked"):
                    write(waiting)
                write(waiting)
        finally:
            event.remove(Engine, "checkout", impatient)
        with store.reading() as tables:
            assert tables.connections.get("acme")


@pytest.mark.parametrize("replaced", [False, True], ids=["deleted", "replaced"])
def test_a_file_that_is_not_there_any_more_is_not_written_to(
    tmp_path: Path, replaced: bool
) -> None:
    file = tmp_path / "store.db"
    with closing(Store(f"sqlite:///{file}")) as store:
        store.migrate()
        with store.transaction("before") as tables:
            connection(tables, "before")
        backup = file.read_bytes()
        file.unlink()
        if replaced:
            file.with_suffix(".new").write_bytes(backup)
            file.with_suffix(".new").rename(file)
        for use in (store.reading, lambda: store.transaction("after")):
            words = "deleted or replaced while it was in use"
            with pytest.raises(StoreGoneError, match=words), use():
                pass


def test_says_what_to_do_about_a_database(tmp_path: Path) -> None:
    (tmp_path / "noise.db").write_bytes(b"noise" * 1000)
    for file, mend in (
        ("noise.db", "file is not a database; stop the service, and put the newest backup back"),
        ("no/folder.db", "unable to open database file; see that the user who runs aurevoir may"),
    ):
        store = Store(f"sqlite:///{tmp_path / file}")
        with closing(store), pytest.raises(DatabaseError) as broken:
            store.migrate()
        assert told(broken.value).startswith(f"the store cannot be used: {mend}")


@pytest.mark.parametrize("url", ["", "goodbye", "mysql://u:secret@h/d", "postgresql+asyncpg://h/d"])
def test_says_what_an_address_looks_like(url: str) -> None:
    with pytest.raises(StoreAddressError, match="postgresql://user@host/database") as refused:
        Store(url)
    assert "secret" not in str(refused.value)


def test_says_which_driver_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sync.store.database.find_spec", lambda name: None)
    with pytest.raises(StoreAddressError, match=r"install aurevoir\[postgresql\]"):
        Store("postgres://user@host/database")
