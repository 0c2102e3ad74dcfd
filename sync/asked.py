"""Who asked for a feature: by a field of the customer, or in their own words. Pure.

Words are compared whole, and capitals do not count. That is no understanding of what was said, so
people look at what was found before anybody hears of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from integrations.contract import Value
from mappings.consistency import LONGEST_FEATURE
from mappings.programme import Programme
from mappings.survey import Questionnaire
from sync.model import Answer, Case

#: Our fields that hold what they missed, in their words.
WORDS: Final = ("exit_words", "exit_what_if")
#: Characters of a text that are shown around a match.
_AROUND: Final = 60


@dataclass(frozen=True, kw_only=True)
class Match:
    """One place where somebody asked for it."""

    #: The field or question.
    where: str
    #: What stands there.
    words: str
    #: The person who said so; None: the customer.
    person: str | None = None


def feature_key(label: str) -> str:
    """A feature's stable short name: the same for ``SSO``, ``sso`` and ``" SSO "``.

    Raises ValueError for a name without a letter or digit.
    """
    folded = " ".join(label.casefold().split())
    plain = re.sub("[^a-z0-9]+", "_", folded).strip("_")
    if not re.search(r"\w", folded):
        raise ValueError(f"{label!r} is no name of a feature")
    if plain == folded.replace(" ", "_") and len(plain) <= LONGEST_FEATURE:
        return plain
    digest = sha256(folded.encode()).hexdigest()[:6]
    return f"{plain[: LONGEST_FEATURE - 7]}_{digest}".lstrip("_")


def matches(
    label: str,
    *,
    case: Case,
    fields: Mapping[str, Value],
    words: Mapping[str, str],
    programme: Programme,
    questionnaire: Questionnaire,
) -> Iterator[Match]:
    """Where a customer asked for a feature; ``fields`` by the CRM's names, ``words`` by id."""
    phrase = _phrase(label)
    for fact in programme.touches.asked_for:
        field = programme.customer.more.get(fact) or getattr(programme.customer, fact, None)
        value = fields.get(field) if isinstance(field, str) else None
        text = "; ".join(value) if isinstance(value, tuple) else str(value or "")
        if found := phrase.search(text):
            yield Match(where=fact, words=_around(text, found))
    for key in WORDS:
        said = case.said.get(key)
        text = words.get(said.words or "", "") if said else ""
        if found := phrase.search(text):
            yield Match(where=key, words=_around(text, found))
    for answer in case.answers.values():
        for question, text in _wishes(answer, words, questionnaire):
            if found := phrase.search(text):
                yield Match(where=question, words=_around(text, found), person=answer.person)


def askers(found: Iterable[Match]) -> list[str] | None:
    """Those who asked; None: the customer as a whole."""
    people = {match.person for match in found}
    return None if None in people else sorted(person for person in people if person)


def _wishes(
    answer: Answer, words: Mapping[str, str], questionnaire: Questionnaire
) -> Iterator[tuple[str, str]]:
    """The answers that may name what was missing."""
    wanted = {one.key: one.field for one in questionnaire.questions if one.field in WORDS}
    for question, id in answer.words.items():
        if question in wanted or question == "other":
            yield wanted.get(question, question), words.get(id, "")


def _phrase(label: str) -> re.Pattern[str]:
    """The words of a label in a row, with nothing grown onto either end."""
    inner = r"\s+".join(map(re.escape, label.split()))
    return re.compile(rf"(?<!\w){inner}(?!\w)", re.IGNORECASE)


def _around(text: str, found: re.Match[str]) -> str:
    """What stands around a match, on one line."""
    first, last = max(0, found.start() - _AROUND), min(len(text), found.end() + _AROUND)
    inner = " ".join(text[first:last].split())
    return ("…" if first else "") + inner + ("…" if last < len(text) else "")
