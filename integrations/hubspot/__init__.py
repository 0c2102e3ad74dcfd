"""HubSpot behind the contract."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress

from integrations.contract import DEPARTURE, Names, Wire
from integrations.errors import Drift
from integrations.hubspot import scopes
from integrations.hubspot.client import Client
from integrations.hubspot.sign_in import SignIn
from integrations.hubspot.writer import Writer


class HubSpot(Writer):
    """One portal, spoken to through hubspot-api-client. See ``contract.Crm``."""

    name = "hubspot"
    #: "No more than one email will be sent per sendId": single-send API.
    mail_is_idempotent = True
    makes_objects = True

    def __init__(
        self,
        *,
        sign_in: SignIn,
        names: Names,
        wire: Wire,
        url: str | None = None,
        paced: bool = True,
    ) -> None:
        """``url``: only to reach a sandbox."""
        super().__init__(Client(sign_in=sign_in, wire=wire, url=url, paced=paced), names)

    def lacking(self, objects: Collection[str]) -> tuple[str, ...]:
        """The scopes that the token lacks."""
        keeping = self._names.departure
        others = [one for one in objects if keeping is None or one != keeping.object]
        own = len(others) < len(objects)
        if own:
            with suppress(Drift):
                others.append(self.place(DEPARTURE))
        return scopes.lacking(self._client, others, own=own)
