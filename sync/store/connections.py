"""Connections: whose ledger this is, whether it may write, and how it fares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from integrations.contract import Identity
from sync.store.tables import connections

_ONE = select(connections).where(connections.c.name == bindparam("name"))


class WrongOrgError(Exception):
    """The ledger belongs to another org than the credentials lead to."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One connection as the store knows it."""

    name: str
    crm: str
    #: Empty as long as it has never signed in.
    org: str
    kind: str
    title: str
    programme: str | None = None
    held: str | None = None
    held_at: datetime | None = None
    paused: str | None = None
    paused_at: datetime | None = None
    cycle_at: datetime | None = None
    trouble: str | None = None
    trouble_at: datetime | None = None
    parked_until: datetime | None = None
    drift: str | None = None
    #: What works less well than it could.
    notes: str | None = None
    #: The day of the CRM that ``calls`` are of: 2026-03-02.
    calls_on: str | None = None
    calls: int = 0
    used: int | None = None
    allowed: int | None = None
    shadow: bool = False
    live_since: datetime | None = None
    #: Object, field, label and type of what the mapping names, as it was there last.
    fields: Sequence[Sequence[str]] | None = None
    #: Our fields that the CRM has lost, until what stood in them is back: ``note.key task.step``.
    keyless: str | None = None

    @property
    def remembered(self) -> dict[tuple[str, str], tuple[str, str]]:
        """The same: (object, field) -> (label, type)."""
        return {(of, name): (label, type) for of, name, label, type in self.fields or ()}


class Connections:
    """The table of connections."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def all(self) -> tuple[Standing, ...]:
        """Every connection that ever signed in, by name."""
        return tuple(standing for standing in self.known() if standing.org)

    def known(self) -> tuple[Standing, ...]:
        """The same, and those that have only tried to sign in, or were spoken of before."""
        rows = self._db.execute(select(connections).order_by(connections.c.name))
        return tuple(Standing(**row) for row in rows.mappings())

    def get(self, name: str) -> Standing | None:
        """One connection, or None before its first sign-in."""
        found = self.fares(name)
        return found if found and found.org else None

    def fares(self, name: str) -> Standing | None:
        """The same; one that has only tried to sign in has no org."""
        found = self._db.execute(_ONE, {"name": name}).mappings().first()
        return Standing(**found) if found else None

    def expect(self, name: str, crm: str) -> None:
        """Have a place for what is to be said of a connection that may never have signed in."""
        if self.fares(name) is None:
            self._db.execute(
                connections.insert().values(name=name, crm=crm, org="", kind="", title="")
            )

    def register(self, name: str, crm: str, identity: Identity) -> Standing:
        """Bind the name to the org it leads to; raises WrongOrgError if it led elsewhere before."""
        self.confirm(name, crm, identity)
        self.expect(name, crm)
        self.set(name, crm=crm, org=identity.org, kind=identity.kind, title=identity.name)
        return self._present(name)

    def confirm(self, name: str, crm: str, identity: Identity) -> None:
        """See that name and org belong together, and to nobody else; raises WrongOrgError."""
        known = self.get(name)
        if known is not None and (known.crm, known.org) != (crm, identity.org):
            raise WrongOrgError(
                f"connection {name!r} keeps the ledger of {known.crm} {known.org} "
                f"({known.title}, {known.kind}), but its credentials lead to {crm} {identity.org} "
                f"({identity.name}, {identity.kind}); give the new one another name in "
                "aurevoir.yaml. A sandbox that was refreshed is another org, too"
            )
        taken = (one.name for one in self.all() if (one.crm, one.org) == (crm, identity.org))
        if known is None and (other := next(taken, None)):
            raise WrongOrgError(
                f"connection {name!r} leads to {crm} {identity.org} ({identity.name}, "
                f"{identity.kind}), whose ledger is kept by connection {other!r} here; call it "
                f"{other!r} in aurevoir.yaml, so that what has begun goes on and nothing is "
                "written twice"
            )

    def set(self, name: str, **values: Any) -> None:
        """Change some of what is known."""
        self._db.execute(update(connections).where(connections.c.name == name).values(**values))

    def remember(self, name: str, fields: Mapping[tuple[str, str], tuple[str, str]]) -> None:
        """Keep what the fields that the mapping names are called."""
        self.set(name, fields=[[*key, *known] for key, known in fields.items()])

    def _present(self, name: str) -> Standing:
        found = self.get(name)
        assert found is not None
        return found
