"""One door to SQLite and PostgreSQL: transactions with names, and whatever differs between them."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, func, make_url, select
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from sync import points

#: What every trouble with the database is.
DatabaseError = SQLAlchemyError

#: PostgreSQL's names for two rights, to write now and to deliver: numbers that no other program
#: in the same database uses.
_WRITER: Final = 0x6175726576
_DELIVERER: Final = _WRITER + 1
#: All statements of a transaction see one moment; SQLite needs no asking for it.
_SNAPSHOT: Final[dict[str, dict[str, Any]]] = {
    "sqlite": {},
    "postgresql": {"isolation_level": "REPEATABLE READ"},
}
_SCHEMES: Final = {"postgres": "postgresql+psycopg", "postgresql": "postgresql+psycopg"}


class StoreGoneError(Exception):
    """The file of the store was deleted or replaced while it was in use."""


class StoreAddressError(Exception):
    """The address of the store leads to no database that can be used."""


class Database:
    """Write transactions exclude each other, in all processes; readers are never in the way."""

    def __init__(self, url: str, *, durable: bool = True) -> None:
        address = _address(url)
        sqlite = address.get_backend_name() == "sqlite"
        engine = create_engine(
            address, json_serializer=_dumps, hide_parameters=True, pool_pre_ping=not sqlite
        )
        if sqlite:
            event.listen(engine, "connect", partial(_prepare, durable=durable))
        event.listen(engine, "begin", _begin_sqlite if sqlite else _begin_postgresql)
        #: Connections whose transactions see one moment.
        self.snapshots: Engine = engine.execution_options(**_SNAPSHOT[engine.dialect.name])
        self._readers = self.snapshots.execution_options(aurevoir="reads", postgresql_readonly=True)
        self._writers = engine.execution_options(aurevoir="writes")
        self._writer = threading.Lock()
        #: The file, and which one it was when it was first opened; what is deleted can be written
        #: to on and on, and is lost with the process.
        named = address.database if sqlite and address.database != ":memory:" else None
        self._file = Path(named) if named else None
        self._opened: tuple[int, int] | None = None

    @contextmanager
    def transaction(self, name: str) -> Iterator[Connection]:
        """All or nothing. The points ``commit NAME before`` and ``after`` stand around the end."""
        with self._writer:
            with self._writers.connect() as connection, connection.begin() as transaction:
                self._same()
                yield connection
                points.reach(f"commit {name} before")
                transaction.commit()
            points.reach(f"commit {name} after")

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A consistent view; nothing can be written through it."""
        with self._readers.connect() as connection:
            self._same()
            yield connection
            connection.rollback()

    def _same(self) -> None:
        """Raises StoreGoneError where the file is not the one that was opened."""
        if self._file is None:
            return
        try:
            found = self._file.stat()
            now = (found.st_dev, found.st_ino)
        except FileNotFoundError:
            now = None
        self._opened = self._opened or now
        if now is None or now != self._opened:
            raise StoreGoneError(
                f"{self._file} was deleted or replaced while it was in use, and nothing more can "
                "be kept; end the service, put the newest backup back, and start it again"
            )

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Whether nobody else holds this right; SQLite leaves it to the lock on its folder."""
        if self.snapshots.dialect.name == "sqlite":
            yield True
            return
        with self.snapshots.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            connection.detach()  # the right ends with the connection
            yield bool(connection.scalar(select(func.pg_try_advisory_lock(_DELIVERER))))

    def close(self) -> None:
        """Give the connections back."""
        self._writers.dispose()


def _address(url: str) -> URL:
    """The address for SQLAlchemy; raises StoreAddressError."""
    try:
        address = make_url(url)
    except ArgumentError:
        address = URL.create("")
    address = address.set(drivername=_SCHEMES.get(address.drivername, address.drivername))
    if address.drivername not in ("sqlite", "postgresql+psycopg"):
        raise StoreAddressError("store: write an address like postgresql://user@host/database")
    if address.get_backend_name() == "postgresql" and not find_spec("psycopg"):
        raise StoreAddressError(
            "store: the driver for PostgreSQL is missing; install aurevoir[postgresql]"
        )
    return address


#: In plain ASCII, so that no sign a CRM may hold is refused by either database.
_dumps = partial(json.dumps, separators=(",", ":"), allow_nan=False)


def _prepare(connection: Any, _record: object, *, durable: bool) -> None:
    """Leave transactions to us; if durable, never lose a commit to a power cut."""
    connection.isolation_level = None
    connection.execute("PRAGMA busy_timeout=10000")
    with suppress(connection.OperationalError):  # another process is just doing it
        connection.execute("PRAGMA journal_mode=WAL")
    connection.execute(f"PRAGMA synchronous={'FULL' if durable else 'OFF'}")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA secure_delete=ON")


def _begin_sqlite(connection: Connection) -> None:
    """A writer takes the lock at once: it never finds out half-way that it cannot have it."""
    use = connection.get_execution_options().get("aurevoir")
    connection.exec_driver_sql(f"PRAGMA query_only={'ON' if use == 'reads' else 'OFF'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if use == "writes" else "BEGIN")


def _begin_postgresql(connection: Connection) -> None:
    """The same; and a process that falls asleep while it may write loses the right."""
    if connection.get_execution_options().get("aurevoir") == "writes":
        connection.exec_driver_sql("SET LOCAL lock_timeout = '10s'")
        connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = '60s'")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITER})")
