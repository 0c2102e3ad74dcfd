"""HubSpot's refusals, said as what to do next.

Sources: "Error handling" and "Usage guidelines" in HubSpot's API reference; bodies recorded in
public issue trackers. Every field of a body is treated as optional. Messages may quote what
somebody typed, so none of them is passed on.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from urllib3.exceptions import HTTPError, NewConnectionError
from urllib3.exceptions import TimeoutError as TimedOut

from integrations.errors import (
    CrmError,
    Drift,
    Exists,
    Gone,
    Park,
    Reauthorise,
    Reject,
    Retry,
    Split,
    Unknown,
)

#: Operations that change something: their answers must not be lost.
WRITES: Final = re.compile(r"(objects\.(create|update)|\w+\.create|members\.change|mail\.send)")

#: A property's refusal -> what to do, in words. ``{0}`` is the property.
_PROPERTY: Final[Mapping[str, tuple[type[Reject] | type[Drift], str]]] = {
    "PROPERTY_DOESNT_EXIST": (Drift, "HubSpot has no property {0} any more"),
    "INVALID_OPTION": (Reject, "HubSpot's property {0} has no such option"),
    "READ_ONLY_VALUE": (Drift, "HubSpot's property {0} can only be read"),
    "INVALID_OWNER_ID": (Reject, "HubSpot knows no active owner for {0}"),
    "INVALID_DATE": (Reject, "HubSpot does not take this date in {0}"),
    "INVALID_LONG": (Reject, "HubSpot takes only whole numbers in {0}"),
    "INVALID_NUMBER": (Reject, "HubSpot takes only numbers in {0}"),
    "INVALID_INTEGER": (Reject, "HubSpot takes only whole numbers in {0}"),
    "INVALID_LENGTH": (Reject, "the text is too long for HubSpot's property {0}"),
    "REQUIRED_PROPERTY": (Reject, "HubSpot wants a value in {0}"),
    "MISSING_REQUIRED_PROPERTY": (Reject, "HubSpot wants a value in {0}"),
}
_UNIQUE: Final = re.compile(r"CONFLICTING_UNIQUE_VALUE|already has that value|already exists")
_SERVER: Final = frozenset({500, 502, 503, 504, 520, 521, 522, 523, 524})


def named(status: int, body: str | None, now: datetime, *, writes: bool) -> CrmError:
    """The error for a whole answer that is not a success."""
    said = _parsed(body)
    code = str(said.get("category") or said.get("errorType") or status)
    if status == 401:
        return Reauthorise("HubSpot refuses the token; create a new one and restart", code=code)
    if status == 403:
        return Drift(_missing_scopes(said), code=code)
    if status == 429:
        return _limited(said, code)
    if status in (423, 477):
        after = 2.0 if status == 423 else 3600.0
        return Retry("HubSpot has locked this for a moment", code=code, after=after)
    if status in _SERVER:
        words = f"HubSpot answered with status {status}"
        return Unknown(words, code=code) if writes else Retry(words, code=code, after=5)
    return refused(said, status=status)


def refused(said: Mapping[str, Any], *, status: int = 400) -> CrmError:
    """The error for one record of a multi-status answer, or for a whole 4xx."""
    code = str(said.get("category") or status)
    message = str(said.get("message") or "")
    if status == 409 or code in ("CONFLICT", "OBJECT_ALREADY_EXISTS") or _UNIQUE.search(message):
        return Exists("HubSpot holds this key already", code=code)
    if status == 404 or code == "OBJECT_NOT_FOUND":
        return Gone("HubSpot does not have this record any more", code=code)
    for name, reason in _properties(said, message):
        kind, words = _PROPERTY.get(reason, (Reject, "HubSpot does not take this value for {0}"))
        return kind(words.format(name), code=reason, field=name)
    return Reject(f"HubSpot refuses it ({code})", code=code)


def divided(problem: CrmError, writes: int) -> CrmError:
    """A whole batch refused for what may be one record's fault is sent again in parts."""
    if writes > 1 and isinstance(problem, Reject | Exists | Gone | Drift):
        return Split("HubSpot refuses the batch as a whole", code=problem.code)
    return problem


def lost(error: HTTPError, *, writes: bool) -> CrmError:
    """The error for an answer that did not come."""
    words = f"HubSpot did not answer ({type(error).__name__})"
    if writes and not isinstance(error, NewConnectionError):
        return Unknown(words)
    return Retry(words, after=30 if isinstance(error, TimedOut) else 5)


def _limited(said: Mapping[str, Any], code: str) -> CrmError:
    policy = str(said.get("policyName") or said.get("message") or "").upper()
    if "DAILY" in policy:
        return Park("HubSpot's daily limit of calls is used up", code=code)
    after = 1.0 if "SECONDLY" in policy and "TEN" not in policy else 10.0
    return Retry("HubSpot asks for fewer calls a second", code=code, after=after)


def _missing_scopes(said: Mapping[str, Any]) -> str:
    scopes = [
        scope
        for error in said.get("errors") or ()
        for scope in (error.get("context") or {}).get("requiredGranularScopes", ())
    ]
    wanted = f" {', '.join(sorted(set(scopes)))}" if scopes else ""
    return f"HubSpot wants a permission that the token lacks:{wanted or ' see its scopes'}"


def _properties(said: Mapping[str, Any], message: str) -> list[tuple[str, str]]:
    """(property, reason) pairs, from the list of errors or from the message that embeds them."""
    found = [
        (name, str(error.get("code") or ""))
        for error in said.get("errors") or ()
        for name in (error.get("context") or {}).get("propertyName", ())
    ]
    _, start, listed = message.partition("Property values were not valid: ")
    if not found and start:
        try:
            found = [(e.get("name", ""), e.get("error", "")) for e in json.loads(listed)]
        except ValueError:
            return []
    return found


def _parsed(body: str | None) -> Mapping[str, Any]:
    try:
        said = json.loads(body or "{}")
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
