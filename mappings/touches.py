"""``touches``: when we get in touch with whom has left, how often at most, and what about."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Final

from pydantic import AfterValidator, BeforeValidator, Field

from mappings.model import Elapsed, Model, RoleName, TouchText, known
from mappings.playbook import Conditions
from mappings.spans import Occasion, Span

#: Occasions that come with an event; there may be several of them.
EVENTS: Final = ("shipped", "moved")

_DAY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")


def _day(text: str) -> str:
    try:
        if not _DAY.fullmatch(text):
            raise ValueError
        date.fromisoformat(f"2027-{text}")  # no leap year
    except ValueError:
        raise ValueError(f"{text!r} is no day of every year; write 04-01 for 1 April") from None
    return text


def _days(span: Span) -> Span:
    if span.unit not in ("days", "weeks"):
        raise ValueError("write days or weeks")
    return span


Days = Annotated[Elapsed, AfterValidator(_days)]


class FiscalYear(Model):
    """The financial year of customers: when there is a new budget."""

    #: Month and day: ``04-01``.
    starts: Annotated[str, AfterValidator(_day)] = "01-01"


class Touch(Model):
    """One time that somebody of us gets in touch: a task for a person."""

    #: For departures of this kind only.
    when: Conditions = Field(default_factory=dict)
    #: Whose task it is.
    role: RoleName = "customer_success"
    #: The subject; a template, as is ``script``.
    task: TouchText
    #: What to say, what to avoid, and why.
    script: TouchText = ""
    #: Its day: ``departs + 90 days``, ``next fiscal year``, ``shipped + 3 business days``.
    due: Occasion
    #: Only with people who said that we may name them.
    references: bool = False

    @property
    def on_event(self) -> bool:
        """Whether something must happen first, which may happen again."""
        return self.due.anchor in EVENTS


def _named(value: object) -> object:
    return (value,) if isinstance(value, str) else value


class Touches(Model):
    """Staying in touch with people who said yes: seldom, with a reason, and never to sell."""

    #: Touches of one customer in ``within``; 0: none.
    at_most: int = Field(4, ge=0, le=12)
    #: The length of time that ``at_most`` is about.
    within: Days = Span.parse("365 days")
    #: Between two touches.
    apart: Days = Span.parse("60 days")
    #: A touch that nobody has made so long after its day is dropped.
    lapses: Days = Span.parse("45 days")
    #: Facts of the customer that name features they asked for, beside their own words.
    asked_for: Annotated[tuple[Annotated[str, known("fact")], ...], BeforeValidator(_named)] = ()
    #: By name; the first in order takes the day, your own before the built-in ones.
    steps: dict[str, Touch] = Field(default_factory=dict)
