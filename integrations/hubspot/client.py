"""One HTTP request to HubSpot: paced, timed, and every failure said as what to do next."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

from hubspot.crm.objects import ApiClient, ApiException, Configuration
from urllib3 import HTTPResponse
from urllib3.exceptions import HTTPError

from integrations.contract import Usage, Wire
from integrations.hubspot import faults
from integrations.hubspot.paths import PATHS
from integrations.pace import Pace

#: Seconds to connect, between two pieces of an answer, and for a whole answer.
CONNECT, READ, TOTAL = 5.0, 30.0, 120.0
#: "5 requests per second per account", shared with everybody else's apps; we leave one of them.
SEARCHES: Final = (4, 1.0)
#: 190 in ten seconds on paid portals; the lowest tier has 100.
CALLS: Final = (95, 10.0)


class Client:
    """A portal's connection pool. hubspot-api-client is the transport; its models are not used.

    Raises Retry, Park, Reauthorise, Reject, Exists, Gone, Drift; and, where a write may have been
    applied although its answer is lost, Unknown.
    """

    def __init__(self, *, token: str, wire: Wire, url: str | None, paced: bool) -> None:
        configuration = Configuration()
        if url:
            configuration.host = url.rstrip("/")
        configuration.retries = False  # a write is never repeated blindly
        self._api = ApiClient(configuration)
        self._api.set_default_header("Authorization", f"Bearer {token}")
        self._wire = wire
        self._calls = Pace(*CALLS) if paced else None
        self._searches = Pace(*SEARCHES) if paced else None
        self._now: datetime | None = None
        self._usage = Usage()

    def now(self) -> datetime:
        """HubSpot's clock, as its last answer told it."""
        if self._now is None:
            self.call("account.info")
        assert self._now is not None
        return self._now

    def usage(self) -> Usage:
        """Calls of today, as the last answer told it."""
        return self._usage

    def call(
        self,
        operation: str,
        *,
        path: Mapping[str, str] | None = None,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
    ) -> Any:
        """Make one request and return its JSON; None where there is none."""
        method, template = PATHS[operation]
        writes = faults.WRITES.fullmatch(operation) is not None
        if self._searches and operation == "objects.search":
            self._searches.wait()
        elif self._calls:
            self._calls.wait()
        with self._wire(f"hubspot.{operation}"):
            return self._request(method, template, path, query, body, writes=writes)

    def _request(
        self,
        method: str,
        template: str,
        path: Mapping[str, str] | None,
        query: Mapping[str, Any] | None,
        body: Any,
        *,
        writes: bool,
    ) -> Any:
        try:
            response: HTTPResponse = self._api.call_api(
                template,
                method,
                path_params=dict(path or {}),
                query_params=list((query or {}).items()),
                header_params={"Accept": "application/json"},
                body=body,
                auth_settings=[],
                _preload_content=False,
                _request_timeout=(CONNECT, READ),
            )
            content = _read(response)
        except ApiException as refusal:
            self._note(refusal.headers)
            raise faults.named(refusal.status, refusal.body, self.now(), writes=writes) from None
        except HTTPError as lost:
            raise faults.lost(lost, writes=writes) from None
        self._note(response.headers)
        return json.loads(content) if content else None

    def _note(self, headers: Mapping[str, str] | None) -> None:
        """Keep HubSpot's time and what is left of the daily limit."""
        headers = {name.lower(): value for name, value in (headers or {}).items()}
        if date := headers.get("date"):
            self._now = parsedate_to_datetime(date).astimezone(UTC)
        limit = headers.get("x-hubspot-ratelimit-daily", "")
        left = headers.get("x-hubspot-ratelimit-daily-remaining", "")
        if limit.isdigit() and left.isdigit():
            self._usage = Usage(used=int(limit) - int(left), limit=int(limit))


def _read(response: HTTPResponse) -> bytes:
    """The whole answer, within a deadline: a read time-out alone lets it trickle for ever."""
    deadline = time.monotonic() + TOTAL
    chunks = []
    for chunk in response.stream(65536):
        chunks.append(chunk)
        if time.monotonic() > deadline:
            response.close()
            raise HTTPError("the answer took too long")
    response.release_conn()
    return b"".join(chunks)
