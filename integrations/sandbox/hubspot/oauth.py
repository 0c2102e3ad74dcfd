"""Signing in as an app. Source: "OAuth" guide and its migration to dated versions.

The shapes of refusals are those that connectors recorded of version 1 (``BAD_REFRESH_TOKEN``); the
dated versions add ``error`` and ``error_description``, which every version has here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode, urlsplit

from integrations.sandbox.http import Answer, Request
from integrations.sandbox.hubspot.errors import not_found
from integrations.sandbox.hubspot.grants import (
    ALL,
    APP,
    CLIENT_ID,
    CLIENT_SECRET,
    LIFE,
    Grant,
    Grants,
    bad,
)
from integrations.sandbox.hubspot.operation import Operation
from integrations.sandbox.hubspot.portal import Portal
from integrations.sandbox.hubspot.scopes import every
from integrations.sandbox.hubspot.webhooks import LOOPBACK
from integrations.sandbox.hubspot.wire import Json

FAMILY: Final = "oauth"
#: Who installs the app.
USER: Final = 52_310_007


class OAuth:
    """The operations on tokens; they need no key."""

    def __init__(self, portal: Portal, grants: Grants) -> None:
        self._portal = portal
        self._grants = grants

    def operations(self) -> list[Operation]:
        """What is here, for the router."""
        access, refresh = "/access-tokens/{token}", "/refresh-tokens/{token}"
        # Method, rest of the path, name, handler, whether the dated versions have it, or version 1.
        rows = (
            ("POST", "/token", "token", self.token, "v1"),
            ("POST", "/token", "token", self.token, ""),
            ("POST", "/token/introspect", "introspect.get", self.introspect, ""),
            ("POST", "/token/revoke", "revoke", self.revoke, ""),
            ("GET", access, "access.get", self.read_access, "v1"),
            ("GET", refresh, "refresh.get", self.read_refresh, "v1"),
            ("DELETE", refresh, "revoke", self.delete_refresh, "v1"),
        )
        made = [
            Operation(
                method=method,
                family=FAMILY,
                rest=rest,
                name=f"oauth.{name}",
                handler=handler,
                dated=() if old else ("2026-09", "2026-03"),
                numbered=old or "v3",
                open=True,
                form=method == "POST",
            )
            for method, rest, name, handler, old in rows
        ]
        page = Operation(
            method="GET",
            family=f"{FAMILY}/authorize",
            name="oauth.authorize.get",
            handler=self.authorize,
            dated=(),
            numbered="",
            open=True,
        )
        return [*made, page]

    def authorize(self, request: Request) -> Answer:
        """The page where an admin agrees; here everybody does at once."""
        asked = request.query
        if asked.get("client_id") != CLIENT_ID:
            raise bad("BAD_CLIENT_ID", "missing or unknown client id")
        redirect = asked.get("redirect_uri", "")
        if urlsplit(redirect).hostname not in LOOPBACK:
            raise bad("BAD_REDIRECT_URI", "the sandbox sends people to this machine only")
        words = f"{asked.get('scope', '')} {asked.get('optional_scope', '')}".split()
        query = {"code": self._grants.code(list(dict.fromkeys(["oauth", *words])), redirect)}
        if "state" in asked:
            query["state"] = asked["state"]
        joint = "&" if "?" in redirect else "?"
        return Answer(status=302, headers={"Location": f"{redirect}{joint}{urlencode(query)}"})

    def token(self, request: Request) -> Answer:
        """Tokens for a code, or for a refresh token, and for whom they are."""
        grant = self._granted(request.form)
        about = {
            "token_use": "access_token",
            "hub_id": self._portal.id,
            "user_id": USER,
            "scopes": _told(grant),
        }
        return Answer(body=self._tokens(grant) | about)

    def introspect(self, request: Request) -> Answer:
        """What a token is good for; one that is not known is not active."""
        _check_client(request.form)
        token = request.form.get("token", "")
        left = self._grants.left(token)
        if left is not None:
            grant = self._grants.accesses[token][0]
            more: Json = {"token_use": "access_token", "expires_in": left}
        elif token in self._grants.refreshes:
            grant, more = self._grants.refreshes[token], {"token_use": "refresh_token"}
        else:
            return Answer(body={"active": False})
        return Answer(body=self._about(token, grant) | more | {"active": True})

    def revoke(self, request: Request) -> Answer:
        """End a refresh token; one that is not known, too."""
        _check_client(request.form)
        self._grants.revoke(request.form.get("token", ""))
        return Answer(status=200)

    def read_access(self, request: Request) -> Answer:
        """What an access token is good for."""
        token = request.params["token"]
        left = self._grants.left(token)
        if left is None:
            raise not_found("access token not found or expired")
        about = self._about(token, self._grants.accesses[token][0])
        del about["client_id"]
        return Answer(body=about | {"expires_in": left, "token_type": "access"})

    def read_refresh(self, request: Request) -> Answer:
        """Whose refresh token it is."""
        token = request.params["token"]
        if token not in self._grants.refreshes:
            raise not_found("refresh token not found")
        about = self._about(token, self._grants.refreshes[token])
        del about["app_id"]
        return Answer(body=about | {"token_type": "refresh"})

    def delete_refresh(self, request: Request) -> Answer:
        """End a refresh token."""
        self._grants.revoke(request.params["token"])
        return Answer(status=204)

    def _granted(self, form: Mapping[str, str]) -> Grant:
        _check_client(form)
        kind = form.get("grant_type")
        if kind == "refresh_token":
            grant = self._grants.refreshes.get(form.get("refresh_token", ""))
            if grant is None:
                words = "missing or invalid refresh token"
                raise bad("BAD_REFRESH_TOKEN", words, "invalid_grant")
            return grant
        if kind == "authorization_code":
            grant = self._grants.redeem(form.get("code", ""), form.get("redirect_uri", ""))
            if grant is None:
                raise bad("BAD_AUTH_CODE", "missing or unknown auth code", "invalid_grant")
            return grant
        raise bad("BAD_GRANT_TYPE", "missing or unknown grant type", "unsupported_grant_type")

    def _tokens(self, grant: Grant) -> Json:
        return {
            "token_type": "bearer",
            "refresh_token": grant.refresh,
            "access_token": self._grants.access(grant),
            "expires_in": int(LIFE.total_seconds()),
        }

    def _about(self, token: str, grant: Grant) -> Json:
        return {
            "token": token,
            "user": "admin@nimbusdesk.example",
            "hub_domain": "nimbusdesk.example",
            "scopes": _told(grant),
            "hub_id": self._portal.id,
            "app_id": APP,
            "client_id": CLIENT_ID,
            "user_id": USER,
            "token_type": "bearer",
        }


def _told(grant: Grant) -> list[str]:
    return every() if ALL in grant.scopes else list(grant.scopes)


def _check_client(form: Mapping[str, str]) -> None:
    if form.get("client_id") != CLIENT_ID:
        raise bad("BAD_CLIENT_ID", "missing or unknown client id", "invalid_client")
    if form.get("client_secret") != CLIENT_SECRET:
        raise bad("BAD_CLIENT_SECRET", "missing or invalid client secret", "invalid_client")
