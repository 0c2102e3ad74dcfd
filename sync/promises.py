"""What the customer was promised: whose it is, by when, and what has become of it. Pure.

due -> at risk -> broken      while its task is open
kept                          once its task is done, in time or late, with evidence or without
waived                        where it is not for this departure, or not any more
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from mappings.calendar import Calendar
from sync.model import Case, Plan, Promised
from sync.tasks import EVIDENCE

State = Literal["due", "at risk", "kept", "kept late", "kept, without evidence", "broken", "waived"]


@dataclass(frozen=True, kw_only=True)
class Promise:
    """One promise, and where it stands."""

    step: str
    #: What is promised, as people read it.
    words: str
    role: str
    #: The CRM's id of whoever has it; None: nobody could be found.
    owner: str | None
    day: date
    state: State
    #: When it was kept.
    kept_at: datetime | None = None
    #: What people wrote as the proof.
    evidence: str = ""
    #: Why it is waived.
    why: str = ""


def promises(
    made: Plan,
    case: Case,
    calendar: Calendar,
    now: datetime,
    words: Mapping[str, str] | None = None,
) -> Iterator[Promise]:
    """The promises of a departure in the order of their days.

    ``words``: what people wrote, by the ids that events point to.
    """
    for one in sorted(made.promised, key=lambda one: (one.due, one.step)):
        kept_at = case.done_at.get(one.step)
        yield Promise(
            step=one.step,
            words=one.words,
            role=one.role,
            owner=one.owner,
            day=calendar.day_of(one.due),
            state=_state(one, kept_at, calendar, now),
            kept_at=kept_at,
            evidence="; ".join(
                text
                for step in (one.step, f"{EVIDENCE}{one.step}")
                if (text := (words or {}).get(case.proofs.get(step, "")))
            ),
            why=one.waived,
        )


def _state(one: Promised, kept_at: datetime | None, calendar: Calendar, now: datetime) -> State:
    if kept_at and one.unproved:
        return "kept, without evidence"
    if kept_at:
        return "kept" if calendar.day_of(kept_at) <= calendar.day_of(one.due) else "kept late"
    if one.waived:
        return "waived"
    if calendar.day_of(now) > calendar.day_of(one.due):
        return "broken"
    return "at risk" if now >= one.risky else "due"
