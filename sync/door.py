"""How open the door is for a return, from 0 to 100: points, and why each of them. Pure.

It is a rule of thumb that people can follow with their finger, and no forecast. It changes only
with what happens and where the case stands, so it travels with the customer's other fields.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from mappings.reasons import REASONS
from sync import will
from sync.draft import Draft
from sync.feedback import first_answer

Point = tuple[int, str]

_BEGIN: Final = 40
#: Points for the reason, where it is not a matter of who can do something about it.
_REASONS: Final = {
    "deceased": -40,
    "out_of_business": -40,
    "poor_fit": -15,
    "trust": -15,
    "competitor": -5,
}
_CONTROLLABLE: Final = 5
_CIRCUMSTANCES: Final = 10


def door(draft: Draft) -> tuple[Point, ...]:
    """Every point of the index; nothing before the customer has left."""
    if not draft.course.reached("departed"):
        return ()
    return (
        (_BEGIN, "every door is ajar to begin with"),
        *_said(draft),
        *_people(draft),
        *_reason(draft),
        *_promises(draft),
        *_before(draft),
    )


def index(points: tuple[Point, ...]) -> int:
    """What they come to."""
    return min(100, max(0, sum(number for number, _ in points)))


def _said(draft: Draft) -> Iterator[Point]:
    """What they answered."""
    if first_answer(draft.case):
        yield 5, "somebody there answered the survey"
    for key, words, weight in (
        ("would_return", "would come back", 4),
        ("would_recommend", "would recommend us", 2),
    ):
        score = _score(draft, key)
        if score is not None:
            yield round((score - 5) * weight), f"{words}: {score:g} of 10"


def _score(draft: Draft, key: str) -> float | None:
    """A number from 0 to 10: the answer to the survey, or what somebody of us has put down."""
    answer = first_answer(draft.case)
    for question in draft.world.rules.questionnaire.questions if answer else ():
        if question.kind == "scale" and question.field == key and answer:
            code = answer.codes.get(question.key)
            if code is not None:
                return min(10, max(0, float(code)))
    said = draft.case.said.get(key)
    try:
        return min(10, max(0, float(said.value))) if said and said.value else None
    except ValueError:
        return None


def _people(draft: Draft) -> Iterator[Point]:
    """Who wants to hear from us."""
    people = draft.world.people
    if any(will.verdict(draft, human, "marketing").allowed for human in people):
        yield 15, "somebody there wants to stay in touch"
    elif any(will.refused(draft, human) for human in people):
        yield -15, "somebody there asked us not to write again"
    if any(will.named(draft, human) for human in people):
        yield 5, "somebody there lets us name them"


def _reason(draft: Draft) -> Iterator[Point]:
    reason = REASONS.get(draft.reason or "")
    if reason is None:
        return
    number = _REASONS.get(reason.key)
    if number is None and reason.controllable is not None:
        number = _CONTROLLABLE if reason.controllable else _CIRCUMSTANCES
    if number:
        yield number, f"{reason.label.lower()}: worth asking again {reason.comes_back}"


def _promises(draft: Draft) -> Iterator[Point]:
    """Whether we kept what was due before the last day, or before they became alumni."""
    calendar, kept, broken = draft.world.calendar, 0, 0
    for one in draft.promised:
        if one.step in draft.case.done:
            kept += 1
        elif not one.waived and calendar.day_of(one.due) < _judged(draft):
            broken += 1
    if broken:
        yield -min(15, 5 * broken), f"promises that were not kept in time: {broken}"
    elif kept:
        yield 10, "every promise that was due is kept"


def _judged(draft: Draft) -> date:
    """The day before which promises had to be kept: it moves with the case, not with the clock."""
    calendar, departs_on = draft.world.calendar, draft.course.departs_on
    if draft.course.status != "alumni":
        return departs_on
    after = draft.book.departure.alumni_after
    return calendar.day_of(calendar.add(calendar.start_of(departs_on), after))


def _before(draft: Draft) -> Iterator[Point]:
    """What earlier departures say."""
    if draft.case.number > 1:
        yield 10, "they had left before, and were with us again"
    if draft.case.occurrence > 1:
        yield 5, "they changed their mind once already"
