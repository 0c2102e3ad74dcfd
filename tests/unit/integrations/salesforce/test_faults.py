"""Salesforce's refusals, as its documents and public issues show them."""

from __future__ import annotations

from typing import Any

import pytest
from requests.exceptions import ConnectionError as NoConnection
from requests.exceptions import ConnectTimeout, ReadTimeout
from simple_salesforce.exceptions import SalesforceAuthenticationFailed
from urllib3.exceptions import NewConnectionError, ProtocolError

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
from integrations.salesforce import faults

SECRET = "ann@home.example said no"


def body(code: str, message: str = SECRET, *fields: str) -> list[dict[str, Any]]:
    """As an answer has it."""
    return [{"errorCode": code, "message": message, "fields": list(fields)}]


@pytest.mark.parametrize(
    ("status", "content", "reading", "writing"),
    [
        (401, body("INVALID_SESSION_ID"), Reauthorise, Reauthorise),
        (401, body("INVALID_AUTH_HEADER"), Reauthorise, Reauthorise),
        (403, "Bad_OAuth_Token", Reauthorise, Reauthorise),
        (403, body("API_DISABLED_FOR_ORG"), Reauthorise, Reauthorise),
        (403, body("INVALID_OPERATION_WITH_EXPIRED_PASSWORD"), Reauthorise, Reauthorise),
        (403, body("API_CURRENTLY_DISABLED"), Retry, Retry),
        (403, "<html>Bad_OAuth_Token?", Retry, Retry),
        (403, body("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."), Park, Park),
        (403, body("REQUEST_LIMIT_EXCEEDED", "ConcurrentPerOrgLongTxn"), Retry, Retry),
        (400, body("UNABLE_TO_LOCK_ROW"), Retry, Retry),
        (400, body("QUERY_TIMEOUT"), Retry, Retry),
        (400, body("INVALID_QUERY_LOCATOR", "invalid query locator"), Retry, Retry),
        (400, body("DUPLICATE_VALUE"), Exists, Exists),
        (404, body("ENTITY_IS_DELETED"), Gone, Gone),
        (400, body("INVALID_CROSS_REFERENCE_KEY"), Gone, Gone),
        (400, body("INVALID_CROSS_REFERENCE_KEY", SECRET, "OwnerId"), Reject, Reject),
        (400, body("INVALID_FIELD"), Drift, Drift),
        (400, body("INVALID_TYPE"), Drift, Drift),
        (400, body("FIELD_CUSTOM_VALIDATION_EXCEPTION"), Reject, Reject),
        (400, body("SOMETHING_NEW"), Reject, Reject),
        (400, "<html>" + SECRET, Retry, Retry),
        (404, "<html>", Retry, Retry),
        (300, ["/services/data/v62.0/a", "b"], Retry, Retry),
        (500, body("UNKNOWN_EXCEPTION"), Retry, Unknown),
        (503, "<html>", Retry, Unknown),
    ],
)
def test_names_what_to_do_next(
    status: int, content: Any, reading: type[CrmError], writing: type[CrmError]
) -> None:
    for writes, kind in ((False, reading), (True, writing)):
        error = faults.named(status, content, writes=writes)
        assert type(error) is kind
        assert error.words
        assert SECRET not in f"{error} {error.words} {error.code}"


@pytest.mark.parametrize("code", ["ENTITY_IS_LOCKED", "STORAGE_LIMIT_EXCEEDED"])
def test_waits_for_an_hour_where_people_have_to_act(code: str) -> None:
    alone = faults.named(400, body(code), writes=True, carries=9)
    within = faults.refused({"statusCode": code, "message": SECRET, "fields": []})
    for error in (alone, within):
        assert isinstance(error, Retry)
        assert error.after >= 3600
        assert SECRET not in error.words


#: What is said of a query begins with the part of it that is wrong.
ASKED = "\nSELECT Our__c FROM Task\n       ^\nERROR at Row:1:Column:8"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (body("STRING_TOO_LONG", SECRET, "Subject")[0], "Subject"),
        (body("INVALID_FIELD", "No such column 'Our__c' on sobject of type Task")[0], "Our__c"),
        (
            body("DUPLICATE_VALUE", "duplicate value found: Our__c duplicates value on record")[0],
            "Our__c",
        ),
        (body("INACTIVE_OWNER_OR_USER")[0], "OwnerId"),
        (body("INVALID_FIELD", "Typed: No such column 'x' on sobject")[0], None),
        (
            body("INVALID_FIELD", f"{ASKED}\nNo such column 'Our__c' on entity 'Task'. If")[0],
            "Our__c",
        ),
        (body("STRING_TOO_LONG")[0], None),
    ],
)
def test_names_the_field(said: dict[str, Any], field: str | None) -> None:
    error = faults.refused(said)
    assert getattr(error, "field", None) == field
    assert field is None or "{0}" not in error.words


def test_splits_what_was_refused_together() -> None:
    for code in ("JSON_PARSER_ERROR", "DUPLICATE_VALUE"):
        assert isinstance(faults.named(400, body(code), writes=True, carries=2), Split)
    locked = faults.named(400, body("UNABLE_TO_LOCK_ROW"), writes=True, carries=2)
    assert isinstance(locked, Retry)


def test_a_session_that_may_not_use_the_api_is_not_renewed() -> None:
    words = "This session is not valid for use with the REST API"
    for message, renewed in (("Session expired or invalid", True), (words, False)):
        error = faults.named(401, body("INVALID_SESSION_ID", message), writes=False)
        assert isinstance(error, Reauthorise)
        assert faults.expired(error) is renewed


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("invalid_client_id", Reauthorise),
        ("invalid_client", Reauthorise),
        ("invalid_grant", Reauthorise),
        (None, Reauthorise),
        ("server_error", Retry),
        (503, Retry),
        (200, Retry),
    ],
)
def test_knows_refused_credentials_from_a_bad_day(code: Any, kind: type[CrmError]) -> None:
    error = faults.not_signed_in(SalesforceAuthenticationFailed(code, SECRET))
    assert type(error) is kind
    assert SECRET not in error.words


@pytest.mark.parametrize(
    ("code", "description", "words"),
    [
        ("invalid_grant", "no client credentials user enabled", "nobody to run as"),
        ("invalid_grant", "request not supported on this domain", "My Domain"),
        ("invalid_grant", "ip restricted", "IP ranges"),
        ("invalid_grant", "inactive user", "not active"),
        ("invalid_grant", "expired authorization code", "clock"),
        ("invalid_app_access", "user is not admin approved to access this app", "permission set"),
        ("invalid_client", "invalid client credentials", "client secret"),
        ("invalid_grant", "something new", "has not allowed this app"),
    ],
)
def test_says_what_to_mend_in_the_app(code: str, description: str, words: str) -> None:
    error = faults.not_signed_in(SalesforceAuthenticationFailed(code, description))
    assert isinstance(error, Reauthorise)
    assert words in error.words


@pytest.mark.parametrize(
    ("error", "writing"),
    [
        (NoConnection(ProtocolError("reset")), Unknown),
        (ReadTimeout(), Unknown),
        (ValueError("no JSON"), Unknown),
        (ConnectTimeout(), Retry),
        (NoConnection(NewConnectionError(None, "refused")), Retry),  # type: ignore[arg-type]
    ],
)
def test_only_what_may_have_arrived_is_unknown(error: Exception, writing: type[CrmError]) -> None:
    assert type(faults.lost(error, writes=True)) is writing
    assert type(faults.lost(error, writes=False)) is Retry
