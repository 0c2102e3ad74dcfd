"""What changed and what was deleted in a span of time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from integrations.sandbox.salesforce import Salesforce
from integrations.sandbox.world import World

from .conftest import Api

SPAN = {"start": "2026-11-21T09:59:59+00:00", "end": "2026-11-21T10:05:59+00:00"}


def test_updated_and_deleted(api: Api, world: World, account: str) -> None:
    api.patch(f"/sobjects/Account/{account}", {"Phone": "1"})
    gone = api.create("Account", Name="gone")
    world.clock.advance(timedelta(minutes=1))
    api.delete(f"/sobjects/Account/{gone}")
    world.clock.advance(timedelta(minutes=9))
    assert api.get("/sobjects/Account/updated/", **SPAN) == {
        "ids": [account],
        "latestDateCovered": "2026-11-21T10:05:00.000+0000",
    }
    deleted = api.get("/sobjects/Account/deleted/", **SPAN)
    assert deleted["deletedRecords"] == [
        {"id": gone, "deletedDate": "2026-11-21T10:01:00.000+0000"}
    ]
    assert set(deleted) == {"deletedRecords", "earliestDateAvailable", "latestDateCovered"}


def test_nothing_is_covered_that_has_not_been(api: Api) -> None:
    answer = api.get("/sobjects/Account/updated", **SPAN)
    assert answer["latestDateCovered"] == "2026-11-21T10:00:00.000+0000"


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-11-21T10:00:10Z", "2026-11-21T10:00:50Z"),
        ("2026-10-01T00:00:00Z", "2026-11-21T00:00:00Z"),
        ("yesterday", "2026-11-21T00:00:00Z"),
    ],
)
def test_spans_that_are_none(api: Api, start: str, end: str) -> None:
    answer = api.call("GET", "/sobjects/Account/updated", params={"start": start, "end": end})
    assert answer.status_code == 400
    assert answer.json()[0]["errorCode"] == "INVALID_REPLICATION_DATE"


def test_a_late_commit_is_older_than_what_was_seen_before_it(
    api: Api, sandbox: Salesforce, world: World, account: str
) -> None:
    desk = sandbox.desk
    (colleague, _), *_ = desk.colleagues()
    sandbox.options["late_commits"] = True
    desk.edit("Account", account, "Customer_Stage__c", "churning", by=colleague)
    world.clock.advance(timedelta(minutes=5))
    other = api.create("Account", Name="Meanwhile")
    span = {"start": "2026-11-21T09:59:00Z", "end": "2026-11-21T10:30:00Z"}
    seen = api.get("/sobjects/Account/updated", **span)
    assert seen == {"ids": [other], "latestDateCovered": "2026-11-21T10:00:00.000+0000"}
    world.clock.advance(timedelta(minutes=1))
    sandbox.options["late_commits"] = False
    later = api.get("/sobjects/Account/updated", **span)
    assert later["ids"] == [account, other]
    assert later["latestDateCovered"] == "2026-11-21T10:06:00.000+0000"
    row = api.get(f"/sobjects/Account/{account}")
    assert row["SystemModstamp"] == "2026-11-21T10:00:00.000+0000"
    entry = api.one("SELECT CreatedDate, NewValue FROM AccountHistory WHERE Field != 'created'")
    assert (entry["CreatedDate"], entry["NewValue"]) == (row["SystemModstamp"], "churning")
