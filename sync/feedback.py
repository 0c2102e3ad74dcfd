"""What the goodbye teaches: the reason and the answers, on the customer's record. Pure.

The customer's own reason, ours, and the evidence are kept apart; the one that counts is the first
of them that is known.
"""

from __future__ import annotations

from datetime import datetime

from integrations.contract import Value
from sync.draft import Draft
from sync.model import Answer, Case
from sync.verbatim import value
from sync.world import World


def reason(case: Case) -> str | None:
    """The reason that counts: the customer's word, else ours, else what the numbers say."""
    answer = first_answer(case)
    said = case.said.get("reason_csm")
    ours = said.value if said else None
    return (answer.codes.get("reason") if answer else None) or ours or case.evidence


def first_answer(case: Case) -> Answer | None:
    """The answer that stands on the customer: that of whoever answered first."""
    return next(iter(case.answers.values()), None)


def feedback(draft: Draft) -> dict[str, Value]:
    """The values that belong on the customer's record."""
    case = draft.case
    values: dict[str, Value] = {**answered(case, draft.world), "exit_reason": draft.reason}
    if answer := first_answer(case):
        values["feedback_on"] = draft.world.calendar.day_of(answer.at)
    if known_at := _known_at(case):
        values["reason_confirmed_on"] = draft.world.calendar.day_of(known_at)
    known: dict[str, Value] = {n: value for n, value in values.items() if value is not None}
    if case.evidence_at is None:
        return known
    # What the numbers no longer say does not stay on the record.
    return {"exit_reason": None, **known, "reason_evidence": case.evidence}


def answered(case: Case, world: World) -> dict[str, Value]:
    """The survey's answers by the field that each question goes to."""
    answer = first_answer(case)
    if answer is None:
        return {}
    return {
        question.field: found
        for question in world.rules.questionnaire.questions
        if (found := value(world, answer, question)) is not None
    }


def reason_since(case: Case, counts: str) -> datetime | None:
    """Since when this reason is known, from whichever side."""
    said = case.said.get("reason_csm")
    sides = (
        *((answer.codes.get("reason"), answer.at) for answer in case.answers.values()),
        *([(said.value, said.at)] if said else []),
        (case.evidence, case.evidence_at),
    )
    return min((at for found, at in sides if found == counts and at), default=None)


def _known_at(case: Case) -> datetime | None:
    """When somebody first named a reason; numbers confirm nothing."""
    moments = [answer.at for answer in case.answers.values() if "reason" in answer.codes]
    if (said := case.said.get("reason_csm")) and said.value:
        moments.append(said.at)
    return min(moments, default=None)
