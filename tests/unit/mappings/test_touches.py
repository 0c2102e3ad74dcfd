"""``touches`` in the mapping file: what may be said, and what is wrong with the rest."""

from __future__ import annotations

import pytest

from mappings.findings import MappingError
from mappings.loader import load_text
from mappings.programme import Programme
from mappings.spans import Occasion

OWN = "{task: Lunch, due: departs + 100 days}"


def programme(text: str) -> Programme:
    return load_text(text, crm="hubspot").programme


def complaints(text: str) -> list[str]:
    with pytest.raises(MappingError) as caught:
        load_text(text, crm="hubspot", name="hubspot.yaml")
    return [str(finding) for finding in caught.value.findings]


def test_own_touches_come_first_and_built_in_ones_can_be_taken_out() -> None:
    built_in = [*programme("").touches.steps]
    assert len(built_in) == 10
    assert [*programme(f"touches: {{steps: {{lunch: {OWN}, moved: off}}}}").touches.steps] == [
        "lunch",
        *(name for name in built_in if name != "moved"),
    ]


def test_a_built_in_touch_can_be_changed_in_part() -> None:
    changed = programme("touches: {steps: {one_year: {role: sales}}}").touches.steps["one_year"]
    assert (changed.role, str(changed.due)) == ("sales", "departs + 365 days")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("next fiscal year", "next_fiscal_year"),
        ("next fiscal year + 2 weeks", "next_fiscal_year + 2 weeks"),
        ("next_fiscal_year - 10 days", "next_fiscal_year - 10 days"),
        ("Shipped + 3 business days", "shipped + 3 business days"),
        ("contract_end", "contract_end"),
    ],
)
def test_occasions_are_read_and_written(text: str, written: str) -> None:
    assert str(Occasion.parse(text)) == written
    assert Occasion.parse(written) == Occasion.parse(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("touches: {steps: {one_yaer: off}}", 'no touch "one_yaer" to take out; did you mean'),
        ("touches: {steps: {lunch: {task: x, due: next year}}}", "'next year' is no occasion"),
        ("touches: {steps: {lunch: {task: x, due: departs - 1 day}}}", "is too early"),
        (
            'touches: {steps: {lunch: {task: "{{ person.nmae }}", due: departs}}}',
            'person has no "nmae"; did you mean "name"?',
        ),
        (
            f"touches: {{steps: {{lunch: {OWN[:-1]}, when: {{reason: prise}}}}}}}}",
            'there is no reason "prise"; did you mean "price"?',
        ),
        (f"touches: {{steps: {{Lunch: {OWN}}}}}", "a touch's name is small letters"),
        (f"touches: {{steps: {{{'l' * 33}: {OWN}}}}}", "32 fit into the task's key"),
        (
            "touches: {steps: {quite_a_long_name: {task: x, due: shipped}}}",
            "15 fit into the task's key",
        ),
        ("touches: {asked_for: plann}", 'there is no fact "plann"; did you mean "plan"?'),
        ("touches: {within: 2 hours}", "write days or weeks"),
        ("fiscal_year: {starts: 02-29}", "write 04-01 for 1 April"),
        ("fiscal_year: {starts: April}", "write 04-01 for 1 April"),
        ("roles: {marketing: off}", "this role still has steps: stop_campaigns, case_study"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(text: str, words: str) -> None:
    (complaint,) = complaints(text)
    assert complaint.startswith("hubspot.yaml:1: ")
    assert words in complaint
