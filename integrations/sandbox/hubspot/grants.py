"""Who may call: the portal's service key, and the app that it has installed with its tokens.

Source: "Working with OAuth": an access token lasts half an hour, by the sandbox's clock.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from integrations.sandbox.clock import Clock
from integrations.sandbox.hubspot.errors import Refused, expired, unauthorised
from integrations.sandbox.hubspot.options import Options

LIFE: Final = timedelta(minutes=30)
#: Nothing here is a secret: every sandbox has it.
APP: Final = 2_741_886


def _known(name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_OID, name))


KEY: Final = f"pat-na1-{_known('sandbox')}"
DEVELOPER_KEY: Final = _known("sandbox developer")
CLIENT_ID: Final = _known("sandbox client")
CLIENT_SECRET: Final = _known("sandbox client secret")
#: The app is installed already, with every scope.
REFRESH_TOKEN: Final = f"na1-{_known('sandbox refresh')}"
ALL: Final = "all"


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Who makes a call, and what it may do."""

    scopes: frozenset[str]
    #: An installed app with an OAuth token, not the service key.
    app: bool = False

    def may(self, needed: Sequence[str]) -> bool:
        """Whether one of the scopes is there, or none is needed."""
        return not needed or ALL in self.scopes or any(one in self.scopes for one in needed)


@dataclass(frozen=True, kw_only=True)
class Grant:
    """What an installation allows."""

    refresh: str
    scopes: tuple[str, ...]


class Grants:
    """The keys and tokens of a portal."""

    def __init__(self, clock: Clock, options: Options) -> None:
        self._clock = clock
        self._options = options
        self._made = 0
        #: Code -> grant and the address that it was sent to; each is taken once.
        self._codes: dict[str, tuple[Grant, str]] = {}
        first = Grant(refresh=REFRESH_TOKEN, scopes=(ALL,))
        self.refreshes: dict[str, Grant] = {first.refresh: first}
        self.accesses: dict[str, tuple[Grant, datetime]] = {}

    def caller(self, authorization: str) -> Caller:
        """Who has this header; raises Refused with 401."""
        token = authorization.removeprefix("Bearer ")
        if token == KEY and token != authorization:
            return Caller(scopes=frozenset(self._options.words("scopes")))
        if token == authorization or token not in self.accesses:
            raise unauthorised()
        grant, ends = self.accesses[token]
        if (late := self._clock.now() - ends) >= timedelta(0):
            raise expired(late, ends)
        return Caller(scopes=frozenset(grant.scopes), app=True)

    def code(self, scopes: Sequence[str], redirect: str) -> str:
        """A code for somebody who has agreed, to be changed into tokens."""
        code, refresh = self._new("code"), f"na1-{self._new('refresh')}"
        self._codes[code] = (Grant(refresh=refresh, scopes=tuple(scopes)), redirect)
        return code

    def redeem(self, code: str, redirect: str) -> Grant | None:
        """The grant of a code, once and for the address it was sent to."""
        grant, sent_to = self._codes.get(code, (None, ""))
        if grant is None or redirect != sent_to:
            return None
        del self._codes[code]
        self.refreshes[grant.refresh] = grant
        return grant

    def access(self, grant: Grant) -> str:
        """A fresh access token."""
        token = f"{self._new('access')}-{self._made}"
        self.accesses[token] = (grant, self._clock.now() + LIFE)
        return token

    def left(self, token: str) -> int | None:
        """Whole seconds until an access token ends; None where there is none, or it has ended."""
        if token not in self.accesses:
            return None
        left = int((self.accesses[token][1] - self._clock.now()).total_seconds())
        return left if left > 0 else None

    def revoke(self, refresh: str) -> None:
        """End a refresh token; access tokens that were made with it live on."""
        self.refreshes.pop(refresh, None)

    def _new(self, what: str) -> str:
        self._made += 1
        return _known(f"{what} {self._made}")


def bad(status: str, message: str, error: str = "invalid_request") -> Refused:
    """The refusal of a request for tokens."""
    more = {"status": status, "error": error, "error_description": message}
    return Refused(400, message, category=None, more=more)
