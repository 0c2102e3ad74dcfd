"""The survey's form: what somebody typed, cleaned once, and what is wrong with it. Pure."""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from integrations.contract import FieldType
from mappings.canonical import canonical
from mappings.loaded import Loaded
from mappings.survey import (
    CONSENTS,
    Asked,
    CheckQuestion,
    Page,
    Question,
    Questionnaire,
    Wording,
)

#: The choice that has a text of its own.
OTHER: Final = "other"
#: Characters of that text.
OTHER_LENGTH: Final = 500
#: A text may be this many times as long as its question's field: the field gets what fits, the
#: note gets it all, and nobody is sent back for a sentence too many.
ROOM: Final = 2

#: Signs that steer how others are shown, and controls that are not cleaned away anywhere else.
_STEERING = re.compile("[\x80-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
_BREAKS = re.compile("\x85|\u2028|\u2029")
_ONCE = re.compile("[A-Za-z0-9_-]{16}")


@dataclass(frozen=True, kw_only=True)
class Filled:
    """A form as somebody has filled it in."""

    #: Drawn for every form that is shown, and kept nowhere: orders the reasons, and tells a form
    #: that is sent twice from two that say the same.
    once: str
    #: Question -> the choice.
    codes: Mapping[str, str] = field(default_factory=dict)
    #: Question -> the text; also what stands beside "other".
    words: Mapping[str, str] = field(default_factory=dict)
    consents: frozenset[str] = frozenset()
    #: Question -> the key of the words that say what is wrong.
    problems: Mapping[str, str] = field(default_factory=dict)

    @property
    def mark(self) -> str:
        """The same for the same form with the same answers; says nothing about them."""
        content = [sorted(self.codes.items()), sorted(self.words.items()), sorted(self.consents)]
        return hmac.new(self.once.encode(), json.dumps(content).encode(), sha256).hexdigest()[:32]


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """The questions of a form and their words: those of the survey, or of the check."""

    title: str
    intro: str
    questions: tuple[Question | CheckQuestion, ...]
    asked: Mapping[str, Asked]
    reasons: Mapping[str, str] = field(default_factory=dict)
    #: Choices that are no reasons, and their words.
    answers: Mapping[str, str] = field(default_factory=dict)
    consents: Mapping[str, str] = field(default_factory=dict)
    thanks: Page


def sheet(questionnaire: Questionnaire, words: Wording, *, check: bool) -> Sheet:
    """What is asked."""
    if check and words.check:
        asked = words.check
        return Sheet(
            title=asked.title,
            intro=asked.intro,
            questions=questionnaire.check,
            asked=asked.questions,
            answers={"yes": asked.yes, "no": asked.no},
            thanks=asked.thanks,
        )
    return Sheet(
        title=words.title,
        intro=words.intro,
        questions=questionnaire.questions,
        asked=words.questions,
        reasons=words.reasons,
        consents=words.consents,
        thanks=words.thanks,
    )


def read(sent: Mapping[str, str], sheet: Sheet, loaded: Loaded, *, fresh: str) -> Filled:
    """What was sent, cleaned; ``fresh`` stands in where the form does not say which one it is."""
    codes: dict[str, str] = {}
    words: dict[str, str] = {}
    problems: dict[str, str] = {}
    if OTHER in sheet.reasons and (text := cleaned(sent.get(OTHER, ""))):
        words[OTHER] = text
        if len(text) > OTHER_LENGTH:
            problems[OTHER] = "too_long"
    for question in sheet.questions:
        given = sent.get(question.key, "")
        if question.kind == "text":
            text = cleaned(given, lines=has_lines(question, loaded))
            if text:
                words[question.key] = text
            if len(text) > ROOM * question.length:
                problems[question.key] = "too_long"
        elif given in choices(question, sheet):
            codes[question.key] = given
        elif question.kind == "reason" and OTHER in words:
            codes[question.key] = OTHER
        if question.required and question.key not in (codes | words):
            problems[question.key] = "missing" if question.kind == "reason" else "required"
    once = sent.get("once", "")
    return Filled(
        once=once if _ONCE.fullmatch(once) else fresh,
        codes=codes,
        words=words,
        consents=frozenset(name for name in CONSENTS if name in sheet.consents and name in sent),
        problems=problems,
    )


def choices(question: Question | CheckQuestion, sheet: Sheet) -> tuple[str, ...]:
    """What can be chosen in answer to a question."""
    if question.kind == "scale":
        return tuple(map(str, range(question.low, question.high + 1)))
    if question.kind == "yes_no":
        return tuple(sheet.answers)
    return tuple(sheet.reasons) if question.kind == "reason" else ()


def shuffled(reasons: Iterable[str], once: str) -> list[str]:
    """The reasons in an order of this form's own, "other" last: the first ones draw answers."""
    return sorted(reasons, key=lambda key: (key == OTHER, sha256(f"{once}{key}".encode()).digest()))


def has_lines(question: Question | CheckQuestion, loaded: Loaded) -> bool:
    """Whether the answer may be longer than a line."""
    if isinstance(question, CheckQuestion):
        return True
    return loaded.rows.customer[question.field].type is FieldType.WORDS


def cleaned(text: str, *, lines: bool = False) -> str:
    """The text without what no CRM keeps, and without what shows other words than were written."""
    plain = _STEERING.sub("", _BREAKS.sub("\n", text))
    return str(canonical(plain, FieldType.WORDS if lines else FieldType.TEXT) or "")
