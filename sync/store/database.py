"""One door to SQLite and PostgreSQL: transactions with names, and nothing else that differs."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from functools import lru_cache, partial
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Connection, Engine, Insert, Table, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from sync import points

#: What every trouble with the database is.
DatabaseError = SQLAlchemyError

#: Rows of one statement; SQLite allows 32,766 variables.
_CHUNK = 400


class Database:
    """Write transactions exclude each other; readers are never in the way."""

    def __init__(self, url: str, *, durable: bool = True) -> None:
        self.engine: Engine = create_engine(url, json_serializer=_dumps, hide_parameters=True)
        self._writer = threading.Lock()
        self._sqlite = self.engine.dialect.name == "sqlite"
        if self._sqlite:
            event.listen(self.engine, "connect", partial(_prepare, durable=durable))
            event.listen(self.engine, "begin", _begin)

    @contextmanager
    def transaction(self, name: str) -> Iterator[Connection]:
        """All or nothing. The points ``commit NAME before`` and ``after`` stand around the end."""
        with self._writer:
            connection = self.engine.connect().execution_options(aurevoir_writes=True)
            with connection, connection.begin() as transaction:
                yield connection
                points.reach(f"commit {name} before")
                transaction.commit()
            points.reach(f"commit {name} after")

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A consistent view; nothing can be written through it."""
        with self.engine.connect() as connection:
            yield connection
            connection.rollback()

    @contextmanager
    def rehearsal(self) -> Iterator[Database]:
        """A database that starts as this one; whatever is done to it is thrown away.

        SQLite is copied, so that the running service is not kept from writing; PostgreSQL plays
        everything inside one transaction that is rolled back.
        """
        if self._sqlite:
            with TemporaryDirectory(prefix="aurevoir-") as folder:
                path = f"{folder}/rehearsal.db"
                with self.engine.connect() as connection, closing(sqlite3.connect(path)) as copy:
                    driver = connection.connection.driver_connection
                    assert isinstance(driver, sqlite3.Connection)
                    connection.rollback()
                    driver.backup(copy)
                database = Database(f"sqlite:///{path}")
                try:
                    yield database
                finally:
                    database.close()
        else:
            with self.engine.connect() as connection, connection.begin() as transaction:
                yield _Rehearsal(connection)
                transaction.rollback()

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()


class _Rehearsal(Database):
    """Transactions that are savepoints of one that never commits."""

    def __init__(self, connection: Connection) -> None:
        self.engine = connection.engine
        self._connection = connection

    @contextmanager
    def transaction(self, name: str) -> Iterator[Connection]:
        with self._connection.begin_nested():
            yield self._connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        yield self._connection

    def close(self) -> None:
        """The connection belongs to the real database."""


def upsert(
    connection: Connection, table: Table, rows: Iterable[Mapping[str, Any]], *, keep: bool = False
) -> None:
    """Insert rows by primary key; one that is there is overwritten, or kept as it is."""
    if listed := list(rows):
        statement = _upsert(connection.dialect.name, table, frozenset(listed[0]), keep)
        for start in range(0, len(listed), _CHUNK):
            connection.execute(statement, listed[start : start + _CHUNK])


@lru_cache(maxsize=256)
def _upsert(dialect: str, table: Table, columns: frozenset[str], keep: bool) -> Insert:
    """The statement; making it costs more than running it."""
    statement = (sqlite.insert if dialect == "sqlite" else postgresql.insert)(table)
    key = [column.name for column in table.primary_key]
    rest = {name: statement.excluded[name] for name in sorted(columns - set(key))}
    if keep or not rest:
        return statement.on_conflict_do_nothing(index_elements=key)
    return statement.on_conflict_do_update(index_elements=key, set_=rest)


def chunks(values: Iterable[str]) -> Iterator[list[str]]:
    """Slices for an IN list."""
    listed = list(values)
    for start in range(0, len(listed), _CHUNK):
        yield listed[start : start + _CHUNK]


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _prepare(connection: Any, _record: object, *, durable: bool) -> None:
    """Leave transactions to :func:`_begin`; if durable, never lose a commit to a power cut."""
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute(f"PRAGMA synchronous={'FULL' if durable else 'OFF'}")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA busy_timeout=10000")
    connection.execute("PRAGMA secure_delete=ON")


def _begin(connection: Connection) -> None:
    """A writer takes the lock at once: it never finds out half-way that it cannot have it."""
    writes = connection.get_execution_options().get("aurevoir_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
