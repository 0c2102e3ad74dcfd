"""For how many customers somebody takes a role's tasks."""

from __future__ import annotations

from dataclasses import replace

from mappings.seats import Directory
from sync.coverage import ahead, coverage
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


MAPPING = """
playbooks:
  - {use: consumer, when: {seats: {at_most: 1}}}
  - {use: child, when: {plan: basic}}
  - {use: standard}
"""


def test_every_customer_counts_by_the_playbook_that_they_would_get() -> None:
    """The roles of each playbook alone, and no playbook that nobody would get."""
    one = world(mapping=MAPPING).customer
    nobody = {"holders": dict[str, str]()}
    customers = [
        *(replace(one, name=f"Large {n}") for n in range(96)),
        *(replace(one, name=f"Lost {n}", **nobody) for n in range(4)),
        replace(one, more={"seats": 1}),
    ]
    found = ahead(loaded(MAPPING).programme, Directory.of([CSM]), customers)
    told = {line.words.partition(" resolves")[0]: line for line in found}
    assert str(told["standard: billing"]) == (
        "standard: billing resolves for 96 of 100 customers; "
        "nobody takes the tasks of Lost 0, Lost 1, Lost 2 and 1 more"
    )
    assert told["standard: billing"].severity == "warning"
    assert told["consumer: billing"].words == "consumer: billing resolves for 1 of 1 customers"
    assert told["consumer: billing"].severity == "hint"
    assert not any(name.startswith("child") or name == "consumer: leadership" for name in told)
