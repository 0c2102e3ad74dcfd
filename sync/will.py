"""What a person wants of us, and whether we may write to them. Pure.

The newest word counts, in whichever case it was said; an opt-out at the CRM counts always.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from mappings.consent import Consent as Known
from mappings.consent import Scope, Verdict, may
from mappings.texts import shown
from sync.case import consented
from sync.draft import Draft
from sync.model import Consent, Event, Kind, Will
from sync.world import Human

#: What tells of a person's will.
KINDS: Final = (Kind.CONSENTED, Kind.OPTED_OUT)


def wills(events: Iterable[Event]) -> dict[str, Will]:
    """What people have said in the cases that these events are from: the newest word of each."""
    found: dict[str, Will] = {}
    for event in sorted(events, key=lambda event: event.at):
        if event.kind in KINDS:
            person = event.data["person"]
            before = found.get(person, Will())
            if event.kind is Kind.CONSENTED:
                found[person] = replace(before, consent=consented(event, before.consent))
            else:
                found[person] = replace(before, opted_out=event.at)
    return found


def said(draft: Draft, human: Human) -> Consent | None:
    """What they said last about staying in touch."""
    here, elsewhere = draft.case.consents.get(human.id), _elsewhere(draft, human).consent
    return max(filter(None, (here, elsewhere)), key=lambda one: one.at, default=None)


def refused(draft: Draft, human: Human) -> datetime | None:
    """When they asked us not to ask again, unless they said yes since."""
    here, elsewhere = draft.case.opted_out.get(human.id), _elsewhere(draft, human).opted_out
    at = max(filter(None, (here, elsewhere)), default=None)
    yes = said(draft, human)
    return None if at is None or (yes and yes.stay and yes.at > at) else at


def verdict(draft: Draft, human: Human, scope: Scope) -> Verdict:
    """Whether a person may be written to; a permission that has run out is none."""
    country = draft.world.customer.country
    found = may(scope, country=country, consent=_known(draft, human), today=date.min)
    if at := refused(draft, human):
        day = shown(draft.world.calendar.day_of(at))
        return replace(found, words=f"asked us on {day} not to write again")
    if human.opt_out and human.opt_out.out:
        return replace(found, words=human.opt_out.words or found.words)
    if found.allowed and found.until:
        over = draft.world.calendar.start_of(found.until + timedelta(days=1))
        if draft.horizon.reached(over):
            words = f"{found.words}, which ended on {shown(found.until)}"
            return replace(found, allowed=False, words=words, call_instead=scope == "survey")
    return found


def _known(draft: Draft, human: Human) -> Known:
    """Everything that is known of their will, for the law's rules."""
    word = said(draft, human)
    agreed: set[Scope] = set()
    if word.stay if word else human.facts.own.get("stay_in_touch") is True:
        agreed.add("marketing")
    if human.facts.consent:
        agreed.add("survey")
    # Where the CRM has not said, the plan goes on: the CRM is asked again before anything goes out.
    out = bool(human.opt_out and human.opt_out.out) or refused(draft, human) is not None
    return Known(opted_out=out, agreed=frozenset(agreed), departed_on=draft.course.departs_on)


def _elsewhere(draft: Draft, human: Human) -> Will:
    return draft.world.wills.get(human.id, Will())
