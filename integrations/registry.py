"""The adapters by the name that a mapping gives them. The only module that knows them all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from integrations.contract import Crm, Names, Wire


@dataclass(frozen=True, kw_only=True)
class Access:
    """What signs in, with the secrets in the open: never logged, never shown."""

    token: str | None = None
    client_id: str | None = None
    client_secret: str | None = None
    #: A user and a private key in PEM, instead of a secret.
    username: str | None = None
    private_key: str | None = None
    domain: str | None = None
    #: The version of the API, where it is not to be the usual one.
    version: str | None = None
    #: Only to reach a sandbox, or a host of the org's own.
    url: str | None = None
    #: Keep below the limits per second.
    paced: bool = True

    def __repr__(self) -> str:
        return f"Access(url={self.url!r})"


def _hubspot(access: Access, names: Names, wire: Wire) -> Crm:
    from integrations.hubspot import HubSpot

    if not access.token:
        raise ValueError("HubSpot needs a token: the key of a service, or a static token")
    return HubSpot(token=access.token, names=names, wire=wire, url=access.url, paced=access.paced)


def _salesforce(access: Access, names: Names, wire: Wire) -> Crm:
    from integrations.salesforce import Salesforce
    from integrations.salesforce.sign_in import SignIn

    if not (access.client_id and (access.domain or access.url)):
        raise ValueError("Salesforce needs client_id, client_secret and domain (acme.my)")
    sign_in = SignIn(
        client_id=access.client_id,
        client_secret=access.client_secret,
        username=access.username,
        private_key=access.private_key,
        domain=access.domain or "acme.sandbox.my",
    )
    return Salesforce(
        sign_in=sign_in, names=names, wire=wire, url=access.url, version=access.version
    )


_CRMS: Final[Mapping[str, Callable[[Access, Names, Wire], Crm]]] = {
    "hubspot": _hubspot,
    "salesforce": _salesforce,
}


def connect(crm: str, access: Access, names: Names, wire: Wire) -> Crm:
    """The adapter for a CRM, not signed in yet; raises ValueError where ``access`` lacks a part."""
    return _CRMS[crm](access, names, wire)
