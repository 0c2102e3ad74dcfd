"""Who is signed in: access tokens, how they end."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from integrations.sandbox.salesforce.query import Cursor

#: Without a request for this long a session ends, where the org's option says so.
IDLE: Final = timedelta(hours=2)


@dataclass(kw_only=True)
class Session:
    """One access token."""

    token: str
    user: str
    issued_at: datetime
    used_at: datetime
    #: Queries it has pages to fetch of, by locator; no other session can.
    cursors: dict[str, Cursor] = field(default_factory=dict)


class Sessions:
    """The access tokens of one org. The same world hands out the same ones, in the same order."""

    def __init__(self) -> None:
        self._open: dict[str, Session] = {}
        self._count = 0

    def open(self, org: str, user: str, now: datetime) -> Session:
        """A new session of a user of an org."""
        self._count += 1
        secret = sha256(f"{org}:{user}:{self._count}".encode()).hexdigest()
        token = f"{org[:15]}!AQEAQ{secret}"
        self._open[token] = Session(token=token, user=user, issued_at=now, used_at=now)
        return self._open[token]

    def find(self, token: str, now: datetime, *, expire: bool) -> Session | None:
        """The session of a token, if it is still open."""
        found = self._open.get(token)
        if found is None:
            return None
        if expire and now - found.used_at > IDLE:
            del self._open[token]
            return None
        found.used_at = now
        return found

    def close(self, token: str) -> None:
        """End one session."""
        self._open.pop(token, None)

    def close_all(self) -> None:
        """End every session, the ready one too."""
        self._open.clear()
