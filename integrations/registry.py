"""The adapters by the name that a mapping gives them. The only module that knows them all."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from integrations.contract import Crm, Hint, Hook, Names, Wire


@dataclass(frozen=True, kw_only=True)
class Access:
    """What signs in, with the secrets in the open: never logged, never shown."""

    token: str | None = None
    client_id: str | None = None
    client_secret: str | None = None
    #: Of an app that is installed by OAuth; ``keep`` stores a new one before it is used.
    refresh_token: str | None = None
    keep: Callable[[str], None] | None = None
    #: A user and a private key in PEM, instead of a secret.
    username: str | None = None
    private_key: str | None = None
    #: What stands at the end of the address that Salesforce's messages go to.
    hook_secret: str | None = None
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
    from integrations.hubspot.sign_in import App, Key, SignIn

    sign_in: SignIn
    if access.token:
        sign_in = Key(access.token)
    elif access.client_id and access.client_secret and access.refresh_token:
        sign_in = App(
            client_id=access.client_id,
            client_secret=access.client_secret,
            refresh_token=access.refresh_token,
            keep=access.keep,
        )
    else:
        raise ValueError(
            "HubSpot needs a token, the key of a service or a static one; or client_id, "
            "client_secret and refresh_token of an app"
        )
    return HubSpot(sign_in=sign_in, names=names, wire=wire, url=access.url, paced=access.paced)


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


def hints(crm: str, access: Access, hook: Hook, now: datetime) -> tuple[Hint, ...]:
    """The records that a webhook of this CRM is about.

    Raises Forged; and ValueError where ``access`` lacks what webhooks are checked with.
    """
    if crm == "salesforce":
        from integrations.salesforce import hints as salesforce

        if not access.hook_secret:
            raise ValueError("Salesforce's messages need a hook_secret at the end of their address")
        return salesforce.hints(hook, secret=access.hook_secret)
    if not access.client_secret:
        raise ValueError("HubSpot's webhooks need the client_secret of the app that sends them")
    from integrations.hubspot.hints import hints

    return hints(hook, secret=access.client_secret, now=now)


def answer(crm: str, hook: Hook) -> tuple[str, str]:
    """What a webhook is answered, once it is kept: a media type, and the words."""
    from integrations.salesforce import hints as salesforce

    if crm == "salesforce" and salesforce.is_soap(hook):
        return "text/xml", salesforce.ACK
    return "text/plain", ""


def consent_page(crm: str, access: Access, *, back: str, state: str) -> str:
    """Where an admin lets our app in; the browser is sent ``back`` with a code.

    Raises ValueError where this CRM or these credentials know no such page.
    """
    from integrations.hubspot import install

    if crm != "hubspot":
        raise ValueError("Salesforce's apps sign in by themselves; only HubSpot's are installed")
    if not (access.client_id and access.client_secret):
        raise ValueError("an app that is to be installed has client_id and client_secret")
    return install.page(client_id=access.client_id, back=back, state=state, url=access.url)


def installed(access: Access, *, code: str, back: str, wire: Wire) -> str:
    """The refresh token of an app that was just let in by :func:`consent_page`."""
    from integrations.hubspot import install

    return install.refresh_token(
        client_id=access.client_id or "",
        client_secret=access.client_secret or "",
        code=code,
        back=back,
        wire=wire,
        url=access.url,
    )


def guide(crm: str, credentials: Collection[str]) -> tuple[str, ...]:
    """What an admin does in a CRM before we can sign in by these ``credentials``, step by step."""
    from integrations.hubspot import guide as hubspot
    from integrations.salesforce import guide as salesforce

    if crm == "hubspot":
        return hubspot.APP if "client_id" in credentials else hubspot.KEY
    if crm == "salesforce":
        return salesforce.CERTIFICATE if "private_key" in credentials else salesforce.SECRET
    return ()
