from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from jinja2 import UndefinedError

from integrations.contract import Value
from mappings.texts import (
    TASK_WORDS,
    Facts,
    TemplateFault,
    _environment,
    check,
    clip,
    render,
    shown,
    subject,
)

FACTS = {
    "customer": {"name": "Nimbus\nDesk <b>", "country": None, "value": 48_000.5},
    "case": {"reason": "Price", "departs_on": date(2026, 5, 3)},
    "org": {"name": "Vendor"},
}


@pytest.mark.parametrize(
    ("text", "rendered"),
    [
        ("Hello", "Hello"),
        ("{{ org.name }} {{ customer.value }}", "Vendor 48,000.5"),
        ("by {{ case.departs_on }}", "by 3 May 2026"),
        ("[{{ customer.country }}]", "[]"),
        ('{{ customer.country | default("nowhere") }}', "nowhere"),
        ("{{ org.name | upper }}{{ customer.country | lower }}", "VENDOR"),
        ('{% if case.reason == "Price" %}cheap{% else %}dear{% endif %}', "cheap"),
        ('{{ "a" if case.reason != "Price" and org.name else "b" }}', "b"),
        ("{{ customer.name }}", "Nimbus\nDesk <b>"),
    ],
)
def test_facts_in_texts(text: str, rendered: str) -> None:
    check(text, TASK_WORDS)
    assert render(text, FACTS) == rendered


def test_a_subject_is_one_line() -> None:
    assert subject("  For\n {{ customer.name }} ", FACTS) == "For Nimbus Desk <b>"
    assert len(subject("x" * 300, FACTS)) == 255


@pytest.mark.parametrize(
    ("text", "fault", "line"),
    [
        ("{{ custmer.name }}", 'there is no "custmer" here; did you mean "customer"?', 1),
        ("a\n{{ customer.nam }}", 'customer has no "nam"; did you mean "name"?', 2),
        ("{{ name }}", '"name" alone says nothing', 1),
        ("{{ customer.name.first }}", 'there is nothing under "first"', 1),
        ("{{ customer.name | shout }}", "there is no filter", 1),
        ("\n\n{% for a in customer.name %}{% endfor %}", "it does nothing else", 3),
        ("{{ customer.name() }}", "it does nothing else", 1),
        ("{{ customer['name'] }}", "it does nothing else", 1),
        ("{{ customer.value * 9 }}", "it does nothing else", 1),
        ("{% set a = 1 %}", "it does nothing else", 1),
        ("{% macro a() %}{% endmacro %}", "it does nothing else", 1),
        ("{% include 'x' %}", "it does nothing else", 1),
        ("{{ customer.value > 5 }}", "compares with == and != only", 1),
        ("{{ customer.__class__ }}", 'customer has no "__class__"', 1),
        ("{{ customer.name", "this text is not well formed", 1),
        ("{% if %}", "this text is not well formed", 1),
    ],
)
def test_a_text_that_says_what_it_may_not(text: str, fault: str, line: int) -> None:
    with pytest.raises(TemplateFault) as caught:
        check(text, TASK_WORDS)
    assert fault in str(caught.value)
    assert caught.value.line == line


def test_facts_are_no_templates() -> None:
    facts = {"customer": {"name": "{{ org.name }}{% if %}"}, "org": {"name": "Vendor"}}
    assert render("{{ customer.name }}", facts) == "{{ org.name }}{% if %}"


def test_a_fact_that_the_mapping_has_lost_is_empty_and_a_lost_group_is_a_fault() -> None:
    assert render("[{{ customer.tier }}]", FACTS) == "[]"
    with pytest.raises(UndefinedError):
        render("{{ person.name }}", FACTS)


def test_facts_named_like_methods_are_facts() -> None:
    assert render("{{ customer.items }}", {"customer": {"items": 3}}) == "3"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, ""),
        (True, "yes"),
        (False, "no"),
        (0, "0"),
        (1234567, "1,234,567"),
        (5.0, "5"),
        (100.0, "100"),
        (0.25, "0.25"),
        (date(2026, 12, 1), "1 December 2026"),
        (datetime(2026, 12, 1, 9, 5, tzinfo=UTC), "1 December 2026, 09:05 UTC"),
        (("a", "b"), "a, b"),
        ("as it is", "as it is"),
    ],
)
def test_facts_as_people_read_them(value: Value, words: str) -> None:
    assert shown(value) == words


def test_cutting() -> None:
    assert clip("abcdef", 6) == "abcdef"
    assert clip("abcdefg", 6) == "ab […]"
    assert clip("abcdefg", 3) == "abc"
    assert clip("ab  cdefgh", 8) == "ab […]"


@pytest.mark.parametrize(
    "source",
    [
        "Plain words, nothing else.",
        "  {{ customer.name }}\n\nleft on {{ customer.since }}.\n",
        "{{ customer.seats }} seats, {{ customer.gone }}{{ customer.paid }} {# not said #}",
        "{{ customer.name }}{% if customer.paid %} paid{% endif %}",
        "{{ customer.name | upper }}: {{ 'a word' }}",
        "A { brace } and 100 %",
    ],
)
def test_a_text_is_filled_as_its_templates_would_be(source: str) -> None:
    facts: Facts = {
        "customer": {"name": "Ann & Co", "since": date(2026, 3, 2), "seats": 1200, "paid": True}
    }
    assert render(source, facts) == _environment().from_string(source).render(facts).strip()
