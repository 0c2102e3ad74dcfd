"""The tasks of the playbook: which the CRM should have by now, whose they are, when due. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from integrations.clip import clip
from integrations.contract import Task
from mappings.conditions import evaluate
from mappings.playbook import Step
from mappings.seats import Assigned, assign, department
from mappings.texts import SUBJECT, render, shown, subject
from sync import letters
from sync.course import decision
from sync.draft import Draft

#: What a warning says.
_WARNING: Final = """\
Promised for {day} and not done yet: {task}.

Do: ask {role} what is missing and clear it out of the way, or agree on a new day in good time.
Avoid: waiting until the customer asks.
Why: a promise broken at the goodbye is what they will remember.
"""
#: What is dated by these does not wait for a decision.
_DATED: Final = ("departs", "contract_end")


def steps(draft: Draft) -> tuple[int, str]:
    """Want every task whose time has come; say of the others why not.

    Returns how many percent of the required ones are done, and what is due next.
    """
    following: list[Task] = []
    for name, step in draft.book.steps.items():
        if key := draft.case.done.get(name):
            draft.want(name, task(draft, name, step), key=key)
        elif reason := draft.over or _never(draft, name, step) or _not_yet(draft, name, step):
            draft.withhold(name, reason)
        elif appears := _ahead(draft, name, step):
            draft.withhold(name, "its time has not come", until=appears)
        else:
            if step.letter and _mailed(draft, name, step) and not step.required:
                draft.withhold(name, "the letter goes by mail")
                continue
            following.append(wanted := task(draft, name, step))
            draft.want(name, wanted, key=_key(draft, name))
            _warn(draft, name, step, wanted)
    next_one = min(following, key=lambda item: (item.due, item.subject), default=None)
    return _progress(draft), next_one.subject if next_one else ""


def task(draft: Draft, name: str, step: Step) -> Task:
    """The task of a step, as it should look now."""
    rules, customer = draft.world.rules, draft.world.customer
    assigned = assign(step.role, rules.programme, rules.directory, customer.holders)
    script = f"{render(step.script, draft.words)}{_guide(draft, step)}"
    if step.letter:
        script = letters.enclosed(draft, name, step, assigned, script)
    return Task(
        about=draft.case.ref,
        subject=subject(_prefix(step.role, assigned) + step.task, draft.words),
        body=_body(script, step.role, assigned),
        due=draft.due(_due(draft, step)),
        owner=assigned.owner,
        step=name,
        phase=step.phase,
        department=department(step.role, rules.programme),
        required=step.required,
        promise=step.promise,
    )


def _mailed(draft: Draft, name: str, step: Step) -> bool:
    rules, holders = draft.world.rules, draft.world.customer.holders
    assigned = assign(step.role, rules.programme, rules.directory, holders)
    return letters.send(draft, name, step, assigned, _due(draft, step))


def _guide(draft: Draft, step: Step) -> str:
    """What to ask in a talk, and the fields of the customer that the answers belong in."""
    places = draft.world.rules.places["customer"]
    lines = [
        f"- {text} → {places[key].row.label}" for key, text in step.guide.items() if key in places
    ]
    asked = "\n".join(lines)
    return (
        f"\n\nAsk, and put their answers into these fields of the customer:\n{asked}"
        if lines
        else ""
    )


def _warn(draft: Draft, name: str, step: Step, promised: Task) -> None:
    """A promise that is not kept shortly before its day becomes somebody else's task, too."""
    if step.warn is None:
        return
    warning, due = f"warn_{name}", _due(draft, step)
    since = draft.world.calendar.add(due, step.warn.before, before=True)
    if not _seen(draft, warning) and not draft.horizon.reached(since):
        draft.withhold(warning, "its time has not come", until=since)
        return
    rules, holders = draft.world.rules, draft.world.customer.holders
    assigned = assign(step.warn.role, rules.programme, rules.directory, holders)
    text = _WARNING.format(
        day=shown(draft.world.calendar.day_of(due)),
        task=promised.subject,
        role=step.role.replace("_", " "),
    )
    wanted = replace(
        promised,
        subject=clip(f"{_prefix(step.warn.role, assigned)}At risk: {promised.subject}", SUBJECT),
        body=_body(text, step.warn.role, assigned),
        owner=assigned.owner,
        step=warning,
        department=department(step.warn.role, rules.programme),
        required=False,
        promise=False,
    )
    draft.want(warning, wanted, key=_key(draft, warning))


