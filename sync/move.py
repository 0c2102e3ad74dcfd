"""An open case under another playbook: its event, and everything that would change. Pure.

A step that has another name now goes on under the keys it has, so that its task is neither made a
second time nor forgotten: :attr:`~sync.model.Case.names` remembers the name in the keys.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from integrations.contract import Value
from mappings.playbook import Playbook
from mappings.programme import Watch
from sync.case import after
from sync.letters import sending
from sync.model import Case, Event, Kind, Plan
from sync.outbox import Entry, State, difference
from sync.plan import plan
from sync.tasks import EVIDENCE, WARNING
from sync.world import World

#: What a change of each kind of line does where nothing was before.
_NEW: Final = {
    "task": "add",
    "note": "add",
    "departure": "add",
    "mail": "send",
    "member": "join",
    "fields": "fields",
}


#: What goes with a step, by the names of their own steps.
_BESIDE: Final = (f"{WARNING}{{}}", f"{EVIDENCE}{{}}", sending("{}"), f"{sending('{}')}_note")


@dataclass(frozen=True, kw_only=True)
class Change:
    """One thing in the CRM that is otherwise after the move."""

    key: str
    step: str
    kind: str
    #: ``add``, ``change``, ``close``, ``send``, ``join``, ``leave``, ``fields``, or ``drop``: it
    #: never went out.
    does: str
    words: str
    #: By name: the value before and after.
    values: Mapping[str, tuple[Value, Value]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Later:
    """A step of the new playbook alone that does not have its time yet, and why."""

    step: str
    reason: str
    until: datetime | None


@dataclass(frozen=True, kw_only=True)
class Move:
    """What a move comes to, at one moment; nothing is done yet."""

    #: The new names of steps that go on, with the old ones.
    renamed: Mapping[str, str]
    changes: tuple[Change, ...]
    later: tuple[Later, ...]


def replanned(
    case: Case, old: Playbook, new: Playbook, hash: str, *, at: datetime, mark: str = ""
) -> Event:
    """The event that moves a case to the new playbook, which is kept under this hash."""
    data: dict[str, Any] = {"playbook": hash, "names": names(case, old, new)}
    return Event(at=at, kind=Kind.REPLANNED, data=data, mark=mark)


def names(case: Case, old: Playbook, new: Playbook) -> dict[str, str]:
    """By step of the new playbook: the name in its keys, where that is another one."""
    found: dict[str, str] = {}
    for step in new.steps:
        before = _before(case, old, new, step)
        if before and before not in found.values():
            found[step] = before
    for step in new.steps.keys() - found.keys():
        found[step] = _free(step, {*found.values()})
    own = {step: found[step] for step in new.steps if found[step] != step}
    return own | {
        shape.format(step): shape.format(before)
        for shape in _BESIDE
        for step, before in own.items()
    }


def _before(case: Case, old: Playbook, new: Playbook, step: str) -> str | None:
    """The name in the keys of what a step has been so far; None where it is a new one."""
    if step in old.steps:
        return case.names.get(step, step)
    there = {case.names.get(name, name): name for name in old.steps if name not in new.steps}
    past = {key.split(":")[1] for key in (*case.done.values(), *case.removed)}
    for was in new.steps[step].was:
        if was in old.steps and was not in new.steps:
            return case.names.get(was, was)
        if was in there or (was in past and was not in new.steps):
            return was
    return None


def _free(step: str, taken: set[str]) -> str:
    """A new step's name in its keys; another one where an earlier step has kept that name."""
    name, number = step, 2
    while name in taken:
        name, number = f"{step}_{number}", number + 1
    return name


def move(
    case: Case,
    world: World,
    watch: Watch,
    entries: Mapping[str, Entry],
    *,
    old: Playbook,
    new: Playbook,
    hash: str,
    now: datetime,
) -> Move:
    """Hold the plan under the new playbook against the one under the old."""
    moved = after(case, replanned(case, old, new, hash, at=now))
    before, wanted = plan(case, world, old, watch, now), plan(moved, world, new, watch, now)
    held = {**entries, **_changed(case, before, entries)}
    return Move(
        renamed={
            step: name
            for step in new.steps
            if step not in old.steps
            for name in old.steps
            if moved.names.get(step, step) == case.names.get(name, name)
        },
        changes=tuple(
            change
            for key, entry in _changed(moved, wanted, held).items()
            if (change := _change(held.get(key), entry))
        ),
        later=tuple(_later(wanted, old, new)),
    )


def _changed(case: Case, made: Plan, entries: Mapping[str, Entry]) -> dict[str, Entry]:
    reasons = {one.step: one.reason for one in made.withheld}
    return {entry.key: entry for entry in difference(case.key, made.wants, entries, reasons)}


def _change(before: Entry | None, entry: Entry) -> Change | None:
    was: Mapping[str, Value] = {}
    if before and before.state is not State.DROPPED:
        was = before.wanted
    values = {
        name: (was.get(name), value)
        for name, value in entry.wanted.items()
        if was.get(name) != value and name not in entry.kept
    }
    if entry.state is State.DROPPED:
        does, values = "drop", {}
    elif not was:
        does = _NEW[entry.kind]
    elif entry.kind == "task" and entry.wanted["done"]:
        does = "close"
    elif entry.kind == "member" and not entry.wanted["present"]:
        does = "leave"
    else:
        does = "fields" if entry.kind == "fields" else "change"
    if does in ("change", "fields") and not values:
        return None
    return Change(
        key=entry.key, step=entry.step, kind=entry.kind, does=does, words=_words(entry),
        values=values,
    )  # fmt: skip


def _words(entry: Entry) -> str:
    """What people know it by."""
    wanted = entry.wanted
    said = wanted.get("subject") or wanted.get("segment") or wanted.get("body")
    return str(said).splitlines()[0] if said else ", ".join(sorted(wanted))


def _later(made: Plan, old: Playbook, new: Playbook) -> Iterator[Later]:
    for one in made.withheld:
        if one.step in new.steps and one.step not in old.steps:
            yield Later(step=one.step, reason=one.reason, until=one.until)
