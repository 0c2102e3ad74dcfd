"""One HTTP request to Salesforce: signed in, timed, and every failure said as what to do next.

simple-salesforce signs in and speaks REST. Its own refresh loop is not used: it loses headers and
may not end. Source: the REST API developer guide.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

import requests
from requests.adapters import HTTPAdapter
from requests.exceptions import RequestException
from simple_salesforce.api import Salesforce
from simple_salesforce.exceptions import SalesforceAuthenticationFailed, SalesforceError
from urllib3.exceptions import HTTPError

from integrations import answers
from integrations.contract import Usage, Wire
from integrations.errors import Reauthorise, Retry
from integrations.salesforce import faults
from integrations.salesforce.sign_in import SignIn

T = TypeVar("T")

#: The version that is spoken where nothing else is said, and the oldest that can be.
VERSION: Final = "62.0"
OLDEST: Final = "60.0"
#: Seconds to connect, between two pieces of an answer, and for a whole answer.
CONNECT, READ, TOTAL = 5.0, 60.0, 180.0
_MINUTE: Final = timedelta(minutes=1)
#: simple-salesforce asks for pretty-printed bodies, which are a third larger.
_PLAIN: Final = {"X-PrettyPrint": "0"}
#: What a request can raise when no answer came, or none that is JSON.
_LOST: Final = (RequestException, HTTPError, ValueError)
#: A duplicate rule that only warns people must not stop what we add to a record that is there.
_INSISTS: Final = {"Sforce-Duplicate-Rule-Header": "allowSave=true"}
#: Where tokens are given, and the org in the address of whom they are given to.
_SIGNS_IN: Final = "/services/oauth2/token"
_ORG: Final = re.compile(rb'"id"\s*:\s*"[^"]*/id/(\w+)/\w+"')
_USED: Final = re.compile(r"(?<![-\w])api-usage=(\d+)/(\d+)")

#: A JSON object of an answer.
Said = Mapping[str, Any]
#: Whether an answer is Salesforce's; a success of another shape is somebody else's.
Fits = Callable[[Any], bool]


class Client:
    """An org's session.

    Raises Retry, Park, Reauthorise, Split, Reject, Exists, Gone, Drift; and, where a write may
    have been applied although its answer is lost, Unknown.
    """

    def __init__(
        self, *, sign_in: SignIn, wire: Wire, url: str | None, version: str = VERSION
    ) -> None:
        self.version = version
        self._sign_in = sign_in
        self._wire = wire
        self._wiring = _Wiring(url)
        self._session = _Session()
        self._session.mount("https://", self._wiring)
        self._api: Salesforce | None = None
        self._org: str | None = None

    def now(self) -> datetime:
        """Salesforce's clock, as its last answer told it."""
        if self._wiring.now is None:
            self._signed_in()
        if self._wiring.now is None:
            raise Retry("what answered did not tell the time, as Salesforce does", after=60)
        return self._wiring.now

    def usage(self) -> Usage:
        """Calls of the last 24 hours, as the last answer told it."""
        return self._wiring.usage

    def versions(self) -> list[str]:
        """The API versions that the org speaks, eldest first."""
        # The one address outside of a version; the library follows it like a further page's.
        said = self._call(
            "versions", lambda api: api.query_more("/services/data/", True, headers=_PLAIN), _listed
        )
        return [str(one["version"]) for one in said]

    def me(self) -> str:
        """The id of the integration user."""
        said = self._call("userinfo", lambda api: api.oauth2("userinfo"), _has("user_id"))
        return str(said["user_id"])

    def query(self, operation: str, soql: str, *, deleted: bool = False) -> Said:
        """The first page of a query."""
        page: Said = self._call(
            operation,
            lambda api: api.query(soql, include_deleted=deleted, headers=_PLAIN),
            _has("records", "done"),
        )
        return page

    def more(self, operation: str, url: str) -> Said:
        """A further page, by the address that the page before it gave.

        Pages may end with the session that asked for them: then it is Retry, and asked anew.
        """
        try:
            page: Said = self._call(
                operation,
                lambda api: api.query_more(url, identifier_is_url=True, headers=_PLAIN),
                _has("records", "done"),
            )
        except Reauthorise as refusal:
            if faults.expired(refusal):
                raise faults.pages_gone(refusal.code) from None
            raise
        return page

    def tooling(self, operation: str, soql: str) -> Said:
        """A query about how the org is set up; one page."""
        page: Said = self._call(
            operation,
            lambda api: _rest(api, "tooling/query", params={"q": soql}),
            _has("records", "done"),
        )
        return page

    def describe(self, object: str) -> Said:
        """An object's label and fields."""
        path = f"sobjects/{object}/describe"
        described: Said = self._call("describe", lambda api: _rest(api, path), _has("fields"))
        return described

    def picklists(self, object: str, type: str) -> Said:
        """The picklists of a record type, by field."""
        path = f"ui-api/object-info/{object}/picklist-values/{type}"
        said: Said = self._call(
            "picklists", lambda api: _rest(api, path), _has("picklistFieldValues")
        )
        fields: Said = said["picklistFieldValues"]
        return fields

    def covered(self, object: str, now: datetime) -> datetime:
        """Up to when every change of an object can be seen: to where an open transaction began."""
        # Whole minutes, and ever so few: what has changed is not asked here.
        params = {
            "start": (now - 2 * _MINUTE).isoformat(timespec="seconds"),
            "end": now.isoformat(timespec="seconds"),
        }
        said = self._call(
            "updated",
            lambda api: _rest(api, f"sobjects/{object}/updated/", params=params),
            _has("latestDateCovered"),
        )
        return datetime.fromisoformat(said["latestDateCovered"])

    def records(self, operation: str, path: str, body: Mapping[str, Any]) -> list[Said | None]:
        """Read records by their ids; in their order, None for each that is not there."""

        def fits(said: Any) -> bool:
            return _rows(said) and len(said) == len(body["ids"])

        found: list[Said | None] = self._call(
            operation, lambda api: _rest(api, path, "POST", json=body), fits
        )
        return found

    def write(
        self,
        operation: str,
        method: str,
        path: str,
        *,
        body: Any = None,
        params: Mapping[str, str] | None = None,
        carries: int = 1,
    ) -> list[Said]:
        """Change something; ``carries``: how many writes it is made of, each with an outcome."""
        more = ({} if body is None else {"json": body}) | {
            "params": dict(params or {}),
            "headers": _PLAIN | _INSISTS,
        }

        def ask(api: Salesforce) -> Any:
            try:
                said = _rest(api, path, method, **more) or []
            except SalesforceError as refusal:
                # An action answers 400 where one of many has failed.
                if not (refusal.content and _outcomes(refusal.content)):
                    raise
                said = refusal.content
            return [said] if isinstance(said, dict) else said

        outcomes: list[Said] = self._call(operation, ask, _outcomes, writes=True, carries=carries)
        return outcomes

    def job(
        self, operation: str, method: str, path: str, body: Any = None, *, writes: bool = False
    ) -> Said:
        """Make, change or look at a bulk job."""
        more = {} if body is None else {"json": body}
        said: Said = self._call(
            operation, lambda api: _rest(api, path, method, **more), _has("id"), writes=writes
        )
        return said

    def sheet(self, operation: str, method: str, path: str, rows: str | None = None) -> str:
        """Bring a job its rows, or fetch what became of them; both as CSV."""

        def ask(api: Salesforce) -> str:
            headers = {**_PLAIN, "Content-Type": "text/csv; charset=UTF-8"}
            data = None if rows is None else rows.encode()
            # ``restful`` knows JSON only; this is what it calls.
            answer = api._call_salesforce(
                method, api.base_url + path, name=path, headers=headers, data=data
            )
            return str(answer.content.decode())

        text: str = self._call(operation, ask, lambda said: "<html" not in said[:200].lower())
        return text

    def create(self, object: str, body: Mapping[str, Any]) -> str:
        """Create one record; its id."""
        (made,) = self.write(f"{object}.create", "POST", f"sobjects/{object}", body=body)
        return str(made["id"])

    def _call(
        self,
        operation: str,
        ask: Callable[[Salesforce], Any],
        fits: Fits,
        *,
        writes: bool = False,
        carries: int = 1,
    ) -> Any:
        """Make one request; an expired session is renewed once, then the request is repeated."""
        try:
            said = self._once(operation, ask, writes=writes, carries=carries)
        except Reauthorise as refusal:
            if not faults.expired(refusal):
                raise
            self._api = None
            said = self._once(operation, ask, writes=writes, carries=carries)
        if not fits(said):
            raise faults.unreadable(writes=writes)
        return said

    def _once(
        self, operation: str, ask: Callable[[Salesforce], T], *, writes: bool, carries: int
    ) -> T:
        api = self._signed_in()
        with self._wire(f"salesforce.{operation}"):
            try:
                return ask(api)
            except SalesforceError as refusal:
                raise faults.named(
                    refusal.status, refusal.content, writes=writes, carries=carries
                ) from None
            except _LOST as lost:
                raise faults.lost(lost, writes=writes) from None

    def _signed_in(self) -> Salesforce:
        if self._api is None:
            with self._wire("salesforce.token"):
                try:
                    token, instance = self._sign_in.token(self._session, self.version)
                    self._is_ours()
                except SalesforceAuthenticationFailed as refusal:
                    raise faults.not_signed_in(refusal) from None
                except AttributeError:
                    # JSON, but not the object that the library takes for granted.
                    raise faults.unreadable(writes=False) from None
                except _LOST as lost:
                    raise faults.lost(lost, writes=False) from None
            self._api = Salesforce(
                session_id=token,
                instance=instance,
                session=self._session,
                version=self.version,
                object_pairs_hook=None,
            )
        return self._api

    def _is_ours(self) -> None:
        """The same org as before; raises Reauthorise. A refreshed sandbox keeps its address."""
        self._org = self._org or self._wiring.org
        if self._org != self._wiring.org:
            words = "Salesforce has signed us in to another org than before; is it a fresh copy?"
            raise Reauthorise(words, code="ANOTHER_ORG")


