"""Words that travel: to a department's list of tasks at once, and once a week to whoever asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from integrations.contract import TASK, Value
from sync.verify import verify
from tests.acceptance.office import CRMS, DAY, HOUR, Office, office

pytestmark = pytest.mark.slow

SLOW = "Nobody answered for a week."
WISH = "Sign-in with our own directory."


@pytest.mark.parametrize("crm", CRMS)
def test_words_become_the_task_of_a_department(crm: str, tmp_path: Path) -> None:
    with office(crm, tmp_path) as here:
        here.run()
        here.leaves(1)
        here.leaves(2)
        before = here.open_steps(1)
        says(here, 1, "support_service", SLOW)
        says(here, 2, "product_gap", WISH)
        assert here.open_steps(1) - before == {"route_support", "decide"}
        task = read(here, "route_support", 1)
        assert (task["department"], SLOW in str(task["body"])) == ("support", True)
        item = read(here, "feature", 2)
        assert str(item["subject"]).startswith(f"Feature asked for: {WISH}")
        assert item["department"] == "product"
        (asked,) = here.command("cases", "--features")[crm]
        assert (asked["asked"], asked["case"]) == (WISH, here.cases(2)[0].key)
        here.completes("route_support", 1)
        here.wait(40 * DAY)
        here.run()
        assert "route_support" not in here.open_steps(1)
        assert here.steps(1)["route_support"] == 1
        found = verify(here.service)
        assert (found.missing, found.extra) == ([], [])


@pytest.mark.parametrize("crm", CRMS)
def test_a_week_with_words_is_told_once_and_a_silent_one_costs_nothing(
    crm: str, tmp_path: Path
) -> None:
    digest = {"digest": {"roles": ["support", "leadership", "customer_success"]}}
    with office(crm, tmp_path, feedback=digest) as here:
        here.run()
        here.leaves(1)
        here.leaves(2)
        says(here, 1, "support_service", SLOW)
        says(here, 2, "product_gap", WISH)
        assert told(here) == {}
        # The story begins on a Monday; on the next one, work begins at nine in New York.
        here.wait(7 * DAY + 5 * HOUR)
        here.run()
        found = told(here)
        assert {*found} == {"digest_support", "digest_customer_success"}
        assert SLOW in found["digest_support"]
        assert WISH not in found["digest_support"]
        assert SLOW in found["digest_customer_success"]
        assert WISH in found["digest_customer_success"]
        here.service = here.restart()
        here.run()
        for _ in range(3):
            here.wait(7 * DAY)
            here.run()
        assert told(here) == found
        checked = verify(here.service)
        assert (checked.missing, checked.extra) == ([], [])
        before = here.dump()
        here.wait(7 * DAY)
        here.run()
        assert all("digest" not in step for step in here.open_steps(3))
        assert sum((here.dump() - before).values()) <= 8


def says(here: Office, number: int, reason: str, words: str) -> None:
    """A colleague puts a reason and the customer's own words on the record."""
    here.sets(number, "reason_csm", reason)
    here.sets(number, "exit_words", words)
    here.wait()
    here.run()


def read(here: Office, step: str, number: int) -> dict[str, Value]:
    """A task as the CRM has it."""
    id = here.task(step, number)
    record = here.service.crm.read(TASK, [id], ("subject", "body", "department"))[id]
    return dict(record.fields)


def told(here: Office) -> dict[str, str]:
    """The bodies of the digests that are open in the CRM, by step; each there once."""
    held = [one for one in here.service.crm.find(TASK, None) if ":digest_" in one.key]
    assert len({one.key for one in held}) == len(held)
    read = here.service.crm.read(TASK, [one.id for one in held], ("body", "done"))
    fields = {one.key.split(":")[1]: read[one.id].fields for one in held}
    return {step: str(task["body"]) for step, task in fields.items() if not task["done"]}
