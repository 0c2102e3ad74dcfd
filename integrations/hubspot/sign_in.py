"""What a portal is asked with: a token that stays, or those of an app that are renewed.

Source: "Working with OAuth" in HubSpot's API reference: an access token lasts for half an hour.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol

from integrations.errors import Drift, Gone, Reauthorise, Reject

#: Seconds before its end at which an access token is renewed.
EARLY: Final = 60.0

#: Asks HubSpot for tokens with a form, and returns its answer.
Ask = Callable[[Mapping[str, str]], Mapping[str, Any]]
#: Stores a new refresh token; what it raises keeps the token from being used.
Keep = Callable[[str], None]


class SignIn(Protocol):
    """Has a token, and perhaps a way to another one."""

    def token(self, ask: Ask) -> str:
        """The token for the next request; raises Reauthorise where there is none to be had."""
        ...

    def renewed(self, refused: str, ask: Ask) -> str | None:
        """Another token than the one refused; None where there is no other."""
        ...


class Key:
    """A service key, or the static token of an app: it does not expire, and is not renewed."""

    def __init__(self, token: str) -> None:
        self._token = token

    def token(self, ask: Ask) -> str:
        """The key."""
        return self._token

    def renewed(self, refused: str, ask: Ask) -> str | None:
        """There is no other."""
        return None


class App:
    """An app that was installed by OAuth. Threads may share one: each renewal is made once."""

    def __init__(
        self, *, client_id: str, client_secret: str, refresh_token: str, keep: Keep | None = None
    ) -> None:
        self._form = {"client_id": client_id, "client_secret": client_secret}
        self._refresh = refresh_token
        self._keep = keep
        self._lock = threading.Lock()
        self._token = ""
        self._ends = 0.0
        #: The portal that tokens were given for.
        self._portal: object = None

    def token(self, ask: Ask) -> str:
        """The access token; renewed before it ends."""
        with self._lock:
            if time.monotonic() >= self._ends:
                self._renew(ask)
            return self._token

    def renewed(self, refused: str, ask: Ask) -> str | None:
        """A fresh access token, or the one that another thread has got meanwhile."""
        with self._lock:
            if self._token == refused:
                self._renew(ask)
            return self._token

    def _renew(self, ask: Ask) -> None:
        form = {"grant_type": "refresh_token", "refresh_token": self._refresh, **self._form}
        try:
            said = ask(form)
        except (Reauthorise, Reject, Gone, Drift) as refusal:
            words = "HubSpot does not renew the app's tokens; connect the portal again"
            raise Reauthorise(words, code=refusal.code) from None
        portal = said.get("hub_id")
        if self._portal not in (None, portal):
            words = "HubSpot has signed us in to another portal than before"
            raise Reauthorise(words, code="ANOTHER_PORTAL")
        self._portal = portal
        fresh = said.get("refresh_token")
        if fresh and fresh != self._refresh:
            if self._keep:
                self._keep(str(fresh))
            self._refresh = str(fresh)
        self._token = str(said["access_token"])
        self._ends = time.monotonic() + max(float(said.get("expires_in") or 0) - EARLY, EARLY)
