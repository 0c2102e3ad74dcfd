"""The exit survey's questions and every word that the customer reads."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from mappings.findings import did_you_mean
from mappings.model import LetterText, Model, PageText, known
from mappings.reasons import REASONS


class Question(Model):
    """A question, and the customer's field that its answer goes to."""

    #: A name for it.
    key: str
    #: ``reason``: one of the reasons; ``text``: their own words; ``scale``: a number.
    kind: Literal["reason", "text", "scale"]
    #: Our key of the field.
    field: Annotated[str, known("customer field")]
    #: Must be answered.
    required: bool = False
    #: Characters of a text.
    length: int = Field(4000, ge=1, le=32_000)
    #: The ends of a scale.
    low: int = 0
    #: The ends of a scale.
    high: int = 10


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


class Letter(Model):
    """A mail in plain text."""

    #: One line.
    subject: LetterText
    #: Plain text, with ``{{ survey.link }}``.
    body: LetterText


class Wording(Model):
    """Everything in one language."""

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
    #: The button.
    send: str
    #: Where the required answer is not given.
    missing: str
    #: After the answer.
    thanks: Page
    #: The offer of a person instead.
    talk: str
    #: The page that follows.
    talking: Page
    #: The way to say no.
    opt_out: str
    #: The page that follows.
    opted_out: Page
    #: The link has expired, or the survey is over.
    closed: Page
    #: The link leads nowhere.
    unknown: Page
    #: The first mail.
    invitation: Letter
    #: The second and last.
    reminder: Letter


class Questionnaire(Model):
    """An exit survey; each language is an entry of ``texts``."""

    name: str = ""
    #: The language for people whose own is not there, or not known.
    language: str = "en"
    #: In their order.
    questions: tuple[Question, ...] = Field(min_length=1, max_length=10)
    #: By language: ``en``, ``pt-BR``.
    texts: dict[str, Wording]

    def wording(self, language: str | None) -> tuple[str, Wording]:
        """The best language there is for somebody, and its words."""
        folded = {name.casefold(): name for name in self.texts}
        wanted = (language or "").replace("_", "-").casefold()
        for name in (wanted, wanted.partition("-")[0]):
            if name in folded:
                return folded[name], self.texts[folded[name]]
        return self.language, self.texts[self.language]

    @model_validator(mode="after")
    def _complete(self) -> Questionnaire:
        keys = [question.key for question in self.questions]
        if len(set(keys)) < len(keys):
            raise ValueError("two questions have the same key")
        if [question.kind for question in self.questions].count("reason") != 1:
            raise ValueError("one question must be of the kind reason, and one only")
        if self.language not in self.texts:
            raise ValueError(f'there are no texts in "{self.language}"')
        for language, words in self.texts.items():
            self._check(language, words, keys)
        return self

    @staticmethod
    def _check(language: str, words: Wording, keys: list[str]) -> None:
        for key in keys:
            if key not in words.questions:
                raise ValueError(f'texts.{language}.questions lacks the words of "{key}"')
        for key in words.reasons:
            if key not in REASONS:
                raise ValueError(
                    f'texts.{language}.reasons: there is no reason "{key}"'
                    f"{did_you_mean(key, [*REASONS])}"
                )
        for letter in (words.invitation, words.reminder):
            if "survey.link" not in letter.body:
                raise ValueError(f"texts.{language}: a mail lacks {{{{ survey.link }}}}; add it")
