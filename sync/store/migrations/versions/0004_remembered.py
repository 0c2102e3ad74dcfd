"""What the fields that the mapping names were called when they were there last."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004_remembered"
down_revision = "0003_notes"


def upgrade() -> None:
    op.add_column("connections", sa.Column("fields", sa.JSON()))
    op.add_column("connections", sa.Column("keyless", sa.String()))
