"""Why customers leave: the reasons we count by.

Keys never change once somebody has answered with them; labels may. ``VERSION`` is stored with each
answer, so that a later taxonomy can tell what an old answer was chosen from.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

from mappings.feedback import Route
from mappings.playbook import Test
from mappings.programme import Department

VERSION: Final = "1"


@dataclass(frozen=True, kw_only=True, slots=True)
class Reason:
    """One reason, and what it means for us."""

    key: str
    label: str
    #: We could have done something about it; None: it depends.
    controllable: bool | None
    #: The department that can mend the cause.
    fixed_by: Department | None
    #: When it is worth asking again.
    comes_back: str


_TABLE: tuple[tuple[str, str, bool | None, Department | None, str], ...] = (
    ("product_gap", "Product gap", True, "product", "when the missing feature ships"),
    ("quality_reliability", "Quality or reliability", True, "product", "once the fix has held"),
    ("value_not_realised", "Value not realised", True, "customer_success", "with a new use for it"),
    (
        "onboarding_adoption",
        "Onboarding or adoption",
        True,
        "customer_success",
        "with a fresh start",
    ),
    ("support_service", "Support or service", True, "support", "once the service is better"),
    ("price", "Price", True, "sales", "with another plan or offer"),
    ("budget_cut", "Budget cut", False, None, "in their next financial year"),
    ("competitor", "Competitor", True, "sales", "before their contract there ends"),
    ("consolidation", "Consolidation", None, None, "in 12 to 24 months"),
    ("champion_left", "Champion left", True, "customer_success", "with a new contact"),
    ("acquired_merged", "Acquired or merged", False, "sales", "as part of the new owner"),
    ("out_of_business", "Out of business", False, None, "never; people turn up elsewhere"),
    ("needs_changed", "Needs changed or project ended", False, None, "with the next project"),
    ("poor_fit", "Poor fit", False, "marketing", "never, unless one of us changes"),
    ("legal_security", "Legal or security", True, "it", "once the requirement is met"),
    ("payment_failure", "Payment failure", False, "billing", "as soon as the payment is settled"),
    ("trust", "Trust", True, "leadership", "after a change that they can see"),
    ("deceased", "Deceased", False, None, "never"),
    ("unknown", "Unknown", None, None, "once we know more"),
    ("other", "Other", None, None, "see their words"),
)

REASONS: Final = {
    key: Reason(
        key=key,
        label=label,
        controllable=controllable,
        fixed_by=fixed_by,
        comes_back=comes_back,
    )
    for key, label, controllable, fixed_by, comes_back in _TABLE
}

#: They talk to the customer, and have the words already.
_THERE_ANYWAY: Final = "customer_success"


@cache
def fixers(roles: frozenset[str]) -> tuple[Route, ...]:
    """For each of these roles that can mend a reason: what it should hear of."""
    mends: dict[Department, list[str]] = {}
    for reason in REASONS.values():
        if reason.fixed_by in roles and reason.fixed_by != _THERE_ANYWAY:
            mends.setdefault(reason.fixed_by, []).append(reason.key)
    return tuple(
        Route(when={"reason": Test(is_=tuple(reasons))}, role=department)
        for department, reasons in mends.items()
    )
