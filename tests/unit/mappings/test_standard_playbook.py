"""The goodbye that comes with the product."""

from __future__ import annotations

import pytest

from mappings.loader import load_text
from mappings.playbook import ENDS, PHASES, Playbook
from mappings.programme import DEPARTMENTS
from mappings.seats import department
from mappings.texts import TASK_WORDS, render, subject


@pytest.fixture(name="book")
def _book() -> Playbook:
    return load_text("", crm="hubspot").programme.books["standard"]


def test_every_department_and_every_phase_has_something_to_do(book: Playbook) -> None:
    programme = load_text("", crm="salesforce").programme
    assert {department(step.role, programme) for step in book.steps.values()} == {*DEPARTMENTS}
    assert {step.phase for step in book.steps.values()} == {*PHASES, *ENDS}
    assert 14 <= sum(step.phase in PHASES for step in book.steps.values()) <= 18


def test_steps_stand_in_the_order_of_their_phases(book: Playbook) -> None:
    order = [(*PHASES, *ENDS).index(step.phase) for step in book.steps.values()]
    assert order == sorted(order)


def test_promises_are_dated_by_the_goodbye_and_wait_for_nobody(book: Playbook) -> None:
    promises = {name: step for name, step in book.steps.items() if step.promise}
    assert {"hand_over_data", "final_invoice", "switch_off_access"} < promises.keys()
    for step in promises.values():
        assert step.due.anchor in ("opened", "departs", "contract_end")
        assert step.required
        assert not step.after
        assert not step.only_if


def test_data_are_returned_or_deleted_as_the_customer_chooses(book: Playbook) -> None:
    ask, certificate = book.steps["delete_or_return"], book.steps["certificate"]
    assert "return or delete" in ask.task
    assert "28(3)(g)" in ask.script
    assert ask.promise
    assert certificate.promise
    assert ask.due.before
    assert not certificate.due.before


def test_the_notice_is_acknowledged_within_four_business_hours(book: Playbook) -> None:
    first = next(iter(book.steps.values()))
    assert str(first.due) == "opened + 4 business hours"


@pytest.mark.parametrize("name", ["Nimbus & Sons", None])
def test_texts_say_who_it_is_about_and_need_no_other_fact(book: Playbook, name: str | None) -> None:
    facts = {group: dict.fromkeys(words) for group, words in TASK_WORDS.items()}
    facts["customer"] = {**facts["customer"], "name": name}  # type: ignore[dict-item]
    for step in book.steps.values():
        line = subject(step.task, facts)
        assert (name or "") in line
        assert "None" not in line
        script = render(step.script, facts)
        assert "Do:" in script
        assert "Why:" in script
        assert "Avoid:" in script
