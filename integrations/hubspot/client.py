"""One HTTP request to HubSpot: paced, timed, and every failure said as what to do next."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
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
from integrations.errors import CrmError, Retry
from integrations.hubspot import faults
from integrations.hubspot.paths import HOLDS, VERSIONS, WRITES, named, path
from integrations.hubspot.sign_in import SignIn
from integrations.pace import Pace

#: Seconds to connect, between two pieces of an answer, and for a whole answer.
CONNECT, READ, TOTAL = 5.0, 30.0, 120.0
#: "5 requests per second per account", shared with everybody else's apps; we leave one of them.
SEARCHES: Final = (4, 1.0)
#: Of the lowest tier, until an answer says what this portal allows; associations count apart.
CALLS: Final = (95, 10.0)
#: What we take of the limit that an answer tells: requests are counted when they arrive.
SHARE: Final = 0.95

#: What an answer says, by the names of its parts; empty where there is none.
Said = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class _Request:
    """What is asked; ``form`` instead of ``body`` where tokens are asked for."""

    operation: str
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None
    form: Mapping[str, str] = field(default_factory=dict)
    #: Of how many writes it is made.
    carries: int = 1


@dataclass(frozen=True, kw_only=True)
class _Answer:
    """What came back: its JSON, or what the refusal means."""

    status: int
    said: Said = field(default_factory=dict)
    problem: CrmError | None = None

    def given(self) -> Said:
        """The JSON; raises the problem."""
        if self.problem:
            raise self.problem
        return self.said


class Client:
    """A portal's connection pool. hubspot-api-client is the transport; its models are not used.

    Raises Retry, Park, Reauthorise, Split, Reject, Exists, Gone, Drift; and, where a write may
    have been applied although its answer is lost, Unknown.
    """

    #: Where the portal's days begin and end, once it is known.
    zone: ZoneInfo | None = None

    def __init__(self, *, sign_in: SignIn, wire: Wire, url: str | None, paced: bool) -> None:
        configuration = Configuration()
        if url:
            configuration.host = url.rstrip("/")
        self._api = ApiClient(configuration)
        # Its own way reads a refusal without a deadline, and falls over one that is not UTF-8.
        self._api.rest_client.request = self._send
        self._sign_in = sign_in
        self._wire = wire
        #: The version by which an operation was last answered.
        self._versions: dict[str, str] = {}
        limits = {"": CALLS, "associations.read": CALLS, "objects.search": SEARCHES}
        self._paces = {name: Pace(*limit) for name, limit in limits.items()} if paced else {}
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

    def versions(self) -> Mapping[str, str]:
        """By which version of the API each operation was last answered."""
        return {name: named(name, version) for name, version in self._versions.items()}

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
        request = _Request(
            operation=operation, path=path or {}, query=query or {}, body=body, carries=carries
        )
        return self._signed(request).given()

    def _signed(self, request: _Request) -> _Answer:
        """The answer; once more where another token can mend a refusal."""
        token = self._sign_in.token(self.tokens)
        answer = self._answer(request, token)
        if answer.status == 401 and (other := self._sign_in.renewed(token, self.tokens)):
            answer = self._answer(request, other)
        return answer

    def tokens(self, form: Mapping[str, str]) -> Said:
        """What HubSpot answers to a form that asks for tokens; nobody is signed in for it."""
        request = _Request(operation="token", form=form)
        return self._answer(request, None).given()

    def _answer(self, request: _Request, token: str | None) -> _Answer:
        """By the newest version of the API that the portal has.

        Nothing was done where a version is not there, so going on to the next repeats no write. A
        404 from a version that has answered before is about the record.
        """
        known = self._versions.get(request.operation)
        first: _Answer | None = None
        for version in VERSIONS[VERSIONS.index(known) if known else 0 :]:
            answer = self._ask(request, version, token)
            if 200 <= answer.status < 300:
                self._versions[request.operation] = version
            if answer.status != 410 and (answer.status != 404 or known):
                return answer
            first = first or answer
        assert first is not None
        return first

    def _ask(self, request: _Request, version: str, token: str | None) -> _Answer:
        """One request. A refusal is told to whoever looks at the wire, and returned."""
        pace = self._pace(request.operation)
        if pace:
            pace.wait()
        status = None
        try:
            with self._wire(f"hubspot.{request.operation}"):
                answer, content = self._exchange(request, version, token)
                status = answer.status
                self._note(answer.headers, pace)
                return _Answer(status=status, said=self._said(request, answer, content))
        except CrmError as problem:
            if status is None:
                raise
            return _Answer(status=status, problem=problem)

    def _exchange(
        self, request: _Request, version: str, token: str | None
    ) -> tuple[BaseHTTPResponse, bytes]:
        method, template = path(request.operation, version)
        deadline = time.monotonic() + TOTAL
        try:
            answer: BaseHTTPResponse = self._api.call_api(
                template,
                method,
                path_params=dict(request.path),
                query_params=list(request.query.items()),
                header_params={"Authorization": f"Bearer {token}"} if token else {},
                post_params=list(request.form.items()),
                body=request.body,
                auth_settings=[],
                _preload_content=False,
            )
            return answer, answers.body(answer, deadline)
        except HTTPError as lost:
            raise faults.lost(lost, writes=request.operation in WRITES) from None

    def _said(self, request: _Request, answer: BaseHTTPResponse, content: bytes) -> Said:
        """What an answer says; raises what it means where that is no success."""
        said, writes = _read(content), request.operation in WRITES
        if not 200 <= answer.status < 300:
            raise faults.named(
                answer.status,
                said,
                writes=writes,
                carries=request.carries,
                after=_seconds(answer.headers.get("Retry-After")),
                resets_at=self._midnight(),
            )
        held = HOLDS.get(request.operation)
        if said is None or (held and said.get(held) is None):
            raise faults.unreadable(writes=writes)
        return said

    def _pace(self, operation: str) -> Pace | None:
        """What keeps an operation below the limit that it counts against."""
        return self._paces.get(operation, self._paces.get(""))

    def _send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        query_params: Any = None,
        post_params: Any = None,
        body: Any = None,
        **_: Any,
    ) -> Any:
        """The request itself; a write is never repeated blindly."""
        kind, sent = "application/json", None if body is None else json.dumps(body)
        if post_params:
            kind, sent = "application/x-www-form-urlencoded", urlencode(post_params)
        return self._api.rest_client.pool_manager.request(
            method,
            f"{url}?{urlencode(query_params)}" if query_params else url,
            body=sent,
            headers={**headers, "Accept": "application/json", "Content-Type": kind},
            preload_content=False,
            retries=False,
            timeout=Timeout(connect=CONNECT, read=READ),
        )

    def _note(self, headers: Mapping[str, str], pace: Pace | None) -> None:
        """Keep HubSpot's time, what is left of the daily limit, and how fast we may be."""
        self._now = answers.date(headers.get("Date")) or self._now
        limit = headers.get("X-HubSpot-RateLimit-Daily", "")
        left = headers.get("X-HubSpot-RateLimit-Daily-Remaining", "")
        if limit.isdigit() and left.isdigit():
            used = int(limit) - int(left)
            self._usage = Usage(used=used, limit=int(limit), resets_at=self._midnight())
        most = headers.get("X-HubSpot-RateLimit-Max", "")
        every = headers.get("X-HubSpot-RateLimit-Interval-Milliseconds", "")
        if pace and most.isdigit() and every.isdigit():
            pace.limit(max(1, int(int(most) * SHARE)), int(every) / 1000)

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
