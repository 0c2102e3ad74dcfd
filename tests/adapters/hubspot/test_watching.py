"""What can be watched besides companies, and what HubSpot keeps of stages."""

from __future__ import annotations

from datetime import timedelta

import pytest

from integrations.contract import TASK, Change, Create, Query, Ref
from integrations.hubspot import HubSpot
from tests.contract.crm.bench import look
from tests.contract.crm.hubspot import HubSpotBench
from tests.contract.crm.people import MINUTE, START

WATCHED = ("companies", "contacts", "deals")
STAGES = {"companies": "lifecyclestage", "contacts": "lifecyclestage", "deals": "dealstage"}
VALUES = {"companies": "other", "contacts": "other", "deals": "closedlost"}


def record(bench: HubSpotBench, object: str) -> Ref:
    """One of each kind."""
    made = {"companies": bench.customer, "contacts": lambda: bench.people()[0], "deals": bench.deal}
    return made[object]()


@pytest.mark.parametrize("object", WATCHED)
def test_sees_a_stage_that_moves_and_when(bench: HubSpotBench, crm: HubSpot, object: str) -> None:
    ref, stage = record(bench, object), STAGES[object]
    query = Query(object=object, fields=(stage,), having=stage)
    cursor = look(crm, Query(object=object, fields=(stage,)))[-1].cursor
    bench.pass_(20 * MINUTE)
    bench.edit(ref, stage, VALUES[object])
    bench.pass_(5 * MINUTE)
    (page,) = look(crm, query, cursor)
    (seen,) = page.records
    assert (seen.ref, seen.fields) == (ref, {stage: VALUES[object]})
    # The moment of its modification; its name differs by object.
    assert seen.modified_at == START + 20 * MINUTE
    newest = crm.history(object, [ref.id], stage)[ref.id][0]
    assert (newest.value, newest.at) == (VALUES[object], START + 20 * MINUTE)


@pytest.mark.parametrize("object", WATCHED)
def test_tasks_can_be_about_each(bench: HubSpotBench, object: str) -> None:
    # Where keys are not unique, a task is found by what it is about.
    bench.dialect.options["unique_task_keys"] = False
    crm, ref = bench.connect(), record(bench, object)
    for spec in bench.keys:
        crm.provision(spec)
    (call,) = crm.pack([Create(key="k:one", item=bench.task(about=ref))])
    (receipt,) = crm.send(call)
    assert receipt.problem is None
    assert [held.id for held in crm.find(TASK, {"k:one": ref})] == [receipt.id]


def test_sees_what_the_index_shows_late(bench: HubSpotBench, crm: HubSpot) -> None:
    query = Query(object="companies", fields=(bench.words.stage,))
    cursor = look(crm, query)[-1].cursor
    bench.pass_(60 * MINUTE)
    cursor = look(crm, query, cursor)[-1].cursor
    bench.dialect.options["search_lag"] = 240
    bench.move(bench.customer(2))
    bench.pass_(2 * MINUTE)
    pages = look(crm, query, cursor)
    assert [r.ref for page in pages for r in page.records] == []
    bench.pass_(3 * MINUTE)
    (page,) = look(crm, query, pages[-1].cursor)
    assert [r.fields[bench.words.stage] for r in page.records] == ["churning"]


def test_two_moves_between_two_looks_are_two(bench: HubSpotBench, crm: HubSpot) -> None:
    ref, stage = bench.customer(), bench.words.stage
    for to in ("churning", "active"):
        bench.pass_()
        bench.move(ref, to)
    moments = crm.history(ref.object, [ref.id], stage)[ref.id]
    assert [moment.value for moment in moments[:2]] == ["active", "churning"]


def test_an_edit_of_another_field_is_no_move(bench: HubSpotBench, crm: HubSpot) -> None:
    ref, stage = bench.customer(), bench.words.stage
    before = crm.history(ref.object, [ref.id], stage)
    bench.pass_()
    bench.edit(ref, bench.words.seats, "7")
    assert crm.history(ref.object, [ref.id], stage) == before


def test_the_stages_of_every_pipeline_have_labels(bench: HubSpotBench, crm: HubSpot) -> None:
    fields = crm.schema(["deals"])["deals"].fields
    stages = {option.value: option.label for option in fields["dealstage"].options}
    assert stages["closedlost"] == "Closed Lost"
    stage = {"label": "Lost", "displayOrder": 0, "metadata": {"probability": "0.0"}}
    body = {"label": "Renewals", "displayOrder": 1, "stages": [stage]}
    made = bench.crm("POST", "pipelines/2026-09/deals", json=body)
    fields = crm.schema(["deals"])["deals"].fields
    labels = {option.value: option.label for option in fields["dealstage"].options}
    assert labels[made["stages"][0]["id"]] == "Renewals: Lost"
    assert labels["closedlost"].endswith(": Closed Lost")
    assert made["id"] in {option.value for option in fields["pipeline"].options}


def test_stages_of_a_portals_own_are_read_from_it(bench: HubSpotBench, crm: HubSpot) -> None:
    bench.add_option("companies", bench.words.stage, "9921", "Leaving us")
    stage = crm.schema(["companies"])["companies"].fields[bench.words.stage]
    assert ("9921", "Leaving us") in {(option.value, option.label) for option in stage.options}
    bench.pass_()
    bench.move(bench.customer(), "9921")
    assert bench.raw(bench.customer(), bench.words.stage) == "9921"


def test_history_knows_our_own_writes(bench: HubSpotBench, crm: HubSpot) -> None:
    ref, stage = bench.customer(), bench.words.stage
    bench.pass_(timedelta(hours=1))
    (call,) = crm.pack([Change(key="k", ref=ref, values={stage: "at_risk"})])
    crm.send(call)
    newest = crm.history(ref.object, [ref.id], stage)[ref.id][0]
    assert (newest.value, newest.by) == ("at_risk", None)
    bench.pass_()
    bench.move(ref)
    assert crm.history(ref.object, [ref.id], stage)[ref.id][0].by
