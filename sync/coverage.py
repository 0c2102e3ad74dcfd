"""For how many customers each role's tasks find somebody. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mappings.conditions import first
from mappings.facts import CustomerFacts
from mappings.findings import Finding
from mappings.playbook import Playbook
from mappings.programme import Programme
from mappings.seats import Directory, assign

#: Customers without somebody who are named.
_NAMED = 3


def coverage(
    programme: Programme, directory: Directory, customers: Sequence[CustomerFacts]
) -> list[Finding]:
    """Of customers with a case: a hint for every role with tasks, whatever their playbook.

    A warning where customers are left without somebody.
    """
    needed = {role for book in programme.books.values() for role in _needed(book)}
    found = [
        _finding(role, _without(role, programme, directory, customers), "with a case")
        for role in programme.roles
        if role in needed and customers
    ]
    return sorted(found, key=lambda one: one.severity == "hint")


def ahead(
    programme: Programme, directory: Directory, customers: Sequence[CustomerFacts]
) -> list[Finding]:
    """Of every customer, by the playbook that they would get: the same for each of its roles."""
    found = []
    for name, some in _by_playbook(programme, customers).items():
        needed = _needed(programme.books[name])
        found += [
            _finding(role, _without(role, programme, directory, some), "", f"{name}: ")
            for role in programme.roles
            if role in needed
        ]
    return sorted(found, key=lambda one: one.severity == "hint")


def _by_playbook(
    programme: Programme, customers: Sequence[CustomerFacts]
) -> Mapping[str, list[CustomerFacts]]:
    """In the order of the mapping; playbooks that nobody would get are left out."""
    found: dict[str, list[CustomerFacts]] = {use.use: [] for use in programme.playbooks}
    for customer in customers:
        use = first(programme.playbooks, customer.words) or programme.playbooks[-1]
        found[use.use].append(customer)
    return {name: some for name, some in found.items() if some}


def _needed(book: Playbook) -> set[str]:
    """The roles that a playbook has tasks or warnings for."""
    steps = book.steps.values()
    return {step.role for step in steps} | {step.warn.role for step in steps if step.warn}


def _without(
    role: str, programme: Programme, directory: Directory, customers: Sequence[CustomerFacts]
) -> tuple[int, list[str]]:
    """How many there are, and the names of those for whom nobody is found."""
    return len(customers), [
        customer.name
        for customer in customers
        if assign(role, programme, directory, customer.holders).owner is None
    ]


def _finding(role: str, counted: tuple[int, list[str]], which: str, before: str = "") -> Finding:
    number, without = counted
    words = f"{before}{role} resolves for {number - len(without)} of {number} customers {which}"
    words = words.strip()
    if without:
        more = f" and {len(without) - _NAMED} more" if len(without) > _NAMED else ""
        words += f"; nobody takes the tasks of {', '.join(without[:_NAMED])}{more}"
    return Finding(words=words, severity="warning" if without else "hint")
