"""Salesforce's refusals, said as what to do next.

Sources: "Status codes and error responses" in the REST API developer guide, "StatusCode" in the
SOAP API guide; bodies recorded in public issue trackers. Messages may quote what somebody typed:
none of them is passed on, and only their fixed beginnings are read.
"""

from __future__ import annotations

import random
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from requests.exceptions import ConnectionError as NoConnection
from requests.exceptions import ConnectTimeout, ProxyError, Timeout
from simple_salesforce.exceptions import SalesforceAuthenticationFailed
from urllib3.exceptions import NewConnectionError
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

_LIMIT: Final = "REQUEST_LIMIT_EXCEEDED"
_EXPIRED: Final = ("INVALID_SESSION_ID", "INVALID_AUTH_HEADER")
#: How the identity service says that a session has ended: status 403, and this as plain text.
_BAD_TOKEN: Final = "Bad_OAuth_Token"  # noqa: S105 - a code, no token
#: A 401 that a new token does not mend.
_BARRED: Final = ("not valid for use with", "not attached to")
#: Codes of a user who may do nothing at all by the API, whatever it is.
_SHUT_OUT: Final = {
    "API_DISABLED_FOR_ORG": (
        "the integration user may not use Salesforce's API: give it API Enabled in a permission set"
    ),
    "INVALID_OPERATION_WITH_EXPIRED_PASSWORD": (
        "the integration user's password has expired in Salesforce"
    ),
}
_PAGES: Final = "Salesforce does not have the other pages of this query any more"
_GONE: Final = (Gone, "Salesforce does not have this record any more")

