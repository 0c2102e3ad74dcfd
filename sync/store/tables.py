"""The tables. Whatever must never be true is forbidden here, by a constraint.

Three kinds of rows: history (append-only, ids and codes), the ledger (what the CRM should hold and
what it does hold), and erasable rows. Only the columns listed in ``ERASABLE`` ever hold names,
addresses or words.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept in UTC on databases with and without time zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Refuse a moment that does not say where it is."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give it back aware."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Words(TypeDecorator[str]):
    """What a person or another system wrote, without the two signs that no database keeps."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Leave out NUL, and mark halves of a character."""
        if value is None:
            return None
        return value.replace("\0", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


#: No column has a length: SQLite keeps to none, so one database would refuse what the other takes.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

#: One row a connection of aurevoir.yaml: whose ledger this is, and whether it may write.
connections = Table(
    "connections",
    metadata,
    Column("name", String, primary_key=True),
    Column("crm", String, nullable=False),
    Column("org", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("title", Words, nullable=False),
    Column("programme", String),
    #: Who or what stopped it: nothing, the brake, or a person.
    Column("held", Words),
    Column("held_at", Moment),
    #: ``all`` or ``outward``.
    Column("paused", String),
    Column("paused_at", Moment),
    Column("cycle_at", Moment),
    Column("trouble", Words),
    Column("trouble_at", Moment),
    Column("parked_until", Moment),
    #: What the CRM no longer has as the mapping wants it, a line each.
    Column("drift", Words),
    #: What works less well than it could, a line each.
    Column("notes", Words),
    #: What the fields that the mapping names are called, or were when they were there last.
    Column("fields", JSON(none_as_null=True)),
    #: Our fields that the CRM has lost, until what stood in them is back: ``note.key task.step``.
    Column("keyless", String),
    #: Our calls of one day of the CRM, and everybody's as the CRM counts them.
    Column("calls_on", String),
    Column("calls", Integer, nullable=False, default=0),
    Column("used", Integer),
    Column("allowed", Integer),
    #: It looks and plans, and writes nothing; and since when it does write.
    Column("shadow", Boolean, nullable=False, default=False),
    Column("live_since", Moment),
)

#: Where each watch stands.
watches = Table(
    "watches",
    metadata,
    Column("connection", ForeignKey("connections.name"), primary_key=True),
    #: ``customers:<object>``, ``tasks`` or ``people``.
    Column("name", String, primary_key=True),
    #: What the baseline was taken under; another value means a new baseline.
    Column("rules", String, nullable=False),
    Column("baseline_at", Moment, nullable=False),
    Column("cursor", String),
    Column("ready", Boolean, nullable=False, default=False),
)

#: The raw stage each customer was seen in last.
seen = Table(
    "seen",
    metadata,
    Column("connection", ForeignKey("connections.name"), primary_key=True),
    Column("object", String, primary_key=True),
    Column("record", String, primary_key=True),
    Column("stage", String, nullable=False),
    #: Was in the stage already when the watch began; only ``--backfill`` opens a case for it.
    Column("old", Boolean, nullable=False, default=False),
)

cases = Table(
    "cases",
    metadata,
    Column("key", String, primary_key=True),
    Column("connection", ForeignKey("connections.name"), nullable=False),
    Column("object", String, nullable=False),
    Column("record", String, nullable=False),
    Column("number", Integer, nullable=False),
    Column("playbook", ForeignKey("playbooks.hash"), nullable=False),
    Column("opened_at", Moment, nullable=False),
    #: As the plan saw it last; ``new`` before it saw it first.
    Column("status", String, nullable=False),
    Column("departs_on", String),
    Column("progress", Integer, nullable=False, default=0),
    Column("next_step", Words, nullable=False, default=""),
    #: Closed for good: a later entry opens another case.
    Column("closed", Boolean, nullable=False, default=False),
    #: To be planned from this moment on; None: only when something happens.
    Column("wake_at", Moment),
    UniqueConstraint("connection", "object", "record", "number"),
)
#: At most one open case a customer.
Index(
    "ux_cases_open",
    cases.c.connection,
    cases.c.object,
    cases.c.record,
    unique=True,
    sqlite_where=cases.c.closed.is_(False),
    postgresql_where=cases.c.closed.is_(False),
)
Index("ix_cases_wake", cases.c.connection, cases.c.wake_at)

events = Table(
    "events",
    metadata,
    Column("case", ForeignKey("cases.key"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("version", Integer, nullable=False, default=1),
    Column("at", Moment, nullable=False),
    Column("kind", String, nullable=False),
    Column("data", JSON, nullable=False),
    Column("mark", String),
    UniqueConstraint("case", "mark"),
)

#: Resolved playbooks, as cases pin them.
playbooks = Table(
    "playbooks",
    metadata,
    Column("hash", String, primary_key=True),
    Column("body", String, nullable=False),
)

#: What the CRM should hold under each of our keys, and what it holds.
ledger = Table(
    "ledger",
    metadata,
    Column("key", String, primary_key=True),
    Column("connection", ForeignKey("connections.name"), nullable=False),
    Column("case", ForeignKey("cases.key"), nullable=False),
    Column("step", String, nullable=False),
    Column("kind", String, nullable=False),
    #: The record it is about or belongs to.
    Column("object", String, nullable=False),
    Column("record", String, nullable=False),
    Column("state", String, nullable=False),
    Column("wanted", JSON, nullable=False),
    #: What was wanted when the CRM last took it; the base of the three-way comparison.
    Column("settled", JSON(none_as_null=True)),
    #: The values as the CRM gave them back.
    Column("given", JSON, nullable=False),
    #: Fields that a person changed after us, or that the CRM refuses: field -> why.
    Column("kept", JSON, nullable=False),
    Column("id", String),
    Column("after", JSON, nullable=False),
    Column("outward", Boolean, nullable=False, default=False),
    Column("not_after", Moment),
    Column("attempts", Integer, nullable=False, default=0),
    Column("next_at", Moment),
    Column("problem", String),
    Column("words", Words),
    #: Since when it has not been taken, or not whole.
    Column("failing_since", Moment),
    Column("changed_at", Moment, nullable=False),
)
Index("ix_ledger_case", ledger.c.case)
Index("ix_ledger_state", ledger.c.connection, ledger.c.state, ledger.c.key)
Index("ix_ledger_id", ledger.c.connection, ledger.c.id)
Index("ix_ledger_record", ledger.c.connection, ledger.c.object, ledger.c.record)

#: Facts of a customer with a case, as last read. Erasable.
customers = Table(
    "customers",
    metadata,
    Column("connection", ForeignKey("connections.name"), primary_key=True),
    Column("object", String, primary_key=True),
    Column("record", String, primary_key=True),
    #: As last read, and as we have changed them since.
    Column("fields", JSON, nullable=False),
    #: What was modified before is older than what we know: an index may lag.
    Column("known_at", Moment),
    #: What an earlier departure had left in our fields when the last case opened.
    Column("carried", JSON, nullable=False),
    Column("people_at", Moment),
)

#: Facts of the people of such a customer, as last read. Erasable.
people = Table(
    "people",
    metadata,
    Column("connection", ForeignKey("connections.name"), primary_key=True),
    Column("object", String, primary_key=True),
    Column("record", String, primary_key=True),
    Column("customer", String, primary_key=True),
    Column("rank", Integer, nullable=False),
    Column("fields", JSON, nullable=False),
    Column("out", Boolean),
    Column("out_words", Words),
)
Index("ix_people_customer", people.c.connection, people.c.customer)

#: What somebody wrote. Erasable.
words = Table(
    "words",
    metadata,
    Column("id", String, primary_key=True),
    Column("case", ForeignKey("cases.key"), nullable=False),
    Column("text", Words, nullable=False),
)
Index("ix_words_case", words.c.case)

#: Who was invited to the survey. The link itself is never kept.
invitations = Table(
    "invitations",
    metadata,
    Column("key", String, primary_key=True),
    Column("case", ForeignKey("cases.key"), nullable=False),
    Column("person", String, nullable=False),
    Column("link", String, nullable=False, unique=True),
    Column("made_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("answered_at", Moment),
)
Index("ix_invitations_person", invitations.c.person)

#: Records that a webhook has told us to look at; gone once they were looked at.
hints = Table(
    "hints",
    metadata,
    Column("connection", ForeignKey("connections.name"), primary_key=True),
    Column("object", String, primary_key=True),
    Column("record", String, primary_key=True),
    Column("at", Moment, nullable=False),
)

#: What commands and pages ask the running service to do.
requests = Table(
    "requests",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("connection", ForeignKey("connections.name")),
    Column("kind", String, nullable=False),
    Column("data", JSON, nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("done_at", Moment),
    Column("outcome", JSON),
)
Index(
    "ix_requests_open",
    requests.c.connection,
    sqlite_where=requests.c.done_at.is_(None),
    postgresql_where=requests.c.done_at.is_(None),
)

#: Features that were asked for and are there now.
shipped = Table(
    "shipped",
    metadata,
    Column("connection", ForeignKey("connections.name"), primary_key=True),
    #: As histories and keys call it.
    Column("feature", String, primary_key=True),
    #: As people call it.
    Column("label", Words, nullable=False),
    Column("at", Moment, nullable=False),
)

ERASABLE = {
    customers: ("fields", "carried"),
    people: ("fields", "out_words"),
    words: ("text",),
    #: What the CRM says of a refusal may repeat what it was given.
    ledger: ("wanted", "settled", "given", "kept", "words"),
}
