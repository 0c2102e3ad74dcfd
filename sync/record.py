"""The record of one departure, which stays when a later one takes over the fields. Pure.

It is a note, or a record in an object of its own. The note is there from the first day and changes
seldom: when somebody says something, decides, or moves the last day, and when the customer has left
or stays. What was promised is told once it is over. The object has the phases on the way as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from integrations.clip import clip
from integrations.contract import Departure, Note, Task, Value
from mappings.consistency import RECORD as OBJECT
from mappings.texts import LONGEST, shown
from mappings.translate import to_crm
from sync import gates, will
from sync.draft import Draft
from sync.feedback import first_answer
from sync.reasons import told_apart
from sync.verbatim import paragraphs

#: Characters of the name of a record.
LONGEST_NAME: Final = 80
#: The step of the note.
RECORD = "feedback"


def record(draft: Draft) -> None:
    """Want it, in its newest form."""
    rules, about = draft.world.rules, draft.case.ref
    if (places := rules.departure) is not None:
        schema = rules.schemas.get(rules.keeper)
        held = {
            places[key].field: to_crm(
                places[key], value, schema.fields.get(places[key].field) if schema else None
            )
            for key, value in _values(draft)
            if key in places
        }
        draft.want(OBJECT, Departure(about=about, values=held))
        return
    if rules.programme.record.as_ == "object":
        draft.withhold(OBJECT, f"the CRM has no object {rules.keeper}; a note keeps the departure")
    body = _text(_parts(draft))
    draft.want(RECORD, Note(about=about, body=clip(body, LONGEST), at=draft.case.opened_at))


def _values(draft: Draft) -> Iterator[tuple[str, Value]]:
    """What the object says of the departure, by our keys."""
    case, course, calendar = draft.case, draft.course, draft.world.calendar
    customer, directory = draft.world.customer, draft.world.rules.directory
    answer, ours = first_answer(case), case.said.get("reason_csm")
    owner = directory.by_id.get(customer.owner or "")
    suffix = f": departure {case.number}"
    yield "name", clip(customer.name, LONGEST_NAME - len(suffix)) + suffix
    yield "number", case.number
    if owner and owner.active and not owner.queue:
        yield "owner", owner.id
    yield "status", course.status
    yield "outcome", _ended(draft)
    yield "opened_on", calendar.day_of(case.opened_at)
    yield "departs_on", course.departs_on
    yield "ended_on", calendar.day_of(case.left_at) if course.ended and case.left_at else None
    yield "exit_reason", draft.reason
    yield "reason_customer", answer.codes.get("reason") if answer else None
    yield "reason_csm", ours.value if ours else None
    yield "reason_evidence", case.evidence
    yield "words", clip("\n\n".join(paragraphs(case, draft.world)), LONGEST) or None
    yield "story", clip(_text(_story(draft)), LONGEST)
    yield "alumni_until", _alumni_until(draft)


def _alumni_until(draft: Draft) -> Value:
    """The last day on which anybody there may be written to, once they have left."""
    if not draft.course.reached("departed"):
        return None
    verdicts = [will.verdict(draft, human, "marketing") for human in draft.world.people]
    days = (one.until for one in verdicts if one.allowed and one.until)
    return max(days, default=None)


def _text(parts: Iterator[list[str]]) -> str:
    return "\n\n".join("\n".join(part) for part in parts if part)


def _story(draft: Draft) -> Iterator[list[str]]:
    """The course, and what does not stand in fields of its own."""
    yield [*_course(draft)]
    yield _under("Why they leave", _sentences(told_apart(draft.case, draft.world)))
    yield _under("What was promised", _promises(draft))


def _parts(draft: Draft) -> Iterator[list[str]]:
    yield [f"Off-boarding of {draft.world.customer.name}"]
    yield from _story(draft)
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
    return _ended(draft)


def _ended(draft: Draft) -> str:
    """The outcome in a word."""
    if draft.course.ended and draft.case.left_at:
        return str(draft.course.ended)
    return "departed" if draft.course.reached("departed") else "leaving"


def _promises(draft: Draft) -> list[str]:
    """What became of each promise, once the departure is over."""
    if not (draft.course.ended or draft.course.status == "alumni"):
        return []
    promised = [
        (want.step, want.item.subject, want.item.due)
        for want in draft.wants
        if isinstance(want.item, Task) and want.item.promise
    ]
    there = {step for step, _, _ in promised}
    # Of who has come back nothing is open, and yet it was not kept.
    promised += [
        (one.step, one.words, one.due)
        for one in draft.promised
        if not one.waived and one.step not in there
    ]
    return [f"{words}: {_kept(draft, step, due)}" for step, words, due in promised]


def _kept(draft: Draft, step: str, due: datetime) -> str:
    if step in draft.case.done:
        return f"done on {_day(draft, draft.case.done_at[step])}"
    return f"not done, promised for {_day(draft, due)}"


def _under(heading: str, lines: list[str]) -> list[str]:
    return [heading, *lines] if lines else []


def _sentences(lines: list[str]) -> list[str]:
    return [line[:1].upper() + line[1:] for line in lines]


def _day(draft: Draft, moment: datetime) -> str:
    return shown(draft.world.calendar.day_of(moment))
