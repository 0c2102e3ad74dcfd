"""Who has come: the link's token, and what the store knows under its hash."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sync.case import fold
from sync.links import hashed, purpose
from sync.model import Case, Event
from sync.store import Tables
from sync.store.surveys import Invitation
from sync.web.backing import Backing, Backings


@dataclass(frozen=True, kw_only=True)
class Visit:
    """Somebody with a link of ours."""

    token: str
    #: The name of the connection.
    owner: str
    invitation: Invitation
    backing: Backing
    #: Our own name, as the CRM has it.
    org: str
    history: Sequence[Event]
    case: Case
    #: The link has expired, or the customer or the person is no longer there.
    over: bool
    now: datetime

    @property
    def person(self) -> str:
        """The CRM's id of whoever was invited."""
        return self.invitation.person

    @property
    def purpose(self) -> str:
        """What the link is for."""
        return purpose(self.invitation.key)


def find(tables: Tables, backings: Backings, token: str, purposes: Collection[str]) -> Visit | None:
    """The visit that a token stands for; None where it stands for nothing of these purposes."""
    invitation = tables.surveys.by_link(hashed(token))
    if invitation and purpose(invitation.key) not in purposes:
        return None
    row = tables.cases.get(invitation.case) if invitation else None
    standing = tables.connections.get(row.connection) if row else None
    backing = backings.get(row.connection) if row else None
    if not (invitation and row and standing and backing):
        return None
    history = tables.cases.histories([row.key])[row.key]
    case = fold(row.key, row.ref, history)
    people = backing.loaded.programme.people.object
    known = tables.people.known(row.connection, people, [invitation.person])
    now = backing.clock()
    return Visit(
        token=token,
        owner=row.connection,
        invitation=invitation,
        backing=backing,
        org=standing.title,
        history=history,
        case=case,
        over=now >= invitation.expires_at or case.gone_at is not None or not known,
        now=now,
    )
