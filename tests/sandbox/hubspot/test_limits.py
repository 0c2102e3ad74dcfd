from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from integrations.sandbox.clock import Clock
from integrations.sandbox.http import Router
from integrations.sandbox.hubspot import HubSpot
from integrations.sandbox.hubspot.errors import Refused
from integrations.sandbox.hubspot.limits import Limit, Meter
from integrations.sandbox.hubspot.options import Options
from integrations.sandbox.hubspot.portal import Portal
from integrations.sandbox.server import Gate, Serving
from integrations.sandbox.world import World
from tests.sandbox.hubspot.client import NOW, Api, seed

DETAILS = "/account-info/2026-09/details"
SEARCH = "/crm/objects/2026-09/companies/search"


@pytest.fixture
def limited(hubspot: HubSpot) -> HubSpot:
    """A portal that counts."""
    hubspot.options["rate_limits"] = True
    return hubspot


class Ticks:
    """Time that moves when it is told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_headers_tell_what_is_left(api: Api, limited: HubSpot) -> None:
    api.get(DETAILS)
    headers = api.get(DETAILS).headers
    assert headers["X-HubSpot-RateLimit-Daily"] == "625000"
    assert headers["X-HubSpot-RateLimit-Daily-Remaining"] == "624998"
    assert headers["X-HubSpot-RateLimit-Max"] == "190"
    assert headers["X-HubSpot-RateLimit-Remaining"] == "188"
    assert headers["X-HubSpot-RateLimit-Interval-Milliseconds"] == "10000"


def test_the_191st_call_within_ten_seconds_is_refused() -> None:
    meter = Meter(Clock(manual=NOW), Portal.zone, Options(), ticks=(ticks := Ticks()))
    for _ in range(190):
        meter.take(Limit.APP)
    with pytest.raises(Refused) as caught:
        meter.take(Limit.APP)
    assert caught.value.more == {"errorType": "RATE_LIMIT", "policyName": "TEN_SECONDLY_ROLLING"}
    meter.take(Limit.SEARCH)
    ticks.now = 10.0
    meter.take(Limit.APP)


def test_the_sixth_search_within_a_second_is_refused() -> None:
    meter = Meter(Clock(manual=NOW), Portal.zone, Options(), ticks=(ticks := Ticks()))
    for _ in range(5):
        meter.take(Limit.SEARCH)
    with pytest.raises(Refused):
        meter.take(Limit.SEARCH)
    ticks.now = 1.0
    meter.take(Limit.SEARCH)


def test_a_search_over_the_limit_as_a_client_sees_it(api: Api, limited: HubSpot) -> None:
    answers = [api.post(SEARCH, {}) for _ in range(6)]
    assert [one.status_code for one in answers] == [200] * 5 + [429]
    body = answers[-1].json()
    assert body["message"] == "You have reached your secondly limit."
    assert (body["errorType"], body["policyName"]) == ("RATE_LIMIT", "SECONDLY")
    assert "category" not in body
    for answer in answers:
        assert not [name for name in answer.headers if "ratelimit" in name.lower()]
    assert api.get(DETAILS).status_code == 200


def test_switched_off_nothing_is_refused_but_the_day_is_counted(api: Api) -> None:
    assert {api.post(SEARCH, {}).status_code for _ in range(7)} == {200}
    headers = api.get(DETAILS).headers
    assert headers["X-HubSpot-RateLimit-Daily-Remaining"] == "624992"
    assert "X-HubSpot-RateLimit-Remaining" not in headers


def test_the_day_is_the_portals_and_ends_at_its_midnight() -> None:
    world = World(
        seed(),
        clock=Clock(manual=datetime(2026, 3, 3, 4, 58, tzinfo=UTC)),
        dialects=[HubSpot],
    )
    hubspot = world.dialects["hubspot"]
    hubspot.options["daily_limit"] = 2
    with Serving({"hubspot": (Gate(world, hubspot, Router()), 0)}) as serving:
        api = Api(serving.urls["hubspot"], hubspot.credentials()["token"])
        assert [api.get(DETAILS).status_code for _ in range(3)] == [200, 200, 429]
        assert api.get(DETAILS).json()["policyName"] == "DAILY"
        world.clock.advance(timedelta(minutes=1))
        assert api.get(DETAILS).status_code == 429
        world.clock.advance(timedelta(minutes=1))
        assert api.get(DETAILS).status_code == 200
        api.session.close()


def test_a_fault_with_429_looks_like_hubspots(hubspot: HubSpot) -> None:
    body = hubspot.failure(429, "A fault of the sandbox").body
    assert body["policyName"] == "TEN_SECONDLY_ROLLING"
    assert hubspot.failure(503, "Down").body["message"] == "Down"


def test_a_portal_of_a_cheaper_subscription(api: Api, limited: HubSpot) -> None:
    limited.options |= {"burst_limit": 3, "daily_limit": 5}
    answers = [api.get(DETAILS) for _ in range(4)]
    assert [one.status_code for one in answers] == [200, 200, 200, 429]
    assert answers[-1].json()["policyName"] == "TEN_SECONDLY_ROLLING"
    assert answers[0].headers["X-HubSpot-RateLimit-Max"] == "3"
    limited.options["burst_limit"] = 100
    assert [api.get(DETAILS).status_code for _ in range(3)] == [200, 200, 429]
    assert api.get(DETAILS).json()["message"] == "You have reached your daily limit."
