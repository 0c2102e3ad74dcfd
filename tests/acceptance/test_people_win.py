"""What people do in the CRM is final, and nobody is written to who does not want it."""

from __future__ import annotations

import pytest

from sync.explain import explain
from sync.verify import verify
from tests.acceptance.office import DAY, Office
from tests.acceptance.test_plan_and_run import _sent
from tests.faults.deletion import delete

pytestmark = pytest.mark.slow


def test_an_edit_wins_field_by_field(here: Office) -> None:
    here.leaves()
    task = here.task("check_contract")
    object, field = {
        "hubspot": ("tasks", "hs_task_subject"),
        "salesforce": ("Task", "Subject"),
    }[here.crm]
    with here.stage.sandbox.world.lock:
        here.stage.desk(here.crm).edit(
            object, task, field, "Ask legal first", by=here.stage.colleague(here.crm)
        )
    here.sets(1, "departs_on", "2026-06-30")
    here.run()
    here.stage_to(1, "active")
    here.wait()
    here.run()
    held = here.service.crm.read("task", [task], ("subject", "done"))[task].fields
    assert (held["subject"], held["done"]) == ("Ask legal first", True)


def test_a_deleted_task_stays_deleted_and_a_done_one_done(here: Office) -> None:
    here.leaves()
    here.completes("acknowledge")
    delete(here, here.task("check_contract"))
    for _ in range(3):
        here.wait(DAY)
        here.run()
    assert "check_contract" not in here.steps()
    assert here.steps()["acknowledge"] == 1
    here.stage_to(1, "active")
    here.wait()
    here.run()
    assert here.steps()["acknowledge"] == 1
    assert verify(here.service).missing == []


def test_who_opts_out_between_plan_and_delivery_gets_nothing(here: Office) -> None:
    here.command("pause", "--outward")
    here.leaves()
    here.wait(2 * DAY)
    here.run()
    person = _person(here)
    with here.stage.sandbox.world.lock:
        here.stage.desk(here.crm).unsubscribe(person)
    here.command("release")
    here.run()
    assert _sent(here) == []
    told = explain(here.service, here.cases()[0])
    assert any("opted out" in line or "unsubscribed" in line for line in told.withheld)


def test_a_deleted_customer_ends_the_case(here: Office) -> None:
    here.leaves()
    delete(here, here.customer(1), of="customer")
    here.wait(20 * DAY)  # long enough for a CRM that tells of deletions only when it is written to
    here.run()
    here.run()
    with here.service.store.reading() as tables:
        (case,) = tables.cases.list(here.crm)
    assert case.status == "gone"


def _person(here: Office) -> str:
    with here.service.store.reading() as tables:
        return tables.people.people(here.crm, [here.customer(1)])[here.customer(1)][0].ref.id
