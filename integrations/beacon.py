"""Signs of life and of trouble, to an address outside; what does not arrive is never raised."""

from __future__ import annotations

from collections.abc import Mapping

import requests

#: Seconds to connect, and to wait for the answer.
_PATIENCE = (5.0, 10.0)


def ping(url: str) -> bool:
    """Fetch the address: a watchdog outside hears it, or hears that it stays away."""
    return _arrives("GET", url, None)


def post(url: str, said: Mapping[str, str | None]) -> bool:
    """Send this as JSON; True if it was taken."""
    return _arrives("POST", url, said)


def _arrives(method: str, url: str, said: Mapping[str, str | None] | None) -> bool:
    try:
        answer = requests.request(method, url, json=said, timeout=_PATIENCE, allow_redirects=False)
    except requests.RequestException:
        return False
    return answer.ok
