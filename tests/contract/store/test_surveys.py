"""Invitations to the survey, and the words people wrote."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sync.store import Store
from sync.store.database import DatabaseError
from tests.contract.store.shelf import HOUR, NOW, case, invitation

MADE = invitation("case1:survey:p1", link="hash1")


def test_an_invitation_is_found_by_its_link(store: Store) -> None:
    with store.transaction("test") as tables:
        case(tables)
        tables.surveys.invite([MADE])
    with store.reading() as tables:
        assert tables.surveys.by_link("hash1") == MADE
        assert tables.surveys.by_link("hash2") is None


def test_an_invitation_stays_as_it_was_made(store: Store) -> None:
    with store.transaction("test") as tables:
        case(tables)
        tables.surveys.invite([MADE])
        tables.surveys.answered(MADE.key, NOW + HOUR)
        tables.surveys.invite([replace(MADE, link="hash2", expires_at=NOW)])
        assert tables.surveys.by_link("hash2") is None
        assert tables.surveys.by_link("hash1") == replace(MADE, answered_at=NOW + HOUR)


def test_a_link_leads_to_one_invitation(store: Store) -> None:
    with store.transaction("test") as tables:
        case(tables)
        tables.surveys.invite([MADE])
    with pytest.raises(DatabaseError), store.transaction("test") as tables:
        tables.surveys.invite([invitation("case1:survey:p2", link="hash1")])


def test_nobody_is_invited_without_a_case(store: Store) -> None:
    with pytest.raises(DatabaseError), store.transaction("test") as tables:
        tables.surveys.invite([MADE])
    with pytest.raises(DatabaseError), store.transaction("test") as tables:
        tables.surveys.keep_words("case1", {"reason": "price"})


def test_words_are_kept_under_ids_of_their_own(store: Store) -> None:
    said = {"reason": "It was the price.", "other": "Ünser Büro schließt 🙂"}
    with store.transaction("test") as tables:
        case(tables)
        case(tables, "case2", record="2")
        first = tables.surveys.keep_words("case1", said)
        again = tables.surveys.keep_words("case1", {"reason": "It was the price."})
        assert tables.surveys.keep_words("case2", {}) == {}
    with store.reading() as tables:
        kept = tables.surveys.words_of(["case1", "case2"])
    assert kept == {
        "case1": {
            first["reason"]: said["reason"],
            first["other"]: said["other"],
            again["reason"]: said["reason"],
        }
    }
    assert all(len(id) == 32 for id in kept["case1"])


def test_two_portals_may_have_people_of_one_number_and_share_nothing(store: Store) -> None:
    with store.transaction("test") as tables:
        case(tables)
        case(tables, "case2", owner="other")
        tables.surveys.invite([MADE, invitation("case2:survey:p1", link="hash2")])
    with store.reading() as tables:
        assert tables.surveys.cases_of("acme", ["p1"]) == {"p1": ("case1",)}
        assert tables.surveys.cases_of("other", ["p1"]) == {"p1": ("case2",)}
