"""A signed assertion in exchange for a token: the JWT bearer flow.

Source: Salesforce Help, "OAuth 2.0 JWT Bearer Flow for Server-to-Server Integration". The words
of its refusals are those of public reports.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from cryptography.x509 import load_pem_x509_certificate

from integrations.sandbox.salesforce.org import Org

JWT_BEARER: Final = "urn:ietf:params:oauth:grant-type:jwt-bearer"
#: Where production signs in, and where sandboxes do.
_LOGIN: Final = {False: "https://login.salesforce.com", True: "https://test.salesforce.com"}
#: A form may have taken the line breaks away.
_PEM: Final = re.compile(r"(-----BEGIN [A-Z ]+-----)([^-]+)(-----END [A-Z ]+-----)", re.DOTALL)
#: An assertion may not be good for longer than this.
LONGEST: Final = timedelta(minutes=5)


class Unfit(Exception):
    """The token endpoint will not; ``error`` is OAuth's word for it."""

    def __init__(self, error: str, words: str = "") -> None:
        super().__init__(error)
        self.error = error
        self.words = words


def subject(assertion: str, org: Org, client_id: str, base: str) -> str:
    """The user that the assertion speaks for; raises Unfit."""
    key = _key(str(org.options["certificate"]))
    try:
        claims = jwt.decode(
            assertion,
            key,
            algorithms=["RS256"],
            options={
                "verify_aud": False,
                "verify_exp": False,
                "require": ["iss", "sub", "aud", "exp"],
            },
        )
    except jwt.InvalidTokenError:
        raise Unfit("invalid_grant", "invalid assertion") from None
    if claims["iss"] != client_id:
        raise Unfit("invalid_client_id")
    sandbox = bool(org["Organization"].rows[org.id]["IsSandbox"])
    audience = str(claims["aud"])
    if audience not in (_LOGIN[sandbox], base) and not audience.endswith(".my.salesforce.com"):
        raise Unfit("invalid_grant", "audience is invalid")
    if not _current(claims["exp"], org.clock.now()):
        raise Unfit("invalid_grant", "expired authorization code")
    users = list(org["User"].having("Username", claims["sub"]))
    if not users or users[0]["Id"] != org.integration:
        raise Unfit("invalid_grant", "user hasn't approved this consumer")
    return str(users[0]["Id"])


def _key(pem: str) -> RSAPublicKey:
    """The app's key from its certificate, or bare; raises Unfit."""
    text = _PEM.sub(lambda m: f"{m[1]}\n{m[2].strip()}\n{m[3]}\n", pem.strip()).encode()
    try:
        certified = b"CERTIFICATE" in text
        key = (
            load_pem_x509_certificate(text).public_key() if certified else load_pem_public_key(text)
        )
    except ValueError:
        key = None
    if not isinstance(key, RSAPublicKey):
        raise Unfit("invalid_client", "no certificate is registered for this app")
    return key


def _current(expires: object, now: datetime) -> bool:
    """Clients sign by their own clock, which is the sandbox's or the real one; some as text."""
    try:
        end = datetime.fromtimestamp(float(str(expires)), UTC)
    except (ValueError, OverflowError):
        return False
    return any(moment < end <= moment + 2 * LONGEST for moment in (now, datetime.now(UTC)))
