"""Who is in the CRM on the bench: three colleagues, and customers with their people."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from integrations.sandbox.seed import Colleague, Customer, Person, Seed

#: A Monday morning, far from what the machine's own clock says.
START = datetime(2031, 3, 3, 9, tzinfo=UTC)
#: Before any overlap of the first look.
LONG_AGO = START - timedelta(days=30)
MINUTE = timedelta(minutes=1)

COLLEAGUES = (
    Colleague(
        handle="ann",
        first="Ann",
        last="Archer",
        email="ann@us.example",
        title="CSM",
        country="Germany",
        zone="Europe/Berlin",
    ),
    Colleague(handle="ben", first="Ben", last="Baker", email="ben@us.example", title="Sales"),
    Colleague(
        handle="eve", first="Eve", last="Egan", email="eve@us.example", title="", active=False
    ),
)
#: Names that would break out of a query, if they could.
HOSTILE = (
    "O'Hara & Sons",
    "x' OR Name != '",
    'Say "hi"; DROP',
    "back\\slash",
    "50% _ off",
    "<b>bold</b> {{ x }}",
)


def customer(number: int, name: str = "", *, people: int = 2, at: datetime = LONG_AGO) -> Customer:
    """An active customer, its people named after it."""
    return Customer(
        ref=f"C{number}",
        name=name or f"Customer {number}",
        created_at=at,
        domain=f"c{number}.example",
        country="GB",
        seats=10 * number,
        contract_end=(START + timedelta(days=number)).date(),
        owner="ann",
        csm="ben",
        people=tuple(
            Person(first=f"P{p}", last=f"Of{number}", email=f"p{p}@c{number}.example")
            for p in range(1, people + 1)
        ),
    )


def seed(
    *customers: Customer, colleagues: tuple[Colleague, ...] = COLLEAGUES, fields: bool = True
) -> Seed:
    """A small company; the last of its customers has nobody."""
    few = (*(customer(n) for n in range(1, 5)), customer(5, people=0))
    return Seed(
        name="bench",
        started_at=LONG_AGO,
        colleagues=colleagues,
        customers=customers or few,
        fields=fields,
    )
