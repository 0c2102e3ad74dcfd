"""How HubSpot refuses: one exception, and the bodies that its documents and answers show.

Source: "Error handling" in HubSpot's API reference; bodies of single refusals as recorded in public
issue trackers. Every field may be missing in the real ones, so clients should need none.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from integrations.sandbox.http import Answer

Context = Mapping[str, Sequence[str]]


class Refused(Exception):
    """HubSpot answers with an error; nothing was changed."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        category: str | None = "VALIDATION_ERROR",
        sub_category: str | None = None,
        errors: Sequence[Mapping[str, Any]] = (),
        context: Context | None = None,
        links: Mapping[str, str] | None = None,
        more: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.category = category
        self.sub_category = sub_category
        self.errors = errors
        self.context = context
        self.links = links
        #: Fields that only this refusal has.
        self.more = more or {}

    def answer(self, correlation: str) -> Answer:
        """The whole answer, for a call that failed as a whole."""
        body: dict[str, Any] = {
            "status": "error",
            "message": self.message,
            "correlationId": correlation,
        }
        optional = {
            "context": self.context,
            "errors": list(self.errors),
            "links": self.links,
            "category": self.category,
            "subCategory": self.sub_category,
        }
        body |= {name: value for name, value in optional.items() if value}
        return Answer(status=self.status, body=body | dict(self.more))

    def entry(self, context: Context) -> dict[str, Any]:
        """One of the ``errors`` of a multi-status answer. Says no more than the message."""
        entry: dict[str, Any] = {
            "status": "error",
            "category": self.category or "VALIDATION_ERROR",
            "message": self.message,
            "context": context,
            # The documents' example lacks these two; the OpenAPI files require them.
            "errors": [],
            "links": {},
        }
        return entry | ({"subCategory": self.sub_category} if self.sub_category else {})


@dataclass(frozen=True, kw_only=True)
class Complaint:
    """What is wrong with the value of one property."""

    name: str
    code: str
    message: str
    value: str | None = None


def invalid_values(complaints: Sequence[Complaint], portal_id: int) -> Refused:
    """All complaints about one record. The message carries them as JSON, as HubSpot does."""
    told = []
    for complaint in complaints:
        entry: dict[str, Any] = {
            "isValid": False,
            "message": complaint.message,
            "error": complaint.code,
            "name": complaint.name,
            "localizedErrorMessage": complaint.message,
        }
        if complaint.value is not None:
            entry["propertyValue"] = complaint.value
        told.append(entry | {"portalId": portal_id})
    listed = json.dumps(told, separators=(",", ":"), ensure_ascii=False)
    return Refused(
        400,
        f"Property values were not valid: {listed}",
        errors=[
            {"message": c.message, "code": c.code, "context": {"propertyName": [c.name]}}
            for c in complaints
        ],
    )


def bad_json(words: str) -> Refused:
    """The body cannot be read as what the operation takes."""
    return Refused(400, f"Invalid input JSON on line 1, column 1: {words}")


def missing_fields(names: Sequence[str]) -> Refused:
    """The body lacks fields that the operation needs."""
    return Refused(
        400,
        "Invalid input JSON on line 1, column 2. "
        f"Some required fields were not set: [{', '.join(names)}]",
    )


def not_found(message: str = "resource not found", **details: Any) -> Refused:
    """There is no such record, property, owner or list."""
    return Refused(404, message, category="OBJECT_NOT_FOUND", **details)


def unauthorised() -> Refused:
    """No key, or not ours."""
    return Refused(
        401,
        "Authentication credentials not found. This API supports OAuth 2.0 authentication and you "
        "can find more details at https://developers.hubspot.com/docs/methods/auth/oauth-overview",
        category="INVALID_AUTHENTICATION",
    )


def expired(late: timedelta, ended: datetime) -> Refused:
    """An access token that has ended. Body as connectors recorded it."""
    seconds = int(late.total_seconds())
    size, unit = next((size, unit) for size, unit in _SPANS if seconds >= size or size == 1)
    moment = ended.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return Refused(
        401,
        f"The OAuth token used to make this call expired {seconds // size} {unit}(s) ago.",
        category="EXPIRED_AUTHENTICATION",
        context={"expire time": [moment]},
    )


_SPANS = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))


def missing_scopes(scopes: Sequence[str]) -> Refused:
    """The key may not do this, or the portal has not bought it."""
    return Refused(
        403,
        "This app hasn't been granted all required scopes to make this call. Read more about "
        "required scopes here: https://developers.hubspot.com/scopes.",
        category="MISSING_SCOPES",
        errors=[
            {
                "message": "One or more of the following scopes are required.",
                "context": {"requiredGranularScopes": list(scopes)},
            }
        ],
        links={"scopes": "https://developers.hubspot.com/scopes"},
    )


def over_limit(policy: str) -> Refused:
    """A rate limit. The real body has no category, though the OpenAPI files require one."""
    words = {"DAILY": "daily", "SECONDLY": "secondly"}.get(policy, policy.lower())
    return Refused(
        429,
        f"You have reached your {words} limit.",
        category=None,
        more={"errorType": "RATE_LIMIT", "policyName": policy},
    )
