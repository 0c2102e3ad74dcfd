"""One request of a signed-in client, as the resources see it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from integrations.sandbox.http import Answer, Request
from integrations.sandbox.salesforce.bodies import body_of
from integrations.sandbox.salesforce.org import Org
from integrations.sandbox.salesforce.refusals import not_found
from integrations.sandbox.salesforce.schema import SObject
from integrations.sandbox.salesforce.sessions import Session


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """A request, who makes it, and the org that it meets."""

    request: Request
    session: Session
    org: Org
    #: Answers a request inside this one.
    dispatch: Callable[[Call, Request], Answer]

    @property
    def version(self) -> str:
        """The API version as the path has it: ``v62.0``."""
        return self.request.params["version"]

    @property
    def sobject(self) -> SObject:
        """The object that the path names; raises Refusal."""
        found = self.org.schema.find(self.request.params["object"])
        if found is None:
            raise not_found()
        return found

    @property
    def body(self) -> Mapping[str, object]:
        """The JSON object that was sent; raises Refusal."""
        return body_of(self.request)

    def within(
        self, method: str, url: str, body: object, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """The answer to a request inside this one, which passes its headers on."""
        path, _, query = url.partition("?")
        own = {key.lower(): value for key, value in (headers or {}).items()}
        request = Request(
            method=method.upper(),
            path=path,
            query_string=query,
            headers={**self.request.headers, **own},
            body=b"" if body is None else json.dumps(body).encode(),
        )
        return self.dispatch(self, request)

    @property
    def meant(self) -> str:
        """The method that a POST stands for: ``?_HttpMethod=PATCH``."""
        return self.request.query.get("_HttpMethod", self.request.method).upper()

    def flag(self, name: str) -> bool:
        """A query parameter that is true or false."""
        return self.request.query.get(name, "").lower() == "true"


Handler = Callable[[Call], Answer]
#: Method, path below ``/services/data/vXX.X``, operation, handler.
Resource = tuple[str, str, str, Handler]


def base_url(request: Request) -> str:
    """The address that the client called, by its own account of it."""
    scheme = request.headers.get("x-forwarded-proto", "http")
    return f"{scheme}://{request.headers.get('host', 'localhost')}"
