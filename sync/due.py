"""When a step is due, and when it appears: by the dates of the case, or by another step. Pure.

Nothing is due before anybody could know of it. Where the notice is short, the last day is moved
nearer, or a condition is met late, a step gets the working day after that.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final

from mappings.playbook import Step
from mappings.spans import Due, Span
from sync import gates
from sync.course import agreed_on
from sync.draft import Draft
from sync.feedback import reason_since

#: What is dated by these follows the last day.
DATED: Final = ("departs", "contract_end")
#: Time to do what comes at short notice.
_SHORT: Final = Span.parse("1 business day")
#: What is promised in these is worth nothing once the customer has left.
_BEFORE: Final = ("notice", "assess")
#: What comes once the customer has left, and not while people try to keep them.
_GONE: Final = ("departed", "alumni")
#: Facts of a case that people make known on its way.
_REASON: Final = frozenset({"reason", "reasons", "controllable"})


def due_at(draft: Draft, step: Step) -> datetime:
    """When it is due."""
    due = _moment(draft, step.due) or draft.case.entered_at
    known = known_at(draft, step)
    if due < known:
        return _soon(draft, step, known)
    _, last = draft.world.calendar.opening(draft.course.departs_on)
    return min(due, last) if step.promise and step.phase in _BEFORE and last > known else due


def known_at(draft: Draft, step: Step) -> datetime:
    """Since when anybody could know that there is something to do, and by when."""
    return max(draft.case.entered_at, *_known(draft, step))


def halfway(begin: datetime, end: datetime) -> datetime:
    """The middle, to the minute."""
    return begin + timedelta(minutes=(end - begin) // timedelta(minutes=2))


def appears_at(draft: Draft, step: Step) -> datetime | None:
    """When its task appears; None: as soon as its phase begins."""
    return _moment(draft, step.appears) if step.appears else None


def root(draft: Draft, step: Step) -> str:
    """The date of the case from which it is counted in the end."""
    other = draft.book.steps.get(step.due.anchor)
    return root(draft, other) if other else step.due.anchor


def _moment(draft: Draft, due: Due) -> datetime | None:
    """Counted from a step: from when it was done, else from when it is due itself."""
    if due not in draft.moments:
        draft.moments[due] = _counted(draft, due)
    return draft.moments[due]


def _counted(draft: Draft, due: Due) -> datetime | None:
    calendar, anchors = draft.world.calendar, draft.course.anchors
    anchor: datetime | date | None
    if other := draft.book.steps.get(due.anchor):
        anchor = draft.case.done_at.get(due.anchor) or due_at(draft, other)
    else:
        # Where nobody leaves yet after all, what people have seen is due by the last day.
        later = draft.course.departs_on if due.anchor == "leaving" else None
        anchor = anchors.get(due.anchor) or later
    return calendar.due(due, {due.anchor: anchor})


def _soon(draft: Draft, step: Step, known: datetime) -> datetime:
    """Soon after it is known: on the last day at the latest, if that is still ahead."""
    calendar, due = draft.world.calendar, step.due
    soon = calendar.add(known, _SHORT)
    if root(draft, step) in DATED:
        _, last = calendar.opening(draft.course.departs_on)
        return min(soon, last) if last > known else soon
    return soon if due.before else min(soon, calendar.add(known, due.span) if due.span else known)


def _known(draft: Draft, step: Step) -> Iterator[datetime]:
    """When what a step depends on became so."""
    case, asks = draft.case, step.only_if.keys()
    yield case.entered_at
    if root(draft, step) in DATED and (said := case.said.get("departs_on")):
        last, set_on = draft.course.departs_on, draft.world.calendar.day_of(said.at)
        # A day that is set when it is over moves no promise any more; an emptied one does.
        if agreed_on(case) in (None, last) and (set_on <= last or not step.promise):
            yield said.at
    if step.phase in _GONE and (tried := gates.keep_until(case, draft.world.calendar, draft.book)):
        yield tried
    if asks & _REASON:
        named = case.said.get("reason_csm")
        since = reason_since(case, draft.reason) if draft.reason else named and named.at
        yield since or case.entered_at
    decided = case.said.get("decision") if draft.course.decision else None
    if decided and ("decision" in asks or (step.phase == "assess" and _again(draft, decided.at))):
        yield decided.at
    if step.phase == "leaving" and not step.promise and (said := case.said.get("decision")):
        # Whoever was being kept begins to leave anew.
        yield max(said.at, case.leaving_at or said.at)
    if not step.promise:  # that we are late ourselves moves no promise
        yield from (case.done_at[name] for name in step.after if name in case.done_at)


def _again(draft: Draft, decided: datetime) -> bool:
    """Whether the customer was leaving already when people decided to try after all."""
    case, gate = draft.case, draft.book.gates.decision
    by_itself = draft.world.calendar.add(case.entered_at, gate.after)
    return min(filter(None, (case.leaving_at, by_itself))) <= decided
