"""A field of ours that is no longer as we left it."""

from __future__ import annotations

import pytest

from integrations.contract import Value
from sync.reconcile import EDITED, OCCUPIED, Policy, Reconciled, reconcile


def sort(now: Value, *, base: Value = "absent", policy: Policy = "keep") -> Reconciled:
    """What becomes of writing "ours" over ``now``; ``base``: what we left there."""
    return reconcile(
        {"field": "ours"},
        current={"field": now},
        base={} if base == "absent" else {"field": base},
        policy=lambda _: policy,
        same=lambda _, left, right: left == right,
    )


@pytest.mark.parametrize("policy", ["keep", "if_empty", "overwrite"])
def test_what_is_there_is_not_written_again(policy: Policy) -> None:
    assert sort("ours", policy=policy) == Reconciled(there={"field": "ours"})


@pytest.mark.parametrize("policy", ["keep", "if_empty"])
def test_a_persons_edit_is_final(policy: Policy) -> None:
    assert sort("before", base="before", policy=policy) == Reconciled(write={"field": "ours"})
    for edited in ("theirs", None):
        assert sort(edited, base="before", policy=policy) == Reconciled(kept={"field": EDITED})


def test_what_was_there_before_us_goes_by_the_policy() -> None:
    assert sort("theirs", policy="if_empty") == Reconciled(kept={"field": OCCUPIED})
    assert sort(None, policy="if_empty") == Reconciled(write={"field": "ours"})
    assert sort("theirs", policy="keep") == Reconciled(write={"field": "ours"})


def test_overwriting_asks_nobody() -> None:
    found = sort("theirs", base="before", policy="overwrite")
    assert found == Reconciled(write={"field": "ours"})


def test_nothing_of_ours_empties_what_we_never_wrote() -> None:
    found = reconcile(
        {"field": None},
        current={"field": "theirs"},
        base={},
        policy=lambda _: "keep",
        same=lambda _, left, right: left == right,
    )
    assert found == Reconciled(there={"field": "theirs"})
