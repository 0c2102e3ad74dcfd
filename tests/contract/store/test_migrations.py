"""From nothing to this version in one step, and never back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text

from sync import points
from sync.store import Store
from sync.store.database import Database
from sync.store.migrate import NewerSchemaError
from sync.store.tables import metadata
from tests.contract.store.shelf import case


class Died(BaseException):
    """The process dies here."""


def _tables(url: str) -> list[str]:
    with closing(Database(url)) as database, database.reading() as connection:
        return inspect(connection).get_table_names()


def test_come_to_the_tables_that_the_code_knows(home: str) -> None:
    with closing(Database(home)) as database, database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_keep_what_is_there(store: Store) -> None:
    with store.transaction("test") as tables:
        case(tables)
    met: list[str] = []
    with points.listening(met.append):
        store.migrate()
    assert met == []
    with store.reading() as tables:
        assert tables.cases.get("case1")


def test_refuse_a_newer_store(url: str) -> None:
    with closing(Store(url)) as store:
        store.migrate()
        with closing(Database(url)) as database, database.transaction("test") as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        with pytest.raises(NewerSchemaError, match="install that version"):
            store.migrate()


def test_leave_nothing_half_done(url: str) -> None:
    def die(name: str) -> None:
        if name == "commit migrate before":
            raise Died

    with closing(Store(url)) as store:
        with pytest.raises(Died), points.listening(die):
            store.migrate()
        assert _tables(url) == []
        store.migrate()
    assert len(_tables(url)) > 10


def test_can_be_run_by_two_at_once(url: str) -> None:
    def migrate(_: int) -> None:
        with closing(Store(url)) as store:
            store.migrate()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(migrate, range(2)))
    assert len(_tables(url)) > 10
