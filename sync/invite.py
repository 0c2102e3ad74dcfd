"""The exit survey: who is asked, when, how, and once. Pure.

    through fields   the link and "due" on the contact; the CRM's own automation mails it
    through email    the link on the contact, then the CRM's own mail, then "sent"
    through task     a task asks a person to ask

Then one reminder, and no more after an answer, an opt-out or the wish for a person.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from integrations.contract import Mail, Note, Task, Value
from mappings.consent import Verdict
from mappings.spans import Span
from mappings.survey import Letter, nearest
from mappings.texts import Facts, render, shown, subject
from sync import fatigue, will
from sync.draft import Draft
from sync.exclude import unasked
from sync.links import mark
from sync.tasks import task_for
from sync.world import Human

SURVEY: Final = "survey"
REMINDER: Final = "survey_reminder"
CALL: Final = "survey_call"
_ROLE: Final = "customer_success"
#: Time to do what somebody is asked to do.
_SOON: Final = Span.parse("2 business days")


def invite(draft: Draft) -> None:
    """Want everything about the survey that should be there by now."""
    asked = _asked(draft)
    if not asked:
        draft.withhold(SURVEY, _nobody(draft))
    for human in asked:
        if human.id in draft.case.answers:
            _answered(draft, human)
        elif reason := _why_not(draft, human):
            draft.withhold(SURVEY, reason, target=human.id)
        else:
            _ask(draft, human)
        _afterwards(draft, human)


def _asked(draft: Draft) -> list[Human]:
    """Those who heard from us already, then the first by role, up to the number set.

    Whoever may not be asked at all takes nobody's place. Of the others it is said why they are not
    asked.
    """
    case, ask = draft.case, draft.world.rules.programme.survey.ask
    before = {person for step, person in (*case.sent, *case.maybe_sent) if step == SURVEY}
    before |= case.answers.keys() | case.wants_to_talk.keys()
    reachable = [h for h in draft.world.people if h.facts.email or h.id in before]
    out = {h.id for h in reachable if h.id not in before and _barred(draft, h)}
    role, chosen = next(
        (
            (role, some)
            for role in ask.roles
            if (some := [h for h in reachable if role in h.facts.roles])
            and not out.issuperset(h.id for h in some)
        ),
        ("", reachable),
    )
    known = [h for h in reachable if h.id in before]
    rest = [h for h in chosen if h.id not in before]
    room = max(0, ask.at_most - len(known))
    # One more for each who is passed by on the way; where nobody is left, as many hear why.
    first = [h for h in rest if h.id not in out][:room]
    last = rest.index(first[-1]) + 1 if first else room
    asked = known + (rest[:last] if room else [])
    for human in draft.world.people if asked else ():
        if human not in asked:
            why = _barred(draft, human) if human.id in out else ""
            words = why or _passed_over(human, role, ask.at_most)
            draft.withhold(SURVEY, words, target=human.id)
    return asked


def _barred(draft: Draft, human: Human) -> str:
    """Why nobody may ask this person, by mail or otherwise; or nothing."""
    verdict = will.verdict(draft, human, "survey")
    barred = not verdict.allowed and not verdict.call_instead
    return unasked(draft, human) or (verdict.told if barred else "")


def _passed_over(human: Human, role: str, most: int) -> str:
    """Why somebody is not asked where others at the customer are."""
    if not human.facts.email:
        return "has no e-mail address"
    if role and role not in human.facts.roles:
        return f"those with the role {role} are asked"
    return f"others are asked, and no more than {most} at one customer"


def _nobody(draft: Draft) -> str:
    if not draft.world.people:
        return "the customer has no people in the CRM"
    if not draft.world.rules.programme.survey.ask.at_most:
        return "the mapping asks nobody"
    return "nobody at the customer has an e-mail address"


def _why_not(draft: Draft, human: Human) -> str:
    """Why somebody is not asked, or not any more; or nothing."""
    if words := draft.over or draft.not_for(draft.book.survey, "survey"):
        return words
    if out := unasked(draft, human):
        return out
    if human.id in draft.case.wants_to_talk:
        return "wants to talk to a person instead"
    if will.refused(draft, human):
        return will.verdict(draft, human, "survey").told
    return ""


def _ask(draft: Draft, human: Human) -> None:
    send, calendar = draft.world.rules.programme.survey.send, draft.world.calendar
    since = draft.case.entered_at
    sent = draft.case.sent.get((SURVEY, human.id))
    if sent and sent < since:
        since = draft.case.opened_at
    begins, ends = calendar.add(since, send.after), calendar.add(since, send.until)
    verdict = will.verdict(draft, human, "survey")
    if verdict.allowed and (over := will.over(draft, verdict)):
        ends = min(ends, over)
    if not verdict.allowed and sent is None and not draft.horizon.reached(begins):
        # A call has its time, too: by then a death, or a change of mind, may be known.
        draft.withhold(SURVEY, verdict.told, target=human.id, until=begins)
    elif not verdict.allowed:
        late = draft.horizon.reached(ends)
        _withheld(draft, human, verdict, sent=sent is not None, late=late)
    elif sent is None and not draft.horizon.reached(begins):
        draft.withhold(SURVEY, "its time has not come", target=human.id, until=begins)
    elif sent is None and (live := draft.world.rules.live_since) and begins <= live:
        draft.withhold(SURVEY, "it was due in shadow mode", target=human.id)
    elif sent is None and draft.horizon.reached(ends):
        draft.withhold(SURVEY, "it is too late to ask", target=human.id)
    elif not _asked_here(draft, human) and (rest := fatigue.rest(draft, human)):
        draft.withhold(SURVEY, rest.words, target=human.id, until=rest.until)
    else:
        _send(draft, human, SURVEY, status="due", ends=ends)
        if sent and send.reminder_after:
            _remind(draft, human, calendar.add(sent, send.reminder_after), ends)


def _asked_here(draft: Draft, human: Human) -> bool:
    """Whether they have been asked in this case, as far as anybody can tell."""
    return (SURVEY, human.id) in draft.case.sent.keys() | draft.case.maybe_sent.keys()


def _send(draft: Draft, human: Human, step: str, *, status: str, ends: datetime) -> None:
    """One message, or what makes the CRM send one."""
    link = draft.key(SURVEY, human.id)
    through = draft.world.rules.programme.survey.send.through or "fields"
    values: dict[str, Value] = {"survey_status": status}
    if step == SURVEY:
        values["survey_url"] = mark(link)
    place = draft.fields("person", human.facts.ref, values)
    if through == "fields" and place:
        draft.want(step, place, target=human.id, outward=True, not_after=ends)
    elif through == "email":
        before = draft.want(f"{step}_link", place, target=human.id) if place else None
        letter = _letter(draft, human, step, ends)
        after = (before,) if before else ()
        draft.want(step, letter, target=human.id, after=after, outward=True, not_after=ends)
    elif step == SURVEY:
        text = f"Please send {human.facts.name} the link to our exit survey: {mark(link)}"
        task = _task(draft, f"Ask {human.facts.name} to answer the exit survey", text)
        draft.want(step, task, target=human.id)


def _remind(draft: Draft, human: Human, at: datetime, ends: datetime) -> None:
    if draft.horizon.reached(ends) and (REMINDER, human.id) not in draft.case.sent:
        draft.withhold(REMINDER, "the survey is over", target=human.id)
    elif spoken := _spoken(draft):
        draft.withhold(REMINDER, f"somebody has spoken with them on {spoken}", target=human.id)
    elif draft.horizon.reached(at):
        _send(draft, human, REMINDER, status="reminded", ends=ends)
    else:
        draft.withhold(REMINDER, "its time has not come", target=human.id, until=at)


def _spoken(draft: Draft) -> str:
    """The day of the last conversation about the goodbye, if there was one."""
    case, steps = draft.case, draft.book.steps
    talks = [case.done_at[name] for name in case.done if name in steps and steps[name].contact]
    return shown(draft.world.calendar.day_of(max(talks))) if talks else ""


def _afterwards(draft: Draft, human: Human) -> None:
    """What follows from a message that went out, or from a wish."""
    sent = draft.case.sent.get((SURVEY, human.id))
    if sent:
        day = draft.world.calendar.day_of(sent)
        _set(draft, "survey_sent", human, {"survey_sent_on": day})
        text = f"The exit survey went to {human.facts.name} on {shown(day)}."
        draft.want("survey_note", Note(about=draft.case.ref, body=text, at=sent), target=human.id)
    if (SURVEY, human.id) in draft.case.maybe_sent:
        text = (
            f"The CRM did not say whether the exit survey reached {human.facts.name}. It is not "
            "sent again. Please look in the sent mail, and ask them yourself if it is not there."
        )
        task = _task(draft, f"Check whether {human.facts.name} got the exit survey", text)
        draft.want("survey_check", task, target=human.id)
    if asked := draft.case.wants_to_talk.get(human.id):
        text = (
            f"{human.facts.name} would like to talk to a person. Call them, listen, and put their "
            "words on the customer."
        )
        task = _task(
            draft, f"Call {human.facts.name}: they want to talk to a person", text, at=asked
        )
        draft.want("talk", task, target=human.id)


def _answered(draft: Draft, human: Human) -> None:
    day = draft.world.calendar.day_of(draft.case.answers[human.id].at)
    values: dict[str, Value] = {"survey_status": "answered", "survey_answered_on": day}
    _set(draft, "survey_answered", human, values)


def _withheld(draft: Draft, human: Human, verdict: Verdict, *, sent: bool, late: bool) -> None:
    """Say so on the contact too; where only the mail is forbidden, a person may call in time."""
    if sent:
        draft.withhold(REMINDER, verdict.told, target=human.id)
        return
    called = draft.task_key(CALL, human.id) in draft.case.appeared
    offers = verdict.call_instead and (called or not late)
    call = "; offered a call instead" if offers else ""
    draft.withhold(SURVEY, f"{verdict.told}{call}", target=human.id)
    _set(draft, "survey_withheld", human, {"survey_status": "withheld"})
    if call:
        text = (
            f"We may not mail {human.facts.name} a survey ({verdict.words}). A call is fine: ask "
            "what was different by the time they decided, and put their words on the customer."
        )
        task = _task(draft, f"Call {human.facts.name} instead of mailing the exit survey", text)
        draft.want(CALL, task, target=human.id)


def _set(draft: Draft, step: str, human: Human, values: dict[str, Value]) -> None:
    """Values on the person's record, which is about their customer's last departure."""
    fields = draft.fields("person", human.facts.ref, values)
    if fields and draft.case.closed_at is None:
        draft.want(step, fields, target=human.id)


def _letter(draft: Draft, human: Human, step: str, ends: datetime) -> Mail:
    rules = draft.world.rules
    spoken = human.facts.language or draft.world.customer.language
    language, wording = rules.questionnaire.wording(spoken)
    letter: Letter = wording.invitation if step == SURVEY else wording.reminder
    words: Facts = {
        "customer": {"name": draft.world.customer.name},
        "person": {
            "first_name": human.facts.first_name,
            "last_name": human.facts.last_name,
            "email": human.facts.email,
        },
        "org": {"name": rules.org},
        "survey": {
            "link": mark(draft.key(SURVEY, human.id)),
            "until": _shown(draft, language, ends),
        },
    }
    return Mail(
        to=human.facts.ref,
        address=human.facts.email or "",
        about=draft.case.ref,
        subject=subject(letter.subject, words),
        body=render(letter.body, words),
        template=rules.programme.survey.send.template,
    )


def _shown(draft: Draft, language: str, moment: datetime) -> str:
    """A day in the letter's language, if its names of months are known."""
    day, book = draft.world.calendar.day_of(moment), draft.world.rules.letters
    known = nearest(language, book.texts)
    return book.texts[known].day(day) if known else shown(day)


def _task(draft: Draft, title: str, text: str, *, at: datetime | None = None) -> Task:
    """A task for whoever looks after the customer, for the working day after the next."""
    return task_for(
        draft.world,
        draft.case.ref,
        _ROLE,
        step=SURVEY,
        title=title,
        text=text,
        due=draft.world.calendar.add(at or draft.case.entered_at, _SOON),
        phase=draft.course.status if draft.course.live else "leaving",
    )
