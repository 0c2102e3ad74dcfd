"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "connections",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("crm", sa.String(), nullable=False),
        sa.Column("org", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("programme", sa.String()),
        sa.Column("held", sa.Text()),
        sa.Column("held_at", MOMENT),
        sa.Column("paused", sa.String()),
        sa.Column("paused_at", MOMENT),
        sa.Column("cycle_at", MOMENT),
        sa.Column("trouble", sa.Text()),
        sa.Column("trouble_at", MOMENT),
        sa.Column("parked_until", MOMENT),
        sa.Column("drift", sa.Text()),
        sa.Column("calls_on", sa.String()),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("used", sa.Integer()),
        sa.Column("allowed", sa.Integer()),
        sa.Column("shadow", sa.Boolean(), nullable=False),
        sa.Column("live_since", MOMENT),
        sa.PrimaryKeyConstraint("name", name="pk_connections"),
    )
    op.create_table(
        "playbooks",
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_playbooks"),
    )
    op.create_table(
        "cases",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("connection", sa.String(), nullable=False),
        sa.Column("object", sa.String(), nullable=False),
        sa.Column("record", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("playbook", sa.String(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("departs_on", sa.String()),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("next_step", sa.Text(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("wake_at", MOMENT),
        sa.ForeignKeyConstraint(["connection"], ["connections.name"], name="fk_cases_connection"),
        sa.ForeignKeyConstraint(["playbook"], ["playbooks.hash"], name="fk_cases_playbook"),
        sa.PrimaryKeyConstraint("key", name="pk_cases"),
        sa.UniqueConstraint(
            "connection",
            "object",
            "record",
            "number",
            name="uq_cases_connection_object_record_number",
        ),
    )
    op.create_index("ix_cases_wake", "cases", ["connection", "wake_at"])
    op.create_index(
        "ux_cases_open",
        "cases",
        ["connection", "object", "record"],
        unique=True,
        sqlite_where=sa.text("closed IS 0"),
        postgresql_where=sa.text("closed IS false"),
    )
    op.create_table(
        "customers",
        sa.Column("connection", sa.String(), nullable=False),
        sa.Column("object", sa.String(), nullable=False),
        sa.Column("record", sa.String(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("known_at", MOMENT),
        sa.Column("carried", sa.JSON(), nullable=False),
        sa.Column("people_at", MOMENT),
        sa.ForeignKeyConstraint(
            ["connection"], ["connections.name"], name="fk_customers_connection"
        ),
        sa.PrimaryKeyConstraint("connection", "object", "record", name="pk_customers"),
    )
    op.create_table(
        "people",
        sa.Column("connection", sa.String(), nullable=False),
        sa.Column("object", sa.String(), nullable=False),
        sa.Column("record", sa.String(), nullable=False),
        sa.Column("customer", sa.String(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("out", sa.Boolean()),
        sa.Column("out_words", sa.Text()),
        sa.ForeignKeyConstraint(["connection"], ["connections.name"], name="fk_people_connection"),
        sa.PrimaryKeyConstraint("connection", "object", "record", "customer", name="pk_people"),
    )
    op.create_index("ix_people_customer", "people", ["connection", "customer"])
    op.create_table(
        "hints",
        sa.Column("connection", sa.String(), nullable=False),
        sa.Column("object", sa.String(), nullable=False),
        sa.Column("record", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["connection"], ["connections.name"], name="fk_hints_connection"),
        sa.PrimaryKeyConstraint("connection", "object", "record", name="pk_hints"),
    )
    op.create_table(
        "requests",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("connection", sa.String()),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("done_at", MOMENT),
        sa.Column("outcome", sa.JSON()),
        sa.ForeignKeyConstraint(
            ["connection"], ["connections.name"], name="fk_requests_connection"
        ),
        sa.PrimaryKeyConstraint("number", name="pk_requests"),
    )
    op.create_index(
        "ix_requests_open",
        "requests",
        ["connection"],
        sqlite_where=sa.text("done_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_table(
        "seen",
        sa.Column("connection", sa.String(), nullable=False),
        sa.Column("object", sa.String(), nullable=False),
        sa.Column("record", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("old", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["connection"], ["connections.name"], name="fk_seen_connection"),
        sa.PrimaryKeyConstraint("connection", "object", "record", name="pk_seen"),
    )
    op.create_table(
        "watches",
        sa.Column("connection", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("rules", sa.String(), nullable=False),
        sa.Column("baseline_at", MOMENT, nullable=False),
        sa.Column("cursor", sa.String()),
        sa.Column("ready", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["connection"], ["connections.name"], name="fk_watches_connection"),
        sa.PrimaryKeyConstraint("connection", "name", name="pk_watches"),
    )
    op.create_table(
        "events",
        sa.Column("case", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("mark", sa.String()),
        sa.ForeignKeyConstraint(["case"], ["cases.key"], name="fk_events_case"),
        sa.PrimaryKeyConstraint("case", "number", name="pk_events"),
        sa.UniqueConstraint("case", "mark", name="uq_events_case_mark"),
    )
    op.create_table(
        "invitations",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("case", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("link", sa.String(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("answered_at", MOMENT),
        sa.ForeignKeyConstraint(["case"], ["cases.key"], name="fk_invitations_case"),
        sa.PrimaryKeyConstraint("key", name="pk_invitations"),
        sa.UniqueConstraint("link", name="uq_invitations_link"),
    )
    op.create_index("ix_invitations_person", "invitations", ["person"])
    op.create_table(
        "ledger",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("connection", sa.String(), nullable=False),
        sa.Column("case", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("object", sa.String(), nullable=False),
        sa.Column("record", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("wanted", sa.JSON(), nullable=False),
        sa.Column("settled", sa.JSON()),
        sa.Column("given", sa.JSON(), nullable=False),
        sa.Column("kept", sa.JSON(), nullable=False),
        sa.Column("id", sa.String()),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("outward", sa.Boolean(), nullable=False),
        sa.Column("not_after", MOMENT),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", MOMENT),
        sa.Column("problem", sa.String()),
        sa.Column("words", sa.Text()),
        sa.Column("failing_since", MOMENT),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["case"], ["cases.key"], name="fk_ledger_case"),
        sa.ForeignKeyConstraint(["connection"], ["connections.name"], name="fk_ledger_connection"),
        sa.PrimaryKeyConstraint("key", name="pk_ledger"),
    )
    op.create_index("ix_ledger_case", "ledger", ["case"])
    op.create_index("ix_ledger_id", "ledger", ["connection", "id"])
    op.create_index("ix_ledger_record", "ledger", ["connection", "object", "record"])
    op.create_index("ix_ledger_state", "ledger", ["connection", "state", "key"])
    op.create_table(
        "words",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("case", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case"], ["cases.key"], name="fk_words_case"),
        sa.PrimaryKeyConstraint("id", name="pk_words"),
    )
    op.create_index("ix_words_case", "words", ["case"])
