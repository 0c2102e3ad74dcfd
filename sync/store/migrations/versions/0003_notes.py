"""What works less well than it could, of each connection."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003_notes"
down_revision = "0002_shipped"


def upgrade() -> None:
    op.add_column("connections", sa.Column("notes", sa.Text()))
