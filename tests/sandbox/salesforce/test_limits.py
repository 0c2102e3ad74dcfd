"""API calls are counted over 24 hours, and there is an end to them."""

from __future__ import annotations

from datetime import timedelta

import requests

from integrations.sandbox.salesforce import Salesforce
from integrations.sandbox.world import World

from .conftest import Api


def test_every_answer_tells_the_usage(api: Api) -> None:
    assert api.call("GET", "/sobjects").headers["Sforce-Limit-Info"] == "api-usage=1/100000"
    refused = api.call("GET", "/query", params={"q": "nonsense"})
    assert refused.status_code == 400
    assert refused.headers["Sforce-Limit-Info"] == "api-usage=2/100000"


def test_the_limit_refuses_until_a_day_has_gone_by(
    api: Api, world: World, sandbox: Salesforce
) -> None:
    sandbox.options["daily_requests"] = 2
    api.get("/limits")
    world.clock.advance(timedelta(hours=1))
    api.get("/limits")
    refused = api.call("GET", "/limits")
    assert refused.status_code == 403
    assert refused.json() == [
        {"message": "TotalRequests Limit exceeded.", "errorCode": "REQUEST_LIMIT_EXCEEDED"}
    ]
    assert refused.headers["Sforce-Limit-Info"] == "api-usage=2/2"
    world.clock.advance(timedelta(hours=23))
    again = api.call("GET", "/limits")
    assert again.headers["Sforce-Limit-Info"] == "api-usage=2/2"
    assert again.json()["DailyApiRequests"] == {"Max": 2, "Remaining": 0}


def test_signing_in_costs_nothing(api: Api, url: str) -> None:
    requests.get(f"{url}/services/data", timeout=10)
    api.http.get(f"{url}/services/oauth2/userinfo", timeout=10)
    assert api.call("GET", "/limits").headers["Sforce-Limit-Info"] == "api-usage=1/100000"


def test_what_monitors_look_at_is_there(api: Api) -> None:
    told = api.get("/limits")
    for name in ("DailyBulkV2QueryJobs", "DataStorageMB", "MassEmail", "DailyStreamingApiEvents"):
        assert told[name]["Max"] == told[name]["Remaining"] > 0


def test_record_counts_leave_out_empty_objects(api: Api) -> None:
    counts = api.get("/limits/recordCount", sObjects="Account,Opportunity")
    assert counts == {"sObjects": [{"count": 3, "name": "Account"}]}
