"""A customer who was kept is leaving again: whoever decided to keep them hears of it. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from mappings.spans import Span
from mappings.texts import shown
from sync.draft import Draft
from sync.tasks import task_for, whose

STEP: Final = "rechurn"
_SOON: Final = Span.parse("1 business day")
_TEXT: Final = """\
They stayed on {day}, and have given notice again since.

Do: look at what we promised them then, and whether it came true. Tell whoever decides now.
Avoid: the same offer once more.
Why: a second notice so soon means that the cause was not mended.
"""


def stayed(draft: Draft) -> datetime | None:
    """When they decided to stay, if that is so short a time ago that this is a re-churn."""
    at, watched = draft.case.stayed_at, draft.book.saved
    if at is None or watched is None:
        return None
    return at if draft.case.entered_at <= draft.world.calendar.add(at, watched.watch) else None


def rechurn(draft: Draft) -> None:
    """Want a task for whoever is to hear of a re-churn."""
    at, watched = stayed(draft), draft.book.saved
    if at is None or watched is None or watched.tell is None:
        return
    key = draft.case.done.get(STEP) or draft.task_key(STEP, occurrence=draft.case.occurrence)
    if draft.over:
        if key in draft.case.appeared:
            draft.withhold(STEP, draft.over)
        return
    calendar = draft.world.calendar
    task = task_for(
        draft.world,
        draft.case.ref,
        watched.tell,
        step=STEP,
        title=f"{draft.world.customer.name} stayed, and is leaving again",
        text=_TEXT.format(day=shown(calendar.day_of(at))),
        due=calendar.add(draft.case.entered_at, _SOON),
        phase="notice",
    )
    draft.want(STEP, task, key=key)
    draft.note(STEP, whose(draft, watched.tell))
