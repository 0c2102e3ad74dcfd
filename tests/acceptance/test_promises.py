"""What a customer was promised is never lost: not when the day moves, not when minds change."""

from __future__ import annotations

from datetime import date

import pytest

from integrations.contract import TASK
from sync.explain import explain
from tests.acceptance.office import DAY, Office
from tests.faults.story import START

pytestmark = pytest.mark.slow

PROMISES = {"delete_or_return", "hand_over_data", "final_invoice", "switch_off_access"}


def _due(here: Office, step: str) -> date:
    task = here.task(step)
    return here.service.crm.read(TASK, [task], ("due",))[task].fields["due"].date()  # type: ignore[union-attr]


def _days(number: int) -> str:
    return (START + number * DAY).date().isoformat()


def test_another_last_day_moves_what_is_there_once_and_a_decision_leaves_it_alone(
    here: Office,
) -> None:
    here.leaves()
    here.sets(1, "departs_on", _days(12))
    here.run()
    assert here.open_steps() >= PROMISES
    before, task = _due(here, "final_invoice"), here.task("final_invoice")
    for key, value in (("departs_on", _days(80)), ("decision", "try_to_keep")):
        here.sets(1, key, value)
        here.run()
        assert here.open_steps() >= PROMISES
    assert _due(here, "final_invoice") > before
    assert here.task("final_invoice") == task
    here.sets(1, "decision", "let_go")
    here.wait(30 * DAY)
    here.run()
    assert here.field(1, "status") == "leaving"
    assert here.open_steps() >= PROMISES
    assert all(here.steps()[step] == 1 for step in PROMISES)


def test_what_is_wanted_again_comes_again(here: Office) -> None:
    here.leaves()
    here.sets(1, "reason_csm", "price")
    for decision in ("try_to_keep", "open", "try_to_keep"):
        here.sets(1, "decision", decision)
        here.run()
        assert ("rescue_plan" in here.open_steps()) is (decision == "try_to_keep")
    assert here.steps()["rescue_plan"] == 2
    told = explain(here.service, here.cases()[0])
    assert any("we closed rescue plan" in line for line in told.history)
    here.completes("rescue_plan")
    here.run()
    here.sets(1, "decision", "open")
    here.run()
    here.sets(1, "decision", "try_to_keep")
    here.run()
    assert here.steps()["rescue_plan"] == 2


def test_what_was_promised_is_told_with_its_day_and_its_state(here: Office) -> None:
    here.leaves()
    here.sets(1, "departs_on", _days(12))
    here.run()
    here.completes("final_invoice")
    here.wait(11 * DAY)
    here.run()
    promises = {
        one["step"]: one for one in here.command("explain", here.cases()[0].key)["promises"]
    }
    assert {step: one["state"] for step, one in promises.items()} == {
        "agree_dates": "broken",
        "delete_or_return": "broken",
        "hand_over_data": "broken",
        "final_invoice": "kept",
        "switch_off_access": "at risk",
        "certificate": "due",
    }
    assert promises["switch_off_access"]["day"] == _days(12)
    assert "warn_hand_over_data" in here.open_steps()
    text = here.shell("explain", here.cases()[0].key).stdout
    assert f"{_days(12)}  at risk, IT: End the access of Customer 1" in text


def test_the_proof_of_a_promise_is_read_back_with_its_task_and_asked_for_where_it_is_missing(
    here: Office,
) -> None:
    here.configure(playbooks=[{"use": "enterprise"}])
    here.leaves()
    here.sets(1, "departs_on", _days(12))
    here.run()
    here.completes("hand_over_data")
    _writes(here, "final_invoice", "INV-7, paid")
    here.completes("final_invoice")
    here.run()
    assert _states(here)["final_invoice"] == ("kept", "INV-7, paid")
    assert _states(here)["hand_over_data"] == ("kept, without evidence", "")
    assert "evidence_final_invoice" not in here.steps()
    assert "evidence_hand_over_data" in here.open_steps()
    _writes(here, "evidence_hand_over_data", "mail of Pat1")
    here.completes("evidence_hand_over_data")
    here.run()
    assert _states(here)["hand_over_data"] == ("kept", "mail of Pat1")
    assert "evidence_hand_over_data" not in here.open_steps()
    with here.service.store.reading() as tables:
        history = tables.cases.histories([here.cases()[0].key])
    assert "INV-7" not in str(history), "events hold ids alone"


def _writes(here: Office, step: str, proof: str) -> None:
    """A colleague completes the last line of a task's description."""
    object, field = {
        "hubspot": ("tasks", "hs_task_body"),
        "salesforce": ("Task", "Description"),
    }[here.crm]
    task, by = here.task(step), here.stage.colleague(here.crm)
    body = str(here.service.crm.read(TASK, [task], ("body",))[task].fields["body"])
    assert body.endswith("Evidence:")
    with here.stage.sandbox.world.lock:
        here.stage.desk(here.crm).edit(object, task, field, f"{body} {proof}", by=by)


def _states(here: Office) -> dict[str, tuple[str, str]]:
    told = here.command("explain", here.cases()[0].key)["promises"]
    return {one["step"]: (one["state"], one["evidence"]) for one in told}
