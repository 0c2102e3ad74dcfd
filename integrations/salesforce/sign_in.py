"""Signing in: client credentials, or an assertion that a private key has signed.

Sources: "OAuth 2.0 Client Credentials Flow for Server-to-Server Integration" and "OAuth 2.0 JWT
Bearer Flow for Server-to-Server Integration" in Salesforce Help. User names and passwords are not
offered: Salesforce is ending them.
"""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass, field
from typing import Final

import requests
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from simple_salesforce.login import SalesforceLogin

#: An org's own host, with what people copy along from the address line.
_HOST: Final = re.compile(r"(?:https://)?([\w.-]+?)(\.lightning\.force\.com|\.salesforce\.com)?/?")
_OWN: Final = ".my"
#: In the host of every org that is a copy.
_COPIES: Final = (".sandbox.", ".scratch.")
#: Where everybody signs in, and those with a copy of an org.
_EVERYBODY: Final = ("login", "test")


@dataclass(frozen=True, kw_only=True)
class SignIn:
    """An external client app: its secret, or a user who has allowed it and its private key (PEM).

    ``domain``: ``acme.my``, ``acme--test.sandbox.my``, or such an org's whole address. Raises
    ValueError for a part that is missing or cannot be read.
    """

    client_id: str
    domain: str
    client_secret: str | None = field(default=None, repr=False)
    username: str | None = None
    private_key: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        host = self.host
        if bool(self.username) != bool(self.private_key):
            raise ValueError("username and private_key go together; write both")
        if self.private_key:
            _check(self.private_key)
        elif not self.client_secret:
            raise ValueError("Salesforce needs client_secret, or username and private_key")
        elif host in _EVERYBODY:
            raise ValueError(f"client credentials need your org's own domain, not {host}")

    @property
    def host(self) -> str:
        """What stands before ``.salesforce.com``."""
        found = _HOST.fullmatch(self.domain.strip())
        name, end = found.groups() if found else ("", None)
        if end == ".lightning.force.com":
            name += _OWN
        if name not in _EVERYBODY and not name.endswith(_OWN):
            raise ValueError(f"domain: {self.domain!r} is not a domain like acme.my")
        return name

    @property
    def audience(self) -> str:
        """Which of the two sign-in hosts an assertion is meant for: ``login`` or ``test``."""
        copy = self.host == "test" or any(part in f"{self.host}." for part in _COPIES)
        return "test" if copy else "login"

    def token(self, session: requests.Session, version: str) -> tuple[str, str]:
        """A token and the host that takes it; raises what simple-salesforce and requests raise."""
        if not self.private_key:
            return SalesforceLogin(
                consumer_key=self.client_id,
                consumer_secret=self.client_secret,
                domain=self.host,
                session=session,
                sf_version=version,
            )
        with warnings.catch_warnings():
            # The library tells people where to click; so do we, in the error.
            warnings.simplefilter("ignore")
            return SalesforceLogin(
                consumer_key=self.client_id,
                username=self.username,
                privatekey=self.private_key,
                domain=self.audience,
                instance_url=self.host,
                session=session,
                sf_version=version,
            )


def _check(pem: str) -> None:
    """Whether it can sign; says nothing of what it holds."""
    try:
        key = load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, RSAPrivateKey):
        raise ValueError("private_key is no RSA key in PEM without a password")
