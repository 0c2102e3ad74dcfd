"""What the pages have in common that are behind a link of ours."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from mappings.letters import Told
from sync.store import Store
from sync.web.backing import Backings
from sync.web.frame import Frame


class Linked:
    """Pages by token; ``unknown`` makes the one for what leads nowhere."""

    def __init__(
        self, store: Store, backings: Backings, unknown: Callable[[Request], Response]
    ) -> None:
        self._store = store
        self._backings = backings
        self._unknown = unknown


def onward(place: str, frame: Frame[Told]) -> Response:
    """On to the page that follows a form, in the same language."""
    return RedirectResponse(f"{place}{frame.query}", status_code=303)
