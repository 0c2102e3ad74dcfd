"""The store: everything that is remembered, on SQLite or PostgreSQL, in one code."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

from sqlalchemy import Connection

from sync.store.cases import Cases
from sync.store.connections import Connections
from sync.store.database import Database
from sync.store.hints import Hints
from sync.store.ledger import Ledger
from sync.store.migrate import migrate
from sync.store.people import People
from sync.store.rehearsal import rehearsal
from sync.store.requests import Requests
from sync.store.shipped import Shipped
from sync.store.surveys import Surveys
from sync.store.watches import Watches


class Tables:
    """The tables inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    @cached_property
    def connections(self) -> Connections:
        """Whose ledger this is, and whether it may write."""
        return Connections(self._db)

    @cached_property
    def watches(self) -> Watches:
        """Cursors and last-seen stages."""
        return Watches(self._db)

    @cached_property
    def cases(self) -> Cases:
        """Cases and their histories."""
        return Cases(self._db)

    @cached_property
    def ledger(self) -> Ledger:
        """What was wanted of the CRM, and what became of it."""
        return Ledger(self._db)

    @cached_property
    def people(self) -> People:
        """Customers and their people."""
        return People(self._db)

    @cached_property
    def surveys(self) -> Surveys:
        """Invitations and words."""
        return Surveys(self._db)

    @cached_property
    def hints(self) -> Hints:
        """What webhooks have told."""
        return Hints(self._db)

    @cached_property
    def shipped(self) -> Shipped:
        """Features that were asked for and are there now."""
        return Shipped(self._db)

    @cached_property
    def requests(self) -> Requests:
        """What commands and pages ask for."""
        return Requests(self._db)


class Store:
    """Opens transactions. ``url`` is SQLAlchemy's, e.g. ``sqlite:////var/lib/aurevoir/store.db``.

    ``durable=False`` is for trials, whose store ends with them.
    """

    def __init__(self, url: str, *, durable: bool = True) -> None:
        self._database = Database(url, durable=durable)

    def migrate(self) -> None:
        """Bring the schema up to this version; raises NewerSchemaError on a newer one."""
        migrate(self._database)

    @contextmanager
    def transaction(self, name: str) -> Iterator[Tables]:
        """All or nothing, committed at the end. No request may be on the wire meanwhile."""
        with self._database.transaction(name) as connection:
            yield Tables(connection)

    @contextmanager
    def reading(self) -> Iterator[Tables]:
        """A view to read from."""
        with self._database.reading() as connection:
            yield Tables(connection)

    @contextmanager
    def rehearsal(self) -> Iterator[Store]:
        """A store that starts as this one and is thrown away at the end."""
        with rehearsal(self._database) as copy:
            yield _Rehearsed(copy)

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Whether this process is the only one that delivers from the store, until the end."""
        with self._database.alone() as alone:
            yield alone

    def close(self) -> None:
        """Give the connections back."""
        self._database.close()


class _Rehearsed(Store):
    """A store on such a copy."""

    def __init__(self, database: Database) -> None:
        self._database = database
