"""One HTTP request to HubSpot: paced, timed, and every failure said as what to do next."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from datetime import time as clock_time
from typing import Any, Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from hubspot.crm.objects import ApiClient, Configuration
from urllib3 import BaseHTTPResponse, Timeout
from urllib3.exceptions import HTTPError

from integrations import answers
from integrations.contract import Usage, Wire
from integrations.errors import Retry
from integrations.hubspot import faults
from integrations.hubspot.paths import HOLDS, PATHS, WRITES
from integrations.pace import Pace

#: Seconds to connect, between two pieces of an answer, and for a whole answer.
CONNECT, READ, TOTAL = 5.0, 30.0, 120.0
#: "5 requests per second per account", shared with everybody else's apps; we leave one of them.
SEARCHES: Final = (4, 1.0)
#: 190 in ten seconds on paid portals; the lowest tier has 100.
CALLS: Final = (95, 10.0)

#: What an answer says, by the names of its parts; empty where there is none.
Said = Mapping[str, Any]


class Client:
    """A portal's connection pool. hubspot-api-client is the transport; its models are not used.

    Raises Retry, Park, Reauthorise, Split, Reject, Exists, Gone, Drift; and, where a write may
    have been applied although its answer is lost, Unknown.
    """

    #: Where the portal's days begin and end, once it is known.
    zone: ZoneInfo | None = None

    def __init__(self, *, token: str, wire: Wire, url: str | None, paced: bool) -> None:
        configuration = Configuration()
        if url:
            configuration.host = url.rstrip("/")
        self._api = ApiClient(configuration)
        self._api.set_default_header("Authorization", f"Bearer {token}")
        # Its own way reads a refusal without a deadline, and falls over one that is not UTF-8.
        self._api.rest_client.request = self._send
        self._wire = wire
        self._calls = Pace(*CALLS) if paced else None
        self._searches = Pace(*SEARCHES) if paced else None
        self._now: datetime | None = None
        self._usage = Usage()

    def now(self) -> datetime:
        """HubSpot's clock, as its last answer told it."""
        if self._now is None:
            self.call("account.info")
        if self._now is None:
            raise Retry("what answered did not tell the time, as HubSpot does", after=60)
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
        carries: int = 1,
    ) -> Said:
        """Make one request and return its JSON; ``carries``: how many writes it is made of."""
        if self._searches and operation == "objects.search":
            self._searches.wait()
        elif self._calls:
            self._calls.wait()
        writes = operation in WRITES
        with self._wire(f"hubspot.{operation}"):
            try:
                answer, content = self._ask(operation, path, query, body)
            except HTTPError as lost:
                raise faults.lost(lost, writes=writes) from None
            said = _read(content)
            if not 200 <= answer.status < 300:
                raise faults.named(
                    answer.status,
                    said,
                    writes=writes,
                    carries=carries,
                    after=_seconds(answer.headers.get("Retry-After")),
                    resets_at=self._midnight(),
                )
            held = HOLDS.get(operation)
            if said is None or (held and said.get(held) is None):
                raise faults.unreadable(writes=writes)
            return said

    def _ask(
        self,
        operation: str,
        path: Mapping[str, str] | None,
        query: Mapping[str, Any] | None,
        body: Any,
    ) -> tuple[BaseHTTPResponse, bytes]:
        method, template = PATHS[operation]
        deadline = time.monotonic() + TOTAL
        answer: BaseHTTPResponse = self._api.call_api(
            template,
            method,
            path_params=dict(path or {}),
            query_params=list((query or {}).items()),
            header_params={"Accept": "application/json"},
            body=body,
            auth_settings=[],
            _preload_content=False,
        )
        content = answers.body(answer, deadline)
        self._note(answer.headers)
        return answer, content

    def _send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        query_params: Any = None,
        body: Any = None,
        **_: Any,
    ) -> Any:
        """The request itself; a write is never repeated blindly."""
        return self._api.rest_client.pool_manager.request(
            method,
            f"{url}?{urlencode(query_params)}" if query_params else url,
            body=None if body is None else json.dumps(body),
            headers={"Content-Type": "application/json", **headers},
            preload_content=False,
            retries=False,
            timeout=Timeout(connect=CONNECT, read=READ),
        )

    def _note(self, headers: Mapping[str, str]) -> None:
        """Keep HubSpot's time and what is left of the daily limit."""
        self._now = answers.date(headers.get("Date")) or self._now
        limit = headers.get("X-HubSpot-RateLimit-Daily", "")
        left = headers.get("X-HubSpot-RateLimit-Daily-Remaining", "")
        if limit.isdigit() and left.isdigit():
            used = int(limit) - int(left)
            self._usage = Usage(used=used, limit=int(limit), resets_at=self._midnight())

    def _midnight(self) -> datetime | None:
        """When the portal's day ends: "the daily limit resets at midnight" of its time zone."""
        if self._now is None or self.zone is None:
            return None
        tomorrow = self._now.astimezone(self.zone).date() + timedelta(days=1)
        return datetime.combine(tomorrow, clock_time(), self.zone).astimezone(self._now.tzinfo)


def _seconds(header: str | None) -> float | None:
    return float(header) if header and header.isdigit() else None


def _read(content: bytes) -> Said | None:
    """The JSON object of an answer, or None where it holds none."""
    try:
        said = json.loads(content or b"{}")
    except ValueError:
        return None
    return said if isinstance(said, dict) else None
