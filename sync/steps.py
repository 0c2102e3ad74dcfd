"""The tasks of the playbook: which the CRM should have by now, whose they are, when due. Pure."""

from __future__ import annotations

from integrations.contract import Task
from mappings.conditions import evaluate
from mappings.playbook import PHASES, Step
from mappings.seats import Assigned, assign, department
from mappings.texts import render, subject
from sync.draft import Draft


def steps(draft: Draft) -> None:
    """Want every task whose time has come; say of the others why not."""
    for name, step in draft.book.steps.items():
        done = draft.case.done.get(name)
        occurrence = done.occurrence if done else draft.case.occurrence
        if not done and (reason := _why_not(draft, name, step)):
            draft.withhold(name, reason)
            continue
        if not done and step.appears:
            appears = draft.world.calendar.due(step.appears, draft.course.anchors)
            if appears is not None and not draft.horizon.reached(appears):
                draft.withhold(name, "its time has not come", until=appears)
                continue
        draft.want(name, task(draft, name, step), occurrence=occurrence)


def task(draft: Draft, name: str, step: Step) -> Task:
    """The task of a step, as it should look now."""
    rules, customer = draft.world.rules, draft.world.customer
    assigned = assign(step.role, rules.programme, rules.directory, customer.holders)
    due = draft.world.calendar.due(step.due, draft.course.anchors) or draft.case.opened_at
    return Task(
        about=draft.case.ref,
        subject=subject(_prefix(step, assigned) + step.task, draft.words),
        body=_body(render(step.script, draft.words), step, assigned),
        due=due,
        owner=assigned.owner,
        step=name,
        phase=step.phase,
        department=department(step.role, rules.programme),
        required=step.required,
        promise=step.promise,
    )


def progress(draft: Draft) -> tuple[int, str]:
    """Percent of the required tasks that are done, and the subject of the one that is due next."""
    required = [
        (name, step)
        for name, step in draft.book.steps.items()
        if step.required and (name in draft.case.done or evaluate(step.only_if, draft.facts).holds)
    ]
    done = sum(name in draft.case.done for name, _ in required)
    open_tasks = [
        want.item
        for want in draft.wants
        if isinstance(want.item, Task) and want.step not in draft.case.done
    ]
    following = min(open_tasks, key=lambda item: (item.due, item.subject), default=None)
    percent = round(100 * done / len(required)) if required else 100
    return percent, following.subject if following else ""


def _why_not(draft: Draft, name: str, step: Step) -> str:
    """Why an open step is not wanted now, or nothing."""
    course = draft.course
    if course.ended:
        return f"the customer has {'stayed' if course.ended == 'saved' else 'come back'}"
    if not course.reached(step.phase):
        return f"waits for the phase {step.phase}"
    if step.phase == "assess" and PHASES.index("assess") < PHASES.index(course.status):
        return "it is decided: the customer is leaving"
    if not (answer := evaluate(step.only_if, draft.facts)).holds:
        return answer.words
    waiting = [other for other in step.after if other not in draft.case.done]
    return f"waits for {', '.join(waiting)}" if waiting else ""


def _prefix(step: Step, assigned: Assigned) -> str:
    return f"For {step.role.replace('_', ' ')}: " if assigned.mail else ""


def _body(script: str, step: Step, assigned: Assigned) -> str:
    """The script, and what its owner has to know about why they have it."""
    role = step.role.replace("_", " ")
    if assigned.mail:
        return f"Please pass this on to {role} ({assigned.mail}).\n\n{script}".strip()
    if assigned.owner is None:
        return f"Nobody could be found for {role}: {assigned.words}.\n\n{script}".strip()
    return script
