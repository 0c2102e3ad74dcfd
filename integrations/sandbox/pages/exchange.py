"""What went in and out: the letters that the CRM sent, and the requests that it was asked."""

from __future__ import annotations

from itertools import islice
from typing import Final

from integrations.sandbox.http import Answer, Request
from integrations.sandbox.pages.frame import Frame, number
from integrations.sandbox.traffic import sender

#: Letters and requests on a page.
LETTERS: Final = 20
REQUESTS: Final = 100


class Exchange:
    """The outbox and the request log."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    def outbox(self, request: Request) -> Answer:
        """Letters, newest first."""
        letters, first = self._frame.desk.letters(), number(request, "start")
        return self._frame.page(
            request,
            "outbox.html",
            title="Outbox",
            letters=letters[first : first + LETTERS],
            count=len(letters),
            after=first + LETTERS if len(letters) > first + LETTERS else None,
        )

    def requests(self, request: Request) -> Answer:
        """The log of this CRM, newest first: all calls, those that write, or its webhooks."""
        traffic, name = self._frame.world.traffic, self._frame.name
        sent = request.query.get("sent") == "1"
        shown = sender(name) if sent else name
        writes, before = request.query.get("writes") == "1", number(request, "before")
        matching = (
            entry
            for entry in reversed([*traffic.entries(crm=shown)])
            if (entry.writes or not writes) and (not before or entry.number < before)
        )
        found = list(islice(matching, REQUESTS + 1))
        return self._frame.page(
            request,
            "requests.html",
            title="Requests",
            entries=found[:REQUESTS],
            writes=writes,
            sent=sent,
            sends=bool(traffic.count(sender(name))),
            before=found[REQUESTS - 1].number if len(found) > REQUESTS else None,
            totals=traffic.totals(shown),
            counted=traffic.count(shown),
        )
