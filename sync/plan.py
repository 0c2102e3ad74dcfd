"""The one idea: what the CRM should hold follows from the case, its world and the time. Pure.

``plan`` reads no clock, no store and no random; it sees time only through its horizon, so
``wake_at`` is right by construction: before it, nothing changes by time alone.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from integrations.contract import Value
from mappings.playbook import Playbook
from mappings.programme import Watch
from sync.alumni import alumni
from sync.checkup import checkup
from sync.course import course, settled
from sync.door import door, index
from sync.draft import Draft
from sync.escalation import escalate
from sync.exclude import excluded
from sync.feedback import feedback, reason
from sync.horizon import Horizon
from sync.invite import invite
from sync.model import EVERYTHING, Case, Plan
from sync.rechurn import rechurn
from sync.record import record
from sync.routes import routes
from sync.steps import steps
from sync.touches import touches
from sync.wishes import notice, wishes
from sync.world import World

#: Where nothing at all is wanted of the CRM, and why.
_SILENCE: Final = {
    "settling": "waits whether the customer stays in the stage",
    "void": "the customer left the stage again at once",
    "gone": "the customer's record is no longer in the CRM",
}


def plan(case: Case, world: World, book: Playbook, watch: Watch, now: datetime) -> Plan:
    """Everything that is wanted of the CRM for one case at ``now``."""
    settle = watch.settle.plain
    if case.left_at and not (case.void or case.back_at) and now < case.left_at + settle:
        # It may be a flap: until that is certain, time stands still.
        still = plan(replace(case, left_at=None, last_day=None), world, book, watch, case.left_at)
        return replace(still, wake_at=case.left_at + settle)
    horizon = Horizon(now)
    case = settled(case, watch, horizon)
    where = course(case, world.customer, world.calendar, book, watch, horizon)
    draft = Draft(
        case=case, world=world, book=book, horizon=horizon, course=where, reason=reason(case)
    )
    percent, following, points = 0, "", tuple[tuple[int, str], ...]()
    if case.joined:
        draft.withhold(EVERYTHING, "it was merged with a customer whose off-boarding goes on")
    elif where.status in _SILENCE:
        draft.withhold(EVERYTHING, _SILENCE[where.status])
    elif reason_out := excluded(draft):
        draft.withhold(EVERYTHING, reason_out)
    else:
        percent, following = steps(draft)
        escalate(draft)
        rechurn(draft)
        invite(draft)
        notice(draft, watch)
        wishes(draft)
        checkup(draft)
        alumni(draft)
        routes(draft)
        record(draft)
        touches(draft)
        points = door(draft)
        opened: dict[str, Value] = {"door_open": index(points)} if points else {}
        _summary(draft, percent, following, {**feedback(draft), **opened})
    return Plan(
        status=where.status,
        wants=tuple(draft.wants),
        withheld=tuple(draft.withheld),
        notes=tuple(draft.notes),
        promised=tuple(draft.promised),
        wake_at=horizon.wake_at,
        departs_on=where.departs_on,
        progress=percent,
        next_step=following,
        door=points,
    )


def _summary(draft: Draft, percent: int, following: str, feedback: dict[str, Value]) -> None:
    """The customer's own fields: where the off-boarding stands, and what was learned."""
    case, course, calendar = draft.case, draft.course, draft.world.calendar
    if case.closed_at:
        draft.withhold("customer", "the fields are about a later departure")
        return
    left_on = calendar.day_of(case.left_at) if case.left_at else None
    departed = course.reached("departed") or course.status == "returned"
    values: dict[str, Value] = {
        "status": course.status,
        "case": case.key,
        "progress": percent,
        "next_step": following or None,
        "opened_on": calendar.day_of(case.opened_at),
        "departs_on": course.departs_on,
        "departed_on": course.departs_on if departed else None,
        "saved_on": left_on if course.status == "saved" else None,
        "returned_on": left_on if course.status == "returned" else None,
    }
    if fields := draft.fields("customer", case.ref, {**_stale(draft), **values, **feedback}):
        draft.want("customer", fields)


def _stale(draft: Draft) -> dict[str, Value]:
    """What an earlier departure has left in our fields is emptied; its own note keeps it."""
    return {
        key: None
        for key, place in draft.world.rules.places["customer"].items()
        if place.field in draft.world.carried and key not in draft.case.said
    }
