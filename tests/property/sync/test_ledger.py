"""What holds for the difference between plan and ledger, whatever the CRM answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from integrations.contract import Task, Value
from sync.outbox import Entry, State
from sync.reconcile import reconcile
from sync.tasks import GATE
from tests.property.sync.stories import PEOPLE, Act, Story, acts, stories
from tests.unit.sync.goodbye import said

#: What becomes of a write that is due.
_FATES = st.lists(
    st.sampled_from(["taken", "taken", "taken", "lost", "refused", "later", "deleted"]),
    min_size=1,
    max_size=9,
).map(tuple)
#: A task in one of these states is before somebody's eyes, on its way there, or over by their hand.
_ALIVE = frozenset(State) - {State.CLOSED, State.DROPPED, State.GONE}


@given(stories, acts, _FATES)
def test_what_was_noted_is_not_noted_again(
    story: Story, acts: list[Act], fates: tuple[str, ...]
) -> None:
    story.fates = fates
    for _ in story.play(acts):
        assert story.rest() == ()
        story.deliver()
        story.keep()
        assert story.rest() == ()


@given(stories, acts, _FATES)
def test_what_is_over_stays_over(story: Story, acts: list[Act], fates: tuple[str, ...]) -> None:
    story.fates = fates
    before: dict[str, Entry] = {}
    for _ in story.play(acts):
        for key, entry in before.items():
            if entry.state is State.CLOSED:
                assert story.ledger[key] == entry
        story.deliver()
        before = dict(story.ledger)


@given(stories, acts, _FATES)
def test_what_comes_again_has_a_higher_number(
    story: Story, acts: list[Act], fates: tuple[str, ...]
) -> None:
    """Only where we closed it, or for another stay: never what somebody has done or deleted."""
    story.fates = fates
    seen: dict[str, tuple[int, int]] = {}
    for _ in story.play(acts):
        story.deliver()
        stay, over = story.case.occurrence, (State.DONE, State.GONE)
        ended = {e.key: e.state for e in story.ledger.values() if e.kind == "task"}
        for key in [key for key in ended if key not in seen]:
            name, number = _numbered(key)
            before = [one for one in seen if _numbered(one)[0] == name]
            assert all(_numbered(one)[1] < number for one in before)
            for one in before:
                assert ended[one] not in over or seen[one][1] < stay, key
            seen[key] = (number, stay)


def _numbered(key: str) -> tuple[str, int]:
    """Step and target, and how often it has come; ids of people are longer than such a number."""
    name, _, last = key.rpartition(":")
    is_number = last.isdigit() and last not in PEOPLE and name.count(":") >= 1
    return (name, int(last)) if is_number else (key, 1)


@given(stories, acts, _FATES)
def test_every_task_that_is_wanted_is_there_or_done(
    story: Story, acts: list[Act], fates: tuple[str, ...]
) -> None:
    story.fates = fates
    for made in story.play(acts):
        for want in made.wants:
            if isinstance(want.item, Task):
                entry = story.ledger[want.key]
                assert entry.state in _ALIVE
                assert not entry.wanted["done"]


@given(stories, acts)
def test_a_step_has_at_most_one_open_task(story: Story, acts: list[Act]) -> None:
    for _ in story.play(acts):
        story.deliver()
        there = Counter(
            entry.step
            for entry in story.ledger.values()
            if entry.step in story.book.steps and entry.state is State.DELIVERED
        )
        assert max(there.values(), default=0) <= 1


@given(stories, acts, st.dates(date(2026, 3, 3), date(2027, 3, 3)))
def test_another_last_day_moves_every_open_task_once(
    story: Story, acts: list[Act], day: date
) -> None:
    for _ in story.play(acts):
        pass
    story.deliver()
    story.keep()
    story.deliver()
    open_ = {
        key: entry
        for key, entry in story.ledger.items()
        # What helps to decide is over once somebody's last day has come.
        if entry.kind == "task" and entry.state is State.DELIVERED and not _assesses(story, entry)
    }
    story.events.append(said(story.now, "departs_on", day.isoformat()))
    changed = {entry.key: entry for entry in story.difference(story.plan())}
    for key in open_.keys() & changed.keys():
        assert not changed[key].wanted["done"]
        assert changed[key].changes.keys() <= {"due", "subject", "body", "phase"}
    steps = {entry.step for entry in open_.values() if entry.step in story.book.steps}
    assert not [e for key, e in changed.items() if key not in open_ and e.step in steps]
    story.keep()
    story.deliver()
    assert story.rest() == ()
    for key, entry in open_.items():
        assert story.ledger[key].state is State.DELIVERED
        assert story.ledger[key].id == entry.id


def _assesses(story: Story, entry: Entry) -> bool:
    step = story.book.steps.get(entry.step)
    return entry.step.startswith(GATE) or (step is not None and step.phase == "assess")


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
