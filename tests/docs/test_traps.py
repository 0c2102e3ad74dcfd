"""The tables of traps: every test that they name is there, and every trap has one or a reason."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.pages import PAGES, ROOT

_TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
_HEAD = re.compile(r"^\| trap \| held by \|\n\| --- \| --- \|\n((?:\|.*\n)+)", re.MULTILINE)


def rows(page: Path) -> Iterator[str]:
    """What holds each trap of a page."""
    for table in _HEAD.findall(page.read_text(encoding="utf-8")):
        for line in table.splitlines():
            yield line.split(" | ", 1)[1].removesuffix(" |")


@pytest.mark.parametrize("crm", ["hubspot", "salesforce"])
def test_traps_are_listed(crm: str) -> None:
    assert len([*rows(ROOT / "docs" / f"{crm}.md")]) > 30


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_test_that_is_named_is_there(page: Path) -> None:
    for file, name in _TEST.findall(page.read_text(encoding="utf-8")):
        text = (ROOT / file).read_text(encoding="utf-8")
        assert f"\ndef {name}(" in text, f"{file}::{name}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_trap_has_a_test_or_a_reason(page: Path) -> None:
    for held in rows(page):
        assert _TEST.search(held) or len(held.split()) > 3, held
