"""Getting in touch with whom has left: when, with whom, what about, and never too often. Pure.

A touch is a task for a person, never a mail of ours, and only about people who said yes. Its day
follows the departure, the customer's financial year, or some news. Days are given out in the order
in which touches are decided, so that news never takes back what a colleague has on the desk: of
two that are too close the dated one is left out, and the one with news waits until there is room.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from integrations.contract import Task
from mappings.conditions import evaluate
from mappings.consent import Verdict
from mappings.texts import Facts, render, shown, subject
from mappings.touches import Touch, Touches
from sync import will
from sync.case import touched
from sync.draft import Draft
from sync.model import TOUCH, Event, Kind
from sync.tasks import task_for
from sync.world import Human

#: A task is there so long before its day.
_AHEAD: Final = timedelta(days=7)
#: A financial year that begins sooner after the departure has its budget already.
_BUDGETED: Final = timedelta(days=90)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Welcome:
    """Somebody who may be written to, and why."""

    human: Human
    verdict: Verdict


@dataclass(frozen=True, kw_only=True, slots=True)
class _Idea:
    """A touch that may be made."""

    step: str
    touch: Touch
    day: date
    #: When it is decided: it is on somebody's desk from then on.
    since: date
    people: tuple[_Welcome, ...]
    feature: str | None = None
    company: str | None = None


def touches(draft: Draft) -> None:
    """Want the tasks whose time has come; say of the others why not."""
    if words := _closed(draft):
        draft.withhold(TOUCH, words)
        return
    welcome = [*_welcome(draft, draft.world.people)]
    moved = [*_welcome(draft, draft.world.moved)]
    at = (*_made(draft).values(), *draft.world.touched)
    taken = [draft.world.calendar.day_of(moment) for moment in at]
    ideas = [*_news(draft, welcome, moved), *_dated(draft, welcome, taken)]
    # A date may not take back what is decided, nor wait; what comes with news has time.
    for idea in sorted(ideas, key=lambda one: (one.since, one.touch.on_event, one.step)):
        if _is_made(draft, idea):
            _want(draft, idea)
        elif chosen := _placed(draft, idea, taken):
            taken.append(chosen.day)
            _want(draft, chosen)


def elsewhere(events: Iterable[Event], people: Iterable[str] | None = None) -> Iterator[datetime]:
    """When somebody got in touch in another case; with one of these people, if they are given."""
    known = None if people is None else {*people}
    for event in events:
        if event.kind is Kind.DONE and touched(event.data["step"]):
            key = event.data["key"].split(":")
            if known is None or known & {*key[2:]}:
                yield event.at


def _closed(draft: Draft) -> str:
    """Why nobody there is written to as things stand, whoever it is; or nothing."""
    if draft.case.closed_at:
        return "a later departure has taken its place"
    if not draft.course.reached("departed"):
        return draft.over or "the customer has not left yet"
    if words := draft.not_for(draft.book.alumni, "alumni"):
        return words
    return "" if _rules(draft).at_most else "the mapping allows none"


def _welcome(draft: Draft, people: Iterable[Human]) -> Iterator[_Welcome]:
    """Those who may be written to, the one who is asked first in front."""
    roles = draft.world.rules.programme.survey.ask.roles

    def rank(human: Human) -> int:
        return min((roles.index(r) for r in human.facts.roles if r in roles), default=len(roles))

    for human in sorted(people, key=rank):
        verdict = will.verdict(draft, human, "marketing")
        if verdict.allowed:
            yield _Welcome(human=human, verdict=verdict)
        else:
            draft.withhold(TOUCH, verdict.told, target=human.id)


def _made(draft: Draft) -> dict[str, datetime]:
    """When somebody got in touch already, by step; one that goes to several counts once."""
    made: dict[str, datetime] = {}
    for key, at in draft.case.touched.items():
        step = key.split(":")[1]
        made[step] = max(at, made.get(step, at))
    return made


def _is_made(draft: Draft, idea: _Idea) -> bool:
    """Whether somebody has got in touch about it; one who moved is a matter of their own."""
    if idea.company is None:
        return idea.step in _made(draft)
    return draft.key(idea.step, idea.people[0].human.id) in draft.case.touched


def _dated(draft: Draft, welcome: list[_Welcome], taken: list[date]) -> Iterator[_Idea]:
    """The touches that have a day of their own; of two too close, the first in order."""
    rules, days = _rules(draft), [*taken]
    for name, touch in rules.steps.items() if welcome else ():
        step = f"{TOUCH}_{name}"
        if touch.on_event or step in _made(draft):
            continue
        people = [one for one in welcome if not touch.references or _reference(draft, one.human)]
        if words := evaluate(touch.when, draft.facts).words:
            draft.withhold(step, words)
        elif not people:
            draft.withhold(step, "nobody said that we may name them")
        else:
            day = _day(draft, touch, _begin(draft, touch))
            if words := _crowded(rules, day, days):
                draft.withhold(step, words)
                continue
            days.append(day)
            yield _Idea(step=step, touch=touch, day=day, since=day - _AHEAD, people=(people[0],))


def _news(draft: Draft, welcome: list[_Welcome], moved: list[_Welcome]) -> Iterator[_Idea]:
    """The touches that follow from what has happened."""
    calendar, departs_on = draft.world.calendar, draft.course.departs_on
    for name, touch in _rules(draft).steps.items():
        step = f"{TOUCH}_{name}"
        if touch.on_event and (words := evaluate(touch.when, draft.facts).words):
            if draft.case.shipped or draft.case.moved:
                draft.withhold(step, words)
        elif touch.due.anchor == "shipped":
            for feature, shipped in sorted(draft.case.shipped.items()):
                asked = shipped.people
                people = [w for w in welcome if asked is None or w.human.id in asked]
                since = max(calendar.day_of(shipped.at), departs_on)
                begin = max(shipped.at, calendar.start_of(departs_on))
                if people:
                    yield _Idea(
                        step=f"{step}_{feature}",
                        touch=touch,
                        day=_day(draft, touch, begin),
                        since=since,
                        people=tuple(people),
                        feature=draft.world.features.get(feature, feature),
                    )
                else:
                    draft.withhold(f"{step}_{feature}", "who asked for it may not be written to")
        elif touch.due.anchor == "moved":
            for one in moved:
                move = draft.case.moved[one.human.id]
                yield _Idea(
                    step=step,
                    touch=touch,
                    day=_day(draft, touch, move.at),
                    since=calendar.day_of(move.at),
                    people=(one,),
                    company=draft.world.words.get(move.words) or "another company",
                )


def _begin(draft: Draft, touch: Touch) -> date:
    """The day that a dated touch is counted from."""
    departs_on = draft.course.departs_on
    if touch.due.anchor == "contract_end":
        return draft.world.customer.contract_end or departs_on
    if touch.due.anchor == "next_fiscal_year":
        month, day = map(int, draft.world.rules.programme.fiscal_year.starts.split("-"))
        earliest = departs_on + _BUDGETED
        begins = date(earliest.year, month, day)
        return begins if begins >= earliest else date(earliest.year + 1, month, day)
    return departs_on


def _day(draft: Draft, touch: Touch, begin: date | datetime) -> date:
    """The day that a touch is due."""
    calendar, due = draft.world.calendar, touch.due
    if not isinstance(begin, datetime):
        begin = calendar.opening(begin)[1]
    return calendar.day_of(calendar.add(begin, due.span, before=due.before) if due.span else begin)


def _placed(draft: Draft, idea: _Idea, taken: list[date]) -> _Idea | None:
    """The touch on a day where there is room; None, said why, where there is none for it."""
    rules, day = _rules(draft), idea.day
    words = _crowded(rules, day, taken)
    if words and not idea.touch.on_event:
        draft.withhold(idea.step, words)
        return None
    while _crowded(rules, day, taken):
        day += timedelta(days=1)
    return replace(idea, day=day)


def _crowded(rules: Touches, day: date, taken: Iterable[date]) -> str:
    """Why there is no room for a touch on a day, given the days that are taken; or nothing."""
    within = rules.within.plain
    near = sorted(one for one in taken if abs(one - day) < within)
    if any(abs(one - day) < rules.apart.plain for one in near):
        return f"it is within {rules.apart} of another touch"
    for first in (*near, day):
        if sum(first <= one < first + within for one in (*near, day)) > rules.at_most:
            return f"{rules.at_most} in {rules.within} are enough"
    return ""


def _want(draft: Draft, idea: _Idea) -> None:
    """Its tasks, if it is time for them."""
    calendar, horizon = draft.world.calendar, draft.horizon
    made = _is_made(draft, idea)
    appears = calendar.start_of(idea.day - _AHEAD)
    lapses = calendar.start_of(idea.day + _rules(draft).lapses.plain)
    if not made and not horizon.reached(appears):
        draft.withhold(idea.step, "its time has not come", until=appears)
        return
    if horizon.reached(lapses):
        draft.withhold(idea.step, "its time has passed")
        return
    for one in idea.people:
        until = one.verdict.until
        if until and idea.day > until:
            words = f"it would be after {shown(until)}, the last day that we may write to them"
            draft.withhold(idea.step, words, target=one.human.id)
        else:
            draft.want(idea.step, _task(draft, idea, one), target=one.human.id)


def _task(draft: Draft, idea: _Idea, one: _Welcome) -> Task:
    touch, person = idea.touch, one.human.facts
    words: Facts = {
        **draft.words,
        "person": {
            "name": person.name or person.email or "your contact",
            "first_name": person.first_name,
            "last_name": person.last_name,
            "email": person.email,
        },
        "touch": {"feature": idea.feature, "company": idea.company},
    }
    address = f", {person.email}" if person.email else ""
    who = f"\n\nWho: {words['person']['name']}{address}. Why we may: {one.verdict.words}."
    return task_for(
        draft.world,
        draft.case.ref,
        touch.role,
        step=idea.step,
        title=subject(touch.task, words),
        text=render(touch.script, words) + who,
        due=draft.world.calendar.opening(idea.day)[1],
        phase=draft.course.status,
    )


def _reference(draft: Draft, human: Human) -> bool:
    """Whether they said that we may name them."""
    named = will.named(draft, human)
    if named is not None:
        return named
    return human.facts.own.get("reference_ok") is True


def _rules(draft: Draft) -> Touches:
    return draft.world.rules.programme.touches
