"""The recipes of the documentation, each run to its end as a colleague would see it in the CRM."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from shutil import copytree

import pytest
import yaml

from integrations.contract import TASK, Value
from integrations.sandbox.seed import Seed
from mappings.playbook import PHASES
from sync.model import Kind
from sync.verify import verify
from tests.acceptance.office import CRMS, DAY, Office, office, staff

pytestmark = pytest.mark.slow

RECIPES = Path(__file__).parents[2] / "docs" / "recipes"


@contextmanager
def recipe(name: str, crm: str, folder: Path) -> Iterator[Office]:
    """An office that works by a recipe; the service has taken its baseline."""
    copytree(RECIPES / "playbooks", folder / "playbooks")
    mapping = yaml.safe_load((RECIPES / f"{name}.yaml").read_text())
    if crm == "salesforce" and "customer" in mapping:
        mapping["customer"]["more"]["sector"] = "Industry"
    with office(crm, folder, people=customers(), **mapping) as here:
        here.run()
        yield here


def customers() -> Seed:
    """A large customer, a person, a small company, and an authority."""
    few = staff()
    large, person, small = few.customers
    return replace(
        few,
        customers=(
            replace(large, mrr=9000, seats=800, plan="enterprise"),
            replace(person, mrr=9, seats=1, plan="basic"),
            replace(small, mrr=500, seats=12, plan="basic"),
            replace(
                small,
                ref="C4",
                name="Customer 4",
                mrr=400,
                seats=9,
                industry="Government Administration",
                people=(),
            ),
        ),
    )


def sent(here: Office, number: int) -> list[str]:
    """The messages that went out to the people of a customer."""
    with here.service.store.reading() as tables:
        keys = [row.key for row in here.cases(number)]
        histories = tables.cases.histories(keys, kinds=[Kind.SENT])
    return [event.data["step"] for events in histories.values() for event in events]


def work_off(here: Office, number: int, *, leave: frozenset[str] = frozenset()) -> set[str]:
    """Complete every open task of a customer but these; returns their steps."""
    steps = here.open_steps(number) - leave
    for step in steps:
        here.completes(step, number)
    return steps


def to_the_end(here: Office, *numbers: int) -> list[set[str]]:
    """Work through the tasks of these customers for 130 days; returns what each of them had."""
    seen = [work_off(here, number) for number in numbers]
    for _ in range(26):
        here.wait(5 * DAY)
        here.run()
        seen = [had | work_off(here, n) for had, n in zip(seen, numbers, strict=True)]
    here.run()
    ours = ("warn_", "gate_", "evidence_")
    return [{step for step in had if not step.startswith(ours)} for had in seen]


def book(here: Office, name: str) -> set[str]:
    """The steps for who goes, without those for who stays or comes back."""
    steps = here.service.programme.books[name].steps
    return {name for name, step in steps.items() if step.phase in PHASES}


def nothing_amiss(here: Office) -> None:
    found = verify(here.service)
    assert (found.missing, found.extra) == ([], [])


@pytest.mark.parametrize("crm", CRMS)
def test_gitlab_asks_small_customers_a_day_later_and_reminds_them_once(
    crm: str, tmp_path: Path
) -> None:
    with recipe("gitlab-survey", crm, tmp_path) as here:
        for number in (1, 3, 4):
            here.leaves(number, "churned")
        assert here.open_steps(3) == {"dry_check"}
        here.wait(DAY)
        here.run()
        assert sent(here, 3) == ["survey"]
        here.wait(7 * DAY)
        here.run()
        assert sent(here, 3) == ["survey", "survey_reminder"]
        assert to_the_end(here, 3) == [book(here, "survey_only")]
        assert sent(here, 3) == ["survey", "survey_reminder"]
        for number in (1, 4):
            assert sent(here, number) == []
            assert here.keys(number) == {}
        nothing_amiss(here)


@pytest.mark.parametrize("crm", CRMS)
def test_shelterbuddy_has_one_date_and_whoever_moves_it_moves_the_tasks(
    crm: str, tmp_path: Path
) -> None:
    with recipe("shelterbuddy", crm, tmp_path) as here:
        here.leaves(1, "churned")
        assert here.open_steps() == {
            "set_churn_date",
            "exit_call",
            "data_export",
            "final_invoice",
            "cut_off_access",
        }
        before = due(here, "cut_off_access")
        here.sets(1, "departs_on", "2026-04-15")
        here.wait()
        here.run()
        after = due(here, "cut_off_access")
        assert (before, after) == ("2026-05-31", "2026-04-15")
        work_off(here, 1, leave=frozenset({"data_export"}))
        here.wait(36 * DAY)
        here.run()
        assert here.open_steps() == {"data_export", "warn_data_export"}
        here.completes("data_export")
        here.run()
        assert here.open_steps() == set()
        assert to_the_end(here, 1) == [{"close_renewal"}]
        assert here.field(1, "status") == "alumni"
        assert here.field(1, "progress") == 100
        nothing_amiss(here)


@pytest.mark.parametrize("crm", CRMS)
def test_the_full_programme_has_a_goodbye_for_every_kind_of_customer(
    crm: str, tmp_path: Path
) -> None:
    with recipe("full", crm, tmp_path) as here:
        for number in (1, 2, 3):
            here.leaves(number)
        assert "seats: 800" in body(here, "review_signals").lower()
        here.sets(1, "reason_csm", "price")
        here.sets(1, "decision", "try_to_keep")
        here.sets(2, "reason_csm", "payment_failure")
        here.run()
        assert {"settle_payment"} < here.open_steps(2)
        offered = work_off(here, 1)
        for _ in range(3):
            here.run()
            offered |= work_off(here, 1)
        here.sets(1, "decision", "let_go")
        here.run()
        large, person, small = to_the_end(here, 1, 2, 3)
        assert offered | large == book(here, "enterprise")
        assert person == book(here, "consumer") - {"help_the_family", "thank_you"}
        # Where the CRM mails for us, letters need nobody.
        mailed = {"thank_you", "one_month_check"} if crm == "salesforce" else set()
        # Nobody has tried to keep the small one.
        assert small == book(here, "small_business") - mailed - {"approve_offer", "make_offer"}
        assert [step for step in sent(here, 2) if not step.startswith("letter_")] == []
        assert {here.field(number, "status") for number in (1, 2, 3)} == {"alumni"}
        nothing_amiss(here)


@pytest.mark.parametrize("crm", CRMS)
def test_the_full_programme_brings_every_word_to_somebody_who_can_do_something(
    crm: str, tmp_path: Path
) -> None:
    with recipe("full", crm, tmp_path) as here:
        for number, reason in ((1, "trust"), (2, "product_gap"), (3, "price")):
            here.leaves(number)
            here.sets(number, "reason_csm", reason)
            here.sets(number, "exit_words", f"{reason} it was.")
        here.sets(3, "would_return", "9")
        here.run()
        assert "route_leadership" in here.open_steps(1)
        assert "feature" in here.open_steps(2)
        # Sales hears it once: as a task, by the route that comes first.
        assert "route_sales" in here.open_steps(3)
        assert not [step for step in here.notes(3) if step.startswith("note_")]
        here.wait(8 * DAY)
        here.run()
        told = {key.split(":")[1] for key in digest_keys(here)}
        assert told == {"digest_product", "digest_leadership"}
        nothing_amiss(here)


def digest_keys(here: Office) -> list[str]:
    """The weekly digests that the CRM holds."""
    return [one.key for one in here.service.crm.find(TASK, None) if ":digest_" in one.key]


def due(here: Office, step: str) -> str:
    """The day that a task is due, as the CRM shows it."""
    return str(_task(here, step, "due"))[:10]


def body(here: Office, step: str) -> str:
    """What a task tells its owner."""
    return str(_task(here, step, "body"))


def _task(here: Office, step: str, field: str) -> Value:
    id = here.task(step)
    return here.service.crm.read(TASK, [id], (field,))[id].fields[field]
