"""Salesforce's refusals, said as what to do next.

Sources: "Status codes and error responses" in the REST API developer guide, "StatusCode" in the
SOAP API guide; bodies recorded in public issue trackers. Messages may quote what somebody typed, so
none of them is passed on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from requests.exceptions import ConnectionError as NoConnection
from requests.exceptions import ConnectTimeout, Timeout
from simple_salesforce.exceptions import SalesforceAuthenticationFailed
from urllib3.exceptions import NewConnectionError

from integrations.errors import (
    CrmError,
    Drift,
    Exists,
    Gone,
    Park,
    Reauthorise,
    Reject,
    Retry,
    Unknown,
)

_LIMIT: Final = "REQUEST_LIMIT_EXCEEDED"
_EXPIRED: Final = ("INVALID_SESSION_ID", "INVALID_AUTH_HEADER")
#: A 401 that a new token does not mend.
_BARRED: Final = ("not valid for use with", "not attached to")

#: Code -> what to do, in words. ``{0}`` is the field, where one is named.
_CODES: Final[Mapping[str, tuple[type[CrmError], str]]] = {
    "DUPLICATE_VALUE": (Exists, "Salesforce holds this key already"),
    "UNABLE_TO_LOCK_ROW": (Retry, "the record is in use in Salesforce"),
    "QUERY_TIMEOUT": (Retry, "the query took too long in Salesforce"),
    "SERVER_UNAVAILABLE": (Retry, "Salesforce is not available"),
    "ENTITY_IS_DELETED": (Gone, "Salesforce does not have this record any more"),
    "NOT_FOUND": (Gone, "Salesforce does not have this record any more"),
    "INVALID_CROSS_REFERENCE_KEY": (Gone, "Salesforce does not have this record any more"),
    "INSUFFICIENT_ACCESS_OR_READONLY": (Drift, "the integration user may not write this record"),
    "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY": (
        Drift, "the integration user may not use the record this one points to"),
    "INVALID_FIELD": (Drift, "Salesforce has no field {0} that the integration user can see"),
    "INVALID_FIELD_FOR_INSERT_UPDATE": (Drift, "the integration user may not write {0}"),
    "INVALID_TYPE": (Drift, "Salesforce has no such object that the integration user can see"),
    "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST": (Reject, "Salesforce's {0} has no such option"),
    "STRING_TOO_LONG": (Reject, "the text is too long for Salesforce's field {0}"),
    "REQUIRED_FIELD_MISSING": (Reject, "Salesforce wants a value in {0}"),
    "FIELD_CUSTOM_VALIDATION_EXCEPTION": (Reject, "a validation rule in Salesforce refuses it"),
    "FIELD_FILTER_VALIDATION_EXCEPTION": (Reject, "a filter in Salesforce refuses {0}"),
    "FIELD_INTEGRITY_EXCEPTION": (Reject, "Salesforce does not take this value for {0}"),
    "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY": (Reject, "a trigger or flow in Salesforce refuses it"),
    "DUPLICATES_DETECTED": (Reject, "a duplicate rule in Salesforce refuses it"),
    "INACTIVE_OWNER_OR_USER": (Reject, "the owner is not active in Salesforce"),
    "OPERATION_WITH_INACTIVE_USER_EXCEPTION": (Reject, "the owner is not active in Salesforce"),
}  # fmt: skip
_OWNER: Final = ("INACTIVE_OWNER_OR_USER", "OPERATION_WITH_INACTIVE_USER_EXCEPTION")


def named(status: int, content: Any, *, writes: bool) -> CrmError:
    """The error for a whole answer that is not a success. The body may be no JSON at all."""
    said = content[0] if isinstance(content, list) and content else {}
    said = said if isinstance(said, Mapping) else {}
    code = str(said.get("errorCode") or status)
    message = str(said.get("message") or "")
    if status == 401:
        barred = any(words in message for words in _BARRED)
        words = "this session may not use the API" if barred else "Salesforce refuses the session"
        return Reauthorise(words, code="BARRED" if barred else code)
    if code == _LIMIT:
        if "Concurrent" in message:
            return Retry("too many long requests at once in Salesforce", code=code, after=30)
        return Park("Salesforce's daily limit of calls is used up", code=code)
    if status >= 500:
        words = f"Salesforce answered with status {status}"
        return Unknown(words, code=code) if writes else Retry(words, code=code, after=5)
    return refused(code, said.get("fields") or ())


def refused(code: str, fields: Sequence[str]) -> CrmError:
    """The error for one record of a collection, or for a whole 4xx."""
    kind, words = _CODES.get(code, (Reject, f"Salesforce refuses it ({code})"))
    field = fields[0] if fields else ("OwnerId" if code in _OWNER else None)
    words = words.format(field or "a field")
    if kind in (Reject, Drift):
        return kind(words, code=code, field=field)
    return kind(words, code=code)


def expired(refusal: Reauthorise) -> bool:
    """Whether signing in again may mend it."""
    return refusal.code in (*_EXPIRED, "401")


def not_signed_in(refusal: SalesforceAuthenticationFailed) -> CrmError:
    """The error for credentials that were refused."""
    code = str(refusal.code or "")
    words = {
        "invalid_client_id": "Salesforce does not know this client id",
        "invalid_client": "Salesforce refuses the client secret",
        "invalid_grant": "Salesforce has not allowed this app for the integration user",
    }.get(code, f"Salesforce refuses to sign in ({code or 'no reason given'})")
    return Reauthorise(words, code=code)


def lost(error: Exception, *, writes: bool) -> CrmError:
    """The error for an answer that did not come, or that is not JSON."""
    words = f"Salesforce did not answer ({type(error).__name__})"
    if writes and not _unsent(error):
        return Unknown(words)
    return Retry(words, after=30 if isinstance(error, Timeout) else 5)


def _unsent(error: Exception) -> bool:
    """Whether the request can not have reached Salesforce."""
    if isinstance(error, ConnectTimeout):
        return True
    cause = error.args[0] if isinstance(error, NoConnection) and error.args else None
    return isinstance(getattr(cause, "reason", cause), NewConnectionError)
