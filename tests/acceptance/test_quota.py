"""A budget that ends half-way: nothing is lost or doubled, and status says when it goes on."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from integrations.errors import Park
from integrations.sandbox import visitor
from integrations.sandbox.hubspot.dialect import HubSpot
from sync.engine.jobs import refresh
from sync.preview import looking, preview
from tests.acceptance.office import CRMS, DAY, HOUR, MINUTE, Office, office
from tests.acceptance.test_service import engine

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


@pytest.mark.parametrize("crm", CRMS)
def test_pages_keep_working_while_the_budget_is_used_up(crm: str, tmp_path: Path) -> None:
    with office(crm, tmp_path) as here, here.stage.pages() as pages:
        here.service = here.stage.connect(crm)
        here.run()
        here.leaves()
        here.wait(2 * DAY)
        here.run()
        link = pages.urls["public"] + urlsplit(_link(here)).path
        budget = here.service.budget
        assert budget is not None
        budget.share = 0.000001
        here.wait(HOUR)
        assert here.run().parked_until is not None

        visitor.fill_in(link, {"reason": "price", "what_changed": "The quote.", "talk": "no"})
        assert here.run().parked_until is not None
        with budget.free():
            assert here.field(1, "reason_customer") is None

        here.wait(DAY)
        budget.share = 20
        assert here.run().parked_until is None
        assert here.field(1, "reason_customer") == "price"
        assert here.notes()["feedback"] == 1
        assert here.records()[0].count("The quote.") == 1
        assert here.run().writes == 0


def test_a_start_on_a_used_up_day_is_told(here: Office) -> None:
    here.leaves()
    options = here.stage.dialect(here.crm).options
    name = "daily_limit" if here.crm == "hubspot" else "daily_requests"
    options["rate_limits"] = True
    before, options[name] = options[name], 1
    for _ in range(2):
        with pytest.raises(Park):
            here.restart()
        told = here.command("status")[here.crm]
        assert " is parked until 2026-03-0" in told["words"]
        assert "daily" in told["words"] or "24 hours" in told["words"], told["words"]
    options[name] = before
    here.wait(DAY)
    here.service = here.restart()
    assert here.run().parked_until is None
    assert " works; " in here.says()


@pytest.mark.parametrize("crm", CRMS)
def test_a_very_first_start_on_a_used_up_day_is_told(crm: str, tmp_path: Path) -> None:
    with office(crm, tmp_path) as here:
        _forget(here)
        options = here.stage.dialect(crm).options
        name = "daily_limit" if crm == "hubspot" else "daily_requests"
        options["rate_limits"] = True
        before, options[name] = options[name], 1
        assert f"has not signed in to {crm} yet; `aurevoir run` does" in here.says()
        for words in (("check",), ("provision", "--yes"), ("plan",), ("run", "--once")):
            done = here.shell(*words)
            (told,) = done.stderr.splitlines()
            assert told.startswith(f"aurevoir: connections.{crm}: "), told
            assert "daily limit of calls is used up; try again " in told
            assert (done.returncode, done.stdout) == (3, "")
        with engine(here) as says:
            assert says("trouble")["problem"] == "park"
            said = here.says()
            assert f"has not signed in to {crm} yet; it is parked until 2026-03-0" in said
            assert " UTC: " in said
            assert "daily limit of calls is used up" in said
            assert here.command("status")[crm]["kind"] is None
            here.wait(DAY)
            options[name] = before
            says("signed in")
            while " works; " not in here.says():
                here.wait(MINUTE)
                says("call")


def _forget(here: Office) -> None:
    """Nobody has ever started here."""
    here.stage.app.store.close()
    for file in here.stage.app.folder.glob("aurevoir.db*"):
        file.unlink()
    del here.stage.app.__dict__["store"]


def test_the_forecast_holds_what_looking_costs(here: Office) -> None:
    """Held against the calls of the hours that follow, in which nothing happens."""
    here.leaves()
    here.service.poll = 10 * MINUTE
    budget, now = here.service.budget, here.service.clock()
    assert budget is not None
    ahead = preview(here.service).forecast
    assert ahead is not None
    assert ahead.left == budget.left
    assert ahead.ends == budget.ends
    assert ahead.looking == looking(here.service).until(ahead.ends, now)
    expected, before = looking(here.service).until(now + 3 * HOUR, now), budget.calls
    for _ in range(3):
        refresh(here.service)
        for _ in range(6):
            here.wait(10 * MINUTE)
            here.run()
    assert expected == pytest.approx(budget.calls - before, rel=0.25)
    told = here.shell("plan").stdout
    assert " calls until 2026-03-03 00:00 EST; today's budget has " in told


def test_a_limit_that_only_the_admin_knows(tmp_path: Path) -> None:
    """HubSpot tells an app that was installed by OAuth of no daily limit."""
    with office("hubspot", tmp_path) as here:
        dialect = here.stage.dialect("hubspot")
        assert isinstance(dialect, HubSpot)
        names = ("client_id", "client_secret", "refresh_token")
        here.signs_in(**{name: dialect.app()[name] for name in names})
        assert here.service.crm.usage().limit is None
        here.run()
        assert here.command("status")["hubspot"]["calls"] is None

        here.written(quota={"daily": 1000, "share": "10%"})
        here.run()
        calls = here.command("status")["hubspot"]["calls"]
        assert (calls["budget"], calls["limit"], calls["used"]) == (100, 1000, None)
        assert 0 < calls["ours"] < 100
        here.leaves()
        while here.run().parked_until is None:
            here.wait(MINUTE)
        assert here.service.budget is not None
        assert here.service.budget.calls == 100
        assert "today's budget of 100 calls is used (10 % of 1000)" in here.says()
        here.wait(DAY)
        assert here.run().parked_until is None
        assert set(here.steps().values()) == {1}


def _link(here: Office) -> str:
    with here.stage.sandbox.world.lock:
        sheet = here.stage.desk(here.crm).customer(here.customer(1))
    assert sheet
    [person] = sheet.contacts
    return next(line.value for line in person.lines if line.label == "Survey link")
