"""The features that were asked for and are there now."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002_shipped"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "shipped",
        sa.Column("connection", sa.String(), nullable=False),
        sa.Column("feature", sa.String(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["connection"], ["connections.name"], name="fk_shipped_connection"),
        sa.PrimaryKeyConstraint("connection", "feature", name="pk_shipped"),
    )
