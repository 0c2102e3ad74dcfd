"""What the goodbye teaches: the reason, the answers and the words, on the customer's record. Pure.

The customer's own reason, ours, and the evidence are kept apart; the one that counts is the first
of them that is known. A note keeps the words of this departure when a later one overwrites the
fields.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from integrations.contract import Note, Value
from mappings.survey import Question
from mappings.texts import shown
from sync.draft import Draft
from sync.model import Answer, Case

#: What people set to steer the goodbye, and not to say why.
_PLANS: Final = ("decision", "departs_on")


def reason(case: Case) -> str | None:
    """The reason that counts."""
    answer = first_answer(case)
    said = case.said.get("reason_csm")
    return (answer.codes.get("reason") if answer else None) or (said.value if said else None)


def first_answer(case: Case) -> Answer | None:
    """The answer that stands on the customer: that of whoever answered first."""
    return next(iter(case.answers.values()), None)


def feedback(draft: Draft) -> dict[str, Value]:
    """The values that belong on the customer's record; wants the note that keeps them."""
    values = {**_answered(draft), "exit_reason": draft.reason}
    if known_at := _known_at(draft.case):
        values["reason_confirmed_on"] = draft.world.calendar.day_of(known_at)
    if paragraphs := _paragraphs(draft):
        opened_on = draft.world.calendar.day_of(draft.case.opened_at)
        heading = f"Exit feedback of {draft.world.customer.name}, notice of {shown(opened_on)}"
        body = "\n\n".join([heading, *paragraphs])
        draft.want("feedback", Note(about=draft.case.ref, body=body, at=_first_word(draft.case)))
    return {name: value for name, value in values.items() if value is not None}


def _answered(draft: Draft) -> dict[str, Value]:
    """The survey's answers by the field that each question goes to."""
    answer = first_answer(draft.case)
    if answer is None:
        return {}
    values: dict[str, Value] = {"feedback_on": draft.world.calendar.day_of(answer.at)}
    for question in draft.world.rules.questionnaire.questions:
        if (value := _value(draft, answer, question)) is not None:
            values[question.field] = value
    return values


def _value(draft: Draft, answer: Answer, question: Question) -> Value:
    if question.kind == "text":
        return draft.world.words.get(answer.words.get(question.key, ""))
    code = answer.codes.get(question.key)
    return int(code) if code is not None and question.kind == "scale" else code


def _known_at(case: Case) -> datetime | None:
    """When the reason that counts was first named."""
    moments = [answer.at for answer in case.answers.values() if "reason" in answer.codes]
    if (said := case.said.get("reason_csm")) and said.value:
        moments.append(said.at)
    return min(moments, default=None)


def _first_word(case: Case) -> datetime:
    """When something was said for the first time."""
    said = [said.at for key, said in case.said.items() if key not in _PLANS]
    return min([*said, *(answer.at for answer in case.answers.values())], default=case.opened_at)


def _paragraphs(draft: Draft) -> list[str]:
    """Everything that was said about this departure, verbatim; nothing if nothing was."""
    paragraphs = [*_ours(draft)]
    for answer in sorted(draft.case.answers.values(), key=lambda a: (a.at, a.person)):
        paragraphs += _theirs(draft, answer)
    return paragraphs


def _ours(draft: Draft) -> Iterator[str]:
    """What people on our side entered on the record."""
    places = draft.world.rules.places["customer"]
    for key, said in draft.case.said.items():
        if key in _PLANS or key not in places:
            continue
        row = places[key].row
        if said.words:
            if text := draft.world.words.get(said.words):
                yield f"{row.label}:\n“{text}”"
        elif said.value:
            yield f"{row.label}: {draft.label(key, said.value)}"


def _theirs(draft: Draft, answer: Answer) -> Iterator[str]:
    """What one person answered."""
    who = next((h.facts.name for h in draft.world.people if h.id == answer.person), "")
    yield f"Answers of {who or 'a former contact'}:"
    places = draft.world.rules.places["customer"]
    for question in draft.world.rules.questionnaire.questions:
        place = places.get(question.field)
        label = place.row.label if place else question.key.replace("_", " ").capitalize()
        value = _value(draft, answer, question)
        if value is None:
            continue
        if question.kind == "text":
            yield f"{label}:\n“{value}”"
        elif question.kind == "scale":
            yield f"{label}: {value} of {question.high}"
        else:
            yield f"{label}: {place.row.values.get(str(value), value) if place else value}"
    if other := draft.world.words.get(answer.words.get("other", "")):
        yield f"In other words:\n“{other}”"
