"""One suite for every database the store runs on; each test has one of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from sync.store import Store
from sync.store.database import Database
from sync.store.tables import metadata
from tests.contract.store.server import Server, offered


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """PostgreSQL, where it can be had."""
    with offered() as server:
        yield server


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The address of a database that is not there yet."""
    return f"sqlite:///{tmp_path / 'store.db'}"


@pytest.fixture
def postgresql_url(server: Server) -> Iterator[str]:
    """The address of an empty database."""
    with server.database() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """The address of an empty database, of each kind."""
    found: str = request.getfixturevalue(f"{request.param}_url")
    return found


@pytest.fixture(scope="session")
def shared_url(server: Server) -> Iterator[str]:
    """A database with all its tables; making one for every test would take longer than the test."""
    with server.database() as url:
        with closing(Store(url)) as store:
            store.migrate()
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def home(request: pytest.FixtureRequest) -> str:
    """The address of a store that is empty."""
    if request.param == "sqlite":
        address: str = request.getfixturevalue("sqlite_url")
        with closing(Store(address)) as store:
            store.migrate()
    else:
        address = request.getfixturevalue("shared_url")
        with closing(Database(address)) as database, database.transaction("empty") as connection:
            connection.execute(text(f"TRUNCATE {', '.join(metadata.tables)}"))
    return address


@pytest.fixture
def store(home: str) -> Iterator[Store]:
    """An empty store."""
    with closing(Store(home)) as store:
        yield store


@pytest.fixture
def other(home: str) -> Iterator[Store]:
    """The same store, as another process has it."""
    with closing(Store(home)) as store:
        yield store
