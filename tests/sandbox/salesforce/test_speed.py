"""Queries that a synchronisation asks all the time, on 25,000 records."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from integrations.sandbox.clock import Clock
from integrations.sandbox.salesforce import Salesforce
from integrations.sandbox.salesforce.org import Org
from integrations.sandbox.salesforce.soql.run import run
from integrations.sandbox.seed import Customer, Seed
from integrations.sandbox.world import World

pytestmark = pytest.mark.slow
NOW = datetime(2026, 11, 21, tzinfo=UTC)
SIZE = 25_000


@pytest.fixture(scope="module")
def org() -> Org:
    customers = tuple(
        Customer(ref=str(n), name=f"Customer {n}", created_at=NOW - timedelta(minutes=n))
        for n in range(SIZE)
    )
    seed = Seed(name="big", started_at=NOW, customers=customers)
    world = World(seed, clock=Clock(manual=NOW), dialects=[Salesforce])
    sandbox = world.dialects["salesforce"]
    assert isinstance(sandbox, Salesforce)
    org = sandbox.org
    for account in list(org["Account"].rows):
        org.make("Contact", org.integration, LastName="x", AccountId=account)
    return org


@pytest.mark.parametrize(
    ("soql", "found"),
    [
        (
            "SELECT Id, Name FROM Account WHERE SystemModstamp >= 2026-11-20T20:00:00Z "
            "ORDER BY SystemModstamp, Id",
            241,
        ),
        (
            "SELECT Id FROM Account WHERE SystemModstamp >= 2020-01-01T00:00:00Z "
            "ORDER BY SystemModstamp, Id LIMIT 500",
            500,
        ),
        ("SELECT Id, Name FROM Account WHERE Id IN ({ids})", 200),
        ("SELECT Id FROM Contact WHERE AccountId IN ({ids}) ORDER BY CreatedDate, Id", 200),
    ],
)
def test_indexes_are_used(org: Org, soql: str, found: int) -> None:
    ids = ",".join(f"'{key}'" for key in list(org["Account"].rows)[:200])
    query = soql.format(ids=ids)
    run(org, query, "v62.0")
    begun = time.process_time()
    answer = run(org, query, "v62.0")
    spent = time.process_time() - begun
    assert answer.total == found
    assert spent < 0.05, "a look at all the records takes longer"
