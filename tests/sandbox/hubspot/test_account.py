from __future__ import annotations

from datetime import UTC, datetime

from integrations.sandbox.hubspot import HubSpot
from integrations.sandbox.world import World
from tests.sandbox.hubspot.client import Api


def test_which_portal_this_is(api: Api, world: World) -> None:
    winter = api.get("/account-info/2026-09/details").json()
    assert winter["accountType"] == "SANDBOX"
    assert (winter["timeZone"], winter["utcOffset"]) == ("America/New_York", "-05:00")
    assert winter["utcOffsetMilliseconds"] == -18_000_000
    world.clock.set(datetime(2026, 7, 1, tzinfo=UTC))
    assert api.get("/account-info/2026-09/details").json()["utcOffset"] == "-04:00"


def test_the_usage_of_today(api: Api) -> None:
    path = "/account-info/2026-09/api-usage/daily/private-apps"
    (usage,) = api.get(path).json()["results"]
    assert usage["usageLimit"] == 625_000
    assert usage["currentUsage"] == 0
    assert usage["resetsAt"] == "2026-03-03T05:00:00Z"


def test_without_the_key_nothing_is_told(api: Api) -> None:
    for header in (None, "Bearer pat-na1-else", "Basic abc"):
        api.session.headers["Authorization"] = header  # type: ignore[assignment]
        answer = api.get("/account-info/2026-09/details")
        assert answer.status_code == 401
        assert answer.json()["category"] == "INVALID_AUTHENTICATION"
        assert answer.json()["message"].startswith("Authentication credentials not found.")


def test_every_answer_has_its_own_correlation_id(api: Api) -> None:
    first = api.get("/crm/objects/2026-09/companies/999")
    second = api.get("/crm/objects/2026-09/companies/999")
    name = "X-HubSpot-Correlation-Id"
    assert first.json()["correlationId"] == first.headers[name]
    assert first.headers[name] != second.headers[name]


def test_a_wrong_method_names_the_right_ones(api: Api) -> None:
    answer = api("DELETE", "/account-info/2026-09/details")
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET"


def test_a_portal_may_be_another_one(api: Api, hubspot: HubSpot) -> None:
    hubspot.options |= {"portal_id": 33, "account_type": "STANDARD"}
    told = api.get("/account-info/2026-09/details").json()
    assert (told["portalId"], told["accountType"]) == (33, "STANDARD")
    assert api.company("Birch Ltd")


def test_version_3_has_the_usage_by_a_shorter_name(api: Api) -> None:
    long, short = (f"/account-info/v3/api-usage/daily{end}" for end in ("/private-apps", ""))
    assert api.get(short).json() == api.get(long).json()
    assert api.get("/account-info/2026-09/api-usage/daily").status_code == 404
