"""Brings a store up to this version: in one transaction, and never a newer one down."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from sync import points


class NewerSchemaError(Exception):
    """The store was written by a newer version of Aurevoir; install that version."""


def migrate(engine: Engine) -> None:
    """Run the migrations that are missing; raises NewerSchemaError."""
    config = Config()
    config.set_main_option("script_location", "sync.store:migrations")
    scripts = ScriptDirectory.from_config(config)
    with (
        engine.connect().execution_options(aurevoir_writes=True) as connection,
        connection.begin() as transaction,
    ):
        current = MigrationContext.configure(connection).get_current_revision()
        if current == scripts.get_current_head():
            transaction.rollback()
            return
        if current is not None and current not in {s.revision for s in scripts.walk_revisions()}:
            raise NewerSchemaError(NewerSchemaError.__doc__)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        points.reach("commit migrate before")
        transaction.commit()
    points.reach("commit migrate after")
