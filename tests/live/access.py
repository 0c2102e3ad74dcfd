"""Where the environment leads to a test portal or a developer org."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from integrations.registry import Access
from tests.live.bench import Live
from tests.live.hubspot import LiveHubSpot
from tests.live.salesforce import LiveSalesforce

_WORDS: Final = ("client_id", "client_secret", "username", "private_key", "domain", "url", "token")
#: CRM -> what makes its bench, which variables it needs, and what to say without them.
LIVE: Final[Mapping[str, tuple[Callable[[Access], Live], tuple[str, ...], str]]] = {
    "hubspot": (
        LiveHubSpot,
        ("token",),
        "no test portal: set AUREVOIR_LIVE_HUBSPOT_TOKEN to the key of one",
    ),
    "salesforce": (
        LiveSalesforce,
        ("client_id", "domain"),
        "no test org: set AUREVOIR_LIVE_SALESFORCE_CLIENT_ID, _CLIENT_SECRET and _DOMAIN",
    ),
}


def access(crm: str, env: Mapping[str, str]) -> Access | None:
    """The credentials that are there, if they are enough."""
    given = {word: env.get(f"AUREVOIR_LIVE_{crm.upper()}_{word.upper()}") for word in _WORDS}
    _, needed, _ = LIVE[crm]
    if not all(given[word] for word in needed):
        return None
    return Access(**{word: value for word, value in given.items() if value})