#: Code -> what to do, in words. ``{0}`` is the field, where one is named.
_CODES: Final[Mapping[str, tuple[type[CrmError], str]]] = {
    "DUPLICATE_VALUE": (Exists, "Salesforce holds this value already"),
    "DUPLICATE_DEVELOPER_NAME": (Exists, "Salesforce has this already"),
    "UNPROCESSED": (Retry, "Salesforce has not come to it yet"),
    "UNABLE_TO_LOCK_ROW": (Retry, "the record is in use in Salesforce"),
    "ENTITY_IS_LOCKED": (Retry, "the record is locked in Salesforce, as for an approval"),
    "STORAGE_LIMIT_EXCEEDED": (Retry, "Salesforce has no room for more records"),
    "QUERY_TIMEOUT": (Retry, "the query took too long in Salesforce"),
    "INVALID_QUERY_LOCATOR": (Retry, _PAGES),
    "SERVER_UNAVAILABLE": (Retry, "Salesforce is not available"),
    "API_CURRENTLY_DISABLED": (Retry, "Salesforce's API is switched off at the moment"),
    "SINGLE_EMAIL_LIMIT_EXCEEDED": (Retry, "Salesforce sends no more e-mails today"),
    "ENTITY_IS_DELETED": _GONE,
    "NOT_FOUND": _GONE,
    "INVALID_CROSS_REFERENCE_KEY": _GONE,
    "INSUFFICIENT_ACCESS": (Drift, "the integration user may not write this record"),
    "INSUFFICIENT_ACCESS_OR_READONLY": (Drift, "the integration user may not write this record"),
    "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY": (
        Drift, "the integration user may not use the record this one points to"),
    "INVALID_FIELD": (Drift, "Salesforce has no {0} that the integration user can see"),
    "INVALID_FIELD_FOR_INSERT_UPDATE": (Drift, "the integration user may not write {0}"),
    "UNSUPPORTED_API_VERSION": (Drift, "Salesforce does not speak this version of its API"),
    "INVALID_TYPE": (Drift, "Salesforce has no such object that the integration user can see"),
    "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST": (Reject, "Salesforce has no such option in {0}"),
    "STRING_TOO_LONG": (Reject, "the text is too long for {0} in Salesforce"),
    "REQUIRED_FIELD_MISSING": (Reject, "Salesforce wants a value in {0}"),
    "NUMBER_OUTSIDE_VALID_RANGE": (Reject, "the number is too large for {0} in Salesforce"),
    "INVALID_EMAIL_ADDRESS": (Reject, "Salesforce does not take this address in {0}"),
    "MALFORMED_ID": (Reject, "Salesforce takes no such id in {0}"),
    "FIELD_CUSTOM_VALIDATION_EXCEPTION": (Reject, "a validation rule in Salesforce refuses {0}"),
    "FIELD_INTEGRITY_EXCEPTION": (Reject, "Salesforce does not take this value in {0}"),
    "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY": (Reject, "a trigger or flow in Salesforce refuses it"),
    "DUPLICATES_DETECTED": (Reject, "a duplicate rule in Salesforce refuses it"),
    "INACTIVE_OWNER_OR_USER": (Reject, "the owner is not active in Salesforce"),
    "OPERATION_WITH_INACTIVE_USER_EXCEPTION": (Reject, "the owner is not active in Salesforce"),
}  # fmt: skip
#: Code -> the field it is about, where the answer does not name it.
_FIELDS: Final = {
    "INACTIVE_OWNER_OR_USER": "OwnerId",
    "OPERATION_WITH_INACTIVE_USER_EXCEPTION": "OwnerId",
}
_DICE: Final = random.SystemRandom()
_RULE: Final = "FIELD_CUSTOM_VALIDATION_EXCEPTION"
#: Characters that a validation rule's message can have.
_SENTENCE: Final = 255
#: The beginning of a message that names a field.
_NAMED: Final = re.compile(r"(?:No such column '|duplicate value found: )(\w+)(?:' on| duplicates)")
#: The end of what is said of a query, which repeats the query first.
_ASKED: Final = re.compile(r"\nERROR at Row:\d+:Column:\d+\nNo such column '(\w+)' on entity ")
#: Seconds to wait, where it is not the usual one.
_WAITS: Final = {
    "SINGLE_EMAIL_LIMIT_EXCEEDED": 3600.0,
    "ENTITY_IS_LOCKED": 3600.0,
    "SERVER_UNAVAILABLE": 30.0,
    "STORAGE_LIMIT_EXCEEDED": 3600.0,
    "API_CURRENTLY_DISABLED": 60.0,
}
#: Why nobody is signed in: OAuth's code, or the description where the code says too little. Source:
#: "OAuth 2.0 Authorization Errors" in Salesforce Help; descriptions as public reports have them.
_SIGN_IN: Final = {
    "invalid_client_id": "Salesforce does not know this client id",
    "invalid_client": "Salesforce refuses the client secret",
    "invalid_grant": "Salesforce has not allowed this app for the integration user",
    "unsupported_grant_type": "the app in Salesforce does not allow this way of signing in",
    "invalid_app_access": (
        "the integration user may not use the app in Salesforce: in Setup, External Client App "
        "Manager, the app's policies, add a permission set of the user's"
    ),
    "no client credentials user enabled": (
        "the app in Salesforce has nobody to run as: in Setup, External Client App Manager, turn "
        "on the client credentials flow in its policies, and name the integration user there"
    ),
    "request not supported on this domain": (
        "Salesforce wants your org's own domain here, which is in Setup under My Domain"
    ),
    "External client app is not installed in this org": "the app is not in this Salesforce org",
    "ip restricted": (
        "Salesforce does not let the integration user in from this address: look at the login IP "
        "ranges of the user's profile, and at the app's policies"
    ),
    "inactive user": "the integration user is not active in Salesforce",
    "expired authorization code": (
        "Salesforce takes what was signed to be out of date: is this machine's clock right?"
    ),
    "invalid assertion": "the app in Salesforce has no certificate that fits this private key",
    "audience is invalid": "the domain is that of a sandbox and the org is none, or the reverse",
    "user hasn't approved this consumer": (
        "Salesforce has not allowed this app for the integration user: in Setup, External Client "
        "Apps, Policies, permit it to pre-authorised users, and add a permission set of the user's"
    ),
}
_NOT_SALESFORCE: Final = (
    "what answered with status {0} was not Salesforce; is a proxy in the way, or the domain wrong?"
)


def named(status: int, content: Any, *, writes: bool, carries: int = 1) -> CrmError:
    """The error for a whole answer that is not a success; ``carries``: of how many writes.

    ``content``: its JSON, or the text of a body that is none.
    """
    said = content[0] if isinstance(content, list) and content else None
    said = said if isinstance(said, Mapping) else None
    code = str((said or {}).get("errorCode") or status)
    message = str((said or {}).get("message") or "")
    if status == 401:
        barred = any(words in message for words in _BARRED)
        words = "this session may not use the API" if barred else "Salesforce refuses the session"
        return Reauthorise(words, code="BARRED" if barred else code)
    if status == 403 and isinstance(content, str) and content.strip() == _BAD_TOKEN:
        return Reauthorise("Salesforce refuses the session", code=_BAD_TOKEN)
    if code in _SHUT_OUT:
        return Reauthorise(_SHUT_OUT[code], code=code)
    if code == _LIMIT:
        if "Concurrent" in message:
            return Retry("too many long requests at once in Salesforce", code=code, after=30)
        return Park("Salesforce's daily limit of calls is used up", code=code)
    if status >= 500:
        words = f"Salesforce answered with status {status}"
        return Unknown(words, code=code) if writes else Retry(words, code=code, after=5)
    if said is None:
        return Retry(_NOT_SALESFORCE.format(status), code=code, after=60)
    if carries > 1 and _CODES.get(code, (Reject, ""))[0] is not Retry:
        return Split("Salesforce refuses these together", code=code)
    return refused(said)


