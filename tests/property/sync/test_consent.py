"""Nothing is sent after consent has ended, also when it ends between plan and delivery."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from mappings.consent import Scope
from sync import will
from sync.course import course
from sync.draft import Draft
from sync.guard import forbidden, in_time
from sync.horizon import Horizon
from sync.model import Membership
from sync.outbox import State, difference
from tests.property.sync.stories import WATCH, Act, Story, acts, stories
from tests.unit.sync.goodbye import KEY, person, world

#: How long what was planned waits before it is delivered: for a limit, or parked for years.
_WAITS = st.one_of(
    st.just(timedelta()),
    st.integers(1, 80).map(lambda n: timedelta(days=n)),
    st.integers(700, 1200).map(lambda n: timedelta(days=n)),
)
_SAYS = st.sampled_from(["yes", "no", "opted_out"])
#: A customer with two people that can be written to, as far as their own words go.
_CROWDS = st.builds(
    lambda country, end: Story(
        world(person("11", out=False), person("12"), country=country, contract_end=end)
    ),
    st.sampled_from(["GB", "CA", "FR", "US"]),
    st.sampled_from([None, date(2026, 3, 10), date(2026, 4, 30)]),
)
#: Somebody says yes, and so many days later the plan that waits is made.
_LEADS = st.integers(1, 70).map(
    lambda n: [
        Act(timedelta(days=1), "yes", "11"),
        Act(timedelta(days=n), "says", ("reason_csm", "price")),
    ]
)
_WORDS = st.lists(
    st.builds(
        lambda after, what, who: Act(after, what, who),
        st.integers(0, 40).map(lambda n: timedelta(days=n)),
        _SAYS,
        st.sampled_from(["11", "12"]),
    ),
    max_size=4,
)


def _permitted(story: Story, person: str, scope: Scope) -> bool:
    """Whether the plan of this very moment would write to somebody."""
    human = next(human for human in story.around.people if human.id == person)
    horizon, case = Horizon(story.now), story.case
    where = course(case, story.around.customer, story.around.calendar, story.book, WATCH, horizon)
    draft = Draft(case=case, world=story.around, book=story.book, horizon=horizon, course=where)
    return will.verdict(draft, human, scope).allowed


@given(_CROWDS, _LEADS, _WORDS, _WAITS)
def test_what_was_planned_goes_out_only_while_it_is_permitted(
    story: Story, lead: list[Act], words: list[Act], wait: timedelta
) -> None:
    made = list(story.play(lead))[-1]
    entries = difference(KEY, made.wants, {}, {})
    waiting = [entry for entry in entries if entry.outward]
    for word in words:  # while it waits, people speak; nothing is planned anew
        story.now += word.after
        getattr(story, f"_{word.what}")(word)
    story.now += wait
    said = will.wills(story.events)
    for entry in waiting:
        if in_time(entry, story.now) and not forbidden(entry, said):
            assert _permitted(story, entry.ref.id, will.scope_of(entry.step))


@given(_CROWDS, _LEADS)
def test_a_membership_ends_with_its_permission_and_is_taken_back_after_it(
    story: Story, lead: list[Act]
) -> None:
    made = list(story.play(lead))[-1]
    for want in made.wants:
        if not isinstance(want.item, Membership):
            continue
        assert want.not_after is not None
        (entry,) = difference(KEY, [want], {}, {})
        there = {entry.key: entry.taken(entry.wanted, {})}
        story.now = want.not_after
        later = story.plan()
        assert want.key not in {one.key for one in later.wants}
        out = difference(KEY, later.wants, there, {})
        taken = next(one for one in out if one.key == want.key)
        assert (taken.state, taken.wanted["present"]) == (State.PENDING, False)
        # It takes somebody out, so it is never too late for it, and nobody is asked.
        assert in_time(taken, story.now + timedelta(days=999))
        assert not taken.outward


@given(stories, acts)
def test_whoever_is_withheld_from_is_told_by_which_rule(story: Story, acts: list[Act]) -> None:
    rules = story.around.rules.programme.consent.rules
    for made in story.play(acts):
        for held in made.withheld:
            name = held.reason.partition("(rule ")[2].partition(")")[0]
            assert not name or name in rules
            # And the other way round: no rule speaks without its name.
            assert name or not any(rule.words in held.reason for rule in rules.values())
