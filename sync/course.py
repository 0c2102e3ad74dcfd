"""How far a departure has come: its phase, its dates and its gates. Pure.

    settling -> notice -> assess -> leaving -> departed -> alumni
                   └────────┴─────────┴─> saved    └────────┴─> returned

The gates between them open when somebody says so, or when they have waited long enough. The day of
departure comes whether or not they did.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from mappings.calendar import Calendar
from mappings.facts import CustomerFacts
from mappings.playbook import PHASES, End, Phase, Playbook
from mappings.programme import Watch
from sync import gates
from sync.case import resumed
from sync.horizon import Horizon
from sync.model import Case, Status


@dataclass(frozen=True, kw_only=True)
class Course:
    """Where a case stands."""

    status: Status
    departs_on: date
    anchors: dict[str, datetime | date | None]
    #: What people have decided, as far as it counts.
    decision: str | None = None

    @property
    def live(self) -> bool:
        """Whether the programme goes on."""
        return self.status in PHASES

    @property
    def ended(self) -> End | None:
        """How it ended, if the customer is back."""
        return self.status if self.status in ("saved", "returned") else None

    def reached(self, phase: Phase | End) -> bool:
        """Whether a phase has begun, or it has ended so."""
        if phase == "saved" or phase == "returned":
            return self.status == phase
        return self.live and PHASES.index(phase) <= PHASES.index(self.status)


def settled(case: Case, watch: Watch, horizon: Horizon) -> Case:
    """The case as it counts: being back in the stage does once it has settled."""
    back = case.back_at and horizon.reached(case.back_at + watch.settle.plain)
    return resumed(case) if back else case


def course(
    case: Case,
    customer: CustomerFacts,
    calendar: Calendar,
    book: Playbook,
    watch: Watch,
    horizon: Horizon,
) -> Course:
    """The course of a case, as far as the horizon shows."""
    departs_on = case.last_day or _departs_on(case, customer, calendar, book)
    leaving_at: datetime | None = None
    status = _ended(case, calendar, book, departs_on)
    decided = gates.said(case)
    if status is None:
        decided = gates.decision(case, calendar, book, horizon)
        departed_at = calendar.start_of(departs_on)
        departed = horizon.reached(departed_at) and decided != "try_to_keep"
        leaving_at = _leaving_at(case, calendar, book, horizon, decided)
        if departed:
            leaving_at = min(leaving_at or departed_at, departed_at)
        if not horizon.reached(case.opened_at + watch.settle.plain):
            status = "settling"
        elif departed:
            alumni_at = calendar.add(departed_at, book.departure.alumni_after)
            status = "alumni" if horizon.reached(alumni_at) else "departed"
        elif leaving_at:
            status = "leaving"
        else:
            gate = gates.time_out("reason", case, calendar, book)
            known = gates.reason_said(case) or (gate and horizon.reached(gate))
            status = "assess" if known else "notice"
    return Course(
        status=status,
        departs_on=departs_on,
        anchors={
            "opened": case.entered_at,
            "leaving": leaving_at,
            "departs": departs_on,
            "contract_end": customer.contract_end or departs_on,
            "saved": case.left_at if status == "saved" else None,
            "returned": case.left_at if status == "returned" else None,
        },
        decision=decided,
    )


def _departs_on(case: Case, customer: CustomerFacts, calendar: Calendar, book: Playbook) -> date:
    """What a person set; else the end of the contract, if it is ahead; else a while from now."""
    entered_on = calendar.day_of(case.entered_at)
    said, agreed = case.said.get("departs_on"), agreed_on(case)
    if said and agreed and (agreed > entered_on or said.at >= case.entered_at):
        return agreed
    if customer.contract_end and customer.contract_end > entered_on:
        return customer.contract_end
    return calendar.day_of(calendar.add(case.entered_at, book.departure.after))


def agreed_on(case: Case) -> date | None:
    """The last day that people have set, if it is one."""
    said = case.said.get("departs_on")
    try:
        return date.fromisoformat((said.value or "")[:10]) if said else None
    except ValueError:
        return None


def _ended(case: Case, calendar: Calendar, book: Playbook, departs_on: date) -> Status | None:
    """How it ended, if it did."""
    if case.gone_at:
        return "gone"
    if case.left_at is None:
        return None
    if case.void:
        return "void"
    kept = gates.decision(case, calendar, book, Horizon(case.left_at)) == "try_to_keep"
    departed = calendar.day_of(case.left_at) >= departs_on and not kept
    return "returned" if departed else "saved"


def _leaving_at(
    case: Case, calendar: Calendar, book: Playbook, horizon: Horizon, decided: str | None
) -> datetime | None:
    """By the stage, by decision, or because nobody decided in time."""
    moments = [case.leaving_at] if case.leaving_at else []
    if decided == "let_go":
        moments.append(case.said["decision"].at)
    elif decided is None:
        gate = gates.time_out("decision", case, calendar, book)
        if gate and horizon.reached(gate):
            moments.append(gate)
    return min(moments, default=None)
