"""A budget that ends half-way: nothing is lost or doubled, and status says when it goes on."""

from __future__ import annotations

import pytest

from tests.acceptance.office import DAY, Office

pytestmark = pytest.mark.slow


def test_work_goes_on_with_the_next_day(here: Office) -> None:
    here.stage_to(1, "churning")
    here.wait()
    budget, usage = here.service.budget, here.service.crm.usage()
    assert budget is not None
    assert usage.limit is not None
    budget.share = 100 * (budget.calls + 6.5) / usage.limit
    parked = here.run()
    assert parked.parked_until is not None
    told = here.command("status")[here.crm]
    assert "budget" in told["words"]
    assert told["calls"]["ours"] == budget.calls
    assert " is parked until 2026-03-03 " in told["words"]
    here.wait(DAY)
    budget.share = 20
    assert here.run().parked_until is None
    assert set(here.steps().values()) == {1}
    assert len(here.open_steps()) == 5
    assert here.field(1, "status") == "notice"
