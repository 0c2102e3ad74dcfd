"""Whom the programme leaves alone: test accounts, a legal hold, who must not be surveyed. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from mappings.conditions import evaluate
from mappings.programme import Exclude
from sync.draft import Draft
from sync.world import Human


def excluded(draft: Draft) -> str:
    """Why nothing at all is done for the customer, or nothing."""
    people = {human.id for human in draft.world.people}
    return _because(one for one in _met(draft, "everything") if _listed(draft, one, people))


def unasked(draft: Draft, human: Human) -> str:
    """Why this person is not surveyed, or nothing."""
    return _because(one for one in _met(draft, "survey") if _listed(draft, one, {human.id}))


def _met(draft: Draft, of: str) -> Iterator[Exclude]:
    """Those whose conditions the customer meets."""
    facts = draft.facts
    for one in draft.world.rules.programme.exclude:
        if one.of == of and evaluate(one.when, facts).holds:
            yield one


def _listed(draft: Draft, one: Exclude, people: set[str]) -> bool:
    if one.list is None:
        return True
    return not people.isdisjoint(draft.world.rules.excluded.get(one.list, frozenset()))


def _because(found: Iterator[Exclude]) -> str:
    one = next(found, None)
    return f"excluded by the mapping: {one.because}" if one else ""
