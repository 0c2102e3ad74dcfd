"""What the customer is told beside the survey: the letters, and the page behind their link."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Literal

from pydantic import Field, model_validator

from mappings.model import GoodbyeText, Model, PageText
from mappings.survey import Confirmation, Page, nearest


class Letter(Model):
    """A mail in plain text."""

    #: One line.
    subject: GoodbyeText
    #: Plain text, with ``{{ goodbye.link }}``.
    body: GoodbyeText


class Wish(Model):
    """Something that can be asked for on the page."""

    #: The link to it.
    offer: PageText
    #: Below the link.
    help: PageText = ""
    #: Before it counts.
    confirm: Confirmation
    #: The page that follows.
    done: Page


class Contact(Model):
    """Where somebody says whether, and about what, we may write to them."""

    #: The link to it.
    offer: PageText
    #: Below the link.
    help: PageText = ""
    #: Above the choices.
    title: PageText
    #: What this is about.
    text: PageText
    #: The choice to stay in touch.
    stay: PageText
    #: The choice to hear only what the goodbye needs.
    quiet: PageText
    #: The choice not to be written to again, and not to be asked either.
    never: PageText
    #: The button.
    button: str
    #: Where nothing was chosen.
    missing: str
    #: The page that follows.
    done: Page


class Overview(Model):
    """The page: where things stand, and what can be asked for."""

    #: Its heading.
    title: PageText
    #: By the phase, or how it ended.
    phases: dict[
        Literal["notice", "assess", "leaving", "departed", "alumni", "saved", "returned"], PageText
    ]
    #: Before the last day.
    last_day: str
    #: Above the dates.
    promised: str
    #: Before the day of something promised.
    by: str
    #: Beside what is done.
    done: str
    #: Above the wishes.
    wishes: str
    #: The way to a copy of their data.
    export: Wish
    #: The way to a person.
    talk: Wish
    #: The way to the survey.
    feedback: PageText
    #: Below the link.
    feedback_help: PageText = ""
    contact: Contact
    #: Who can see what.
    privacy: PageText = ""
    #: The way back to this page.
    back: str
    #: The link has expired.
    closed: Page


class NoticePage(Model):
    """The page on which a contact gives notice, where the mapping says ``notice_link: on``."""

    #: Its heading.
    title: PageText
    #: What it does.
    text: PageText
    #: Beside the day.
    last_day: str
    #: What an empty day means.
    last_day_help: PageText
    #: Where the day is none, or is over.
    wrong_day: str
    #: The button.
    button: str
    #: The page that follows.
    done: Page


class Told(Model):
    """Everything in one language."""

    #: The language's name, in itself.
    name: str
    #: January to December, as they stand in a date.
    months: tuple[str, ...] = Field(min_length=12, max_length=12)
    #: How a day is written: ``{day}``, ``{month}`` and ``{year}``.
    written: str
    #: Beside the last day in a list of dates.
    last_day: str
    #: What is promised, in the customer's words, by the step's name; the others are not told.
    promises: dict[str, str]
    acknowledgement: Letter
    thanks: Letter
    check: Letter
    overview: Overview
    notice: NoticePage

    def day(self, day: date) -> str:
        """A day as people read it."""
        written = self.written.replace("{day}", str(day.day)).replace("{year}", str(day.year))
        return written.replace("{month}", self.months[day.month - 1])


class Letterbook(Model):
    """All of it; each language is an entry of ``texts``."""

    name: str = ""
    #: The language for people whose own is not there, or not known.
    language: str = "en"
    #: By language: ``en``, ``pt-BR``.
    texts: dict[str, Told]

    def wording(self, language: str | None) -> tuple[str, Told]:
        """The best language there is for somebody, and its words."""
        name = nearest(language, self.texts) or self.language
        return name, self.texts[name]

    @model_validator(mode="after")
    def _complete(self) -> Letterbook:
        if self.language not in self.texts:
            raise ValueError(f'there are no texts in "{self.language}"')
        for language, told in self.texts.items():
            for fault in _faults(f"texts.{language}", told):
                raise ValueError(fault)
        return self


def _faults(place: str, told: Told) -> Iterator[str]:
    if not all(f"{{{part}}}" in told.written for part in ("day", "month", "year")):
        yield f"{place}.written lacks {{day}}, {{month}} or {{year}}"
    if "goodbye.link" not in told.acknowledgement.body:
        yield f"{place}.acknowledgement: the letter lacks {{{{ goodbye.link }}}}; add it"
    if "goodbye.check" not in told.check.body:
        yield f"{place}.check: the letter lacks {{{{ goodbye.check }}}}; add it"