def _key(draft: Draft, name: str) -> str:
    return draft.task_key(name, occurrence=draft.case.occurrence)


def _seen(draft: Draft, name: str) -> bool:
    """Whether people have its task in front of them, or had."""
    return _key(draft, name) in draft.case.appeared


def _due(draft: Draft, step: Step) -> datetime:
    calendar, anchors = draft.world.calendar, draft.course.anchors
    # Where nobody leaves yet after all, what people have seen is due by the day of departure.
    later = {**anchors, "leaving": anchors["leaving"] or draft.course.departs_on}
    return calendar.due(step.due, later) or draft.case.entered_at


def _progress(draft: Draft) -> int:
    """Percent of the required tasks that are done, without those that will never be."""
    required = [name for name, step in draft.book.steps.items() if step.required]
    done = [name for name in required if name in draft.case.done]
    still = [
        name
        for name in required
        if name not in draft.case.done and not _never(draft, name, draft.book.steps[name])
    ]
    return round(100 * len(done) / len(done + still)) if done or still else 100


def _never(draft: Draft, name: str, step: Step) -> str:
    """Why a step that is not done is not for this departure, as things stand; or nothing."""
    if _key(draft, name) in draft.case.removed:
        return "a person deleted it in the CRM"
    if step.phase == "assess" and draft.course.reached("leaving"):
        return "it is decided: the customer is leaving"
    return evaluate(step.only_if, draft.facts).words


def _not_yet(draft: Draft, name: str, step: Step) -> str:
    """What an open step waits for, or nothing."""
    here = draft.course.reached(step.phase) or _stays(draft, name, step)
    if not here and not _pressing(draft, step):
        return f"waits for the phase {step.phase}"
    steps, done = draft.book.steps, draft.case.done
    waiting = [n for n in step.after if n not in done and not _never(draft, n, steps[n])]
    return f"waits for {', '.join(waiting)}" if waiting else ""


def _stays(draft: Draft, name: str, step: Step) -> bool:
    """Whether a task that is there stays, although its phase has not come, or not any more.

    Neither time nor another day of departure takes away what people have seen. Trying to keep the
    customer does, but for what they were promised.
    """
    keeping = decision(draft.case) == "try_to_keep"
    return _seen(draft, name) and (step.promise or _dated(step) or not keeping)


def _dated(step: Step) -> bool:
    """Whether it belongs to leaving and has its day by the departure: money, access and data."""
    return step.phase == "leaving" and step.due.anchor in _DATED


def _pressing(draft: Draft, step: Step) -> bool:
    """Whether a promise, or what is dated by the departure, can wait no longer for a decision.

    Most customers never say why they leave, and what they were promised has its day all the same,
    also while people try to keep them. It comes as long before as a decision may take.
    """
    promised = step.promise and step.phase == "leaving" and step.due.anchor != "leaving"
    if not promised and not _dated(step):
        return False
    lead = draft.book.gates.decision.after
    return draft.horizon.reached(draft.world.calendar.add(_due(draft, step), lead, before=True))


def _ahead(draft: Draft, name: str, step: Step) -> datetime | None:
    """When a step appears, if that is still ahead."""
    if step.appears is None or _seen(draft, name):
        return None
    appears = draft.world.calendar.due(step.appears, draft.course.anchors)
    return appears if appears and not draft.horizon.reached(appears) else None


def _prefix(role: str, assigned: Assigned) -> str:
    return f"For {role.replace('_', ' ')}: " if assigned.mail else ""


def _body(script: str, role: str, assigned: Assigned) -> str:
    """The script, and what its owner has to know about why they have it."""
    role = role.replace("_", " ")
    if assigned.mail:
        return f"Please pass this on to {role} ({assigned.mail}).\n\n{script}".strip()
    if assigned.owner is None:
        return f"Nobody could be found for {role}: {assigned.words}.\n\n{script}".strip()
    return script
