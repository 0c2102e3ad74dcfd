"""Brings a store up to this version: in one transaction, and never a newer one down."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from sync.store.database import Database


class NewerSchemaError(Exception):
    """The store was written by a newer version of Aurevoir; install that version."""


def migrate(database: Database) -> None:
    """Run the migrations that are missing; raises NewerSchemaError."""
    config = Config()
    config.set_main_option("script_location", "sync.store:migrations")
    scripts = ScriptDirectory.from_config(config)
    with database.reading() as connection:
        current = _revision(connection)
    if current == scripts.get_current_head():
        return
    with database.transaction("migrate") as connection:
        current = _revision(connection)  # another process may have been quicker
        if current and current not in {script.revision for script in scripts.walk_revisions()}:
            raise NewerSchemaError(NewerSchemaError.__doc__)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
