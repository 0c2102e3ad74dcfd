"""A task for a department that comes from what was said, and not from the playbook. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from integrations.clip import clip
from integrations.contract import Ref, Task
from mappings.calendar import Calendar
from mappings.seats import Assigned, assign, department
from mappings.spans import Span
from mappings.texts import LONGEST, SUBJECT
from sync.world import World

#: Time to read, and to say what will be done about it.
_SOON: Final = Span.parse("5 business days")


def errand(
    about: Ref, world: World, *, role: str, step: str, title: str, text: str, at: datetime
) -> Task:
    """A task for whoever has this role for the customer, due five working days later."""
    rules = world.rules
    assigned = assign(role, rules.programme, rules.directory, world.customer.holders)
    name = role.replace("_", " ")
    return Task(
        about=about,
        subject=clip(f"For {name}: {title}" if assigned.mail else title, SUBJECT),
        body=clip(f"{_passing_on(name, assigned)}{text}", LONGEST),
        due=_due(world.calendar, at),
        owner=assigned.owner,
        step=step,
        phase="leaving",
        department=department(role, rules.programme),
        required=False,
    )


def _passing_on(name: str, assigned: Assigned) -> str:
    """Why its owner has it, where they are not of that department."""
    if assigned.mail:
        return f"Please pass this on to {name} ({assigned.mail}).\n\n"
    if assigned.owner is None:
        return f"Nobody could be found for {name}: {assigned.words}.\n\n"
    return ""


def _due(calendar: Calendar, at: datetime) -> datetime:
    return calendar.add(at, _SOON)
