"""What customers ask for on their own page. Pure."""

from __future__ import annotations

from typing import Final

from integrations.contract import Task
from mappings.seats import assign, department
from mappings.spans import Span
from sync.draft import Draft

EXPORT: Final = "export"
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


def wishes(draft: Draft) -> None:
    """Want a task for everybody who has asked for their data."""
    rules, calendar = draft.world.rules, draft.world.calendar
    names = {human.id: human.facts.name for human in draft.world.people}
    for person, at in draft.case.wants_export.items():
        name = names.get(person) or "A former contact"
        assigned = assign(_ROLE, rules.programme, rules.directory, draft.world.customer.holders)
        task = Task(
            about=draft.case.ref,
            subject=f"Send {draft.world.customer.name} the data that {name} asks for",
            body=_SCRIPT.format(name=name),
            due=draft.due(calendar.add(at, _SOON)),
            owner=assigned.owner,
            step=EXPORT,
            phase=draft.course.status if draft.course.live else "leaving",
            department=department(_ROLE, rules.programme),
            required=False,
            promise=True,
        )
        draft.want(EXPORT, task, target=person)
