"""The record of one departure: a note that stays when a later one takes over the fields. Pure.

It is there from the first day and changes seldom: when somebody says something, decides, or moves
the last day, and when the customer has left or stays. What was promised is told once it is over.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from integrations.clip import clip
from integrations.contract import Note, Task
from mappings.texts import LONGEST, shown
from sync import gates
from sync.draft import Draft
from sync.reasons import told_apart
from sync.verbatim import paragraphs

#: The step of the note.
RECORD = "feedback"


def record(draft: Draft) -> None:
    """Want the note, in its newest form."""
    body = "\n\n".join("\n".join(part) for part in _parts(draft) if part)
    about, at = draft.case.ref, draft.case.opened_at
    draft.want(RECORD, Note(about=about, body=clip(body, LONGEST), at=at))


def _parts(draft: Draft) -> Iterator[list[str]]:
    yield [f"Off-boarding of {draft.world.customer.name}"]
    yield [*_course(draft)]
    yield _under("Why they leave", _sentences(told_apart(draft.case, draft.world)))
    yield _under("What was promised", _promises(draft))
    for paragraph in paragraphs(draft.case, draft.world):
        yield [paragraph]


def _course(draft: Draft) -> Iterator[str]:
    """The dates and how it ended, as far as it did."""
    case = draft.case
    again = f", again on {_day(draft, case.entered_at)}" if case.entered_at > case.opened_at else ""
    yield f"Opened on: {_day(draft, case.opened_at)}{again}"
    departed = draft.course.reached("departed") or draft.course.status == "returned"
    if draft.course.status != "saved":
        yield f"{'Departed' if departed else 'Departs'} on: {shown(draft.course.departs_on)}"
    yield f"Outcome: {_outcome(draft)}"
    if draft.book.name:
        yield f"Playbook: {draft.book.name}"
    if decided := draft.label("decision", gates.said(case)):
        yield f"Decision: {decided}"


def _outcome(draft: Draft) -> str:
    """Leaving, departed, saved or returned: the phases between are no outcome."""
    if draft.course.ended and draft.case.left_at:
        return f"{draft.course.ended} on {_day(draft, draft.case.left_at)}"
    return "departed" if draft.course.reached("departed") else "leaving"


def _promises(draft: Draft) -> list[str]:
    """What became of each promise, once the departure is over."""
    if not (draft.course.ended or draft.course.status == "alumni"):
        return []
    promised = [
        (want.step, want.item)
        for want in draft.wants
        if isinstance(want.item, Task) and want.item.promise
    ]
    return [f"{task.subject}: {_kept(draft, step, task)}" for step, task in promised]


def _kept(draft: Draft, step: str, task: Task) -> str:
    if step in draft.case.done:
        return f"done on {_day(draft, draft.case.done_at[step])}"
    return f"not done, promised for {_day(draft, task.due)}"


def _under(heading: str, lines: list[str]) -> list[str]:
    return [heading, *lines] if lines else []


def _sentences(lines: list[str]) -> list[str]:
    return [line[:1].upper() + line[1:] for line in lines]


def _day(draft: Draft, moment: datetime) -> str:
    return shown(draft.world.calendar.day_of(moment))
