"""The page about consent says what the rules say."""

from __future__ import annotations

from pathlib import Path

from mappings.law import page
from mappings.loader import load_text

PAGE = Path(__file__).parents[3] / "docs" / "consent.md"


def test_the_page_is_up_to_date() -> None:
    words = "run `python -m mappings.law > docs/consent.md`"
    assert PAGE.read_text(encoding="utf-8") == page(), words


def test_every_rule_is_on_it_with_its_words_and_its_source() -> None:
    text = page()
    rules = load_text("", crm="salesforce").programme.consent.rules
    assert rules
    for name, rule in rules.items():
        (line,) = (line for line in text.splitlines() if line.startswith(f"| `{name}`"))
        assert rule.words in line
        assert rule.source
        assert rule.source in line
        assert ("(off)" in line) is not rule.active
    assert "not legal advice" in text
