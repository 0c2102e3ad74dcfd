"""The tasks of the playbook: which the CRM should have by now, whose they are, when due. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from integrations.contract import Task
from mappings.conditions import evaluate
from mappings.playbook import ENDS, PHASES, Step
from mappings.spans import Span
from mappings.texts import render, shown, subject
from sync import letters, proof
from sync.draft import Draft
from sync.due import DATED, appears_at, due_at, halfway, known_at, root
from sync.model import Promised
from sync.tasks import WARNING, owner, plain, seat, task_for, whose
from sync.waiting import Waits, waits_for

#: What a warning says.
_WARNING: Final = """\
Promised for {day} and not done yet: {task}.

Do: ask {role} what is missing and clear it out of the way, or agree on a new day in good time.
Avoid: waiting until the customer asks.
Why: a promise broken at the goodbye is what they will remember.
"""
_ENDED: Final = {"saved": "stayed", "returned": "come back"}
#: Where the playbook warns nobody, a promise is at risk so long before its day.
_RISKY: Final = Span.parse("2 business days")


def steps(draft: Draft) -> tuple[int, str]:
    """Want every task whose time has come; say of the others why not.

    Returns how many percent of the required ones are done, and what is due next.
    """
    following: list[Task] = []
    for name, step in draft.book.steps.items():
        if step.promise:
            _promise(draft, name, step)
        if key := draft.case.done.get(name):
            draft.want(name, done := task(draft, name, step), key=key)
            _calm(draft, name, step, "it is done")
            proof.ask(draft, name, step, done.subject)
        elif reason := _over(draft, step) or _never(draft, name, step):
            draft.withhold(name, reason)
            _calm(draft, name, step, reason)
        elif waits := _not_yet(draft, name, step):
            draft.withhold(name, waits.words, until=waits.until, opens=waits.opens)
        elif appears := _ahead(draft, name, step):
            draft.withhold(name, "its time has not come", until=appears)
        else:
            if step.letter and _mailed(draft, name, step):
                draft.withhold(name, "the letter goes by mail")
                continue
            following.append(wanted := task(draft, name, step))
            draft.want(name, wanted, key=_key(draft, name))
            draft.note(name, whose(draft, step.role))
            _warn(draft, name, step, wanted)
    next_one = min(following, key=lambda item: (item.due, item.subject), default=None)
    return _progress(draft), next_one.subject if next_one else ""


def task(draft: Draft, name: str, step: Step) -> Task:
    """The task of a step, as it should look now."""
    script = f"{render(step.script, draft.words)}{_guide(draft, step)}"
    if step.letter and name not in draft.case.done:  # nobody needs it any more
        script = letters.enclosed(draft, name, step, seat(draft.world, step.role), script)
    return task_for(
        draft.world,
        draft.case.ref,
        step.role,
        step=name,
        title=subject(step.task, draft.words),
        text=proof.with_line(script, step),
        due=due_at(draft, step),
        phase=step.phase,
        required=step.required,
        promise=step.promise,
    )


def _mailed(draft: Draft, name: str, step: Step) -> bool:
    """Want the letter by mail, if it can go so; whether it makes the task needless."""
    mailed = letters.send(draft, name, step, seat(draft.world, step.role), due_at(draft, step))
    return mailed and not step.required


def _guide(draft: Draft, step: Step) -> str:
    """What to ask in a talk, and the fields of the customer that the answers belong in."""
    places = draft.world.rules.places["customer"]
    lines = [
        f"- {text} → {places[key].row.label}" for key, text in step.guide.items() if key in places
    ]
    heading = "Ask, and put their answers into these fields of the customer:"
    return "\n".join(["", "", heading, *lines]) if lines else ""


def _promise(draft: Draft, name: str, step: Step) -> None:
    """Note what the customer was promised, for as long as it may still be kept or not."""
    over = "" if _missed(draft, step) else _over(draft, step)
    waived = "" if name in draft.case.done else over or _never(draft, name, step)
    promised = Promised(
        step=name,
        words=subject(step.task, draft.words),
        role=step.role,
        owner=owner(draft, step.role),
        due=draft.due(due_at(draft, step)),
        risky=_risky(draft, step),
        unproved=step.evidence and not proof.found(draft, name),
        waived=waived,
    )
    draft.promised.append(promised)


def _missed(draft: Draft, step: Step) -> bool:
    """Whether its day was over before a customer who had left came back: that waives nothing."""
    case, day_of = draft.case, draft.world.calendar.day_of
    back = case.left_at if draft.course.status == "returned" and step.phase not in ENDS else None
    return back is not None and day_of(due_at(draft, step)) < day_of(back)


def _risky(draft: Draft, step: Step) -> datetime:
    """From when on a promise that is not kept is at risk: at short notice, from half of the way."""
    due, known = due_at(draft, step), known_at(draft, step)
    before = step.warn.before if step.warn else _RISKY
    since = draft.world.calendar.add(due, before, before=True)
    return since if since > known else halfway(known, due)


def _warn(draft: Draft, name: str, step: Step, promised: Task) -> None:
    """A promise that is not kept shortly before its day becomes somebody else's task, too."""
    if step.warn is None:
        return
    warning, due, since = f"{WARNING}{name}", due_at(draft, step), _risky(draft, step)
    if not draft.seen(warning) and not draft.horizon.reached(since):
        draft.withhold(warning, "its time has not come", until=since)
        return
    text = _WARNING.format(
        day=shown(draft.world.calendar.day_of(due)),
        task=promised.subject,
        role=plain(step.role),
    )
    wanted = task_for(
        draft.world,
        draft.case.ref,
        step.warn.role,
        step=warning,
        title=f"At risk: {promised.subject}",
        text=text,
        due=due,
        phase=step.phase,
    )
    draft.want(warning, wanted, key=_key(draft, warning))
    draft.note(warning, whose(draft, step.warn.role))


