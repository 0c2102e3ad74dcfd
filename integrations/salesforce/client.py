"""One HTTP request to Salesforce: signed in, timed, and every failure said as what to do next.

simple-salesforce signs in and speaks REST. Its own refresh loop is not used: it loses headers and
may not end. Sources: "OAuth 2.0 client credentials flow" and the REST API developer guide.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final, TypeVar

import requests
from requests.adapters import HTTPAdapter
from requests.exceptions import RequestException
from simple_salesforce.api import Salesforce
from simple_salesforce.exceptions import SalesforceAuthenticationFailed, SalesforceError
from simple_salesforce.login import SalesforceLogin

from integrations.contract import Usage, Wire
from integrations.errors import Reauthorise
from integrations.salesforce import faults

T = TypeVar("T")

VERSION: Final = "62.0"
#: Seconds to connect, between two pieces of an answer, and for a whole answer.
CONNECT, READ, TOTAL = 5.0, 60.0, 180.0
#: simple-salesforce asks for pretty-printed bodies, which are a third larger.
_PLAIN: Final = {"X-PrettyPrint": "0"}


@dataclass(frozen=True, kw_only=True)
class SignIn:
    """Client credentials of an external client app; ``domain``: ``acme.my``."""

    client_id: str
    client_secret: str = field(repr=False)
    domain: str


class Client:
    """An org's session. Raises what ``faults`` names."""

    def __init__(self, *, sign_in: SignIn, wire: Wire, url: str | None) -> None:
        self._sign_in = sign_in
        self._wire = wire
        self._wiring = _Wiring(url)
        self._session = requests.Session()
        self._session.mount("https://", self._wiring)
        self._api: Salesforce | None = None

    def now(self) -> datetime:
        """Salesforce's clock, as its last answer told it."""
        if self._wiring.now is None:
            self._signed_in()
        assert self._wiring.now is not None
        return self._wiring.now

    def usage(self) -> Usage:
        """Calls of the last 24 hours, as the last answer told it."""
        used = (self._api.api_usage if self._api else {}).get("api-usage")
        return Usage(used=used.used, limit=used.total) if used else Usage()

    def query(self, operation: str, soql: str, *, deleted: bool = False) -> Mapping[str, Any]:
        """The first page of a query."""
        return self._call(
            operation,
            lambda api: api.query(soql, include_deleted=deleted, headers=_PLAIN),
            writes=False,
        )

    def more(self, operation: str, url: str) -> Mapping[str, Any]:
        """A further page, by the address that the page before it gave."""
        return self._call(
            operation,
            lambda api: api.query_more(url, identifier_is_url=True, headers=_PLAIN),
            writes=False,
        )

    def rest(
        self,
        operation: str,
        method: str,
        path: str,
        *,
        body: Any = None,
        params: Mapping[str, str] | None = None,
    ) -> Any:
        """A request under ``/services/data/vXX.X/``."""

        def ask(api: Salesforce) -> Any:
            more = {} if body is None else {"json": body}
            return api.restful(
                path, params=dict(params or {}), method=method, headers=_PLAIN, **more
            )

        return self._call(operation, ask, writes=method != "GET")

    def _call(self, operation: str, ask: Callable[[Salesforce], T], *, writes: bool) -> T:
        """Make one request; an expired session is renewed once, then the request is repeated."""
        try:
            return self._once(operation, ask, writes=writes)
        except Reauthorise as refusal:
            if not faults.expired(refusal):
                raise
            self._api = None
            return self._once(operation, ask, writes=writes)

    def _once(self, operation: str, ask: Callable[[Salesforce], T], *, writes: bool) -> T:
        api = self._signed_in()
        with self._wire(f"salesforce.{operation}"):
            try:
                return ask(api)
            except SalesforceError as refusal:
                raise faults.named(refusal.status, refusal.content, writes=writes) from None
            except (RequestException, ValueError) as lost:
                raise faults.lost(lost, writes=writes) from None

    def _signed_in(self) -> Salesforce:
        if self._api is None:
            with self._wire("salesforce.token"):
                try:
                    token, instance = SalesforceLogin(
                        consumer_key=self._sign_in.client_id,
                        consumer_secret=self._sign_in.client_secret,
                        domain=self._sign_in.domain,
                        session=self._session,
                        sf_version=VERSION,
                    )
                except SalesforceAuthenticationFailed as refusal:
                    raise faults.not_signed_in(refusal) from None
                except (RequestException, ValueError) as lost:
                    raise faults.lost(lost, writes=False) from None
            self._api = Salesforce(
                session_id=token,
                instance=instance,
                session=self._session,
                version=VERSION,
                object_pairs_hook=None,
            )
        return self._api


class _Wiring(HTTPAdapter):
    """Time-outs on every request, the time from every answer, and the way to a sandbox."""

    def __init__(self, url: str | None) -> None:
        super().__init__(max_retries=0)
        self._url = url.rstrip("/") if url else None
        self.now: datetime | None = None

    def send(
        self, request: requests.PreparedRequest, *args: Any, **kwargs: Any
    ) -> requests.Response:
        """Send within a deadline; a read time-out alone lets an answer trickle for ever."""
        if self._url:
            request.url = self._url + request.path_url
        kwargs["timeout"] = (CONNECT, READ)
        wanted, kwargs["stream"] = kwargs.get("stream"), True
        response = super().send(request, *args, **kwargs)
        if not wanted:
            response._content = _read(response)
            response._content_consumed = True  # type: ignore[attr-defined]
        if date := response.headers.get("Date"):
            self.now = parsedate_to_datetime(date).astimezone(UTC)
        return response


def _read(response: requests.Response) -> bytes:
    deadline = time.monotonic() + TOTAL
    chunks = []
    for chunk in response.iter_content(65536):
        chunks.append(chunk)
        if time.monotonic() > deadline:
            response.close()
            raise requests.exceptions.ReadTimeout("the answer took too long")
    return b"".join(chunks)
