"""Who is signed in: access tokens, how they end."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from integrations.sandbox.salesforce.query import Cursor

#: How long a code for the web server flow is good.
CODE: Final = timedelta(minutes=15)


@dataclass(frozen=True, kw_only=True)
class Code:
    """A promise of a token, given to whoever the browser was sent back to."""

    user: str
    back: str
    challenge: str | None
    issued_at: datetime


@dataclass(kw_only=True)
class Session:
    """One access token."""

    token: str
    user: str
    issued_at: datetime
    used_at: datetime
    #: The refresh token that it came of.
    renewal: str | None = None
    #: Queries it has pages to fetch of, by locator; no other session can.
    cursors: dict[str, Cursor] = field(default_factory=dict)


class Sessions:
    """The access tokens of one org. The same world hands out the same ones, in the same order."""

    def __init__(self) -> None:
        self._open: dict[str, Session] = {}
        self._codes: dict[str, Code] = {}
        #: Refresh tokens, and whose they are.
        self.renewals: dict[str, str] = {}
        self._count = 0

    def open(self, org: str, user: str, now: datetime, *, renewal: str | None = None) -> Session:
        """A new session of a user of an org."""
        token = f"{org[:15]}!AQEAQ{self._secret(f'{org}:{user}')}"
        self._open[token] = Session(
            token=token, user=user, issued_at=now, used_at=now, renewal=renewal
        )
        return self._open[token]

    def promise(self, code: Code) -> str:
        """A code for this."""
        secret = f"aPrx{self._secret(code.user)}"
        self._codes[secret] = code
        return secret

    def redeem(self, secret: str, now: datetime) -> Code | None:
        """What a code is for; it is good once, and not for long."""
        code = self._codes.pop(secret, None)
        return code if code and now - code.issued_at <= CODE else None

    def renewal(self, user: str) -> str:
        """A new refresh token of a user."""
        token = f"5Aep861{self._secret(user)}"
        self.renewals[token] = user
        return token

    def _secret(self, seed: str) -> str:
        self._count += 1
        return sha256(f"{seed}:{self._count}".encode()).hexdigest()

    def find(self, token: str, now: datetime, *, idle: timedelta | None) -> Session | None:
        """The session of a token, if it is still open; it ends when it was ``idle`` too long."""
        found = self._open.get(token)
        if found is None:
            return None
        if idle is not None and now - found.used_at > idle:
            del self._open[token]
            return None
        found.used_at = now
        return found

    def close(self, token: str) -> bool:
        """End one session, or of a refresh token every one that came of it; whether there were."""
        if self._open.pop(token, None):
            return True
        known = self.renewals.pop(token, None) is not None
        if known:
            self._open = {k: s for k, s in self._open.items() if s.renewal != token}
        return known

    def close_all(self) -> None:
        """End every session, the ready one too; refresh tokens stay."""
        self._open.clear()
