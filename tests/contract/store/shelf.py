"""What the tests put into a store: a connection, its cases, and what hangs on them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from integrations.contract import Identity, Ref
from sync.model import Event, Kind
from sync.outbox import Entry
from sync.store import Tables
from sync.store.surveys import Invitation

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def connection(tables: Tables, name: str = "acme") -> str:
    """A connection that has signed in."""
    identity = Identity(org=f"{name}-1", name=name.title(), kind="sandbox", zone="Europe/London")
    tables.connections.register(name, "hubspot", identity)
    return name


def case(
    tables: Tables,
    key: str = "case1",
    *,
    owner: str = "acme",
    record: str = "1",
    number: int = 1,
    at: datetime = NOW,
) -> str:
    """An open case of a customer, with the connection and the playbook it needs."""
    connection(tables, owner)
    tables.cases.pin("book", "{}")
    event = Event(at=at, kind=Kind.OPENED, data={"stage": "churning", "number": number})
    ref = Ref(object="companies", id=record)
    tables.cases.open(owner, key, ref, number=number, playbook="book", event=event)
    return key


def entry(key: str, **values: Any) -> Entry:
    """A line of the ledger; its key begins with its case."""
    about: dict[str, Any] = {
        "case": key.split(":")[0],
        "step": key.split(":")[1],
        "kind": "task",
        "ref": Ref(object="companies", id="1"),
        "wanted": {"subject": "Call them"},
    }
    return Entry(key=key, **(about | values))


def invitation(key: str, *, link: str, **values: Any) -> Invitation:
    """A place in the survey."""
    about: dict[str, Any] = {
        "case": key.split(":")[0],
        "person": key.rsplit(":", 1)[-1],
        "made_at": NOW,
        "expires_at": NOW + 60 * 24 * HOUR,
    }
    return Invitation(key=key, link=link, **(about | values))
