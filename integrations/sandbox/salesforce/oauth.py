"""Signing in: the client credentials flow, and who one is then.

Source: Salesforce Help, "OAuth 2.0 Client Credentials Flow for Server-to-Server Integration".
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final
from urllib.parse import unquote_plus

from integrations.sandbox.http import Answer, Request
from integrations.sandbox.salesforce.call import Call, base_url
from integrations.sandbox.salesforce.org import Org
from integrations.sandbox.salesforce.table import Row

_WRONG: Final = {
    "unsupported_grant_type": "grant type not supported",
    "invalid_client_id": "client identifier invalid",
    "invalid_client": "invalid client credentials",
    "invalid_request": "must use HTTP POST",
}


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
    form = request.form
    if form.get("grant_type") != "client_credentials":
        return _wrong("unsupported_grant_type")
    client, secret = _basic(request) or (form.get("client_id", ""), form.get("client_secret", ""))
    if not client or client != app.client_id:
        return _wrong("invalid_client_id")
    if not hmac.compare_digest(secret.encode(), app.client_secret.encode()):
        return _wrong("invalid_client")
    session = org.sessions.open(org.id, org.integration, org.clock.now())
    base = base_url(request)
    identity = f"{base}/id/{org.id}/{session.user}"
    issued = str(int(session.issued_at.timestamp() * 1000))
    signed = hmac.new(app.client_secret.encode(), (identity + issued).encode(), sha256)
    return Answer(
        body={
            "access_token": session.token,
            "signature": base64.b64encode(signed.digest()).decode(),
            "scope": "api",
            "instance_url": base,
            "id": identity,
            "token_type": "Bearer",
            "issued_at": issued,
        }
    )


def revoke(request: Request, org: Org) -> Answer:
    """``POST /services/oauth2/revoke``"""
    org.sessions.close({**request.query, **request.form}.get("token", ""))
    return Answer(body={})


def _wrong(error: str) -> Answer:
    return Answer(status=400, body={"error": error, "error_description": _WRONG[error]})


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


def userinfo(call: Call) -> Answer:
    """``/services/oauth2/userinfo``, in the words of OpenID Connect."""
    user, org = _user(call), call.org
    base = base_url(call.request)
    return Answer(
        body={
            "sub": f"{base}/id/{org.id}/{user['Id']}",
            "user_id": user["Id"],
            "organization_id": org.id,
            "preferred_username": user["Username"],
            "nickname": user["CommunityNickname"],
            "name": user["Name"],
            "email": user["Email"],
            "email_verified": True,
            "given_name": user["FirstName"],
            "family_name": user["LastName"],
            "zoneinfo": user["TimeZoneSidKey"],
            "urls": _urls(base, org, user),
            "active": user["IsActive"],
            "user_type": "STANDARD",
            "language": user["LanguageLocaleKey"],
            "locale": user["LocaleSidKey"],
            "updated_at": user["LastModifiedDate"],
        }
    )


def identity(call: Call) -> Answer:
    """``/id/{organization}/{user}``, the address that a token comes with."""
    user, org = _user(call), call.org
    base = base_url(call.request)
    return Answer(
        body={
            "id": f"{base}/id/{org.id}/{user['Id']}",
            "asserted_user": True,
            "user_id": user["Id"],
            "organization_id": org.id,
            "username": user["Username"],
            "nick_name": user["CommunityNickname"],
            "display_name": user["Name"],
            "email": user["Email"],
            "email_verified": True,
            "first_name": user["FirstName"],
            "last_name": user["LastName"],
            "timezone": user["TimeZoneSidKey"],
            "urls": _urls(base, org, user),
            "active": user["IsActive"],
            "user_type": "STANDARD",
            "language": user["LanguageLocaleKey"],
            "locale": user["LocaleSidKey"],
            "last_modified_date": user["LastModifiedDate"],
            "is_app_installed": True,
        }
    )


def _user(call: Call) -> Row:
    return call.org["User"].rows[call.session.user]


def _urls(base: str, org: Org, user: Row) -> Mapping[str, str]:
    data = f"{base}/services/data/v{{version}}"
    return {
        "enterprise": f"{base}/services/Soap/c/{{version}}/{org.id}",
        "metadata": f"{base}/services/Soap/m/{{version}}/{org.id}",
        "partner": f"{base}/services/Soap/u/{{version}}/{org.id}",
        "rest": f"{data}/",
        "sobjects": f"{data}/sobjects/",
        "search": f"{data}/search/",
        "query": f"{data}/query/",
        "recent": f"{data}/recent/",
        "tooling_rest": f"{data}/tooling/",
        "profile": f"{base}/{user['Id']}",
        "custom_domain": base,
    }
