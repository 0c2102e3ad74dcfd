"""Every trap that the pages of the CRMs list is held by a test that exists."""

from __future__ import annotations

import ast
import re

import pytest

from tests.docs.pages import ROOT

_NAMED = re.compile(r"`(test_\w+\.py)(?:::(test_\w+))?`")


def known(file: str) -> set[str]:
    """The tests in the files of this name."""
    return {
        node.name
        for path in (ROOT / "tests").glob(f"**/{file}")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
    }


@pytest.mark.parametrize("crm", ["hubspot", "salesforce"])
def test_the_tests_that_a_page_names_are_there(crm: str) -> None:
    page = (ROOT / "docs" / f"{crm}.md").read_text(encoding="utf-8")
    for file, name in _NAMED.findall(page):
        assert known(file), file
        assert not name or name in known(file), f"{file}::{name}"


def test_every_trap_of_salesforce_says_who_holds_it() -> None:
    page = (ROOT / "docs" / "salesforce.md").read_text(encoding="utf-8")
    traps = page.partition("## Traps")[2].partition("\n## ")[0]
    rows = [line.strip("|").split(" | ") for line in traps.splitlines() if line.startswith("| ")]
    assert len(rows) > 40
    assert all(len(row) == 2 and row[1].strip() for row in rows)
