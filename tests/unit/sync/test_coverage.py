"""For how many customers somebody takes a role's tasks."""

from __future__ import annotations

from dataclasses import replace

from mappings.seats import Directory
from sync.coverage import coverage
from tests.unit.sync.goodbye import CSM, loaded, world


def said(*holders: dict[str, str]) -> dict[str, tuple[str, str]]:
    """What is said of each role where these are the owners in customers' fields."""
    one = world().customer
    customers = [replace(one, holders=held) for held in holders]
    found = coverage(loaded().programme, Directory.of([CSM]), customers)
    return {line.words.split()[0]: (line.severity, line.words) for line in found}


def test_each_role_with_tasks_says_for_how_many_customers_it_resolves() -> None:
    told = said({"csm_owner": CSM.id}, {}, {"csm_owner": "gone"})
    assert told["billing"] == (
        "warning",
        "billing resolves for 1 of 3 customers with a case; nobody takes the tasks of "
        "Alder & Quill, Alder & Quill",
    )


def test_a_role_that_always_resolves_is_no_worry() -> None:
    told = said({"csm_owner": CSM.id})
    assert told["billing"] == ("hint", "billing resolves for 1 of 1 customers with a case")


def test_before_anybody_has_left_there_is_nothing_to_say() -> None:
    assert said() == {}
