"""What holds for the plan of every departure, at every moment."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from integrations.contract import Mail, Task
from sync.model import Fields, Membership, Want
from tests.property.sync.stories import Act, Story, acts, stories
from tests.unit.sync.goodbye import DAY, said

LATE = timedelta(days=4000)


@given(stories, acts, st.floats(0, 1, exclude_max=True), st.timedeltas(timedelta(), 40 * DAY))
def test_nothing_changes_before_it_wakes(
    story: Story, acts: list[Act], part: float, wait: timedelta
) -> None:
    for _ in story.play(acts):
        pass
    now = story.now + wait
    made = story.plan(now)
    assert made.wake_at is None or made.wake_at > now
    until = (made.wake_at or now + LATE) - now
    assert story.plan(now + part * until) == made
    assert story.plan(now + until - timedelta(microseconds=1)) == made


@given(stories, acts)
def test_the_same_history_gives_the_same_plan(story: Story, acts: list[Act]) -> None:
    for made in story.play(acts):
        assert story.plan() == made


@given(stories, acts)
def test_a_key_means_one_thing_for_ever(story: Story, acts: list[Act]) -> None:
    meant: dict[str, tuple[object, ...]] = {}
    for made in story.play(acts):
        keys = [want.key for want in made.wants]
        assert len(keys) == len(set(keys))
        for want in made.wants:
            assert len(want.key) <= 80
            assert meant.setdefault(want.key, _meaning(want)) == _meaning(want)
            assert set(want.after) <= set(keys)


def _meaning(want: Want) -> tuple[object, ...]:
    item = want.item
    match item:
        case Fields(ref=ref):
            about: object = ref
        case Membership(person=person):
            about = person
        case Mail(to=to):
            about = to
        case _:
            about = item.about
    return (want.step, type(item), about)


@given(stories, acts)
def test_nothing_goes_out_to_who_said_no(story: Story, acts: list[Act]) -> None:
    for made in story.play(acts):
        case = story.case
        said_no = {
            id
            for id, at in case.opted_out.items()
            if not ((yes := case.consents.get(id)) and yes.stay and yes.at > at)
        }
        said_no |= {h.id for h in story.around.people if h.opt_out and h.opt_out.out}
        for want in made.wants:
            if want.outward:
                assert want.key.split(":")[2] not in said_no
            if isinstance(want.item, Membership):
                assert want.item.person.id not in said_no
                assert case.consents[want.item.person.id].stay


@given(stories, acts)
def test_what_was_removed_or_done_does_not_come_back(story: Story, acts: list[Act]) -> None:
    for made in story.play(acts):
        case = story.case
        tasks = {want.step: want.key for want in made.wants if isinstance(want.item, Task)}
        assert not case.removed & set(tasks.values())
        for step, key in case.done.items():
            assert step not in story.book.steps or tasks.get(step, key) == key


@given(stories, acts)
def test_every_step_is_planned_or_withheld_with_a_reason(story: Story, acts: list[Act]) -> None:
    for made in story.play(acts):
        named = {want.step for want in made.wants} | {one.step for one in made.withheld}
        assert all(one.reason for one in made.withheld)
        assert "everything" in named or set(story.book.steps) <= named


@given(stories, acts, st.dates(date(2026, 3, 3), date(2027, 3, 3)))
def test_another_last_day_moves_open_tasks_and_replaces_none(
    story: Story, acts: list[Act], day: date
) -> None:
    for _ in story.play(acts):
        pass
    before = {want.key for want in story.plan().wants if isinstance(want.item, Task)}
    story.events.append(said(story.now, "departs_on", day.isoformat()))
    after = {want.key for want in story.plan().wants if isinstance(want.item, Task)}
    steps = {key.split(":")[1] for key in before - after}
    assert not steps & {key.split(":")[1] for key in after - before}
