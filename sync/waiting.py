"""What a step waits for whose phase has not begun: which gate, who opens it, until when. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple

from mappings.playbook import ENDS, PHASES, End, Phase
from mappings.texts import shown
from sync import gates
from sync.draft import Draft
from sync.tasks import plain

_WAITS: Final[dict[gates.Name, str]] = {
    "reason": "waits for a reason",
    "decision": "waits for the decision",
    "keep": "people try to keep the customer",
}
_OPENS: Final[dict[gates.Name, str]] = {
    "reason": "whoever sets “{reason}” on the customer, or answers the survey, lets it go on",
    "decision": "whoever sets “{decision}” on the customer, or moves the stage on, lets it go on",
    "keep": "whoever sets “{decision}” to something else, or moves the stage on, lets it go on",
}


class Waits(NamedTuple):
    """Why a step is not there yet, who can change that, and when it ends by itself."""

    words: str
    opens: str = ""
    until: datetime | None = None


def waits_for(draft: Draft, phase: Phase | End) -> Waits:
    """What has to happen before a phase begins that has not begun yet."""
    if phase in ENDS:
        return Waits(f"waits for the phase {phase}")
    shut = {one.name: one for one in draft.shut}
    if waited := shut.get("keep"):
        return _gate(draft, waited)
    if phase == "assess" and (waited := shut.get("reason")):
        return _gate(draft, waited)
    if phase == "leaving" and (waited := shut.get("decision")):
        return _gate(draft, waited)
    if PHASES.index(phase) > PHASES.index("leaving"):
        departs_on, calendar = draft.course.departs_on, draft.world.calendar
        begins, later = calendar.start_of(departs_on), ""
        if phase == "alumni":
            begins = calendar.add(begins, draft.book.departure.alumni_after)
            later = f", and {draft.book.departure.alumni_after} more"
        return Waits(f"waits for the last day, {shown(departs_on)}{later}", until=begins)
    return Waits(f"waits for the phase {phase}")


def _gate(draft: Draft, waited: gates.Shut) -> Waits:
    opens = _OPENS[waited.name].format(
        reason=draft.field_label("reason_csm"), decision=draft.field_label("decision")
    )
    if waited.until is None:
        return Waits(_WAITS[waited.name], f"{opens}; it does not go on by itself")
    found = gates.gate(waited.name, draft.book)
    heard = found.escalate if found else None
    before = f"; {plain(heard.role)} hears of it {heard.before} before" if heard else ""
    return Waits(_WAITS[waited.name], f"{opens}{before}; it goes on by itself", waited.until)
