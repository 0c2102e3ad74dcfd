"""What holds for the difference between plan and ledger, whatever the CRM answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from integrations.contract import Value
from sync.model import Plan
from sync.outbox import FINAL, Entry, State, difference
from sync.reconcile import reconcile
from tests.property.sync.stories import Act, Story, acts, stories
from tests.unit.sync.goodbye import KEY

Ledger = dict[str, Entry]

#: What becomes of a write that is due.
_FATES = st.sampled_from(["taken", "taken", "taken", "lost", "refused", "later", "deleted"])


def _diff(made: Plan, ledger: Ledger) -> tuple[Entry, ...]:
    reasons = {one.step: one.reason for one in made.withheld}
    return difference(KEY, made.wants, ledger, reasons)


def _keep(made: Plan, ledger: Ledger) -> None:
    ledger |= {entry.key: entry for entry in _diff(made, ledger)}


def _deliver(ledger: Ledger, fates: list[str]) -> None:
    """Everything that is due meets its fate."""
    due = [e for e in ledger.values() if e.state in (State.PENDING, State.UNKNOWN)]
    for number, entry in enumerate(due):
        ledger[entry.key] = _met(entry, fates[number % len(fates)])


def _met(entry: Entry, fate: str) -> Entry:
    match fate:
        case "taken":
            return entry.taken(entry.wanted, {}, id=entry.id or f"crm {entry.key}")
        case "lost":
            return replace(entry, state=State.UNKNOWN, attempts=entry.attempts + 1)
        case "refused":
            return replace(entry, state=State.REJECTED, attempts=entry.attempts + 1)
        case "deleted":
            return replace(entry, state=State.GONE)
        case _:
            return entry


@given(stories, acts, st.lists(_FATES, min_size=1, max_size=9))
def test_what_was_noted_is_not_noted_again(story: Story, acts: list[Act], fates: list[str]) -> None:
    ledger: Ledger = {}
    for made in story.play(acts):
        _keep(made, ledger)
        assert _diff(made, ledger) == ()
        _deliver(ledger, fates)
        _keep(made, ledger)
        assert _diff(made, ledger) == ()


@given(stories, acts, st.lists(_FATES, min_size=1, max_size=9))
def test_what_is_over_stays_over(story: Story, acts: list[Act], fates: list[str]) -> None:
    ledger: Ledger = {}
    for made in story.play(acts):
        before = dict(ledger)
        _keep(made, ledger)
        for key, entry in before.items():
            if entry.state in FINAL - {State.DROPPED}:
                assert ledger[key] == entry
        _deliver(ledger, fates)


@given(stories, acts)
def test_a_step_has_at_most_one_open_task(story: Story, acts: list[Act]) -> None:
    ledger: Ledger = {}
    for made in story.play(acts):
        _keep(made, ledger)
        _deliver(ledger, ["taken"])
        tasks = [entry for entry in ledger.values() if entry.step in story.book.steps]
        there = Counter(entry.step for entry in tasks if entry.state is State.DELIVERED)
        ever = Counter(entry.step for entry in tasks)
        assert max(there.values(), default=0) <= 1
        # Being back counts in the plan before an event says so.
        assert max(ever.values(), default=0) <= story.case.occurrence + bool(story.case.back_at)


_NAMES = st.sampled_from(["reason", "status", "words"])
_VALUES = st.sampled_from([None, "", "price", "budget", "a", "b"])
_RECORD = st.dictionaries(_NAMES, _VALUES)


def _same(_: str, left: Value, right: Value) -> bool:
    return (left or None) == (right or None)


@given(_RECORD, _RECORD, _RECORD, st.sampled_from(["keep", "if_empty"]))
def test_nobodys_edit_is_written_over(
    changes: Mapping[str, Value],
    current: Mapping[str, Value],
    base: Mapping[str, Value],
    policy: str,
) -> None:
    found = reconcile(
        changes,
        current=current,
        base=base,
        policy=lambda _: policy,  # type: ignore[arg-type, return-value]
        same=_same,
    )
    assert found.write.keys() | found.there.keys() | found.kept.keys() == changes.keys()
    for name in found.write:
        now = current.get(name)
        assert not _same(name, now, changes[name])
        if name in base:
            assert _same(name, now, base[name]), "only where our own word still stands"
        else:
            assert not _same(name, changes[name], None), "nothing that is not ours is emptied"
            assert policy == "keep" or _same(name, now, None)
    after = {**current, **found.write}
    again = reconcile(
        found.write,
        current=after,
        base={**base, **found.write},
        policy=lambda _: policy,  # type: ignore[arg-type, return-value]
        same=_same,
    )
    assert not again.write
