"""A copy of the store to try things on, in tables that no other connection sees.

Temporary tables do that on both databases: the running service is not kept from writing, and the
copy is gone with its connection, even if the process dies.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import Connection, MetaData, insert, select

from sync.store.database import Database
from sync.store.tables import metadata

#: Where temporary tables are. Every statement names it: with the copy lost, it hits nothing else.
_TEMPORARY: Final = {"sqlite": "temp", "postgresql": "pg_temp"}


class Rehearsal(Database):
    """The transactions of such a copy."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @contextmanager
    def transaction(self, name: str) -> Iterator[Connection]:
        """All or nothing, in the copy."""
        with self._connection.begin():
            yield self._connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """The copy as it is."""
        with self._connection.begin() as transaction:
            yield self._connection
            transaction.rollback()

    def close(self) -> None:
        """The copy is closed by whoever asked for it."""


@contextmanager
def rehearsal(database: Database) -> Iterator[Rehearsal]:
    """Copy everything as it is now; whatever is done to the copy is thrown away."""
    with database.snapshots.connect() as connection:
        connection.detach()
        dialect = connection.dialect
        connection.execution_options(schema_translate_map={None: _TEMPORARY[dialect.name]})
        schema = dialect.default_schema_name or "main"
        with connection.begin():
            metadata.create_all(connection, checkfirst=False)
            for table in metadata.sorted_tables:
                real = table.to_metadata(MetaData(), schema=schema)
                rows = select(*real.columns)
                connection.execute(insert(table).from_select(list(real.columns.keys()), rows))
        yield Rehearsal(connection)
