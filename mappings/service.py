"""``aurevoir.yaml``: one service and the CRMs it works with."""

from __future__ import annotations

import re
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, model_validator

from mappings.model import Elapsed, Model, known
from mappings.spans import Span


def _address(url: str) -> str:
    """An https address; plain http only on this machine."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("write an address like https://goodbye.acme.example")
    if parts.scheme == "http" and not loopback(parts.hostname):
        raise ValueError("this travels over the net in the clear; write https://")
    if parts.username or parts.password:
        raise ValueError("leave the user and the password out of the address")
    return url.rstrip("/")


def _reachable(url: str) -> None:
    """The same, for an address whose path or query may be a secret: it is not repeated."""
    parts = urlsplit(url)
    local = parts.hostname is not None and loopback(parts.hostname)
    if not parts.hostname or parts.scheme not in (("http", "https") if local else ("https",)):
        raise ValueError("write addresses that begin with https://")


def loopback(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _listener(text: str) -> str:
    match = re.fullmatch(r"(?:\[(?P<six>[^\]]+)\]|(?P<host>[^:\[\]]+)):(?P<port>\d{1,5})", text)
    if not match or int(match["port"]) > 65535:
        raise ValueError(f"{text!r} is no address to listen on; write 127.0.0.1:8010")
    return text


def _percent(value: Any) -> Any:
    if isinstance(value, str) and (match := re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*%\s*", value)):
        return float(match[1])
    return value


def _switch(value: Any) -> Any:
    """``on`` and ``off``; the loader reads ``off`` as nothing."""
    return {None: False, "on": True}.get(value, value) if not isinstance(value, dict) else value


Address = Annotated[str, AfterValidator(_address)]
Listener = Annotated[str, AfterValidator(_listener)]


class Listen(Model):
    """Where the service listens."""

    #: Survey pages and webhooks.
    public: Listener = "127.0.0.1:8010"
    #: Metrics and health.
    private: Listener = "127.0.0.1:8011"


class Credentials(Model):
    """What signs in: a token, or a client's id with its secret or a user's private key."""

    #: HubSpot's service key; better ``${HUBSPOT_TOKEN}`` than the key itself.
    token: SecretStr | None = None
    #: Salesforce's consumer key, or the client id of HubSpot's app.
    client_id: str | None = None
    #: Salesforce's consumer secret, or the client secret of HubSpot's app: beside a token, only to
    #: tell HubSpot's webhooks from others.
    client_secret: SecretStr | None = None
    #: HubSpot's, of an app that was installed by OAuth.
    refresh_token: SecretStr | None = None
    #: Salesforce's integration user, where the app has a certificate and no secret.
    username: str | None = None
    #: The private key of that certificate, in PEM.
    private_key: SecretStr | None = None
    #: Salesforce's API version, from 60.0 on; left out: 62.0.
    version: Annotated[str, Field(pattern=r"^[6-9][0-9]\.0$")] | None = None
    #: At the end of the address that Salesforce's messages go to: long, and not to be guessed.
    hook_secret: Annotated[SecretStr, Field(min_length=20)] | None = None
    #: The org's own host name before ``.salesforce.com``: ``acme.my``.
    domain: str | None = None

    @model_validator(mode="after")
    def _enough(self) -> Credentials:
        if bool(self.username) != bool(self.private_key):
            raise ValueError("username and private_key go together; write both")
        # Beside a token, the secret of the app says whether a webhook comes from HubSpot.
        beside = self.token and self.client_secret and not self.private_key
        if not beside and bool(self.client_id) != bool(self.client_secret or self.private_key):
            raise ValueError("client_id and client_secret go together; write both")
        if not (self.token and self.token.get_secret_value()) and not self.client_id:
            raise ValueError("nothing to sign in with; write token, or client_id and client_secret")
        return self


class Quota(Model):
    """How much of the CRM's daily calls the service may use."""

    #: Percent of what the CRM allows.
    share: Annotated[float, BeforeValidator(_percent)] = Field(20.0, gt=0, le=100)
    #: Percent that is left to others, whoever has used the rest.
    reserve: Annotated[float, BeforeValidator(_percent)] = Field(10.0, ge=0, lt=100)
    #: Calls that are allowed on one day, where the CRM does not say so itself: HubSpot names no
    #: daily limit to an app that was installed by OAuth.
    daily: Annotated[int, Field(gt=0)] | None = None


class Connection(Model):
    """One CRM."""

    #: ``hubspot`` or ``salesforce``.
    crm: Annotated[str, known("CRM")]
    credentials: Credentials
    #: The mapping file, from this file's folder.
    mapping: Path
    #: Only for a sandbox, or a host of the org's own.
    url: Address | None = None
    quota: Quota = Quota()
    #: Look and plan, and write nothing: for a first week. What was due meanwhile is mailed to
    #: nobody afterwards.
    shadow: bool = False
    #: Whose clock decides what is due; ``crm`` for a sandbox whose time is set by hand.
    clock: Literal["system", "crm"] = "system"
    #: Stay below the CRM's limits per second; ``off`` only where a sandbox has none.
    pace: Annotated[bool, BeforeValidator(_switch)] = True
    #: How often the CRM is asked what changed.
    poll: Elapsed = Span.parse("1 minute")
    #: How often the CRM is asked what was deleted and merged.
    removals: Elapsed = Span.parse("1 hour")


class Alerts(Model):
    """Whom the service tells, outside, that it or a connection stands still."""

    #: Gets a POST of JSON when a connection stands still, and when it works again.
    url: SecretStr | None = None
    #: Is fetched as long as the service lives, so that a watchdog outside notices silence.
    heartbeat: SecretStr | None = None
    #: How often it is looked and fetched.
    every: Elapsed = Span.parse("5 minutes")
    #: A connection without a whole cycle for this long stands still.
    after: Elapsed = Span.parse("30 minutes")

    @model_validator(mode="after")
    def _safe(self) -> Alerts:
        for url in (self.url, self.heartbeat):
            if url is not None:
                _reachable(url.get_secret_value())
        return self


class Log(Model):
    """What is logged, and how."""

    #: ``json`` for machines.
    format: Literal["text", "json"] = "text"
    #: The least that is worth a line.
    level: Literal["debug", "info", "warning", "error"] = "info"


class Service(Model):
    """One service, any number of CRMs."""

    #: The company as its customers know it; left out: as the CRM calls it.
    company: str | None = None
    #: What customers' mails and webhooks use; needed before a mail goes out.
    public_url: Address | None = None
    #: The folder for the store, from this file's folder.
    data: Path = Path("data")
    #: A PostgreSQL database instead of SQLite in the data folder: ``postgresql://...``
    store: SecretStr | None = None
    listen: Listen = Listen()
    log: Log = Log()
    alerts: Alerts = Alerts()
    #: By a name of your choice.
    connections: dict[str, Connection] = Field(min_length=1)

    def beside(self, folder: Path) -> Service:
        """With every path taken from this folder."""
        connections = {
            name: connection.model_copy(update={"mapping": folder / connection.mapping})
            for name, connection in self.connections.items()
        }
        update = {"data": folder / self.data, "connections": connections}
        return self.model_copy(update=update)
