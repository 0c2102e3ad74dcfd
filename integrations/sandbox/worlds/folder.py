"""A world out of a folder of CSV files: accounts, and what they bought, asked for and used.

``docs/sandbox.md`` lists the columns. Made for RavenStack (by River @ Rivalytics), a public data
set of a company's subscriptions, and for whatever is brought into that form. The people are
invented: real ones have no place in a sandbox.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Final

from integrations.sandbox.seed import STAGES, Customer, Seed
from integrations.sandbox.worlds.colleagues import COLLEAGUES, CSMS, SELLERS
from integrations.sandbox.worlds.figures import Figures, Records
from integrations.sandbox.worlds.people import People, domain
from integrations.sandbox.worlds.table import BadWorld, Row, Table

#: The tables by the end of their file's name, and the columns that they must have.
TABLES: Final = {
    "accounts": ("account_id", "account_name"),
    "subscriptions": ("subscription_id", "account_id", "start_date"),
    "support_tickets": ("account_id", "submitted_at"),
    "feature_usage": ("subscription_id", "usage_date", "usage_count"),
}
#: What people write for a country -> ISO 3166.
COUNTRIES: Final = {"UK": "GB", "EL": "GR"}
#: People at a customer, at most.
CROWD: Final = 4
#: At one customer in so many somebody has unsubscribed.
OPTED_OUT: Final = 12


def csv_folder(path: str | Path, start: datetime, *, seed: int = 1) -> Seed:
    """The accounts of a folder as they stood at the start, or when its data end if that is earlier.

    The same folder, start and seed give the same world. Raises BadWorld.
    """
    folder = Path(path)
    if not folder.is_dir():
        raise BadWorld(f"{path} is no world; there are empty, demo, and any folder of CSV files.")
    tables = {name: _table(folder, name) for name in TABLES}
    if tables["accounts"] is None:
        needed = " and ".join(TABLES["accounts"])
        raise BadWorld(
            f"{folder} has no file whose name ends in accounts.csv;"
            f" a world needs one with the columns {needed}."
        )
    rows: dict[str, Row] = {}
    for row in tables["accounts"]:
        rows[row.new("account_id", rows)] = row
    records = Records(
        rows,
        subscriptions=tables["subscriptions"],
        tickets=tables["support_tickets"],
        usage=tables["feature_usage"],
    )
    figures = records.on(min(start.date(), records.last_day or start.date()))
    people = People(seed)
    customers = tuple(
        _customer(number, row, figures[ref], start, people)
        for number, (ref, row) in enumerate(rows.items())
    )
    return Seed(name=folder.name, started_at=start, colleagues=COLLEAGUES, customers=customers)


def _table(folder: Path, name: str) -> Table | None:
    found = sorted(folder.glob(f"*{name}.csv"))
    if len(found) > 1:
        names = ", ".join(path.name for path in found)
        raise BadWorld(f"{folder} has several files with {name}: {names}; leave one.")
    return Table(found[0], TABLES[name]) if found else None


def _customer(number: int, row: Row, figures: Figures, start: datetime, people: People) -> Customer:
    ref, name = row.need("account_id"), row.need("account_name")
    country, place = _country(row), domain(name)
    count = people.some(ref, CROWD)
    silent = people.some(f"{ref}:silent", OPTED_OUT) == OPTED_OUT
    seats, mrr = row.whole("seats"), row.amount("mrr")
    signup = row.day("signup_date")
    stage = row.text("stage") or "active"
    if stage not in STAGES:
        raise row.bad("stage", f"{stage!r} is none of {', '.join(STAGES)}")
    return Customer(
        ref=ref,
        name=name,
        created_at=min(datetime.combine(signup, time(), UTC), start) if signup else start,
        domain=row.text("domain") or place,
        country=country,
        industry=row.text("industry"),
        stage=stage,
        plan=figures.plan or row.text("plan_tier"),
        seats=figures.seats or seats,
        mrr=mrr if figures.mrr is None else figures.mrr,
        open_tickets=figures.open_tickets,
        usage=figures.usage,
        contract_end=row.day("contract_end"),
        owner=SELLERS[number % len(SELLERS)],
        csm=CSMS[number % len(CSMS)],
        people=people.at(ref, place, country, count, opted_out=int(silent)),
    )


def _country(row: Row) -> str | None:
    written = row.text("country")
    if written is None:
        return None
    if not re.fullmatch("[A-Za-z]{2}", written):
        raise row.bad("country", f"{written!r} is no two-letter code such as US or DE (ISO 3166)")
    return COUNTRIES.get(written.upper(), written.upper())
