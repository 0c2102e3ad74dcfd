"""Staying in touch: who belongs to which segment of alumni, and what we may do. Pure.

Only people who said yes, have not opted out, and whose company has really left. Everything else is
withheld with its reason, and whoever stops being allowed leaves the segment.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from integrations.contract import Value
from mappings.conditions import first
from mappings.consent import Consent, Scope, Verdict, may
from mappings.programme import Segment
from mappings.texts import shown
from sync.draft import Draft
from sync.model import Membership
from sync.world import Human


def alumni(draft: Draft) -> None:
    """Want the memberships, and each person's state on their record."""
    segment = first(draft.world.rules.programme.alumni, draft.facts)
    for human in draft.world.people:
        verdict = verdict_of(draft, human, "marketing")
        joined = _join(draft, human, verdict, segment)
        _record(draft, human, verdict, segment if joined else None)


def consent_of(draft: Draft, human: Human) -> Consent:
    """What we know of a person's will; the newest word wins, an opt-out at the CRM always."""
    said = draft.case.consents.get(human.id)
    opted_out = draft.case.opted_out.get(human.id)
    # Where the CRM has not said, the plan goes on: the CRM is asked again before anything goes out.
    out = bool(human.opt_out and human.opt_out.out)
    if opted_out and not (said and said.stay and said.at > opted_out):
        out = True
    agreed: set[Scope] = set()
    if said.stay if said else human.facts.own.get("stay_in_touch") is True:
        agreed.add("marketing")
    if human.facts.consent:
        agreed.add("survey")
    return Consent(
        opted_out=out,
        agreed=frozenset(agreed),
        departed_on=draft.course.departs_on,
    )


def verdict_of(draft: Draft, human: Human, scope: Scope) -> Verdict:
    """Whether a person may be written to; a permission that has run out is none."""
    verdict = may(
        scope,
        country=draft.world.customer.country,
        consent=consent_of(draft, human),
        today=date.min,
    )
    if verdict.allowed and verdict.until:
        over = draft.world.calendar.start_of(verdict.until + timedelta(days=1))
        if draft.horizon.reached(over):
            words = f"{verdict.words}, which ended on {shown(verdict.until)}"
            return replace(verdict, allowed=False, words=words, call_instead=scope == "survey")
    return verdict


def _join(draft: Draft, human: Human, verdict: Verdict, segment: Segment | None) -> bool:
    """Whether a person is wanted in the segment."""
    step = "alumni"
    if not verdict.allowed:
        draft.withhold(step, verdict.words, target=human.id)
    elif not draft.course.reached("departed"):
        draft.withhold(step, _not_gone(draft), target=human.id)
    elif segment is None:
        draft.withhold(step, "no segment fits why they left", target=human.id)
    else:
        membership = Membership(segment=segment.list, person=human.facts.ref)
        draft.want(f"alumni_{segment.segment}", membership, target=human.id, outward=True)
        return True
    return False


def _record(draft: Draft, human: Human, verdict: Verdict, segment: Segment | None) -> None:
    """What a person said, and what it allows, on their record; nothing before they said so."""
    said = draft.case.consents.get(human.id)
    if said is None and human.id not in draft.case.opted_out:
        return
    stay = bool(said and said.stay and verdict.allowed)
    values: dict[str, Value] = {
        "stay_in_touch": stay,
        "contact_basis": verdict.basis if verdict.allowed else "none",
        "alumni_segments": (segment.segment,) if segment else None,
    }
    if said and said.reference:
        values["reference_ok"] = True
    if verdict.until:
        values["contact_until"] = verdict.until
    if fields := draft.fields("person", human.facts.ref, values):
        draft.want("consent", fields, target=human.id)


def _not_gone(draft: Draft) -> str:
    if draft.course.ended:
        return f"the customer has {'stayed' if draft.course.ended == 'saved' else 'come back'}"
    return "the customer has not left yet"
