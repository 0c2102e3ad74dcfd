"""A task for a role: whose it is, and what its owner has to know about that. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from integrations.clip import clip
from integrations.contract import Ref, Task
from mappings.seats import Assigned, assign, department
from mappings.spans import Span
from mappings.texts import LONGEST, SUBJECT
from sync.draft import Draft
from sync.world import World

#: What begins the names of tasks that are no steps of the playbook.
WARNING: Final = "warn_"
GATE: Final = "gate_"
EVIDENCE: Final = "evidence_"
#: Time to read what was said, and to say what will be done about it.
_SOON: Final = Span.parse("5 business days")
#: The CRM files what comes after a goodbye under the phase that it is nearest to.
_FILED: Final = {"saved": "assess", "returned": "alumni"}


def task_for(
    world: World,
    about: Ref,
    role: str,
    *,
    step: str,
    title: str,
    text: str,
    due: datetime,
    phase: str,
    required: bool = False,
    promise: bool = False,
) -> Task:
    """The task of a role for a customer, as it should look now."""
    assigned = seat(world, role)
    prefix = f"For {plain(role)}: " if assigned.mail else ""
    return Task(
        about=about,
        subject=clip(prefix + title, SUBJECT),
        body=clip(_body(text, plain(role), assigned), LONGEST),
        due=world.due(due),
        owner=assigned.owner,
        step=step,
        phase=_FILED.get(phase, phase),
        department=department(role, world.rules.programme),
        required=required,
        promise=promise,
    )


def errand(
    world: World, about: Ref, role: str, *, step: str, title: str, text: str, at: datetime
) -> Task:
    """A task that comes from what was said, and not from the playbook; due a week later."""
    due = world.calendar.add(at, _SOON)
    return task_for(world, about, role, step=step, title=title, text=text, due=due, phase="leaving")


def seat(world: World, role: str) -> Assigned:
    """Who takes a role's tasks for this customer, and how that came about."""
    if role not in world.seats:
        rules, holders = world.rules, world.customer.holders
        world.seats[role] = assign(role, rules.programme, rules.directory, holders)
    return world.seats[role]


def owner(draft: Draft, role: str) -> str | None:
    """The CRM's id of whoever has a role's tasks for this customer."""
    return seat(draft.world, role).owner


def whose(draft: Draft, role: str) -> str:
    """Why somebody else than the first choice has a role's task, or nobody; or nothing."""
    rules, assigned = draft.world.rules, seat(draft.world, role)
    if assigned.owner is None:
        return f"nobody could be found for {plain(role)}: {assigned.words or 'it has no seat'}"
    name = rules.directory.by_id[assigned.owner].name
    if assigned.mail:
        return f"{name} passes it on to {plain(role)}, {assigned.mail}, who have no seat"
    if assigned.words:
        return f"it went to {name}, as the ones before could not take it: {assigned.words}"
    return ""


def plain(role: str) -> str:
    """A role's name as people read it."""
    return "IT" if role == "it" else role.replace("_", " ")


def _body(script: str, role: str, assigned: Assigned) -> str:
    """The script, and what its owner has to know about why they have it."""
    if assigned.mail:
        return f"Please pass this on to {role} ({assigned.mail}).\n\n{script}".strip()
    if assigned.owner is None:
        return f"Nobody could be found for {role}: {assigned.words}.\n\n{script}".strip()
    return script
