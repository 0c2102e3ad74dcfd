"""Everything that was said about a departure, as it was said. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from integrations.contract import FieldType, Value
from mappings.survey import Question
from sync.model import Answer, Case
from sync.world import World

#: What people set to steer the goodbye, and not to say why.
PLANS: Final = ("decision", "departs_on")
#: Answers to a question of this name are about something that the product lacks.
FEATURE: Final = "feature"


@dataclass(frozen=True, kw_only=True, slots=True)
class Quote:
    """Words that somebody wrote."""

    #: The key of our field, ``feature`` or ``other``.
    about: str
    label: str
    text: str
    at: datetime
    #: Who at the customer answered; empty where one of us wrote it down.
    who: str = ""

    @property
    def shown(self) -> str:
        """As people read it."""
        return f"{self.label}{f' ({self.who})' if self.who else ''}:\n“{self.text}”"


def quotes(case: Case, world: World) -> list[Quote]:
    """Whole sentences, ours first; a choice, a name or a number alone is none."""
    found = [*_noted(case, world)]
    for answer in _answers(case):
        who = name(world, answer.person)
        for question in world.rules.questionnaire.questions:
            text = world.words.get(answer.words.get(question.key, ""))
            place = world.rules.places["customer"].get(question.field)
            if text and (place is None or place.row.type is FieldType.WORDS):
                about = FEATURE if question.key == FEATURE else question.field
                label = _label(world, question)
                found.append(Quote(about=about, label=label, text=text, at=answer.at, who=who))
        if other := world.words.get(answer.words.get("other", "")):
            found.append(
                Quote(about="other", label="In other words", text=other, at=answer.at, who=who)
            )
    return found


def paragraphs(case: Case, world: World) -> list[str]:
    """Words, choices and numbers; nothing if nobody said anything."""
    found = [*_ours(case, world)]
    for answer in _answers(case):
        found += _theirs(world, answer)
    return found


def value(world: World, answer: Answer, question: Question) -> Value:
    """What somebody answered to a question."""
    if question.kind == "text":
        return world.words.get(answer.words.get(question.key, ""))
    code = answer.codes.get(question.key)
    return int(code) if code is not None and question.kind == "scale" else code


def name(world: World, person: str) -> str:
    """Who answered."""
    found = next((human.facts.name for human in world.people if human.id == person), "")
    return found or "a former contact"


def _answers(case: Case) -> list[Answer]:
    return sorted(case.answers.values(), key=lambda answer: (answer.at, answer.person))


def _noted(case: Case, world: World) -> Iterator[Quote]:
    """Sentences that people on our side wrote down."""
    for key, said in case.said.items():
        place = world.rules.places["customer"].get(key)
        text = world.words.get(said.words or "")
        if place and text and place.row.type is FieldType.WORDS:
            yield Quote(about=key, label=place.row.label, text=text, at=said.at)


def _ours(case: Case, world: World) -> Iterator[str]:
    """What people on our side entered on the record."""
    for key, said in case.said.items():
        place = world.rules.places["customer"].get(key)
        if key in PLANS or place is None:
            continue
        if said.words:
            if text := world.words.get(said.words):
                yield f"{place.row.label}:\n“{text}”"
        elif said.value:
            chosen = ", ".join(place.row.values.get(one, one) for one in said.value.split(";"))
            yield f"{place.row.label}: {chosen}"


def _theirs(world: World, answer: Answer) -> Iterator[str]:
    """What one person answered."""
    yield f"Answers of {name(world, answer.person)}:"
    places = world.rules.places["customer"]
    for question in world.rules.questionnaire.questions:
        place, label = places.get(question.field), _label(world, question)
        given = value(world, answer, question)
        if given is None:
            continue
        if question.kind == "text":
            yield f"{label}:\n“{given}”"
        elif question.kind == "scale":
            yield f"{label}: {given} of {question.high}"
        else:
            yield f"{label}: {place.row.values.get(str(given), given) if place else given}"
    if other := world.words.get(answer.words.get("other", "")):
        yield f"In other words:\n“{other}”"


def _label(world: World, question: Question) -> str:
    place = world.rules.places["customer"].get(question.field)
    return place.row.label if place else question.key.replace("_", " ").capitalize()
