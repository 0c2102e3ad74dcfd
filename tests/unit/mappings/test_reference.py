from __future__ import annotations

from pathlib import Path

import pytest

from mappings.reference import reference

PAGE = Path(__file__).parents[3] / "docs" / "mapping.md"


@pytest.fixture(scope="module", name="page")
def _page() -> str:
    return reference()


def test_the_page_is_up_to_date(page: str) -> None:
    words = "run `python -m mappings.reference > docs/mapping.md`"
    assert PAGE.read_text(encoding="utf-8") == page, words


def test_every_key_says_what_it_means(page: str) -> None:
    tables = [line for line in page.splitlines() if line.startswith("| `")]
    assert len(tables) > 150
    for line in tables:
        assert not line.endswith("|  |"), line
