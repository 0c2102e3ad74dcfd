"""How far a departure has come: its phase, its dates and its gates. Pure.

    settling -> notice -> assess -> leaving -> departed -> alumni
                   └────────┴─────────┴─> saved    └────────┴─> returned

Reason and decision are gates: they open when somebody says so, or when they have waited long
enough. The day of departure comes whether or not they did.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from mappings.calendar import Calendar
from mappings.facts import CustomerFacts
from mappings.playbook import PHASES, Phase, Playbook
from mappings.programme import Watch
from mappings.spans import Anchor
from sync.horizon import Horizon
from sync.model import Case, Status


@dataclass(frozen=True, kw_only=True)
class Course:
    """Where a case stands."""

    status: Status
    departs_on: date
    #: When the customer began to leave for good; None: not yet.
    leaving_at: datetime | None
    anchors: dict[Anchor, datetime | date | None]

    @property
    def live(self) -> bool:
        """Whether the programme goes on."""
        return self.status in PHASES

    @property
    def ended(self) -> Literal["saved", "returned"] | None:
        """How it ended, if the customer is back."""
        return self.status if self.status in ("saved", "returned") else None

    def reached(self, phase: Phase) -> bool:
        """Whether a phase has begun."""
        return self.live and PHASES.index(phase) <= PHASES.index(self.status)


def course(
    case: Case,
    customer: CustomerFacts,
    calendar: Calendar,
    book: Playbook,
    watch: Watch,
    horizon: Horizon,
) -> Course:
    """The course of a case, as far as the horizon shows."""
    departs_on = _departs_on(case, customer, calendar, book)
    leaving_at = _leaving_at(case, calendar, book, horizon)
    status = _back(case, calendar, watch, departs_on, horizon) or _phase(
        case, calendar, book, watch, departs_on, leaving_at, horizon
    )
    return Course(
        status=status,
        departs_on=departs_on,
        leaving_at=leaving_at,
        anchors={
            "opened": case.opened_at,
            "leaving": leaving_at,
            "departs": departs_on,
            "contract_end": customer.contract_end or departs_on,
        },
    )


def reason_said(case: Case) -> bool:
    """Whether the customer or one of us has named a reason."""
    ours = case.said.get("reason_csm")
    return bool(ours and ours.value) or any("reason" in a.codes for a in case.answers.values())


def decision(case: Case) -> str | None:
    """What people have decided, if they have."""
    said = case.said.get("decision")
    return said.value if said and said.value != "open" else None


def _departs_on(case: Case, customer: CustomerFacts, calendar: Calendar, book: Playbook) -> date:
    """What a person set; else the end of the contract, if it is ahead; else a while from now."""
    said = case.said.get("departs_on")
    if said and said.value:
        try:
            return date.fromisoformat(said.value[:10])
        except ValueError:
            pass
    opened_on = calendar.day_of(case.opened_at)
    if customer.contract_end and customer.contract_end > opened_on:
        return customer.contract_end
    return calendar.day_of(calendar.add(case.opened_at, book.departure.after))


def _back(
    case: Case, calendar: Calendar, watch: Watch, departs_on: date, horizon: Horizon
) -> Status | None:
    """Whether the customer is back, for long enough to be believed."""
    if case.gone_at:
        return "gone"
    if case.left_at is None:
        return None
    settle = watch.settle.plain
    if case.left_at < case.opened_at + settle:
        return "void"
    back = horizon.reached(case.left_at + settle)
    if case.reopened_at and case.reopened_at > case.left_at:
        back = not horizon.reached(case.reopened_at + settle)
    if not back:
        return None
    return "returned" if calendar.day_of(case.left_at) >= departs_on else "saved"


def _leaving_at(
    case: Case, calendar: Calendar, book: Playbook, horizon: Horizon
) -> datetime | None:
    """By the stage, by decision, or because nobody decided in time."""
    moments = [case.leaving_at] if case.leaving_at else []
    decided = decision(case)
    if decided == "let_go":
        moments.append(case.said["decision"].at)
    elif decided is None:
        gate = calendar.add(_entered_at(case), book.gates.decision.after)
        if horizon.reached(gate):
            moments.append(gate)
    return min(moments, default=None)


def _phase(
    case: Case,
    calendar: Calendar,
    book: Playbook,
    watch: Watch,
    departs_on: date,
    leaving_at: datetime | None,
    horizon: Horizon,
) -> Status:
    if not horizon.reached(case.opened_at + watch.settle.plain):
        return "settling"
    departed = horizon.reached(calendar.start_of(departs_on))
    if departed and decision(case) != "try_to_keep":
        alumni_on = calendar.add(calendar.start_of(departs_on), book.departure.alumni_after)
        return "alumni" if horizon.reached(alumni_on) else "departed"
    if leaving_at is not None:
        return "leaving"
    gate = calendar.add(_entered_at(case), book.gates.reason.after)
    return "assess" if reason_said(case) or horizon.reached(gate) else "notice"


def _entered_at(case: Case) -> datetime:
    """When the gates began to wait."""
    return case.reopened_at or case.opened_at
