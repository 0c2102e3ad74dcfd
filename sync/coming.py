"""What comes next in a case: the tasks that are due, and the steps that may come by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from integrations.contract import Task
from sync.model import Plan
from sync.outbox import FINAL
from sync.planning import Prepared

#: More lines are a list that nobody reads.
_MOST: Final = 12


def coming(one: Prepared, made: Plan, now: datetime) -> list[str]:
    """The next things by their dates, the earliest first."""
    lines = sorted({*_due(one, made, now), *_held(made)})
    more = [f"and {len(lines) - _MOST} more"] if len(lines) > _MOST else []
    return [f"{day(moment)}  {words}" for moment, words in lines[:_MOST]] + more


def _due(one: Prepared, made: Plan, now: datetime) -> Iterator[tuple[datetime, str]]:
    """Open tasks, and who has them."""
    people = one.world.rules.directory.by_id
    for want in made.wants:
        entry = one.entries.get(want.key)
        if not isinstance(want.item, Task) or (entry and entry.state in FINAL):
            continue
        owner = people.get(want.item.owner or "")
        who = owner.name if owner else "nobody"
        is_due = "is due" if want.item.due > now else "was due"
        yield want.item.due, f"{is_due}, with {who}: {want.item.subject}"


def _held(made: Plan) -> Iterator[tuple[datetime, str]]:
    """What is withheld until a moment."""
    for held in made.withheld:
        if held.until:
            yield held.until, f"may come: {held.step.replace('_', ' ')} ({held.reason})"


def day(moment: datetime) -> str:
    """A moment to the minute, in UTC."""
    return f"{moment:%Y-%m-%d %H:%M}"