def _calm(draft: Draft, name: str, step: Step, why: str) -> None:
    """Say why a warning that people have seen is over."""
    warning = f"{WARNING}{name}"
    if step.warn and draft.seen(warning) and warning not in draft.case.done:
        draft.withhold(warning, why)


def _key(draft: Draft, name: str) -> str:
    return draft.task_key(name, occurrence=draft.case.occurrence)


def _progress(draft: Draft) -> int:
    """Percent of the required tasks that are done, without those that will never be."""
    steps = draft.book.steps.items()
    required = [name for name, step in steps if step.required and step.phase in PHASES]
    done = [name for name in required if name in draft.case.done]
    still = [
        name
        for name in required
        if name not in draft.case.done and not _never(draft, name, draft.book.steps[name])
    ]
    return round(100 * len(done) / len(done + still)) if done or still else 100


def _over(draft: Draft, step: Step) -> str:
    """Why a step is not for a departure that ended so, or has not ended; or nothing."""
    if step.phase not in ENDS:
        return draft.over
    if draft.case.closed_at:
        return "a later departure has taken its place"
    if step.phase == draft.course.ended:
        return ""
    return draft.over or f"comes where the customer has {_ENDED[step.phase]}"


def _never(draft: Draft, name: str, step: Step) -> str:
    """Why a step that is not done is not for this departure, as things stand; or nothing."""
    if _key(draft, name) in draft.case.removed:
        return "a person deleted it in the CRM"
    if step.phase == "assess" and draft.course.reached("leaving"):
        return "it is decided: the customer is leaving"
    return evaluate(step.only_if, draft.facts).words


def _not_yet(draft: Draft, name: str, step: Step) -> Waits | None:
    """What an open step waits for, or nothing."""
    if not draft.course.reached(step.phase) and not _stays(draft, name, step):
        presses = _presses_at(draft, step)
        if presses is None or not draft.horizon.reached(presses):
            waits = waits_for(draft, step.phase)
            return waits._replace(until=min(filter(None, (waits.until, presses)), default=None))
    steps, done = draft.book.steps, draft.case.done
    waiting = [n for n in step.after if n not in done and not _never(draft, n, steps[n])]
    return Waits(f"waits for {', '.join(waiting)}") if waiting else None


def _stays(draft: Draft, name: str, step: Step) -> bool:
    """Whether a task that is there stays, although its phase has not come, or not any more.

    Neither time nor another day of departure takes away what people have seen. Trying to keep the
    customer does, but for what they were promised.
    """
    keeping = draft.course.decision == "try_to_keep"
    return draft.seen(name) and (step.promise or _dated(draft, step) or not keeping)


def _dated(draft: Draft, step: Step) -> bool:
    """Whether it belongs to leaving and has its day by the departure: money, access and data."""
    return step.phase == "leaving" and root(draft, step) in DATED


def _presses_at(draft: Draft, step: Step) -> datetime | None:
    """When a promise, or what is dated by the departure, can wait no longer for a decision.

    Most customers never say why they leave, and what they were promised has its day all the same,
    also while people try to keep them. It comes as long before as a decision may take.
    """
    promised = step.promise and step.phase == "leaving" and root(draft, step) != "leaving"
    if not promised and not _dated(draft, step):
        return None
    lead = draft.book.gates.decision.after
    return draft.world.calendar.add(due_at(draft, step), lead, before=True)


def _ahead(draft: Draft, name: str, step: Step) -> datetime | None:
    """When a step appears, if that is still ahead."""
    if draft.seen(name):
        return None
    appears = appears_at(draft, step)
    return appears if appears and not draft.horizon.reached(appears) else None
