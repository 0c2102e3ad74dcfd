"""``when`` and ``only_if``: whether facts meet conditions, and the words for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol, TypeVar

from integrations.contract import FieldType, Value
from mappings.canonical import canonical
from mappings.playbook import Conditions, Test
from mappings.texts import shown

#: What is known of the company above; no text may name it.
FAMILY_FACTS = frozenset({"has_parent", "parent_stays"})
#: What a case knows beside the facts of its customer.
CASE_FACTS = frozenset({"reason", "reasons", "controllable", "phase", "opened_in"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """Whether conditions hold; ``words`` says why not, or is empty."""

    holds: bool
    words: str = ""


class Conditional(Protocol):
    """Something that is for some customers only."""

    @property
    def when(self) -> Conditions:
        """What must hold."""
        ...


C = TypeVar("C", bound=Conditional)


def evaluate(conditions: Conditions, facts: Mapping[str, Value]) -> Answer:
    """Whether all conditions hold; a fact that is not there is not known."""
    for name, test in conditions.items():
        if words := _failure(test, facts.get(name)):
            return Answer(holds=False, words=f"{name.replace('_', ' ')} {words}")
    return Answer(holds=True)


def first(candidates: Iterable[C], facts: Mapping[str, Value]) -> C | None:
    """The first whose conditions hold."""
    return next((one for one in candidates if evaluate(one.when, facts).holds), None)


def _failure(test: Test, value: Value) -> str:
    if test.known is not None and test.known != _known(value):
        return _now(value)
    if test.is_ is not None and not _among(value, test.is_):
        return _short_of(value, " or ".join(map(shown, test.is_)))
    if test.is_not is not None and _among(value, test.is_not):
        return _now(value)
    if test.at_least is not None and not _at_least(value, test.at_least):
        return _short_of(value, f"at least {shown(test.at_least)}")
    if test.at_most is not None and not _at_least(test.at_most, value):
        return _short_of(value, f"at most {shown(test.at_most)}")
    return ""


def _short_of(value: Value, wanted: str) -> str:
    if _known(value):
        return f"{_now(value)}, not {wanted}"
    return f"{_now(value)}; it has to be {wanted}"


def _now(value: Value) -> str:
    return f"is {shown(value)}" if _known(value) else "is not known"


def _known(value: Value) -> bool:
    return value not in (None, "", ())


def _among(value: Value, choices: Iterable[Value]) -> bool:
    """Whether the value, or one of several, is among the choices; case does not count."""
    ours = {_folded(one) for one in (value if isinstance(value, tuple) else (value,))}
    return not ours.isdisjoint(_folded(choice) for choice in choices)


@lru_cache(maxsize=4096, typed=True)
def _folded(value: Value) -> str | float:
    number = _number(value)
    return shown(value).casefold() if number is None else number


@lru_cache(maxsize=4096, typed=True)
def _number(value: Value) -> float | None:
    number = canonical(value, FieldType.NUMBER)
    return number if isinstance(number, int | float) else None


def _at_least(value: Value, least: Value) -> bool:
    """Whether both are numbers and the first is not smaller."""
    left, right = _number(value), _number(least)
    return left is not None and right is not None and left >= right
