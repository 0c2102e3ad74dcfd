"""Signing in to the external client app, and out again.

Source: Salesforce Help, "OAuth 2.0 Client Credentials Flow for Server-to-Server Integration",
"OAuth 2.0 Web Server Flow", "OAuth 2.0 Refresh Token Flow", "Revoke OAuth Tokens".
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final
from urllib.parse import unquote_plus, urlencode

from integrations.sandbox.http import Answer, Request
from integrations.sandbox.salesforce.assertion import JWT_BEARER, Unfit, subject
from integrations.sandbox.salesforce.call import base_url
from integrations.sandbox.salesforce.org import Org
from integrations.sandbox.salesforce.sessions import Code

_WRONG: Final = {
    "unsupported_grant_type": "grant type not supported",
    "invalid_client_id": "client identifier invalid",
    "invalid_client": "invalid client credentials",
    "invalid_request": "must use HTTP POST",
}
SCOPE: Final = "api refresh_token"


@dataclass(frozen=True, kw_only=True)
class App:
    """The external client app that clients sign in with."""

    client_id: str
    client_secret: str

    @classmethod
    def of(cls, org: str) -> App:
        """The app of an org; the same org has always the same."""
        key, secret = (sha256(f"{org}:{part}".encode()).hexdigest() for part in ("key", "secret"))
        return cls(client_id=f"3MVG9{key}", client_secret=secret.upper())


def token(request: Request, org: Org, app: App) -> Answer:
    """``POST /services/oauth2/token``"""
    grant = _GRANTS.get(request.form.get("grant_type", ""))
    try:
        if grant is None:
            raise Unfit("unsupported_grant_type")
        return grant(request, org, app)
    except Unfit as unfit:
        words = unfit.words or _WRONG[unfit.error]
        return Answer(status=400, body={"error": unfit.error, "error_description": words})


def asked_wrongly(request: Request) -> Answer:
    """``GET /services/oauth2/token``"""
    told = {"error": "invalid_request", "error_description": _WRONG["invalid_request"]}
    return Answer(status=400, body=told)


def revoke(request: Request, org: Org) -> Answer:
    """``POST /services/oauth2/revoke``: of a refresh token, its sessions end too."""
    given = {**request.query, **request.form}.get("token", "")
    if not org.sessions.close(given):
        told = {"error": "invalid_token", "error_description": f"invalid token: {given}"}
        return Answer(status=400, body=told)
    return Answer(body={})


def authorize(request: Request, org: Org, app: App) -> Answer:
    """``GET /services/oauth2/authorize``: the integration user is there, and says yes."""
    asked = request.query
    back = asked.get("redirect_uri", "")
    if asked.get("client_id") != app.client_id or not back:
        words = "error=invalid_client_id&error_description=client%20identifier%20invalid"
        return Answer(status=400, body=words, media_type="text/html;charset=UTF-8")
    code = org.sessions.promise(
        Code(
            user=org.integration,
            back=back,
            challenge=asked.get("code_challenge"),
            issued_at=org.clock.now(),
        )
    )
    found = {"code": code, **({"state": asked["state"]} if "state" in asked else {})}
    return Answer(status=302, headers={"Location": f"{back}?{urlencode(found)}"})


def _client_credentials(request: Request, org: Org, app: App) -> Answer:
    _check(request, app)
    return Answer(body=_body(request, org, app, org.integration))


def _jwt_bearer(request: Request, org: Org, app: App) -> Answer:
    user = subject(request.form.get("assertion", ""), org, app.client_id, base_url(request))
    told = _body(request, org, app, user)
    return Answer(body={k: v for k, v in told.items() if k not in ("signature", "issued_at")})


def _code(request: Request, org: Org, app: App) -> Answer:
    _check(request, app, secret=not request.form.get("code_verifier"))
    code = org.sessions.redeem(request.form.get("code", ""), org.clock.now())
    if code is None:
        raise Unfit("invalid_grant", "expired authorization code")
    if code.back != request.form.get("redirect_uri"):
        raise Unfit("redirect_uri_mismatch", "redirect_uri must match configuration")
    if code.challenge and code.challenge != _challenge(request.form.get("code_verifier", "")):
        raise Unfit("invalid_grant", "invalid code verifier")
    renewal = org.sessions.renewal(code.user)
    told = _body(request, org, app, code.user, renewal)
    return Answer(body={**told, "refresh_token": renewal})


def _refresh(request: Request, org: Org, app: App) -> Answer:
    _check(request, app, secret=bool(request.form.get("client_secret")))
    renewal = request.form.get("refresh_token", "")
    user = org.sessions.renewals.get(renewal)
    if user is None:
        raise Unfit("invalid_grant", "expired access/refresh token")
    return Answer(body=_body(request, org, app, user, renewal))


_GRANTS: Final[Mapping[str, Callable[[Request, Org, App], Answer]]] = {
    "authorization_code": _code,
    "client_credentials": _client_credentials,
    "refresh_token": _refresh,
    JWT_BEARER: _jwt_bearer,
}


def _check(request: Request, app: App, *, secret: bool = True) -> None:
    """Whether it is the app; raises Unfit."""
    form = request.form
    named = (form.get("client_id", ""), form.get("client_secret", ""))
    client, given = _basic(request) or named
    if not client or client != app.client_id:
        raise Unfit("invalid_client_id")
    if secret and not hmac.compare_digest(given.encode(), app.client_secret.encode()):
        raise Unfit("invalid_client")


def _body(
    request: Request, org: Org, app: App, user: str, renewal: str | None = None
) -> dict[str, str]:
    session = org.sessions.open(org.id, user, org.clock.now(), renewal=renewal)
    base = base_url(request)
    identity = f"{base}/id/{org.id}/{session.user}"
    issued = str(int(session.issued_at.timestamp() * 1000))
    signed = hmac.new(app.client_secret.encode(), (identity + issued).encode(), sha256)
    return {
        "access_token": session.token,
        "signature": base64.b64encode(signed.digest()).decode(),
        "scope": SCOPE if renewal else "api",
        "instance_url": base,
        "id": identity,
        "token_type": "Bearer",
        "issued_at": issued,
    }


def _challenge(verifier: str) -> str:
    digest = sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _basic(request: Request) -> tuple[str, str] | None:
    kind, _, encoded = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        text = base64.b64decode(encoded, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None
    client, _, secret = text.partition(":")
    return unquote_plus(client), unquote_plus(secret)
