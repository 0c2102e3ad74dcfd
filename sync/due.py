"""When a step is due, and when it appears: by the dates of the case, or by another step. Pure."""

from __future__ import annotations

from datetime import date, datetime

from mappings.playbook import Step
from mappings.spans import Due
from sync.draft import Draft


def due_at(draft: Draft, step: Step) -> datetime:
    """When it is due."""
    return _moment(draft, step.due) or draft.case.entered_at


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
