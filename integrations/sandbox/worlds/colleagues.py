"""Who works at Nimbus Desk, the invented vendor whose CRM the sandbox is."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from integrations.sandbox.seed import Colleague, Seed

DOMAIN: Final = "nimbus-desk.example"


def _colleague(first: str, last: str, title: str, *, active: bool = True) -> Colleague:
    handle = first.lower()
    email = f"{handle}.{last.lower()}@{DOMAIN}"
    return Colleague(handle=handle, first=first, last=last, email=email, title=title, active=active)


COLLEAGUES: Final = (
    _colleague("Grace", "Johnson", "Customer Success Lead"),
    _colleague("Harshil", "Kapoor", "Customer Success Manager"),
    _colleague("Alma", "Peukert", "Customer Success Manager"),
    _colleague("William", "Heath", "Account Executive"),
    _colleague("Constance", "Blanchet", "Account Executive"),
    _colleague("Sally", "Miah", "Support Lead"),
    _colleague("Maurice", "Brunel", "Billing Specialist"),
    _colleague("Aarnav", "Buch", "IT Administrator"),
    _colleague("Frieda", "Dobes", "Product Manager"),
    _colleague("Emily", "Gill", "Marketing Manager"),
    _colleague("Laurence", "Berthelot", "Managing Director"),
    _colleague("Timothy", "Young", "Customer Success Manager", active=False),
)
#: Handles of those who look after customers, and of those who sell to them.
CSMS: Final = ("grace", "harshil", "alma")
SELLERS: Final = ("william", "constance")


def empty(start: datetime) -> Seed:
    """Colleagues, and nothing else: no customers, and none of the business fields."""
    return Seed(name="empty", started_at=start, colleagues=COLLEAGUES, fields=False)
