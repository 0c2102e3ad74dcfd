"""Many rows at a time, in statements that both databases take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Connection, Insert, Table
from sqlalchemy.dialects import postgresql, sqlite

#: Rows of one statement; SQLite allows 32,766 variables.
_CHUNK: Final = 400


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
