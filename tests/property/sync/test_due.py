"""What holds for the days that tasks are due on, whatever happens and whenever it becomes known."""

from __future__ import annotations

from hypothesis import given

from integrations.contract import Task
from sync.model import Plan
from tests.property.sync.stories import Act, Awake, acts, awake


class Noting(Awake):
    """Notes what is late when it comes."""

    def keep(self) -> Plan:
        before = {*self.ledger}
        made, day_of = super().keep(), self.around.calendar.day_of
        for want in made.wants:
            step = self.book.steps.get(want.step)
            if not isinstance(want.item, Task) or step is None or want.key in before:
                continue
            # Whether a promise is late is told with it; a letter is a task where no mail could go.
            if not (step.promise or step.letter):
                assert day_of(want.item.due) >= day_of(self.now), want.step
        return made


#: A record that is gone for a while comes back late, and says so.
_THERE = acts.map(lambda acts: [one for one in acts if one.what != "gone"])


@given(awake, _THERE)
def test_no_task_is_late_when_it_comes(story: Awake, acts: list[Act]) -> None:
    noting = Noting(story.around, story.phase, use=story.use, mapping=story.mapping)
    for _ in noting.play(acts):
        pass
