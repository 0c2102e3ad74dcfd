"""Why customers leave, told apart by who says so, and counted. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from mappings.reasons import REASONS
from sync.feedback import reason
from sync.model import Case
from sync.world import World

#: A share of fewer departures than this says more about chance than about customers.
FEWEST: Final = 30


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Line:
    """So many departures of one month, kind of customer and reason."""

    #: ``2026-03``, by the day the notice came in.
    month: str
    playbook: str
    #: A key of :data:`mappings.reasons.REASONS`.
    reason: str
    cases: int
    #: All departures of that month and kind of customer.
    of: int

    @property
    def percent(self) -> int | None:
        """The share of this reason; None where they are too few for one to mean anything."""
        return round(100 * self.cases / self.of) if self.of >= FEWEST else None


def count(cases: Iterable[tuple[Case, str]]) -> list[Line]:
    """Cases with the names of their playbooks, counted; the newest month first."""
    counted = Counter(
        (f"{case.opened_at:%Y-%m}", playbook, reason(case) or "unknown") for case, playbook in cases
    )
    all_of: Counter[tuple[str, str]] = Counter()
    for (month, playbook, _), number in counted.items():
        all_of[month, playbook] += number
    lines = [
        Line(month=month, playbook=playbook, reason=why, cases=number, of=all_of[month, playbook])
        for (month, playbook, why), number in counted.items()
    ]
    lines.sort(key=lambda line: (line.playbook, -line.cases, line.reason))
    return sorted(lines, key=lambda line: line.month, reverse=True)


def told_apart(case: Case, world: World) -> list[str]:
    """What the customer, our side and the evidence give as the reason, and whether they agree."""
    names = {human.id: human.facts.name for human in world.people}
    said = [
        (names.get(answer.person) or "a former contact", answer.codes["reason"])
        for answer in case.answers.values()
        if "reason" in answer.codes
    ]
    ours = case.said.get("reason_csm")
    if ours and ours.value:
        said.append(("we", ours.value))
    lines = [f"{who} said {label(why)}" for who, why in said]
    if case.evidence:
        said.append(("the evidence", case.evidence))
        lines.append(f"the evidence points to {label(case.evidence)}")
    if len({why for _, why in said}) > 1:
        counts = reason(case)
        lines.append(
            f"they disagree; {label(counts)} counts" if counts else "nobody has said which counts"
        )
    return lines


def label(key: str) -> str:
    """A reason as people read it."""
    return REASONS[key].label if key in REASONS else key
