"""Versions of the API that a portal does not have, or has no longer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from integrations.contract import Change, Create
from integrations.errors import CrmError, Gone
from integrations.hubspot import HubSpot
from integrations.hubspot.paths import PATHS, VERSIONS, path
from integrations.registry import Access, connect
from tests.contract.crm.hubspot import HubSpotBench


def paths(bench: HubSpotBench) -> list[str]:
    """What was asked for."""
    with bench.world.lock:
        return [entry.path.partition("?")[0] for entry in bench.world.traffic.entries()]


@pytest.mark.parametrize("operation", PATHS)
def test_the_sandbox_has_every_version_of_every_path(bench: HubSpotBench, operation: str) -> None:
    for version in VERSIONS:
        method, template = path(operation, version)
        filled = template.format(
            object="deals", to="contacts", list="1", email="a@b.example", name="x"
        )
        found = bench.dialect.routes.find(method, filled)
        assert found is not None, filled


@pytest.mark.parametrize("status", [404, 410])
def test_goes_on_to_the_version_that_is_there(bench: HubSpotBench, status: int) -> None:
    crm = bench.connect()
    bench.strike("account.info", status=status, times=2)
    assert crm.identity().version == "v3"
    assert paths(bench) == [
        "/account-info/2026-09/details",
        "/account-info/2026-03/details",
        "/account-info/v3/details",
    ]
    bench.forget()
    crm.identity()
    assert paths(bench) == ["/account-info/v3/details"]


def test_each_operation_has_its_own(bench: HubSpotBench) -> None:
    crm = bench.connect()
    bench.strike("owners.list", status=404)
    crm.owners()
    assert crm.identity().version == "2026-09"
    assert {place.split("/")[3] for place in paths(bench) if "owners" in place} >= {"2026-03"}


def test_notices_a_version_that_is_retired_meanwhile(bench: HubSpotBench, crm: HubSpot) -> None:
    values = {bench.words.seats: 5}
    (call,) = crm.pack([Change(key="k", ref=bench.customer(), values=values)])
    crm.send(call)
    bench.strike("change", status=410)
    (receipt,) = crm.send(call)
    assert receipt.problem is None
    assert bench.calls("change") == 3


def test_what_no_version_has_is_refused_as_the_newest_says(bench: HubSpotBench) -> None:
    crm = bench.connect()
    with pytest.raises(CrmError) as told:
        list(crm.members("999"))
    assert isinstance(told.value, Gone)
    assert len(paths(bench)) == len(VERSIONS)


def test_a_write_is_not_repeated_where_a_version_has_answered(
    bench: HubSpotBench, crm: HubSpot
) -> None:
    (call,) = crm.pack([Create(key="k:one", item=bench.task())])
    bench.strike("create", status=502, times=3)
    with pytest.raises(CrmError):
        crm.send(call)
    assert bench.calls("create") == 1


def test_whoever_looks_at_the_wire_sees_every_request_and_how_it_ended(
    bench: HubSpotBench,
) -> None:
    seen: list[tuple[str, str]] = []

    @contextmanager
    def wire(operation: str) -> Iterator[None]:
        try:
            yield
        except CrmError as problem:
            seen.append((operation, problem.name))
            raise
        seen.append((operation, "ok"))

    crm = connect(
        "hubspot",
        Access(token=bench.dialect.credentials()["token"], url=bench.url, paced=False),
        bench.names,
        wire,
    )
    bench.strike("account.info", status=410)
    crm.identity()
    bench.strike("owners.list", status=429, body=bench.busy["body"])
    with pytest.raises(CrmError):
        crm.owners()
    (one, two, three) = seen
    assert (one[0], two, three) == (
        "hubspot.account.info",
        ("hubspot.account.info", "ok"),
        ("hubspot.owners.list", "retry"),
    )
    assert one[1] != "ok"
