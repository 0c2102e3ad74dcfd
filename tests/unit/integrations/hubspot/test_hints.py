"""Which webhooks are HubSpot's, and what they make us look at."""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from integrations.contract import Forged, Hint, Hook
from integrations.hubspot.hints import hints
from integrations.hubspot.signature import check

#: The vector of HubSpot's own client for Python.
SECRET = "yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy"
VECTOR = Hook(
    method="POST",
    url="https://www.example.com/webhook_uri",
    headers={
        "x-hubspot-signature-v3": "K36dawei4A+QBNolUOqo7s91KQDWQ5MXZ/QufNYuk/Y=",
        "x-hubspot-request-timestamp": "1693657560000",
    },
    body=b"{'example_field':'example_value'}",
)
NOW = datetime.fromtimestamp(1693657560, UTC)
SECOND = timedelta(seconds=1)


def hook(*events: Any, url: str = VECTOR.url, signed_as: str | None = None) -> Hook:
    """A signed batch of events."""
    body, at = json.dumps(events).encode(), "1693657560000"
    told = f"POST{signed_as or url}".encode() + body + at.encode()
    signature = b64encode(hmac.digest(SECRET.encode(), told, hashlib.sha256)).decode()
    headers = {"x-hubspot-signature-v3": signature, "x-hubspot-request-timestamp": at}
    return Hook(method="POST", url=url, headers=headers, body=body)


def event(type: str = "company.propertyChange", **more: Any) -> dict[str, Any]:
    """An event about the record 7 of portal 33."""
    return {"subscriptionType": type, "portalId": 33, "objectId": 7, **more}


def test_takes_what_hubspot_has_signed() -> None:
    check(VECTOR, secret=SECRET, now=NOW)


@pytest.mark.parametrize("seconds", [-300, 300])
def test_takes_what_is_up_to_five_minutes_away(seconds: int) -> None:
    check(VECTOR, secret=SECRET, now=NOW + seconds * SECOND)


@pytest.mark.parametrize("seconds", [-301, 301, 86_400])
def test_refuses_what_is_older_or_of_the_future(seconds: int) -> None:
    with pytest.raises(Forged):
        check(VECTOR, secret=SECRET, now=NOW + seconds * SECOND)


@pytest.mark.parametrize(
    "forged",
    [
        replace(VECTOR, body=VECTOR.body + b" "),
        replace(VECTOR, method="PUT"),
        replace(VECTOR, url="https://www.example.com/other"),
        replace(VECTOR, headers={}),
        replace(VECTOR, headers={**VECTOR.headers, "x-hubspot-request-timestamp": "1693657560001"}),
        replace(VECTOR, headers={**VECTOR.headers, "x-hubspot-request-timestamp": "soon"}),
        replace(VECTOR, headers={**VECTOR.headers, "x-hubspot-request-timestamp": "\u0664"}),
        replace(VECTOR, headers={**VECTOR.headers, "x-hubspot-signature-v3": "K36dawei4A+é"}),
    ],
)
def test_refuses_everything_else(forged: Hook) -> None:
    with pytest.raises(Forged):
        check(forged, secret=SECRET, now=NOW)


def test_refuses_another_apps_secret() -> None:
    with pytest.raises(Forged):
        check(VECTOR, secret=SECRET[:-1], now=NOW)


@pytest.mark.parametrize("before", [SECRET, f"{SECRET}POST{VECTOR.url}"])
def test_refuses_versions_without_a_time(before: str) -> None:
    digest = hashlib.sha256(before.encode() + VECTOR.body).hexdigest()
    headers = {**VECTOR.headers, "x-hubspot-signature": digest}
    del headers["x-hubspot-signature-v3"]
    with pytest.raises(Forged):
        check(replace(VECTOR, headers=headers), secret=SECRET, now=NOW)


def test_an_address_is_signed_decoded() -> None:
    base = "https://bye.example/hooks/hubspot/acme"
    given = hook(event(), url=f"{base}?to=a%3ab%2Fc%25", signed_as=f"{base}?to=a:b/c%25")
    assert hints(given, secret=SECRET, now=NOW)


@pytest.mark.parametrize(
    ("told", "object"),
    [
        (event(), "companies"),
        (event("contact.creation"), "contacts"),
        (event("deal.propertyChange"), "deals"),
        (event("object.propertyChange", objectTypeId="0-2"), "companies"),
        (event("object.restore", objectTypeId="2-9"), "2-9"),
        (event("contact.privacyDeletion"), "contacts"),
        (event("company.somethingNew"), "companies"),
    ],
)
def test_tells_the_record(told: dict[str, Any], object: str) -> None:
    assert hints(hook(told), secret=SECRET, now=NOW) == (Hint(org="33", object=object, id="7"),)


def test_tells_everybody_in_a_merge() -> None:
    merge = event("company.merge", primaryObjectId=7, mergedObjectIds=[8, 9], newObjectId=10)
    found = hints(hook(merge), secret=SECRET, now=NOW)
    assert [hint.id for hint in found] == ["7", "10", "8", "9"]


def test_tells_each_record_once() -> None:
    twice = [event(), event("company.creation"), event(), event(objectId=8)]
    assert [h.id for h in hints(hook(*twice), secret=SECRET, now=NOW)] == ["7", "8"]


@pytest.mark.parametrize(
    "odd",
    [{}, 7, None, [], event("object.creation"), event(objectId=None), event(objectId="x/../y")],
)
def test_passes_over_what_it_does_not_know(odd: Any) -> None:
    assert [h.id for h in hints(hook(odd, event()), secret=SECRET, now=NOW)] == ["7"]


def test_what_is_signed_and_is_no_batch_tells_nothing() -> None:
    with pytest.raises(Forged):
        hints(VECTOR, secret=SECRET, now=NOW)
