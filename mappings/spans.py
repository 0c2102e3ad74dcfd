"""Lengths of time and due dates as an admin writes them: ``opened + 4 business hours``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal, get_args

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

Unit = Literal["minutes", "hours", "days", "weeks"]
Anchor = Literal["opened", "leaving", "departs", "contract_end", "saved", "returned"]
#: What a touch is dated by, once a customer has left.
Mark = Literal["departs", "contract_end", "next_fiscal_year", "shipped", "moved"]

ANCHORS: tuple[Anchor, ...] = get_args(Anchor)

#: What people plan for; anything longer is a slip.
LONGEST = timedelta(days=3660)

_SPAN = re.compile(r"(?P<amount>\d+)\s+(?P<business>business\s+)?(?P<unit>[a-z]+)")
_OCCASION = re.compile(r"(?P<anchor>[a-z_ ]+?)(?:\s*(?P<sign>[+-])\s*(?P<span>.+))?")
_DUE = re.compile(r"(?P<anchor>[a-z][a-z0-9_]*)(?:\s*(?P<sign>[+-])\s*(?P<span>.+))?")


class Written:
    """Parsed from, and written back as, one line of text."""

    @classmethod
    def parse(cls, text: str) -> Any:
        """Read the text; raises ValueError with the mend."""
        raise TypeError

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            lambda value: value if isinstance(value, cls) else cls.parse(value),
            serialization=core_schema.to_string_ser_schema(),
        )


@dataclass(frozen=True)
class Span(Written):
    """A length of time. Business hours and days count only while people work."""

    amount: int
    unit: Unit
    business: bool = False

    @classmethod
    def parse(cls, text: str) -> Span:
        """``10 minutes``, ``1 day``, ``5 business days``."""
        match = _SPAN.fullmatch(str(text).strip().lower())
        unit = match["unit"].removesuffix("s") + "s" if match else ""
        if not match or unit not in get_args(Unit):
            raise ValueError(f"{text!r} is no length of time; write 10 minutes or 5 business days")
        business = bool(match["business"])
        if business and unit not in ("hours", "days"):
            raise ValueError(f"{text!r}: only hours and days can be business time")
        if int(match["amount"][:9]) * timedelta(**{unit: 1}) > LONGEST:
            raise ValueError(f"{text!r} is longer than ten years")
        return cls(amount=int(match["amount"]), unit=unit, business=business)  # type: ignore[arg-type]

    def __str__(self) -> str:
        unit = self.unit if self.amount != 1 else self.unit.removesuffix("s")
        return f"{self.amount} {'business ' if self.business else ''}{unit}"

    @property
    def plain(self) -> timedelta:
        """As elapsed time; of business time a rough measure only."""
        return timedelta(**{self.unit: self.amount})


@dataclass(frozen=True)
class Due(Written):
    """A moment relative to a date of the case, or to one of its steps."""

    #: One of ``ANCHORS``, or the name of a step.
    anchor: str
    span: Span | None = None
    before: bool = False

    @classmethod
    def parse(cls, text: str) -> Due:
        """``departs - 5 business days``, ``opened``, ``confirm_reason + 2 business days``."""
        match = _DUE.fullmatch(str(text).strip().lower())
        if not match:
            raise ValueError(
                f"{text!r} is no due date; write one of {', '.join(ANCHORS)}, or the name of a "
                "step, then + or - a length of time: departs - 5 business days"
            )
        span = Span.parse(match["span"]) if match["span"] else None
        return cls(anchor=match["anchor"], span=span, before=match["sign"] == "-")

    def __str__(self) -> str:
        return (
            f"{self.anchor} {'-' if self.before else '+'} {self.span}" if self.span else self.anchor
        )


@dataclass(frozen=True)
class Occasion(Written):
    """A moment after a departure, relative to the departure itself or to some news."""

    anchor: Mark
    span: Span | None = None
    before: bool = False

    @classmethod
    def parse(cls, text: str) -> Occasion:
        """``departs + 90 days``, ``next fiscal year``, ``shipped + 3 business days``."""
        match = _OCCASION.fullmatch(str(text).strip().lower())
        anchor, anchors = match["anchor"].replace(" ", "_") if match else "", get_args(Mark)
        if not match or anchor not in anchors:
            raise ValueError(
                f"{text!r} is no occasion; write one of {', '.join(anchors)}, "
                "then + or - a length of time: departs + 90 days"
            )
        span, before = Span.parse(match["span"]) if match["span"] else None, match["sign"] == "-"
        if before and anchor in ("departs", "shipped", "moved"):
            raise ValueError(f"{text!r} is too early; write {anchor} + 90 days")
        return cls(anchor=anchor, span=span, before=before)  # type: ignore[arg-type]

    def __str__(self) -> str:
        return (
            f"{self.anchor} {'-' if self.before else '+'} {self.span}" if self.span else self.anchor
        )
