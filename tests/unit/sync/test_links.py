"""Survey links: made when they are needed, and seen by nobody else."""

from __future__ import annotations

import pytest

from sync.links import Links, hashed, mark

LINKS = Links("https://goodbye.example/", [b"k" * 32])
INVITATION = "abc:survey:11"


def test_a_link_can_be_made_again_and_guessed_never() -> None:
    again = Links("https://goodbye.example", [b"k" * 32])
    other = Links("https://goodbye.example", [b"l" * 32])
    assert again.url(INVITATION) == LINKS.url(INVITATION)
    assert LINKS.url(INVITATION).startswith("https://goodbye.example/s/")
    assert (
        len({LINKS.token(INVITATION), LINKS.token("abc:survey:12"), other.token(INVITATION)}) == 3
    )
    assert LINKS.hash(INVITATION) == hashed(LINKS.token(INVITATION)) != LINKS.token(INVITATION)


def test_the_newest_key_makes_links() -> None:
    rotated = Links("https://goodbye.example", [b"n" * 32, b"k" * 32])
    assert rotated.token(INVITATION) == Links("x", [b"n" * 32]).token(INVITATION)
    with pytest.raises(ValueError, match="at least one"):
        Links("x", [])


def test_marks_become_links_for_the_crm_and_dots_for_people() -> None:
    values = {"body": f"Here: {mark(INVITATION)}.", "progress": 3}
    assert LINKS.reveal(values) == {"body": f"Here: {LINKS.url(INVITATION)}.", "progress": 3}
    assert LINKS.masked(values)["body"] == "Here: https://goodbye.example/s/•••."


def test_what_the_crm_gives_back_is_kept_without_the_link() -> None:
    wanted = {"url": mark(INVITATION), "status": "due"}
    given = {"url": LINKS.url(INVITATION), "status": "due"}
    assert LINKS.conceal(given, wanted) == wanted
