"""Staying in touch: who belongs to which segment of alumni, and what we may do. Pure.

Only people who said yes, have not opted out, and whose company has really left. Everything else is
withheld with its reason, and whoever stops being allowed leaves the segment.
"""

from __future__ import annotations

from integrations.contract import Value
from mappings.conditions import first
from mappings.consent import Verdict
from mappings.programme import Segment
from sync import will
from sync.draft import Draft
from sync.model import Membership
from sync.world import Human


def alumni(draft: Draft) -> None:
    """Want the memberships, and each person's state on their record."""
    segment = first(draft.world.rules.programme.alumni, draft.facts)
    for human in draft.world.people:
        verdict = will.verdict(draft, human, "marketing")
        joined = _join(draft, human, verdict, segment)
        _record(draft, human, verdict, segment if joined else None)


def _join(draft: Draft, human: Human, verdict: Verdict, segment: Segment | None) -> bool:
    """Whether a person is wanted in the segment."""
    step = "alumni"
    if not verdict.allowed:
        draft.withhold(step, verdict.told, target=human.id)
    elif words := draft.not_for(draft.book.alumni, "alumni"):
        draft.withhold(step, words, target=human.id)
    elif not draft.course.reached("departed"):
        draft.withhold(step, _not_gone(draft), target=human.id)
    elif segment is None:
        draft.withhold(step, "no segment fits why they left", target=human.id)
    else:
        membership = Membership(segment=segment.list, person=human.facts.ref)
        draft.want(
            f"alumni_{segment.segment}",
            membership,
            target=human.id,
            outward=True,
            not_after=will.over(draft, verdict),
        )
        return True
    return False


def _record(draft: Draft, human: Human, verdict: Verdict, segment: Segment | None) -> None:
    """What a person said, and what it allows until when, on their record.

    Nothing is written about those who never said anything and may not be written to: most people.
    """
    if not _concerns(draft, human, verdict):
        return
    said, reference = will.said(draft, human), will.named(draft, human)
    values: dict[str, Value] = {
        "contact_basis": verdict.basis if verdict.allowed else "none",
        "contact_until": verdict.until,
    }
    if said and said.stay is not None:
        values["stay_in_touch"] = said.stay and verdict.allowed
    elif verdict.basis == "consent":
        values["stay_in_touch"] = verdict.allowed  # a tick from before we looked ends as well
    if draft.case.closed_at is None:
        values["alumni_segments"] = (segment.segment,) if segment else None
    if reference is not None:
        values["reference_ok"] = reference
    if fields := draft.fields("person", human.facts.ref, values):
        draft.want("consent", fields, target=human.id)


def _concerns(draft: Draft, human: Human, verdict: Verdict) -> bool:
    """Whether a record has to say so: they spoke here, or are an alumnus, or were one."""
    if human.id in draft.case.consents.keys() | draft.case.opted_out.keys():
        return True
    if draft.case.closed_at:
        return False
    alumnus = draft.course.reached("departed") and verdict.until is not None
    return alumnus or human.facts.own.get("contact_basis") not in (None, "none")


def _not_gone(draft: Draft) -> str:
    return draft.over or "the customer has not left yet"
