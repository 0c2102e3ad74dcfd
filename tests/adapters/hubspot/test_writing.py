"""What is known before a batch is sent, and how fast batches may follow each other."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from integrations.contract import Change, Create, Crm, Receipt, Write
from integrations.errors import Park, Reject
from integrations.hubspot import HubSpot
from integrations.hubspot.values import LONGEST
from integrations.pace import Pace
from tests.contract.crm.bench import Bench
from tests.contract.crm.hubspot import HubSpotBench


def stages(bench: Bench, *values: str) -> list[Write]:
    """A customer each is put into these stages."""
    return [
        Change(key=f"k{n}", ref=bench.customer(n), values={bench.words.stage: value})
        for n, value in enumerate(values, 1)
    ]


def sent(crm: Crm, writes: list[Write]) -> dict[str, Receipt]:
    """The receipts of one call."""
    (call,) = crm.pack(writes)
    return {receipt.key: receipt for receipt in crm.send(call)}


def test_a_wrong_option_does_not_cost_its_neighbours_a_call(
    bench: HubSpotBench, crm: HubSpot
) -> None:
    crm.schema(["companies"])
    bench.forget()
    made = sent(crm, stages(bench, "at_risk", "nonsense", "more nonsense", "churned"))
    assert {key: type(r.problem) for key, r in made.items() if r.problem} == {
        "k2": Reject,
        "k3": Reject,
    }
    assert bench.calls("change") == 1
    assert bench.calls("schema") == 1
    assert bench.raw(bench.customer(4), bench.words.stage) == "churned"


def test_an_option_that_was_added_meanwhile_is_taken(bench: HubSpotBench, crm: HubSpot) -> None:
    crm.schema(["companies"])
    bench.add_option("companies", bench.words.stage, "paused", "Paused")
    assert sent(crm, stages(bench, "paused"))["k1"].problem is None


def test_an_option_that_was_removed_meanwhile_is_refused(bench: HubSpotBench, crm: HubSpot) -> None:
    crm.schema(["companies"])
    place = f"properties/2026-09/companies/{bench.words.stage}"
    options = bench.crm("GET", place)["options"]
    left = [option for option in options if option["value"] != "churned"]
    bench.crm("PATCH", place, json={"options": left})
    made = sent(crm, stages(bench, "churned"))
    assert isinstance(made["k1"].problem, Reject)
    assert made["k1"].problem.field == bench.words.stage


def test_a_text_that_is_too_long_does_not_cost_its_neighbours_a_call(
    bench: HubSpotBench, crm: HubSpot
) -> None:
    crm.schema(["companies"])
    bench.forget()
    writes: list[Write] = [
        Change(
            key=f"k{more}", ref=bench.customer(n), values={"description": "x" * (LONGEST + more)}
        )
        for n, more in ((1, 1), (2, 0))
    ]
    made = sent(crm, writes)
    problem = made["k1"].problem
    assert isinstance(problem, Reject)
    assert problem.field == "description"
    assert problem.words.endswith("property description: it holds 65,536 characters")
    assert made["k0"].problem is None
    assert bench.calls("change") == 1


def test_an_owner_who_is_not_there_is_refused_by_our_word(
    bench: HubSpotBench, crm: HubSpot
) -> None:
    made = sent(crm, [Create(key="k", item=bench.task(owner="999999"))])
    problem = made["k"].problem
    assert isinstance(problem, Reject)
    assert problem.field == "owner"


def test_keeps_below_the_limit_that_the_portal_tells(
    bench: HubSpotBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.dialect.options.update({"rate_limits": True, "burst_limit": 190})
    told: list[tuple[int, float]] = []
    monkeypatch.setattr(Pace, "limit", lambda pace, *limit: told.append(limit))
    crm = bench.connect(paced=True)
    crm.identity()
    crm.related("companies", [bench.customer(5).id], "contacts", ())
    assert {*told} == {(180, 10.0), (142, 10.0)}


def test_parks_until_the_portals_midnight(bench: HubSpotBench, crm: HubSpot) -> None:
    crm.identity()
    bench.dialect.options.update({"rate_limits": True, "daily_limit": 1})
    with pytest.raises(Park) as told:
        crm.owners()
    # New York, where the day ends five hours after that of Greenwich.
    assert told.value.until == datetime(2031, 3, 4, 5, tzinfo=UTC)
