"""HubSpot's refusals, said as what to do next.

Sources: "Error handling" and "Usage guidelines" in HubSpot's API reference; bodies recorded in
public issue trackers. Every field of a body is treated as optional. Messages may quote what
somebody typed: none of them is passed on, and none is searched for words that could be a quote.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, ProxyError
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
    "PROPERTY_VALUE_TOO_LONG": (Reject, "the text is too long for HubSpot's property {0}"),
    "REQUIRED_PROPERTY": (Reject, "HubSpot wants a value in {0}"),
    "MISSING_REQUIRED_PROPERTY": (Reject, "HubSpot wants a value in {0}"),
}
_THERE: Final = frozenset({"CONFLICT", "OBJECT_ALREADY_EXISTS", "ILS.DUPLICATE_LIST_NAMES"})
_MISSING: Final = frozenset({"OBJECT_NOT_FOUND", "crm.associations.INVALID_OBJECT_IDS"})
#: Whole messages, as multi-status answers have them in place of codes. Neither begins with a quote.
_TAKEN: Final = re.compile(
    r"Cannot set PropertyValueCoordinates\{.*?propertyName=(\w+), .*already has that value\.?",
    re.DOTALL,
)
_NO_END: Final = re.compile(r"[A-Z_]+=\d+ is not valid")
_LACKS: Final = "HubSpot wants a permission that the token lacks: "
_NOT_HUBSPOT: Final = "what answered with status {0} was not HubSpot; is a proxy in the way?"


def named(
    status: int,
    said: Mapping[str, Any] | None,
    *,
    writes: bool,
    carries: int = 1,
    after: float | None = None,
    resets_at: datetime | None = None,
) -> CrmError:
    """The error for a whole answer that is not a success; ``said``: its JSON, if it is any.

    ``carries``: of how many writes; ``after``: the seconds of ``Retry-After``.
    """
    code = str((said or {}).get("category") or (said or {}).get("errorType") or status)
    if status == 401:
        return Reauthorise("HubSpot refuses the token; create a new one and restart", code=code)
    if status >= 500:
        words = f"HubSpot answered with status {status}"
        return Unknown(words, code=code) if writes else Retry(words, code=code, after=5)
    if said is None:
        return Retry(_NOT_HUBSPOT.format(status), code=code, after=after or 60)
    if status == 403:
        return Drift(_missing_scopes(said), code=code)
    if status == 429:
        return _limited(said, code, after, resets_at)
    if status in (423, 477):
        usual = 2.0 if status == 423 else 3600.0
        return Retry("HubSpot has locked this for a moment", code=code, after=after or usual)
    if status == 404 and writes:
        # A missing record is one error of a multi-status answer; this is the place itself.
        return Drift("HubSpot has no such object or list any more", code=code)
    if carries > 1:
        return Split("HubSpot refuses the batch as a whole", code=code)
    return refused(said, status=status)


def refused(said: Mapping[str, Any], *, status: int = 400) -> CrmError:
    """The error for one record of a multi-status answer, or for a whole 4xx."""
    code, sub = str(said.get("category") or status), str(said.get("subCategory") or "")
    message, details = str(said.get("message") or ""), _details(said)
    taken = _TAKEN.fullmatch(message)
    if status == 409 or taken or _THERE & {code, sub} or _conflicts(details):
        field = taken[1] if taken else next((name for name, _ in _properties(details)), None)
        return Exists("HubSpot holds this value already", code=code, field=field)
    if status == 404 or _MISSING & {code, sub} or _NO_END.fullmatch(message):
        return Gone("HubSpot does not have this record any more", code=code)
    for name, reason in _properties(details) or _embedded(message):
        kind, words = _PROPERTY.get(reason, (Reject, "HubSpot does not take this value for {0}"))
        return kind(words.format(name), code=reason, field=name)
    return Reject(f"HubSpot refuses it ({code})", code=code)


def lost(error: HTTPError, *, writes: bool) -> CrmError:
    """The error for an answer that did not come."""
    words = f"HubSpot did not answer ({type(error).__name__})"
    if writes and not isinstance(error, NewConnectionError | ConnectTimeoutError | ProxyError):
        return Unknown(words)
    return Retry(words, after=30 if isinstance(error, TimedOut) else 5)


def unreadable(*, writes: bool) -> CrmError:
    """The error for a success that is not HubSpot's."""
    words = _NOT_HUBSPOT.format(200)
    return Unknown(words) if writes else Retry(words, after=60)


def _limited(
    said: Mapping[str, Any], code: str, after: float | None, resets_at: datetime | None
) -> CrmError:
    policy = str(said.get("policyName") or said.get("message") or "").upper()
    if "DAILY" in policy:
        return Park("HubSpot's daily limit of calls is used up", code=code, until=resets_at)
    usual = 1.0 if "SECONDLY" in policy and "TEN" not in policy else 10.0
    return Retry("HubSpot asks for fewer calls a second", code=code, after=after or usual)


def scopes(drift: Drift) -> list[str]:
    """The scopes that a refusal was about; none where it was about something else."""
    named = drift.words.removeprefix(_LACKS)
    return named.split(", ") if named != drift.words else []


def _missing_scopes(said: Mapping[str, Any]) -> str:
    scopes = {s for d in _details(said) for s in _context(d, "requiredGranularScopes")}
    return _LACKS + (", ".join(sorted(scopes)) or "see its scopes")


def _details(said: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The list of errors inside an error."""
    listed = said.get("errors")
    return [d for d in listed if isinstance(d, dict)] if isinstance(listed, list) else []


def _conflicts(details: Iterable[Mapping[str, Any]]) -> bool:
    return any(detail.get("code") == "CONFLICTING_UNIQUE_VALUE" for detail in details)


def _properties(details: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """(property, reason) pairs."""
    return [
        (name, str(detail.get("code") or ""))
        for detail in details
        for name in _context(detail, "propertyName")
    ]


def _embedded(message: str) -> list[tuple[str, str]]:
    """The same pairs, from the JSON that a message ends with."""
    head, _, listed = message.partition("Property values were not valid: ")
    try:
        found = json.loads(listed) if not head else []
    except ValueError:
        return []
    return [
        (str(one.get("name") or ""), str(one.get("error") or ""))
        for one in (found if isinstance(found, list) else [])
        if isinstance(one, dict)
    ]


def _context(detail: Mapping[str, Any], name: str) -> list[str]:
    """A list in the context of an error."""
    context = detail.get("context")
    listed = context.get(name) if isinstance(context, dict) else None
    return [str(one) for one in listed] if isinstance(listed, list) else []


def traces(error: Mapping[str, Any]) -> list[str]:
    """What an error of a multi-status answer is about: trace ids, or ids of records."""
    return _context(error, "objectWriteTraceId") or _context(error, "ids")
