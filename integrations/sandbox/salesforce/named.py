"""Refusals that need a bad day at Salesforce: faults have them by name.

Source: "Status codes and error responses" in the REST API developer guide; bodies as recorded in
public issue trackers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from integrations.sandbox.salesforce.refusals import Refusal

_SLOW: Final = "Your query request was running for too long."
_LONG: Final = "ConcurrentPerOrgLongTxn Limit exceeded."
_LOCK: Final = "unable to obtain exclusive access to this record or 1 records: 001000000000001AAA"
_APPROVAL: Final = "This record is locked. If you need to edit it, contact your admin."
_TRIGGER: Final = (
    "CustomerTrigger: execution of BeforeUpdate caused by: System.NullPointerException"
)

NAMED: Final[Mapping[str, Refusal]] = {
    "QUERY_TIMEOUT": Refusal("QUERY_TIMEOUT", _SLOW),
    "INVALID_QUERY_LOCATOR": Refusal("INVALID_QUERY_LOCATOR", "invalid query locator"),
    "TotalRequests": Refusal("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."),
    "ConcurrentPerOrgLongTxn": Refusal("REQUEST_LIMIT_EXCEEDED", _LONG),
    "UNABLE_TO_LOCK_ROW": Refusal("UNABLE_TO_LOCK_ROW", _LOCK, fields=()),
    "ENTITY_IS_LOCKED": Refusal("ENTITY_IS_LOCKED", _APPROVAL, fields=()),
    "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY": Refusal(
        "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", _TRIGGER, fields=()
    ),
    "INVALID_SESSION_ID": Refusal("INVALID_SESSION_ID", "Session expired or invalid"),
    "INVALID_AUTH_HEADER": Refusal("INVALID_AUTH_HEADER", "INVALID_JWT_FORMAT"),
    "API_DISABLED_FOR_ORG": Refusal(
        "API_DISABLED_FOR_ORG", "The REST API is not enabled for this Organization.", status=403
    ),
    "BARRED": Refusal("INVALID_SESSION_ID", "This session is not valid for use with the REST API"),
    "SERVER_UNAVAILABLE": Refusal("SERVER_UNAVAILABLE", "Server unavailable"),
    "UNKNOWN_EXCEPTION": Refusal("UNKNOWN_EXCEPTION", "An unexpected error occurred."),
}