class _Session(requests.Session):
    """Follows nobody to another place: Salesforce redirects no call, and a proxy's page is none."""

    def resolve_redirects(self, *_: Any, **__: Any) -> Iterator[Any]:
        return iter(())


class _Wiring(HTTPAdapter):
    """Time-outs on every request, what every answer tells, and the way to a sandbox."""

    def __init__(self, url: str | None) -> None:
        super().__init__(max_retries=0)
        self._url = url.rstrip("/") if url else None
        self.now: datetime | None = None
        self.usage = Usage()
        #: The org that a token was last given for.
        self.org: str | None = None

    def send(
        self, request: requests.PreparedRequest, *args: Any, **kwargs: Any
    ) -> requests.Response:
        """Send within a deadline; raises requests' and urllib3's errors."""
        if self._url:
            request.url = self._url + request.path_url
        deadline = time.monotonic() + TOTAL
        response = super().send(
            request, *args, **{**kwargs, "stream": True, "timeout": (CONNECT, READ)}
        )
        response._content = answers.body(response.raw, deadline)
        self.now = answers.date(response.headers.get("Date")) or self.now
        if used := _USED.search(response.headers.get("Sforce-Limit-Info", "")):
            self.usage = Usage(used=int(used[1]), limit=int(used[2]))
        if request.path_url.endswith(_SIGNS_IN) and (found := _ORG.search(response._content)):
            self.org = found[1].decode()
        return response


def _has(*names: str) -> Fits:
    return lambda said: isinstance(said, dict) and said.keys() >= set(names)


def _rest(api: Salesforce, path: str, method: str = "GET", **more: Any) -> Any:
    """The JSON of an answer; None where it is empty, or neither an object nor a list."""
    try:
        return api.restful(path, method=method, **{"headers": _PLAIN, **more})
    except TypeError:
        # The library asks for the length of whatever it was.
        return None


def _outcomes(said: Any) -> bool:
    """Whether it tells of each write whether it was done."""
    return isinstance(said, list) and all(
        isinstance(one, dict) and ("success" in one or "isSuccess" in one) for one in said
    )


def _listed(said: Any) -> bool:
    return _rows(said) and all(one and "version" in one for one in said)


def _rows(said: Any) -> bool:
    return isinstance(said, list) and all(one is None or isinstance(one, dict) for one in said)
