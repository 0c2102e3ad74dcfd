"""What people are asked to say before the programme goes on, and what happens if they do not. Pure.

    reason     notice -> assess       the customer or one of us names it
    decision   assess -> leaving      people set it, or move the stage
    keep       how long a try to keep the customer may take; then the decision is open again

A gate that stays shut goes on by itself after its time. Shortly before, somebody hears of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from mappings.calendar import Calendar
from mappings.playbook import Gate, Playbook
from sync.horizon import Horizon
from sync.model import Case

Name = Literal["reason", "decision", "keep"]
NAMES: Final[tuple[Name, ...]] = ("reason", "decision", "keep")


@dataclass(frozen=True, kw_only=True)
class Shut:
    """A gate that is waited for."""

    name: Name
    #: When the programme goes on without it; None: it waits for as long as it takes.
    until: datetime | None


def reason_said(case: Case) -> bool:
    """Whether the customer or one of us has named a reason."""
    ours = case.said.get("reason_csm")
    return bool(ours and ours.value) or any("reason" in a.codes for a in case.answers.values())


def said(case: Case) -> str | None:
    """What people have decided, if they have, and if the stage has not decided since."""
    decision = case.said.get("decision")
    if decision is None or decision.value in (None, "open"):
        return None
    overtaken = case.leaving_at is not None and case.leaving_at > decision.at
    return None if overtaken else decision.value


def keep_until(case: Case, calendar: Calendar, book: Playbook) -> datetime | None:
    """How long people may try to keep the customer; None: they do not, or without end."""
    if said(case) != "try_to_keep" or book.gates.keep is None:
        return None
    return calendar.add(case.said["decision"].at, book.gates.keep.after)


def decision(case: Case, calendar: Calendar, book: Playbook, horizon: Horizon) -> str | None:
    """What counts of what people have decided: a try to keep the customer ends with its time."""
    until = keep_until(case, calendar, book)
    return None if until and horizon.reached(until) else said(case)


def time_out(name: Name, case: Case, calendar: Calendar, book: Playbook) -> datetime | None:
    """When the programme goes on without an answer, the time of a try that failed included."""
    if name == "keep":
        return keep_until(case, calendar, book)
    found = book.gates.reason if name == "reason" else book.gates.decision
    moment = calendar.add(case.entered_at, found.after)
    tried = keep_until(case, calendar, book) if name == "decision" else None
    return max(moment, tried) if tried else moment


def shut(
    case: Case,
    calendar: Calendar,
    book: Playbook,
    *,
    phase: str,
    decided: str | None,
) -> Iterator[Shut]:
    """The gates that are waited for in this phase, after this decision."""
    waits: dict[Name, bool] = {
        "reason": phase == "notice",
        "decision": phase in ("notice", "assess") and decided is None,
        "keep": decided == "try_to_keep",
    }
    for name in NAMES:
        if waits[name]:
            yield Shut(name=name, until=time_out(name, case, calendar, book))


def gate(name: Name, book: Playbook) -> Gate | None:
    """How long it is waited for, and who hears of it; None: for as long as it takes."""
    found: Gate | None = getattr(book.gates, name)
    return found