def refused(said: Mapping[str, Any], typed: Collection[str] | None = None) -> CrmError:
    """The error for one record of a collection or an action, or for a whole 4xx.

    ``typed``: what was written; a rule of the org is quoted where it says none of that.
    """
    code = str(said.get("statusCode") or said.get("errorCode") or "no reason given")
    kind, words = _CODES.get(code, (Reject, f"Salesforce refuses it ({code})"))
    field = _field(said) or _FIELDS.get(code)
    if kind is Gone and field:
        # The record is there; what one of its fields points to is not.
        kind, words = Reject, "Salesforce does not have the record that {0} points to"
    words = words.format(field or "a field").replace("no a field", "no field")
    if code == _RULE and typed is not None and (rule := _rule(said, typed)):
        words = f"a rule of the org refuses it: {rule}"
    if kind is Reject or kind is Drift or kind is Exists:
        return kind(words, code=code, field=field)
    if kind is Retry:
        # Not everybody who met the same lock comes back at the same time.
        return Retry(words, code=code, after=_WAITS.get(code, 2.0) * _DICE.uniform(1, 2))
    return kind(words, code=code)


def _rule(said: Mapping[str, Any], typed: Collection[str]) -> str:
    """The sentence that an admin gave a validation rule; nothing where it may repeat a value."""
    message = " ".join(str(said.get("message") or "").split())
    repeats = "@" in message or any(text.strip() and text.strip() in message for text in typed)
    return "" if repeats or len(message) > _SENTENCE else message


def _field(said: Mapping[str, Any]) -> str | None:
    fields = said.get("fields")
    if isinstance(fields, Sequence) and fields and not isinstance(fields, str):
        return str(fields[0])
    message = str(said.get("message") or "")
    found = _NAMED.match(message) or _ASKED.search(message)
    return found[1] if found else None


def expired(refusal: Reauthorise) -> bool:
    """Whether signing in again may mend it."""
    return refusal.code in (*_EXPIRED, _BAD_TOKEN, "401")


def pages_gone(code: str) -> Retry:
    """The error for a page that a new session was refused."""
    return Retry(_PAGES, code=code)


def not_signed_in(refusal: SalesforceAuthenticationFailed) -> CrmError:
    """The error for credentials that were refused, or that nobody looked at."""
    code = str(refusal.code or "")
    if code.isdecimal():
        return Retry(_NOT_SALESFORCE.format(code), code=code, after=60)
    if code in ("server_error", "temporarily_unavailable", "rate_limit_exceeded"):
        return Retry("Salesforce cannot sign anybody in at the moment", code=code, after=60)
    words = _SIGN_IN.get(str(refusal.auth_message)) or _SIGN_IN.get(code)
    return Reauthorise(
        words or f"Salesforce refuses to sign in ({code or 'no reason given'})", code=code
    )


def lost(error: Exception, *, writes: bool) -> CrmError:
    """The error for an answer that did not come, or that is not JSON."""
    words = f"Salesforce did not answer ({type(error).__name__})"
    if writes and not _unsent(error):
        return Unknown(words)
    return Retry(words, after=30 if isinstance(error, Timeout | TimedOut) else 5)


def unreadable(*, writes: bool) -> CrmError:
    """The error for a success that is not Salesforce's."""
    words = _NOT_SALESFORCE.format(200)
    return Unknown(words) if writes else Retry(words, after=60)


def _unsent(error: Exception) -> bool:
    """Whether the request can not have reached Salesforce."""
    if isinstance(error, ConnectTimeout | ProxyError):
        return True
    cause = error.args[0] if isinstance(error, NoConnection) and error.args else None
    return isinstance(getattr(cause, "reason", cause), NewConnectionError)
