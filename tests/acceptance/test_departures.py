"""Customers leave, stay, come back and leave again; what a colleague sees in the CRM."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from integrations.contract import TASK
from sync.backfill import backfill
from tests.acceptance.office import CRMS, DAY, MINUTE, Office, crowd, office, staff
from tests.faults.story import START

pytestmark = pytest.mark.slow

NOTICE = {"acknowledge", "confirm_reason", "check_contract", "agree_dates", "read_the_signals"}


@pytest.mark.parametrize("crm", CRMS)
def test_the_first_look_is_silent_and_backfill_opens_what_is_asked_for(
    crm: str, tmp_path: Path
) -> None:
    with office(crm, tmp_path) as here:
        here.stage_to(1, "churning")
        here.wait(DAY)
        first = here.run()
        assert (first.baseline, first.old, first.opened) == (True, 1, 0)
        here.wait()
        assert here.run().writes == 0
        assert backfill(here.service, here.stage.clock.now()) == 0
        assert backfill(here.service, here.stage.clock.now() - 2 * DAY) == 1
        here.wait()
        here.run()
        assert here.open_steps() == NOTICE
        assert backfill(here.service, here.stage.clock.now() - 2 * DAY) == 0


def test_an_entry_counts_once_it_has_settled(here: Office) -> None:
    here.stage_to(1, "churning")
    here.wait(MINUTE)
    assert here.run().opened == 1
    assert here.keys() == {}
    here.wait()
    here.run()
    assert here.open_steps() == NOTICE
    assert here.field(1, "status") == "notice"


def test_a_slip_of_the_mouse_leaves_no_trace(here: Office) -> None:
    here.stage_to(1, "churning")
    here.wait(MINUTE)
    here.run()
    here.stage_to(1, "active")
    here.wait(DAY)
    here.run()
    assert here.keys() == {}
    assert here.field(1, "status") is None


def test_an_edit_inside_the_stage_is_no_entry(here: Office) -> None:
    here.leaves()
    here.sets(1, "reason_csm", "price")
    here.run()
    here.stage_to(1, "churned")
    here.wait()
    here.run()
    assert len(here.cases()) == 1
    assert all(number == 1 for number in here.steps().values())


def test_who_stays_has_no_open_tasks(here: Office) -> None:
    here.leaves()
    here.stage_to(1, "active")
    here.wait()
    here.run()
    assert here.field(1, "status") == "saved"
    assert here.open_steps() == set()
    assert here.steps().keys() == NOTICE


def test_who_comes_back_after_the_last_day_has_returned(here: Office) -> None:
    here.leaves()
    here.wait(91 * DAY)
    here.run()
    assert here.field(1, "status") == "departed"
    here.stage_to(1, "active")
    here.wait()
    here.run()
    assert here.field(1, "status") == "returned"
    assert here.open_steps() == {"greet"}


def test_who_has_come_back_and_leaves_again_soon_gets_the_whole_goodbye_once_more(
    here: Office,
) -> None:
    here.leaves()
    for step in ("acknowledge", "agree_dates"):
        here.completes(step)
    here.wait(91 * DAY)
    here.run()
    for step in ("switch_off_access", "final_invoice"):
        here.completes(step)
    here.stage_to(1, "active")
    here.wait()
    here.run()
    assert here.field(1, "status") == "returned"
    here.wait(10 * DAY)
    here.leaves()
    second, first = here.cases()
    assert (first.closed, second.number, here.field(1, "status")) == (True, 2, "notice")
    assert here.open_steps() >= NOTICE
    here.wait(31 * DAY)
    here.run()
    assert {"switch_off_access", "final_invoice"} <= here.open_steps()


@pytest.mark.parametrize("crm", CRMS)
def test_at_short_notice_every_task_has_a_day_that_can_be_kept(crm: str, tmp_path: Path) -> None:
    few = staff()
    soon = replace(few.customers[0], contract_end=(START + 2 * DAY).date())
    with office(crm, tmp_path, people=replace(few, customers=(soon,))) as here:
        here.run()
        here.leaves()
        promised = {"delete_or_return", "hand_over_data", "final_invoice", "switch_off_access"}
        assert promised <= here.open_steps()
        assert not {step for step in here.open_steps() if step.startswith("warn_")}
        read = here.service.crm.read(TASK, [here.task(step) for step in promised], ("due",))
        days = {one.fields["due"].date() for one in read.values()}  # type: ignore[union-attr]
        assert days == {(START + DAY).date(), (START + 2 * DAY).date()}


def test_who_stays_is_looked_after_and_a_second_notice_is_a_re_churn(here: Office) -> None:
    here.leaves()
    here.stage_to(1, "active")
    here.wait()
    here.run()
    here.wait(31 * DAY)
    here.run()
    assert here.open_steps() == {"check_in_30"}
    here.wait(10 * DAY)
    here.leaves()
    assert here.open_steps() == NOTICE | {"rechurn"}
    told = here.command("explain", here.cases()[0].key)["history"]
    assert "having stayed on 2026-03-02" in told[0]


def test_within_the_window_the_case_goes_on_with_new_tasks_for_what_was_not_done(
    here: Office,
) -> None:
    here.leaves()
    here.completes("acknowledge")
    here.stage_to(1, "active")
    here.wait()
    here.run()
    here.wait(3 * DAY)
    here.leaves()
    assert len(here.cases()) == 1
    assert here.open_steps() == NOTICE - {"acknowledge"} | {"rechurn"}
    assert here.steps()["acknowledge"] == 1
    assert here.steps()["confirm_reason"] == 2
    assert here.field(1, "status") == "notice"


def test_after_the_window_a_new_case_starts_with_empty_fields_and_a_note_of_its_own(
    here: Office,
) -> None:
    here.leaves()
    here.sets(1, "reason_csm", "price")
    here.sets(1, "exit_words", "Too dear for us.")
    here.run()
    assert here.notes() == {"feedback": 1}
    here.stage_to(1, "active")
    here.wait()
    here.run()
    here.wait(40 * DAY)
    here.leaves()
    second, first = here.cases()
    assert (first.number, first.closed, second.number) == (1, True, 2)
    assert here.field(1, "case") == second.key
    assert here.field(1, "exit_reason") is None
    assert here.field(1, "reason_csm") is None
    assert here.notes() == {"feedback": 2}
    before, _ = here.records()
    assert "Outcome: saved" in before
    assert "Price" in before
    assert "“Too dear for us.”" in before
    here.sets(1, "reason_csm", "competitor")
    here.run()
    assert here.field(1, "exit_reason") == "competitor"
    after, newest = here.records()
    assert after == before
    assert "Outcome: leaving" in newest
    assert "Competitor" in newest


def test_the_same_reason_counts_for_every_departure(here: Office) -> None:
    for number in (1, 2, 3):
        here.leaves()
        assert here.field(1, "reason_csm") is None
        here.sets(1, "reason_csm", "price")
        here.run()
        assert here.notes() == {"feedback": number}
        here.stage_to(1, "active")
        here.wait()
        here.run()
        here.wait(40 * DAY)


def test_what_was_said_of_a_second_departure_is_heard_once(here: Office) -> None:
    here.leaves()
    here.sets(1, "reason_csm", "price")
    here.run()
    here.stage_to(1, "active")
    here.wait()
    here.run()
    here.wait(40 * DAY)
    here.leaves()
    here.sets(1, "reason_csm", "competitor")
    here.run()
    named_on = here.field(1, "reason_confirmed_on")
    for _ in range(3):
        here.wait(30 * DAY)
        here.run()
    assert here.field(1, "status") != "assess"
    assert here.field(1, "reason_confirmed_on") == named_on


def test_a_changed_watch_fires_nothing_old(here: Office) -> None:
    watch = here.service.programme.watch[0].model_dump(mode="json", exclude_none=True)
    here.stage_to(1, "at_risk")
    here.wait()
    here.run()
    watch["enters"] = {"notice": ["churning", "at_risk"], "leaving": ["churned"]}
    here.configure(watch=[watch])
    changed = here.run()
    here.wait()
    here.run()
    assert (changed.baseline, changed.old, changed.opened) == (True, 1, 0)
    assert here.cases() == []
    here.leaves(2, "at_risk")
    assert here.open_steps(2) == NOTICE


@pytest.mark.parametrize("crm", CRMS)
def test_the_brake_holds_a_mass_update_until_somebody_lets_go(crm: str, tmp_path: Path) -> None:
    with office(crm, tmp_path, people=crowd(300)) as here:
        here.run()
        here.all_to("churning")
        here.wait()
        assert here.run().writes == 0
        here.wait()
        again = here.run()
        assert again.writes == 0
        assert again.held == "300 customers entered the stage at once; the brake is set to 25"
        assert here.command("status")[crm]["held"] == again.held
        assert "`aurevoir release` lets it go on" in here.shell("status").stdout.replace("\n", " ")
        here.command("release")
        assert here.run().writes > 300
        assert here.field(300, "status") == "notice"
