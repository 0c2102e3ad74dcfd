"""For how many customers each role's tasks find somebody. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from mappings.facts import CustomerFacts
from mappings.findings import Finding
from mappings.programme import Programme
from mappings.seats import Directory, assign


def coverage(
    programme: Programme, directory: Directory, customers: Sequence[CustomerFacts]
) -> list[Finding]:
    """A hint for every role with tasks; a warning where customers are left without somebody."""
    steps = [step for book in programme.books.values() for step in book.steps.values()]
    roles = {step.role for step in steps} | {step.warn.role for step in steps if step.warn}
    found = []
    for role in (role for role in programme.roles if role in roles and customers):
        without = [
            customer.name
            for customer in customers
            if assign(role, programme, directory, customer.holders).owner is None
        ]
        number = len(customers)
        words = f"{role} resolves for {number - len(without)} of {number} customers with a case"
        if without:
            more = f" and {len(without) - 3} more" if len(without) > 3 else ""
            words += f"; nobody takes the tasks of {', '.join(without[:3])}{more}"
        found.append(Finding(words=words, severity="warning" if without else "hint"))
    return sorted(found, key=lambda one: one.severity == "hint")
