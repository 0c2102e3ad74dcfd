"""The letters of the goodbye: what they say, to whom, and how they get there. Pure.

    through task     the task of the step carries the letter; a person sends it
    through email    the CRM mails it, once; the task is for looking after it, or is left out

Where a mail may not or cannot go, a person gets the letter, and hears why.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from integrations.contract import Mail, Note
from mappings.conditions import evaluate
from mappings.consent import Verdict
from mappings.letters import Told
from mappings.playbook import ENDS, Step
from mappings.seats import Assigned
from mappings.spans import Span
from mappings.texts import Facts, render, shown, subject
from sync import will
from sync.draft import Draft
from sync.due import due_at
from sync.links import mark
from sync.world import Human

#: The page behind the acknowledgement's link, and the check of the goodbye: parts of their keys.
PAGE: Final = "page"
CHECK: Final = "check"
#: A letter that could not go out for so long after its step was due would surprise people.
_LATE: Final = Span.parse("10 business days")


@dataclass(frozen=True, kw_only=True)
class Promised:
    """Something promised to the customer."""

    step: str
    day: date
    done: bool


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One letter as it stands now."""

    to: Human | None
    subject: str
    body: str
    #: Why a person has to send it although the playbook says that it is mailed.
    because: str = ""
    #: The rule that says so, where it is one.
    rule: str = ""
    mailed: bool = False


def promises(draft: Draft) -> Iterator[Promised]:
    """What the customer was promised, and by when, as far as its day is known."""
    for name, step in draft.book.steps.items():
        done = name in draft.case.done
        if step.promise and (done or not _waived(draft, name, step)):
            day = draft.world.calendar.day_of(due_at(draft, step))
            yield Promised(step=name, day=day, done=done)


def _waived(draft: Draft, name: str, step: Step) -> bool:
    """Whether it is not for this departure: nobody does it, so nobody hears that it comes."""
    deleted = draft.task_key(name, occurrence=draft.case.occurrence) in draft.case.removed
    return deleted or step.phase in ENDS or not evaluate(step.only_if, draft.facts).holds


def enclosed(draft: Draft, name: str, step: Step, assigned: Assigned, script: str) -> str:
    """The script of a task with the letter that belongs to it."""
    letter = _letter(draft, name, step, assigned)
    who = letter.to.facts.name if letter.to else ""
    if letter.mailed:
        intro = f"This letter goes to {who} by mail, without you. Look after what comes back."
    elif letter.because:
        intro = f"Please send this letter yourself: {letter.because}."
    else:
        intro = f"A letter to send{f' to {who}' if who else ''}; change what you like."
    return f"{script}\n\n{intro}\n\n{letter.subject}\n\n{letter.body}".strip()


def send(draft: Draft, name: str, step: Step, assigned: Assigned, due: datetime) -> bool:
    """Want the mail of a step, if it is to be mailed; whether it is."""
    letter, mailing = _letter(draft, name, step, assigned), sending(name)
    if not letter.mailed or letter.to is None:
        if letter.because:
            target = letter.to.id if letter.to else ""
            rule = f" (rule {letter.rule})" if letter.rule else ""
            draft.withhold(mailing, f"{letter.because}{rule}; a person sends it", target=target)
        return False
    to = letter.to.facts
    mail = Mail(
        to=to.ref,
        address=to.email or "",
        about=draft.case.ref,
        subject=letter.subject,
        body=letter.body,
        template=draft.world.rules.programme.survey.send.template,
    )
    sent = draft.case.sent.get((mailing, letter.to.id))
    if sent is None:
        ends = draft.world.calendar.add(due, _LATE)
        draft.want(mailing, mail, target=letter.to.id, outward=True, not_after=ends)
        return True
    day = shown(draft.world.calendar.day_of(sent))
    text = f"{to.name} was sent on {day}:\n\n{letter.subject}"
    draft.want(f"{mailing}_note", Note(about=draft.case.ref, body=text, at=sent))
    return True


def sending(step: str) -> str:
    """The name of a letter's own step."""
    return f"letter_{step}"


