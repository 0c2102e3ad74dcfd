"""Refusals that need a bad day at HubSpot: faults have them by name.

Source: "Error handling" and "Usage guidelines" in HubSpot's API reference.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from integrations.sandbox.hubspot.errors import Refused, over_limit

#: Name -> the refusal, and what its headers say.
NAMED: Final[Mapping[str, tuple[Refused, Mapping[str, str]]]] = {
    "DAILY": (over_limit("DAILY"), {}),
    "TEN_SECONDLY_ROLLING": (over_limit("TEN_SECONDLY_ROLLING"), {}),
    "SECONDLY": (over_limit("SECONDLY"), {}),
    # The record is written by somebody else for about two seconds.
    "LOCKED": (Refused(423, "The resource is locked", category=None), {}),
    # The account moves to another data centre, for up to a day.
    "MIGRATION": (
        Refused(477, "Migration in progress", category=None),
        {"Retry-After": "86400"},
    ),
    "URI_TOO_LONG": (Refused(414, "URI Too Long", category=None), {}),
    "EXPIRED_AUTHENTICATION": (
        Refused(
            401,
            "Authentication credentials have expired. Please refresh the token.",
            category="EXPIRED_AUTHENTICATION",
        ),
        {},
    ),
    "INTERNAL_ERROR": (Refused(500, "internal error", category=None), {}),
    "TIMEOUT": (Refused(504, "Gateway Timeout", category=None), {}),
}
