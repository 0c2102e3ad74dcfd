"""What customers say about the goodbye itself, weeks later. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from integrations.contract import Note, Task
from mappings.spans import Span
from sync.draft import Draft
from sync.model import Answer
from sync.tasks import task_for

_NOTE: Final = "check_note"
_ALARM: Final = "check_alarm"
_ROLE: Final = "leadership"
_SOON: Final = Span.parse("2 business days")
_SCRIPT: Final = """\
{said}

Do: call {name} yourself, find out what was left undone, and see that it is done this \
week. Note what we change.
Say: "You told us that we made leaving hard. I would like to put that right."
Avoid: explaining how it came about, and asking them to come back.
Why: how it ended is what they will tell others.
"""


def checkup(draft: Draft) -> None:
    """Want a note with each answer, and somebody to look into those that are worrying."""
    names = {human.id: human.facts.name for human in draft.world.people}
    for person, answer in draft.case.checks.items():
        name = names.get(person) or "a former contact"
        lines = [*_lines(draft, answer)]
        said = "\n".join([f"{name} about the goodbye:", *lines])
        draft.want(_NOTE, Note(about=draft.case.ref, body=said, at=answer.at), target=person)
        if _worrying(draft, answer):
            draft.want(_ALARM, _task(draft, answer, name, said), target=person)


def _lines(draft: Draft, answer: Answer) -> Iterator[str]:
    for question in draft.world.rules.questionnaire.check:
        code = answer.codes.get(question.key)
        words = draft.world.words.get(answer.words.get(question.key, ""))
        if words:
            yield f"{question.label}:\n“{words}”"
        elif code is not None and question.kind == "scale":
            yield f"{question.label}: {code} of {question.high}"
        elif code is not None:
            yield f"{question.label}: {code}"


def _worrying(draft: Draft, answer: Answer) -> bool:
    return any(
        answer.codes.get(question.key) in question.worrying
        for question in draft.world.rules.questionnaire.check
    )


def _task(draft: Draft, answer: Answer, name: str, said: str) -> Task:
    return task_for(
        draft.world,
        draft.case.ref,
        _ROLE,
        step=_ALARM,
        title=f"Put right what went wrong in the goodbye of {draft.world.customer.name}",
        text=_SCRIPT.format(said=said, name=name),
        due=draft.world.calendar.add(answer.at, _SOON),
        phase=draft.course.status if draft.course.live else "alumni",
    )
