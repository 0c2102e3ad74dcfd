"""What a person wants of us, and whether we may write to them. Pure.

The newest word counts, in whichever case it was said, on the survey's page or by a tick in the
CRM; an opt-out at the CRM counts always.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from mappings.conditions import evaluate
from mappings.consent import Consent as Known
from mappings.consent import Scope, Verdict, Who, may
from mappings.texts import shown
from sync.case import consented
from sync.draft import Draft
from sync.model import Consent, Event, Kind, Will
from sync.world import Human

#: What tells of a person's will.
KINDS: Final = (Kind.CONSENTED, Kind.OPTED_OUT)
#: How the steps begin that are not for news: the strictest scope is for all others.
_SCOPES: Final[tuple[tuple[str, Scope], ...]] = (("survey", "survey"), ("letter", "service"))


def scope_of(step: str) -> Scope:
    """What a step that reaches somebody outside is, by its name."""
    return next((scope for begin, scope in _SCOPES if step.startswith(begin)), "marketing")


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


def forbids(will: Will, scope: Scope) -> bool:
    """Whether somebody's newest word speaks against it."""
    word, out = will.consent, will.opted_out
    if out and not (word and word.stay and word.at > out):
        return True
    return scope == "marketing" and word is not None and word.stay is False


def said(draft: Draft, human: Human) -> Consent | None:
    """What they said last about staying in touch."""
    words = _words(draft, human)
    return max(words, key=lambda one: (one.stay is not None, one.at), default=None)


def named(draft: Draft, human: Human) -> bool | None:
    """Whether we may name them as a reference, by their last word; None: they never said so."""
    spoken = (one for one in _words(draft, human) if one.reference is not None)
    last = max(spoken, key=lambda one: one.at, default=None)
    return last.reference if last else None


def refused(draft: Draft, human: Human) -> datetime | None:
    """When they asked us not to ask again, unless they said yes since."""
    here, elsewhere = draft.case.opted_out.get(human.id), _elsewhere(draft, human).opted_out
    at = max(filter(None, (here, elsewhere)), default=None)
    return at if forbids(Will(consent=said(draft, human), opted_out=at), "survey") else None


def verdict(draft: Draft, human: Human, scope: Scope) -> Verdict:
    """Whether a person may be written to; a permission that has run out is none."""
    asked = human.id, scope
    if asked not in draft.verdicts:
        draft.verdicts[asked] = _verdict(draft, human, scope)
    return draft.verdicts[asked]


def _verdict(draft: Draft, human: Human, scope: Scope) -> Verdict:
    call = scope == "service"
    if at := refused(draft, human):
        words = f"asked us on {shown(draft.world.calendar.day_of(at))} not to write again"
        return Verdict(allowed=False, words=words, call_instead=call)
    if human.opt_out and human.opt_out.out:
        words = human.opt_out.words or "opted out of mail"
        return Verdict(allowed=False, words=words, call_instead=call)
    found = may(
        scope,
        country=draft.world.customer.country,
        who=_who(draft),
        consent=_known(draft, human),
        rules=draft.world.rules.programme.consent,
        today=date.min,
    )
    end = over(draft, found)
    return found.ended(scope) if found.allowed and end and draft.horizon.reached(end) else found


def over(draft: Draft, verdict: Verdict) -> datetime | None:
    """When a permission's last day has passed at the customer's; None: it has no end."""
    if verdict.until is None:
        return None
    return draft.world.calendar.start_of(verdict.until + timedelta(days=1))


def _who(draft: Draft) -> Who:
    programme = draft.world.rules.programme
    customer = draft.world.customer
    if customer.private_person or customer.ref.object == programme.people.object:
        return "consumer"
    private = programme.consent.consumers
    return "consumer" if private and evaluate(private, draft.facts).holds else "business"


def _known(draft: Draft, human: Human) -> Known:
    """Everything that is known of their will, for the law's rules.

    Where the CRM has not said whether they opted out, the plan goes on: the CRM is asked again
    before anything goes out.
    """
    word, day_of, own = said(draft, human), draft.world.calendar.day_of, human.facts.own
    agreed: dict[Scope, date | None] = {}
    declined: dict[Scope, date] = {}
    until = None
    if word and word.stay is not None:
        (agreed if word.stay else declined)["marketing"] = day_of(word.at)
    elif own.get("stay_in_touch") is True:
        # Ticked before we looked: it counts from the opening, and no longer than the record says.
        agreed["marketing"] = day_of(draft.case.opened_at)
        held = own.get("contact_until")
        until = held if isinstance(held, date) else None
    if human.facts.consent:
        agreed["survey"] = None
    return Known(
        opted_out=False,
        agreed=agreed,
        declined=declined,
        until=until,
        departed_on=draft.course.departs_on,
        purchased_on=draft.world.customer.last_purchase,
    )


def _words(draft: Draft, human: Human) -> Iterator[Consent]:
    here, elsewhere = draft.case.consents.get(human.id), _elsewhere(draft, human).consent
    yield from filter(None, (here, elsewhere))


def _elsewhere(draft: Draft, human: Human) -> Will:
    return draft.world.wills.get(human.id, Will())
