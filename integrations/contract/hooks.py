"""What a CRM sends to us by itself, and which records it tells us to look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


class Forged(Exception):
    """A request that the CRM has not sent, or not just now: nothing in it may be believed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Hook:
    """A request as it came in."""

    method: str
    #: As the CRM called it: with the public scheme and host, and the query.
    url: str
    #: Names in lower case.
    headers: Mapping[str, str]
    #: The very bytes: a signature is over these.
    body: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Hint:
    """A record to look at now; never more than a hint, for it may be old, or come twice."""

    org: str
    object: str
    id: str
