"""What holds for staying in touch, whatever happens: seldom, never without a yes, no surprises."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from integrations.contract import Task
from sync.model import TOUCH, Event, Kind, Plan
from tests.property.sync.stories import PEOPLE, Act, Story, acts, stories
from tests.unit.sync.goodbye import DAY, KEY, START, event, happened, person, planned, world

END = date(2026, 4, 30)
LEFT = START + 60 * DAY

_NEWS = st.lists(
    st.tuples(
        st.integers(-50, 500),
        st.sampled_from(["sso", "api", "export", "audit"]),
        st.sampled_from([None, ["11"], ["12"], ["11", "12"]]),
    ),
    max_size=6,
)
_MADE = st.lists(st.integers(0, 30), max_size=8)
_EARLIER = st.lists(st.integers(-400, 60), max_size=3)


def touches(made: Plan) -> dict[str, tuple[str, date]]:
    """The tasks that are there: key -> step and day."""
    return {
        want.key: (want.step, want.item.due.date())
        for want in made.wants
        if isinstance(want.item, Task) and want.step.startswith(f"{TOUCH}_")
    }


def rare(days: list[date], *, made: set[date]) -> bool:
    """At most four in any 365 days, and sixty days apart, but for what people made themselves."""
    every = sorted(days)
    near = all((b - a).days >= 60 or {a, b} <= made for a, b in pairwise(every))
    many = all(
        (last - first).days >= 365 or {first, last} <= made
        for first, last in zip(every, every[4:], strict=False)
    )
    return near and many


@given(_NEWS, _MADE, _EARLIER, st.sampled_from(["price", "competitor", "budget_cut", None]))
def test_never_more_than_four_in_any_year(
    news: list[tuple[int, str, list[str] | None]],
    made: list[int],
    earlier: list[int],
    reason: str | None,
) -> None:
    before = [LEFT + n * DAY for n in earlier]
    around = replace(world(person("11"), person("12"), contract_end=END), touched=tuple(before))
    events: list[Event] = [
        event(Kind.CONSENTED, START + DAY, person=who, stay=True, reference=True) for who in PEOPLE
    ]
    if reason:
        events.append(event(Kind.SET, START + DAY, field="reason_csm", value=reason))
    told = sorted(((LEFT + day * DAY, *what) for day, *what in news), key=lambda one: one[0])
    pace, at, there = [*made], LEFT, dict[str, tuple[str, date]]()
    met: dict[str, date] = {}
    while at < LEFT + 800 * DAY:
        while told and told[0][0] <= at:
            moment, feature, people = told.pop(0)
            data = {"feature": feature, "people": people}
            events.append(Event(at=moment, kind=Kind.FEATURE_SHIPPED, data=data, mark=f"{feature}"))
        plan = planned(happened(*events), at, around)
        there = touches(plan)
        every = {step: day for step, day in there.values() if step not in met} | met
        days = [*every.values(), *(moment.date() for moment in before)]
        theirs = {*met.values(), *(moment.date() for moment in before)}
        assert rare(days, made=theirs)
        if pace and (ready := [k for k, (step, _) in there.items() if step not in met]):
            key, wait = ready[0], pace.pop()
            step = there[key][0]
            when = at + wait * DAY if not told else min(at + wait * DAY, told[0][0])
            events.append(event(Kind.DONE, when, step=step, key=key))
            met[step] = when.date()
            at = max(at, when)
        following = [m for m in (plan.wake_at, told[0][0] if told else None) if m]
        at = max(at + timedelta(hours=1), min(following, default=LEFT + 800 * DAY))


class Told(Story):
    """A departure on which there is news."""

    def _shipped(self, act: Act) -> None:
        feature = ("sso", "api", "export")[act.pick % 3]
        if feature not in self.case.shipped:
            self.events.append(
                event(Kind.FEATURE_SHIPPED, self.now, feature=feature, people=act.value)
            )


_TELLING = st.builds(
    lambda after, people, pick: Act(after * DAY, "shipped", people, pick),
    st.integers(1, 90),
    st.sampled_from([None, ["11"], ["12"]]),
    st.integers(0, 2),
)
_YES = st.builds(lambda who: Act(DAY, "yes", who), st.sampled_from(PEOPLE))


@given(stories, acts, st.lists(_TELLING, max_size=3), _YES, st.floats(0, 1, exclude_max=True))
def test_nothing_changes_before_it_wakes(
    story: Story, acts: list[Act], news: list[Act], yes: Act, part: float
) -> None:
    told = Told(story.around, story.phase)
    for _ in told.play([yes, *acts, *news]):
        pass
    now: datetime = told.now
    for _ in range(12):
        made = told.plan(now)
        if made.wake_at is None:
            break
        last = made.wake_at - timedelta(microseconds=1)
        assert told.plan(min(now + part * (made.wake_at - now), last)) == made
        assert told.plan(last) == made
        now = made.wake_at


@given(stories, acts, st.lists(_TELLING, max_size=3), _YES)
def test_only_who_may_be_written_to_is_named(
    story: Story, acts: list[Act], news: list[Act], yes: Act
) -> None:
    told = Told(story.around, story.phase)
    for made in told.play([yes, *acts, *news]):
        case = told.case
        for key, (step, _) in touches(made).items():
            assert key.startswith(f"{KEY}:{step}:")
            who = key.split(":")[2]
            assert case.consents[who].stay
            out = case.opted_out.get(who)
            assert out is None or out < case.consents[who].at
            assert not any(h.id == who and h.opt_out and h.opt_out.out for h in told.around.people)