def addressee(draft: Draft, step: str) -> Human | None:
    """Whoever got this letter already; else the first by role that has an address, or at all."""
    people, mailing = draft.world.people, sending(step)
    told = {who for what, who in (*draft.case.sent, *draft.case.maybe_sent) if what == mailing}
    roles = draft.world.rules.programme.survey.ask.roles
    ranked = [h for role in roles for h in people if role in h.facts.roles] + [*people]
    reachable = [h for h in ranked if h.facts.email]
    return next((h for h in people if h.id in told), None) or next(iter(reachable or ranked), None)


def _letter(draft: Draft, name: str, step: Step, assigned: Assigned) -> Letter:
    assert step.letter
    rules, human = draft.world.rules, addressee(draft, name)
    spoken = (human.facts.language if human else None) or draft.world.customer.language
    _, told = rules.letters.wording(spoken)
    template, facts = getattr(told, step.letter), _facts(draft, told, human, assigned)
    because = _because(draft, name, step, human)
    return Letter(
        to=human,
        subject=subject(template.subject, facts),
        body=render(template.body, facts),
        because=because,
        rule=_rule(draft, step, human, because) if human else "",
        mailed=draft.book.letters.through == "email" and not because,
    )


def _because(draft: Draft, name: str, step: Step, human: Human | None) -> str:
    """Why a letter that the playbook mails is not mailed; nothing where it is, or never was."""
    if draft.book.letters.through != "email":
        return ""
    if human and (sending(name), human.id) in draft.case.sent:
        return ""
    if human and (sending(name), human.id) in draft.case.maybe_sent:
        whether = f"the CRM did not say whether its mail reached {human.facts.name}"
        return f"{whether}; look in the sent mail first"
    rules, calendar = draft.world.rules, draft.world.calendar
    if rules.programme.survey.send.through != "email":
        return "this CRM sends no mail for us"
    if human is None or not human.facts.email:
        return "nobody at the customer has an e-mail address"
    verdict = _verdict(draft, step, human)
    if not verdict.allowed:
        return verdict.words
    if rules.live_since and draft.case.entered_at <= rules.live_since:
        return "it was due in shadow mode"
    if draft.horizon.reached(calendar.add(due_at(draft, step), _LATE)):
        return "it is too late for a mail"
    if not step.required and draft.seen(name):
        return "it was yours to send before it could go by mail"
    return ""


def _rule(draft: Draft, step: Step, human: Human, because: str) -> str:
    """The rule that forbids the mail, if that is why it is not sent."""
    verdict = _verdict(draft, step, human)
    return verdict.rule if not verdict.allowed and because == verdict.words else ""


def _verdict(draft: Draft, step: Step, human: Human) -> Verdict:
    """Only the acknowledgement is owed; the others go to nobody whom a survey may not go to."""
    return will.verdict(draft, human, "service" if step.letter == "acknowledgement" else "survey")


def _facts(draft: Draft, told: Told, human: Human | None, assigned: Assigned) -> Facts:
    rules = draft.world.rules
    owner = rules.directory.by_id.get(assigned.owner or "")
    link = mark(draft.key(PAGE, human.id)) if human and rules.programme.self_service else None
    check = mark(draft.key(CHECK, human.id)) if human and rules.questionnaire.check else None
    return {
        "customer": {"name": draft.world.customer.name},
        "person": {
            "first_name": human.facts.first_name if human else None,
            "last_name": human.facts.last_name if human else None,
            "email": human.facts.email if human else None,
        },
        "org": {"name": rules.org},
        "owner": {
            "name": owner.name if owner and not owner.queue else None,
            "email": owner.email if owner and not owner.queue else None,
        },
        "goodbye": {
            "last_day": told.day(draft.course.departs_on),
            "dates": "\n".join(_dates(draft, told)),
            "link": link,
            "check": check,
        },
    }


def _dates(draft: Draft, told: Told) -> Iterator[str]:
    """Every day that has words for the customer, in its order."""
    days = [
        (one.day, told.promises[one.step])
        for one in promises(draft)
        if not one.done and one.step in told.promises
    ]
    for day, words in sorted([*days, (draft.course.departs_on, told.last_day)]):
        yield f"- {told.day(day)}: {words}"
