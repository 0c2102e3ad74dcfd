"""What holds where the steps of a case have other names: nothing in the CRM is made or closed."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from mappings.playbook import Playbook
from mappings.spans import Due
from sync.model import Plan
from sync.move import replanned
from sync.outbox import State
from tests.property.sync.stories import Act, Story, acts, stories
from tests.unit.sync.goodbye import DAY


class Renamed(Story):
    """The same story once its case has been moved to other names."""

    new: Playbook | None = None

    @property
    def book(self) -> Playbook:
        return self.new or super().book

    def move(self, new: Playbook) -> None:
        self.events.append(replanned(self.case, self.book, new, "b2", at=self.now))
        self.new = new


def other_names(book: Playbook) -> Playbook:
    """Every step is called otherwise, and knows what it was."""

    def dated(due: Due) -> Due:
        return replace(due, anchor=f"{due.anchor}_now") if due.anchor in book.steps else due

    steps = {
        f"{name}_now": step.model_copy(
            update={
                "was": (name,),
                "after": tuple(f"{one}_now" for one in step.after),
                "due": dated(step.due),
                "appears": step.appears and dated(step.appears),
            }
        )
        for name, step in book.steps.items()
    }
    return book.model_copy(update={"steps": steps})


#: Much has happened before: tasks are done, letters and surveys have gone out.
_BUSY = st.lists(
    st.builds(
        lambda after, what, pick: Act(after * DAY, what, pick=pick),
        st.integers(1, 9),
        st.sampled_from(["done", "done", "sent", "maybe_sent", "undone"]),
        st.integers(0, 30),
    ),
    min_size=6,
    max_size=14,
)


def keys(made: Plan) -> set[str]:
    return {want.key for want in made.wants}


def over(story: Story) -> dict[str, State]:
    """What people or we have ended. (The letters of a renamed promise may lack its words.)"""
    ended = (State.DONE, State.CLOSED, State.GONE)
    return {key: one.state for key, one in story.ledger.items() if one.state in ended}


@given(stories, _BUSY, acts)
def test_a_renamed_step_makes_nothing_twice_and_forgets_nothing(
    story: Story, before: list[Act], later: list[Act]
) -> None:
    for _ in story.play(before):
        pass
    twin = Renamed(story.around, story.phase, use=story.use, mapping=story.mapping)
    for name in ("events", "ledger", "now", "stage", "closed"):
        setattr(twin, name, deepcopy(getattr(story, name)))
    twin.move(other_names(story.book))
    assert keys(twin.plan()) == keys(story.plan())
    assert [one.due for one in twin.plan().promised] == [one.due for one in story.plan().promised]
    for made, renamed in zip(story.play(later), twin.play(later), strict=True):
        assert keys(renamed) == keys(made)
        assert (renamed.status, renamed.progress, renamed.door) == (
            made.status,
            made.progress,
            made.door,
        )
    assert over(twin) == over(story)
