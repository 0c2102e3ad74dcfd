"""Finds the resource of a signed-in request, one inside another request included."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from integrations.sandbox.http import Answer, Request, Router
from integrations.sandbox.salesforce import duplicates
from integrations.sandbox.salesforce.call import Call, Handler, Resource
from integrations.sandbox.salesforce.refusals import Refusal, not_allowed, not_found

#: The API versions that are served, in the path: those that are listed, and older ones that clients
#: speak unless they are told otherwise (jsforce 50.0, simple-salesforce 59.0), as 60.0 is.
DATA: Final = r"/services/data/{version:v(?:4[6-9]|5[0-9]|6[0-6])\.0}"
#: Clients disagree about the slash at the end; Salesforce does not mind.
END: Final = "{slash:/?}"


class Dispatch:
    """The resources of the data API by method and path."""

    def __init__(self, resources: Sequence[Resource]) -> None:
        self._router = Router()
        self._handlers: dict[tuple[str, str], Handler] = {}
        for method, path, operation, handler in resources:
            template = DATA + path + END
            self._router.add(method, template, operation, _outside)
            self._handlers[method, template] = handler

    def within(self, call: Call, request: Request) -> Answer:
        """The answer to a request inside this one: by the same session, and not counted."""
        found = self._router.find(request.method, request.path)
        if found is None:
            known = self._router.allowed(request.path)
            refused = not_allowed(request.method, known) if known else not_found()
            return refused.answer()
        route, params = found
        handler = self._handlers[route.method, route.template]
        call.org.duplicates_allowed = duplicates.allowed(request.headers)
        try:
            return handler(replace(call, request=replace(request, params=params)))
        except Refusal as refusal:
            return refusal.answer()


def _outside(request: Request) -> Answer:
    raise AssertionError("a request inside another is answered by its call")
