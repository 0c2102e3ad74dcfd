"""HubSpot's refusals, as its documents and public issues show them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NewConnectionError,
    ProtocolError,
    ReadTimeoutError,
)

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
from integrations.hubspot import faults

SECRET = "ann@home.example said no"
EMBEDDED = (
    'Property values were not valid: [{"isValid":false,"message":"' + SECRET + '",'
    '"error":"PROPERTY_DOESNT_EXIST","name":"our_key","portalId":33}]'
)
TAKEN = (
    "Cannot set PropertyValueCoordinates{portalId=33, objectTypeId=ObjectTypeId{legacyObjectType="
    "TASK}, propertyName=our_key, value=" + SECRET + "} on 12. 34 already has that value."
)


@pytest.mark.parametrize(
    ("status", "body", "reading", "writing"),
    [
        (401, {"category": "INVALID_AUTHENTICATION"}, Reauthorise, Reauthorise),
        (401, None, Reauthorise, Reauthorise),
        (403, {"category": "MISSING_SCOPES"}, Drift, Drift),
        (404, {"category": "OBJECT_NOT_FOUND"}, Gone, Drift),
        (404, None, Retry, Retry),
        (409, {"category": "CONFLICT"}, Exists, Exists),
        (423, {}, Retry, Retry),
        (429, {"policyName": "SECONDLY", "errorType": "RATE_LIMIT"}, Retry, Retry),
        (429, {"policyName": "TEN_SECONDLY_ROLLING"}, Retry, Retry),
        (429, {"policyName": "DAILY"}, Park, Park),
        (429, {"message": "You have reached your daily limit."}, Park, Park),
        (429, None, Retry, Retry),
        (477, {}, Retry, Retry),
        (400, {"category": "VALIDATION_ERROR"}, Reject, Reject),
        (400, {"category": "VALIDATION_ERROR", "message": EMBEDDED}, Drift, Drift),
        (400, {"message": TAKEN}, Exists, Exists),
        (400, {"subCategory": "ILS.DUPLICATE_LIST_NAMES"}, Exists, Exists),
        (500, {}, Retry, Unknown),
        (502, None, Retry, Unknown),
        (524, None, Retry, Unknown),
    ],
)
def test_names_what_to_do_next(
    status: int, body: Any, reading: type[CrmError], writing: type[CrmError]
) -> None:
    for writes, kind in ((False, reading), (True, writing)):
        error = faults.named(status, body, writes=writes)
        assert type(error) is kind
        assert error.words
        assert SECRET not in f"{error} {error.words} {error.code}"


def test_names_the_field() -> None:
    for message in (EMBEDDED, TAKEN):
        error = faults.refused({"message": message})
        assert getattr(error, "field", None) == "our_key"


def test_a_quoted_refusal_is_no_refusal() -> None:
    for quoted in (EMBEDDED, TAKEN):
        error = faults.refused({"message": f"Somebody typed: {quoted}"})
        assert type(error) is Reject
        assert error.field is None


def test_splits_what_was_refused_together() -> None:
    for status in (400, 409):
        assert isinstance(faults.named(status, {}, writes=True, carries=2), Split)
    assert isinstance(faults.named(429, {}, writes=True, carries=2), Retry)


@pytest.mark.parametrize(
    ("policy", "given", "seconds"),
    [("SECONDLY", None, 1), ("TEN_SECONDLY_ROLLING", None, 10), ("SECONDLY", 4.0, 4)],
)
def test_waits_as_long_as_the_limit_says(policy: str, given: float | None, seconds: float) -> None:
    error = faults.named(429, {"policyName": policy}, writes=False, after=given)
    assert isinstance(error, Retry)
    assert error.after == seconds


def test_parks_until_the_day_ends() -> None:
    midnight = datetime(2031, 3, 4, tzinfo=UTC)
    error = faults.named(429, {"policyName": "DAILY"}, writes=False, resets_at=midnight)
    assert isinstance(error, Park)
    assert error.until == midnight


def test_says_which_scopes_are_missing() -> None:
    detail = {"context": {"requiredGranularScopes": ["crm.lists.write"]}}
    error = faults.named(403, {"category": "MISSING_SCOPES", "errors": [detail]}, writes=True)
    assert "crm.lists.write" in error.words


@pytest.mark.parametrize(
    ("error", "writing"),
    [
        (ProtocolError("reset"), Unknown),
        (ReadTimeoutError(None, "/", "slow"), Unknown),  # type: ignore[arg-type]
        (ConnectTimeoutError("slow"), Retry),
        (NewConnectionError(None, "refused"), Retry),  # type: ignore[arg-type]
    ],
)
def test_only_what_may_have_arrived_is_unknown(error: HTTPError, writing: type[CrmError]) -> None:
    assert type(faults.lost(error, writes=True)) is writing
    assert type(faults.lost(error, writes=False)) is Retry
