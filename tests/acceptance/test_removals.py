"""Customers and tasks that are deleted, merged and brought back: one case, no task twice."""

from __future__ import annotations

import pytest

from sync.verify import verify
from tests.acceptance.office import DAY, HOUR, Office
from tests.acceptance.test_departures import NOTICE

pytestmark = pytest.mark.slow


@pytest.fixture
def customers(here: Office) -> str:
    """What the CRM calls customers."""
    return here.stage.desk(here.crm).customer_object


def settle(here: Office) -> None:
    """Run until nothing is left to do."""
    here.run()
    here.wait()
    here.run()


def test_a_deleted_customer_has_no_off_boarding_and_one_brought_back_goes_on(
    here: Office, customers: str
) -> None:
    here.leaves()
    id = here.customer(1)
    (case,) = here.cases()
    here.tidy("delete", customers, id)
    here.run()
    with here.service.store.reading() as tables:
        assert tables.cases.some([case.key])[case.key].status == "gone"
        open_ = [e for e in tables.ledger.of_cases([case.key])[case.key].values() if e.id]
    assert {e.step for e in open_ if e.kind == "task" and e.wanted["done"]} == set()
    here.tidy("restore", customers, id)
    settle(here)
    assert [row.status for row in here.cases()] == ["notice"]
    assert here.open_steps() == NOTICE
    assert all(number == 1 for number in here.steps().values())
    here.wait(12 * DAY)
    settle(here)
    assert here.open_steps() > NOTICE
    assert all(number == 1 for number in here.steps().values())


def test_the_case_goes_on_under_the_customer_that_it_was_merged_into(
    here: Office, customers: str
) -> None:
    here.leaves()
    (case,) = here.cases()
    here.completes("acknowledge")
    here.run()
    here.tidy("merge", customers, here.customer(1), here.customer(2))
    settle(here)
    assert [row.key for row in here.cases(2)] == [case.key]
    assert here.cases(2)[0].status == "notice"
    assert here.field(2, "case") == case.key
    assert here.open_steps(2) == NOTICE - {"acknowledge"}
    here.wait(12 * DAY)
    settle(here)
    assert all(number == 1 for number in here.steps(2).values())
    assert here.open_steps(2) - NOTICE
    found = verify(here.service)
    assert (found.missing, found.extra) == ([], [])


def test_of_two_cases_of_one_customer_the_elder_goes_on(here: Office, customers: str) -> None:
    here.leaves(1)
    here.wait(HOUR)
    here.leaves(2)
    (elder,), (younger,) = here.cases(1), here.cases(2)
    here.tidy("merge", customers, here.customer(1), here.customer(2))
    settle(here)
    with here.service.store.reading() as tables:
        rows = tables.cases.some([elder.key, younger.key])
    assert (rows[elder.key].closed, rows[younger.key].closed) == (False, True)
    assert rows[elder.key].record == here.customer(2)
    assert here.field(2, "case") == elder.key
    held = {one.key: one.id for one in here.service.crm.find("task", None)}
    read = here.service.crm.read("task", list(held.values()), ("done", "body"))
    done = {key: read[id].fields for key, id in held.items()}
    assert {k.split(":")[1] for k, f in done.items() if not f["done"]} == NOTICE
    closed = [f["body"] for k, f in done.items() if k.startswith(younger.key)]
    assert len(closed) == len(NOTICE)
    word = "Closed by Aurevoir: it was merged with a customer whose off-boarding goes on."
    assert all(str(body).startswith(word) for body in closed)


def test_a_task_that_was_deleted_is_not_made_again(here: Office) -> None:
    here.leaves()
    task = here.task("check_contract")
    object = {"hubspot": "tasks", "salesforce": "Task"}[here.crm]
    here.tidy("delete", object, task)
    settle(here)
    assert "check_contract" not in here.steps()
    (case,) = here.cases()
    with here.service.store.reading() as tables:
        (history,) = tables.cases.histories([case.key]).values()
        (entry,) = tables.ledger.by_id(here.crm, "task", [task]).values()
    assert [e.data["step"] for e in history if e.kind == "removed"] == ["check_contract"]
    assert entry.state == "gone"


def test_many_tasks_are_counted_first_and_asked_for_once_a_week(here: Office) -> None:
    here.leaves()
    settle(here)
    here.service.crm.limits = {**here.service.crm.limits, "read": 2}
    least = here.service.tally.least

    def look() -> tuple[int, int]:
        """What an hour later a look at the tasks costs: counting them, and asking for them."""
        before = least["count task"], least["removals task"]
        here.wait(HOUR)
        here.run()
        return least["count task"] - before[0], least["removals task"] - before[1]

    assert look() == (1, 0)
    task = here.task("check_contract")
    here.tidy("delete", {"hubspot": "tasks", "salesforce": "Task"}[here.crm], task)
    counted, asked = look()
    # Salesforce has told of it already, among what has changed.
    assert (counted, asked > 0) == (1, here.crm == "hubspot")
    settle(here)
    assert "check_contract" not in here.steps()
    assert look() == (1, 0)
    here.completes("acknowledge")
    assert look() == (1, 0)
    here.wait(7 * DAY)
    counted, asked = look()
    assert (counted, asked > 0) == (0, True)


def test_a_task_that_was_brought_back_counts_again(here: Office) -> None:
    here.leaves()
    task = here.task("check_contract")
    object = {"hubspot": "tasks", "salesforce": "Task"}[here.crm]
    here.tidy("delete", object, task)
    settle(here)
    here.tidy("restore", object, task)
    settle(here)
    here.completes("check_contract")
    here.run()
    with here.service.store.reading() as tables:
        (entry,) = tables.ledger.by_id(here.crm, "task", [task]).values()
    assert entry.state == "done"
