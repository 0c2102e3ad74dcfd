"""What customers ask for on their own page, and notice that they give by a link. Pure."""

from __future__ import annotations

from typing import Final

from mappings.programme import Watch
from mappings.spans import Span
from mappings.texts import shown
from sync.draft import Draft
from sync.tasks import task_for

EXPORT: Final = "export"
STAGE: Final = "stage_to_move"
_ROLE: Final = "it"
#: Data that come late look like a hostage.
_SOON: Final = Span.parse("3 business days")
_SCRIPT: Final = """\
{name} has asked for a copy of their data on the goodbye's page.

Do: export all of it in a common format, open it once yourself, send it over a safe way, and have \
them confirm that they can read it.
Avoid: asking why, and waiting for the day on which an export was planned anyway.
Why: their data are theirs, and they may ask for them at any time.
"""


_NOTICE: Final = """\
{name} gave notice by the link on {day}, and it counts from that day. The goodbye goes on already.

Do: move the stage of the customer, so that reports and forecasts know. If they take it back, \
move the stage there and back again.
Avoid: a call to talk them out of it before the stage is right.
Why: a notice is a notice, whichever way it came.
"""


def notice(draft: Draft, watch: Watch) -> None:
    """Want somebody to move the stage after a notice that came by a link: it is never ours to."""
    if not draft.case.noticed or draft.over:
        return
    calendar, customer = draft.world.calendar, draft.world.customer
    if customer.stage in watch.enters.all:
        draft.withhold(STAGE, "somebody has moved the stage")
        return
    person, at = min(draft.case.noticed.items(), key=lambda item: item[1])
    names = {human.id: human.facts.name for human in draft.world.people}
    task = task_for(
        draft.world,
        draft.case.ref,
        "sales",
        step=STAGE,
        title=f"{customer.name} has given notice: move their stage",
        text=_NOTICE.format(name=names.get(person) or "A contact", day=shown(calendar.day_of(at))),
        due=calendar.add(at, _SOON),
        phase=draft.course.status if draft.course.live else "notice",
    )
    draft.want(STAGE, task)


def wishes(draft: Draft) -> None:
    """Want a task for everybody who has asked for their data."""
    names = {human.id: human.facts.name for human in draft.world.people}
    for person, at in draft.case.wants_export.items():
        name = names.get(person) or "A former contact"
        task = task_for(
            draft.world,
            draft.case.ref,
            _ROLE,
            step=EXPORT,
            title=f"Send {draft.world.customer.name} the data that {name} asks for",
            text=_SCRIPT.format(name=name),
            due=draft.world.calendar.add(at, _SOON),
            phase=draft.course.status if draft.course.live else "leaving",
            promise=True,
        )
        draft.want(EXPORT, task, target=person)
