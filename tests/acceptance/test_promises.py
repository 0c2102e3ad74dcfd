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
    assert f"{_days(12)}  at risk, it: End the access of Customer 1" in text
