"""Record ids in both lengths."""

from __future__ import annotations

import pytest

from integrations.sandbox.salesforce.ids import Ids, full, normal


@pytest.mark.parametrize(
    "long",
    # From recorded answers of real orgs.
    ["0015500001QdQWaAAN", "0035500001H9cakAAB", "0019H00000H1RMDQA3", "0057e00000RmwSWAAZ"],
)
def test_check_characters_are_those_of_real_ids(long: str) -> None:
    assert full(long[:15]) == long
    assert normal(long[:15]) == long


def test_the_long_form_does_not_mind_its_case() -> None:
    assert normal("0015500001qdqwaaan") == "0015500001QdQWaAAN"
    assert normal("0015500001QDQWAAAN") == "0015500001QdQWaAAN"


@pytest.mark.parametrize("text", ["", "001", "0015500001QdQWa9AN", "0015500001QdQWaAA!", "x" * 16])
def test_what_is_no_id(text: str) -> None:
    assert normal(text) is None


def test_ids_are_never_handed_out_twice() -> None:
    ids = Ids()
    made = [ids.next("001") for _ in range(5_000)]
    assert len({key[:15].lower() + key[15:] for key in made}) == 5_000
    assert all(normal(key) == key and key.startswith("001") for key in made)
    assert sorted(made) == made
