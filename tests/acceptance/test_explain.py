"""What `aurevoir explain` answers to "why did this not happen, and what comes next?"."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from integrations.sandbox.seed import Colleague, Seed
from tests.acceptance.office import CRMS, DAY, Office, office, staff
from tests.acceptance.test_people_win import _person
from tests.acceptance.test_survey import _withheld

pytestmark = pytest.mark.slow


def told(here: Office, part: str = "withheld", number: int = 1) -> str:
    """One part of what the command prints about a customer's latest case."""
    answer = here.command("explain", here.cases(number)[0].key)[part]
    return "\n".join(answer)


def test_a_step_that_waits_for_a_gate_says_which_who_opens_it_and_when_it_goes_on(
    here: Office,
) -> None:
    here.leaves()
    words = told(here)
    assert (
        "decide: waits for a reason; whoever sets “Reason said by us” on the customer, or answers "
        "the survey, lets it go on; customer success hears of it 1 business day before; it goes on "
        "by itself on 2026-03-09 09:00"
    ) in words
    assert "exit talk: waits for the decision; whoever sets “Decision” on the customer" in words
    assert "thank you: waits for the last day, 31 May 2026, until 2026-05-30 23:00" in words
    here.sets(1, "decision", "try_to_keep")
    here.run()
    assert "exit talk: people try to keep the customer; whoever sets “Decision”" in told(here)


def test_what_comes_next_has_its_dates(here: Office) -> None:
    here.leaves()
    lines = told(here, "coming").splitlines()
    assert lines == [*sorted(lines[:-1]), lines[-1]]
    assert lines[0].startswith("2026-03-02 13:00  is due, with Ann Archer: Acknowledge the notice")
    assert "2026-03-09 09:00  may come: decide (waits for a reason)" in lines
    text = here.shell("explain", here.cases()[0].key).stdout
    assert "What comes next" in text


@pytest.mark.parametrize("crm", CRMS)
def test_an_inactive_owner_is_named_and_so_is_whoever_has_the_task_instead(
    crm: str, tmp_path: Path
) -> None:
    with office(crm, tmp_path, people=_gone()) as here:
        here.run()
        here.leaves()
        words = told(here, "owners")
        assert "Tim Young is inactive" in words
        # Who comes next depends on the default mapping of the CRM.
        instead = {"hubspot": "Ann Archer", "salesforce": "Customer Success"}[crm]
        assert f"acknowledge: it went to {instead}, as the ones before could not take it" in words


def test_steps_that_wait_for_the_same_thing_stand_together(here: Office) -> None:
    here.leaves()
    explained = here.shell("explain", here.cases()[0].key).stdout
    waits = [line for line in explained.splitlines() if ": waits for the decision" in line]
    assert len(waits) == 1
    assert waits[0].startswith("  exit talk, delete or return, hand over data, ")
    planned = here.shell("plan").stdout
    assert planned.count("waits for the decision") == 1


def test_a_status_that_no_case_has_is_refused(here: Office) -> None:
    done = here.shell("cases", "--status", "leavin")
    assert done.returncode == 2
    assert 'there is no such status; did you mean "leaving"?' in done.stderr


def test_a_customer_can_be_named(here: Office) -> None:
    here.leaves()
    case = here.cases()[0]
    with here.stage.sandbox.world.lock:
        sheet = here.stage.desk(here.crm).customer(case.record)
    assert sheet
    for words in (case.key, case.record, sheet.name.upper()):
        assert here.command("explain", words)["case"] == case.key
    wrong = here.shell("explain", f"{sheet.name}x")
    assert wrong.returncode == 2
    assert f'did you mean "{sheet.name}"?' in wrong.stderr


def _gone() -> Seed:
    """Three customers whose CSM has left the company."""
    few = staff()
    tim = Colleague(
        handle="tim", first="Tim", last="Young", email="tim@vendor.example", title="CSM",
        active=False,
    )  # fmt: skip
    customers = tuple(replace(one, csm="tim") for one in few.customers)
    return replace(few, colleagues=(*few.colleagues, tim), customers=customers)


@pytest.mark.parametrize("crm", CRMS)
def test_a_law_that_forbids_the_survey_is_named(crm: str, tmp_path: Path) -> None:
    few = staff()
    there = tuple(replace(one, country="DE") for one in few.customers)
    with office(crm, tmp_path, people=replace(few, customers=there)) as here:
        here.run()
        here.leaves()
        here.wait(2 * DAY)
        here.run()
        assert "survey for Pat1 Smith: Germany: " in told(here)


def test_an_opt_out_is_named(here: Office) -> None:
    here.leaves()
    person = _person(here)
    with here.stage.sandbox.world.lock:
        here.stage.desk(here.crm).unsubscribe(person)
    here.wait(2 * DAY)
    here.run()
    assert "Pat1 Smith" in told(here)
    assert any(word in told(here) for word in ("opted out", "unsubscribed"))


def test_who_was_asked_lately_has_a_rest_and_the_day_it_ends(here: Office) -> None:
    here.leaves()
    here.wait(2 * DAY)
    here.run()
    here.stage_to(1, "active")
    here.wait()
    here.run()
    here.wait(40 * DAY)
    here.leaves()
    here.wait(2 * DAY)
    here.run()
    assert "nobody gets two within 90 days, until 2026-06" in _withheld(here, 1)
    assert "nobody gets two within 90 days, until 2026-06" in told(here)


def test_what_a_person_has_edited_is_named_by_its_label(here: Office) -> None:
    here.leaves()
    here.sets(1, "next_step", "Call them on Friday")
    here.completes("acknowledge")
    here.run()
    assert "“Next step” is left alone: a person changed it" in told(here, "there")
