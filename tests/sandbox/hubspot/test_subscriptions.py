from __future__ import annotations

import pytest

from integrations.sandbox.hubspot import HubSpot
from integrations.sandbox.world import World
from tests.sandbox.hubspot.client import Api

PREFERENCES = "/communication-preferences/2026-09"
EMAIL = {"channel": "EMAIL"}


def status(address: str, rest: str = "") -> str:
    return f"{PREFERENCES}/statuses/{address}{rest}"


def opted_out(api: Api, address: str) -> str | None:
    path = f"/crm/objects/2026-09/contacts/{address}"
    read = api.get(path, idProperty="email", properties="hs_email_optout").json()
    value: str | None = read["properties"]["hs_email_optout"]
    return value


@pytest.fixture
def marketing(api: Api) -> int:
    """The id of the first kind of e-mail."""
    first = api.get(f"{PREFERENCES}/definitions").json()["results"][0]
    assert first["purpose"] == "Marketing"
    return int(first["id"])


def test_nobody_said_anything(api: Api) -> None:
    read = api.get(status("nobody@else.example"), **EMAIL).json()
    assert read["status"] == "COMPLETE"
    assert {one["status"] for one in read["results"]} == {"NOT_SPECIFIED"}
    wide = api.get(status("nobody@else.example", "/unsubscribe-all"), **EMAIL).json()
    assert wide["results"] == []


def test_somebody_left_all_before(api: Api) -> None:
    wide = api.get(status("jon%40birch.example", "/unsubscribe-all"), **EMAIL).json()
    (found,) = wide["results"]
    assert (found["status"], found["wideStatusType"]) == ("UNSUBSCRIBED", "PORTAL_WIDE")
    assert opted_out(api, "jon@birch.example") == "true"
    assert opted_out(api, "ida@birch.example") is None


def test_leaving_all(api: Api) -> None:
    path = status("IDA@birch.example", "/unsubscribe-all")
    assert api.post(path, **EMAIL).json()["results"] == []
    assert len(api.get(path, **EMAIL).json()["results"]) == 1
    read = api.get(status("ida@birch.example"), **EMAIL).json()["results"]
    assert {one["status"] for one in read} == {"UNSUBSCRIBED"}
    assert opted_out(api, "ida@birch.example") == "true"
    verbose = api.post(path, channel="EMAIL", verbose="true").json()["results"]
    assert len(verbose) == len(read)


def test_a_person_opts_out_at_the_desk(api: Api, world: World) -> None:
    contact = api.contact("ida@birch.example")
    world.dialects["hubspot"].desk.unsubscribe(contact)
    assert opted_out(api, "ida@birch.example") == "true"
    wide = api.get(status("ida@birch.example", "/unsubscribe-all"), **EMAIL).json()
    assert len(wide["results"]) == 1


def test_one_subscription_at_a_time(api: Api, marketing: int) -> None:
    body = {
        **EMAIL,
        "subscriptionId": marketing,
        "statusState": "UNSUBSCRIBED",
        "legalBasis": "CONSENT_WITH_NOTICE",
    }
    (changed,) = api.post(status("ida@birch.example"), body).json()["results"]
    assert changed["status"] == "UNSUBSCRIBED"
    assert changed["legalBasis"] == "CONSENT_WITH_NOTICE"
    assert changed["setStatusSuccessReason"] == "REQUESTED_CHANGE_OCCURRED"
    read = api.get(status("ida@birch.example"), **EMAIL).json()["results"]
    states = {one["subscriptionId"]: one["status"] for one in read}
    assert states.pop(marketing) == "UNSUBSCRIBED"
    assert set(states.values()) == {"NOT_SPECIFIED"}
    assert opted_out(api, "ida@birch.example") is None


def test_coming_back_ends_the_opt_out(api: Api, marketing: int) -> None:
    body = {**EMAIL, "subscriptionId": marketing, "statusState": "SUBSCRIBED"}
    (changed,) = api.post(status("jon@birch.example"), body).json()["results"]
    assert changed["setStatusSuccessReason"] == "RESUBSCRIBE_OCCURRED"
    wide = api.get(status("jon@birch.example", "/unsubscribe-all"), **EMAIL).json()
    assert wide["results"] == []
    assert opted_out(api, "jon@birch.example") == ""


def test_what_is_refused(api: Api, marketing: int) -> None:
    assert api.get(status("ida@birch.example")).status_code == 400
    assert api.get(status("ida@birch.example", "/unsubscribe-all")).status_code == 400
    body = {**EMAIL, "subscriptionId": marketing, "statusState": "MAYBE"}
    assert api.post(status("ida@birch.example"), body).status_code == 400
    body = {**EMAIL, "subscriptionId": 1, "statusState": "SUBSCRIBED"}
    assert api.post(status("ida@birch.example"), body).status_code == 404


def test_version_2026_09_has_the_calls_of_version_3_again(api: Api, marketing: int) -> None:
    body = {"emailAddress": "ida@birch.example", "subscriptionId": str(marketing)}
    assert api.post(f"{PREFERENCES}/unsubscribe", body).status_code == 200
    read = api.get(f"{PREFERENCES}/status/email/ida@birch.example").json()
    assert read["subscriptionStatuses"][0]["status"] == "NOT_SUBSCRIBED"
    assert "results" in api.get(f"{PREFERENCES}/definitions").json()
    older = "/communication-preferences/2026-03/status/email/ida@birch.example"
    assert api.get(older).status_code == 404


def test_many_addresses_say_something_at_once(api: Api, hubspot: HubSpot, marketing: int) -> None:
    said = {**EMAIL, "subscriptionId": marketing, "statusState": "UNSUBSCRIBED"}
    wrong = {**said, "subscriptionId": 7, "subscriberIdString": "kim@cedar.example"}
    body = {"inputs": [{**said, "subscriberIdString": "ida@birch.example"}, wrong]}
    path = f"{PREFERENCES}/statuses/batch/write"
    assert api.post(path, body).status_code == 403
    hubspot.options["marketing_enterprise"] = True
    answer = api.post(path, body)
    assert answer.status_code == 207
    assert [one["status"] for one in answer.json()["results"]] == ["UNSUBSCRIBED"]
    assert answer.json()["errors"][0]["context"] == {"subscriberIdString": ["kim@cedar.example"]}
    read = api.get(f"{PREFERENCES}/statuses/ida@birch.example", **EMAIL).json()["results"]
    assert read[0]["status"] == "UNSUBSCRIBED"
