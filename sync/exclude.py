"""Whom the programme leaves alone: test accounts, a legal hold, who must not be surveyed. Pure."""

from __future__ import annotations

from integrations.contract import Ref
from mappings.conditions import evaluate
from mappings.programme import Exclude
from sync.draft import Draft
from sync.world import Human


def excluded(draft: Draft) -> str:
    """Why nothing at all is done for the customer, or nothing."""
    everybody = {human.facts.ref for human in draft.world.people}
    return _because(draft, "everything", {draft.case.ref, *everybody})


def unasked(draft: Draft, human: Human) -> str:
    """Why this person is not surveyed, or nothing."""
    return _because(draft, "survey", {draft.case.ref, human.facts.ref})


def _because(draft: Draft, of: str, who: set[Ref]) -> str:
    """The first exclusion that is about one of these, by its name, and the list it stands on."""
    facts, rules = draft.facts, draft.world.rules
    for one in rules.programme.exclude:
        if one.of != of or not evaluate(one.when, facts).holds:
            continue
        if one.list is None or not who.isdisjoint(rules.excluded.get(one.list, frozenset())):
            return named(one)
    return ""


def named(one: Exclude) -> str:
    """An exclusion by its name, and by the list that it is about."""
    about = f" (on the list “{one.list}”)" if one.list else ""
    return f"excluded by the mapping: {one.because}{about}"
