"""The demo world: forty customers of a small vendor, with the odd ones among them.

Willow Gate Storage has no people, Harrow Mill Paper nobody who looks after it, Halcyon Tide Hotels
no country; at Lindengasse Apotheken everybody has unsubscribed, North Pasture Dairy belongs to a
colleague who has left, and Larkmoor Community Bank is the big one.
"""

from __future__ import annotations

import csv
from datetime import datetime, timedelta
from importlib.resources import files

from integrations.sandbox.seed import Customer, Seed
from integrations.sandbox.worlds.colleagues import COLLEAGUES
from integrations.sandbox.worlds.people import People, domain


def demo(start: datetime) -> Seed:
    """Forty customers in seven countries; contracts end so many days after the start."""
    text = files(__package__).joinpath("demo.csv").read_text(encoding="utf-8")
    people = People(3)
    customers = tuple(
        _customer(number, row, start, people)
        for number, row in enumerate(csv.DictReader(text.splitlines()), start=1)
    )
    return Seed(name="demo", started_at=start, colleagues=COLLEAGUES, customers=customers)


def _customer(number: int, row: dict[str, str], start: datetime, people: People) -> Customer:
    ref, country, place = f"demo-{number:02}", row["country"] or None, domain(row["name"])
    return Customer(
        ref=ref,
        name=row["name"],
        created_at=start - timedelta(days=int(row["since_days"])),
        domain=place,
        country=country,
        industry=row["industry"],
        stage=row["stage"],
        plan=row["plan"],
        seats=int(row["seats"]),
        mrr=float(row["mrr"]),
        open_tickets=int(row["tickets"]),
        usage=int(row["usage"]),
        contract_end=(start + timedelta(days=int(row["contract_days"]))).date(),
        owner=row["owner"] or None,
        csm=row["csm"] or None,
        people=people.at(ref, place, country, int(row["people"]), opted_out=int(row["opted_out"])),
    )
