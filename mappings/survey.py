"""The exit survey's questions, those of the check after it, and every word that people read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from mappings.findings import did_you_mean
from mappings.model import LetterText, Model, PageText, Texts, known
from mappings.reasons import REASONS

#: The person's fields that a tick on the page can set.
CONSENTS: Final = ("stay_in_touch", "reference_ok")
#: What a question cannot be called: the form has these already.
_TAKEN: Final = {"once", "other", *CONSENTS}


class _Question(Model):
    """What all questions have."""

    #: A name for it.
    key: str
    #: Must be answered.
    required: bool = False
    #: Characters of a text.
    length: int = Field(4000, ge=1, le=32_000)
    #: The ends of a scale.
    low: int = 0
    #: The ends of a scale.
    high: int = 10

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if not re.fullmatch("[a-z][a-z0-9_]*", self.key) or self.key in _TAKEN:
            raise ValueError(f'a question cannot be called "{self.key}"; write what_changed')
        if not 1 <= self.high - self.low <= 10:
            raise ValueError("a scale has 2 to 11 steps; mend low or high")
        return self


class Question(_Question):
    """A question, and the customer's field that its answer goes to."""

    #: ``reason``: one of the reasons; ``text``: their own words; ``scale``: a number.
    kind: Literal["reason", "text", "scale"]
    #: Our key of the field.
    field: Annotated[str, known("customer field")]


class CheckQuestion(_Question):
    """A question about the goodbye itself; the answer goes to a note."""

    #: ``yes_no``; ``text``: their own words; ``scale``: a number.
    kind: Literal["yes_no", "text", "scale"]
    #: What the note calls the answer.
    label: str
    #: Answers that somebody has to look into: ``no``, ``[1, 2, 3]``.
    worrying: Texts = ()


class Asked(Model):
    """A question in words."""

    #: The question.
    label: PageText
    #: Below the question.
    help: PageText = ""
    #: What the ends of a scale mean.
    low: str = ""
    #: What the ends of a scale mean.
    high: str = ""


class Page(Model):
    """A short page."""

    #: Its heading.
    title: PageText
    #: One paragraph.
    text: PageText


class Confirmation(Page):
    """A short page that asks once more: programs that look through mails follow every link."""

    #: The button.
    button: str


class Letter(Model):
    """A mail in plain text."""

    #: One line.
    subject: LetterText
    #: Plain text, with ``{{ survey.link }}``.
    body: LetterText


class CheckWords(Model):
    """The check of the goodbye itself, in words."""

    #: Above the questions.
    title: PageText
    #: What this is for.
    intro: PageText
    #: By the question's key.
    questions: dict[str, Asked]
    #: Answers to a question of the kind ``yes_no``.
    yes: str
    #: Answers to a question of the kind ``yes_no``.
    no: str
    #: After the answer.
    thanks: Page


class Wording(Model):
    """Everything in one language."""

    #: The language's name, in itself.
    name: str
    #: Above the questions.
    title: PageText
    #: What this is, how long it takes, that it changes nothing.
    intro: PageText
    #: By the question's key.
    questions: dict[str, Asked]
    #: The reasons that are offered, by key; ``other`` is shown last.
    reasons: dict[str, str]
    #: Sentences to agree to, by the person's field; never ticked beforehand.
    consents: dict[Annotated[str, known("person field")], PageText] = Field(default_factory=dict)
    #: Who reads the answer, and how long it is kept.
    privacy: PageText = ""
    #: Beside a question that must be answered.
    required: str
    #: The way to leave a scale out.
    skip: str
    #: The button.
    send: str
    #: For those who have answered before.
    again: PageText
    #: Above what has to be mended.
    problem: str
    #: Where the reason is not given.
    missing: str
    #: Where a text is much too long.
    too_long: str
    #: The answers could not be kept; they are still on the page.
    unsaved: str
    #: After the answer.
    thanks: Page
    #: The offer of a person instead.
    talk: str
    #: Before it counts.
    talk_confirm: Confirmation
    #: The page that follows.
    talking: Page
    #: The way to say no.
    opt_out: str
    #: Before it counts.
    opt_out_confirm: Confirmation
    #: The page that follows.
    opted_out: Page
    #: The way back to the survey.
    back: str
    #: The link has expired, or the survey is over.
    closed: Page
    #: The link leads nowhere.
    unknown: Page
    #: Nothing can be done just now.
    busy: Page
    #: The first mail.
    invitation: Letter
    #: The second and last.
    reminder: Letter
    #: The check of the goodbye; left out: it speaks another language.
    check: CheckWords | None = None


class Questionnaire(Model):
    """An exit survey; each language is an entry of ``texts``."""

    name: str = ""
    #: The language for people whose own is not there, or not known.
    language: str = "en"
    #: In their order.
    questions: tuple[Question, ...] = Field(min_length=1, max_length=10)
    #: Some weeks later: how was the goodbye itself? In their order.
    check: tuple[CheckQuestion, ...] = Field((), max_length=10)
    #: By language: ``en``, ``pt-BR``.
    texts: dict[str, Wording]

    def wording(self, language: str | None) -> tuple[str, Wording]:
        """The best language there is for somebody, and its words."""
        name = nearest(language, self.texts) or self.language
        return name, self.texts[name]

    def checking(self) -> Questionnaire:
        """The same in the languages that the check speaks."""
        texts = {name: words for name, words in self.texts.items() if words.check}
        return self.model_copy(update={"texts": texts})

    @model_validator(mode="after")
    def _complete(self) -> Questionnaire:
        keys = [question.key for question in self.questions]
        if len(set(keys)) < len(keys):
            raise ValueError("two questions have the same key")
        if [question.kind for question in self.questions].count("reason") != 1:
            raise ValueError("one question must be of the kind reason, and one only")
        if self.language not in self.texts:
            raise ValueError(f'there are no texts in "{self.language}"')
        if self.check and self.texts[self.language].check is None:
            raise ValueError(f"texts.{self.language} lacks the words of the check")
        for language, words in self.texts.items():
            for fault in _faults(f"texts.{language}", words, keys):
                raise ValueError(fault)
            for question in self.check if words.check else ():
                if question.key not in (words.check.questions if words.check else ()):
                    missing = (
                        f'texts.{language}.check.questions lacks the words of "{question.key}"'
                    )
                    raise ValueError(missing)
        return self


def nearest(language: str | None, known: Iterable[str]) -> str | None:
    """The language among those known that comes nearest to somebody's, if any does."""
    folded = {name.casefold(): name for name in known}
    wanted = (language or "").replace("_", "-").casefold()
    return folded.get(wanted) or folded.get(wanted.partition("-")[0])


def _faults(place: str, words: Wording, keys: list[str]) -> Iterator[str]:
    """Where a language does not go with the questions."""
    for key in keys:
        if key not in words.questions:
            yield f'{place}.questions lacks the words of "{key}"'
    for key in words.reasons:
        if key not in REASONS:
            meant = did_you_mean(key, [*REASONS])
            yield f'{place}.reasons: there is no reason "{key}"{meant}'
    for key in words.consents:
        if key not in CONSENTS:
            meant = did_you_mean(key, CONSENTS)
            yield f'{place}.consents: nobody can agree to "{key}"{meant}'
    for letter in (words.invitation, words.reminder):
        if "survey.link" not in letter.body:
            yield f"{place}: a mail lacks {{{{ survey.link }}}}; add it"
