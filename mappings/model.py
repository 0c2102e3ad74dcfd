"""What the parts of our YAML files are made of."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    ValidationInfo,
)

from mappings.findings import did_you_mean
from mappings.spans import Span
from mappings.texts import LETTER_WORDS, PAGE_WORDS, TASK_WORDS, check


class Model(BaseModel):
    """Frozen; an unknown key is refused."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, populate_by_name=True, coerce_numbers_to_str=True
    )


def known(kind: str) -> AfterValidator:
    """A name that must be one of those under ``kind`` in the loader's context, if it has any."""

    def look_up(name: str, info: ValidationInfo) -> str:
        names = (info.context or {}).get(kind)
        if names is not None and name not in names:
            raise ValueError(f'there is no {kind} "{name}"{did_you_mean(name, names)}')
        return name

    return AfterValidator(look_up)


def text_of(words: dict[str, frozenset[str]]) -> AfterValidator:
    """A text with facts, checked where a loader reads it; its context may add to ``words``."""

    def compile_(text: str, info: ValidationInfo) -> str:
        if info.context is not None:
            check(text, {**words, **info.context.get("words", {})})
        return text

    return AfterValidator(compile_)


def listed(value: Any) -> Any:
    """One value where a list is wanted is a list of one."""
    return (value,) if isinstance(value, str | int | float) else value


def _elapsed(span: Span) -> Span:
    if span.business:
        raise ValueError("business time does not count here; write plain minutes, hours or days")
    return span


Texts = Annotated[tuple[str, ...], BeforeValidator(listed)]
#: A length of time by the clock, nights and weekends included.
Elapsed = Annotated[Span, AfterValidator(_elapsed)]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
RoleName = Annotated[str, known("role")]
TaskText = Annotated[str, text_of(TASK_WORDS)]
LetterText = Annotated[str, text_of(LETTER_WORDS)]
PageText = Annotated[str, text_of(PAGE_WORDS)]
