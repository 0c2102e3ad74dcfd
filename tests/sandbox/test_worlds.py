"""The worlds: what is in them, that they never change by themselves, and what bad files get."""

from __future__ import annotations

import os
import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from integrations.sandbox.seed import STAGES, Customer, Seed
from integrations.sandbox.worlds import BadWorld, build, csv_folder, demo, empty
from tests.sandbox.tiny import START

SHARED = Path(os.environ.get("AUREVOIR_SHARED", Path(__file__).parents[2].parent / "shared"))
RAVENSTACK = SHARED / "data" / "ravenstack"
ravenstack = pytest.mark.skipif(
    not RAVENSTACK.is_dir(), reason="RavenStack is not here; AUREVOIR_SHARED can name its place"
)


def _named(seed: Seed, name: str) -> Customer:
    return next(customer for customer in seed.customers if customer.name.startswith(name))


def test_empty_has_colleagues_only() -> None:
    seed = build("empty", START)
    assert seed == empty(START)
    assert (seed.fields, seed.customers) == (False, ())
    assert len(seed.colleagues) == 12
    assert [c.handle for c in seed.colleagues if not c.active] == ["timothy"]


def test_demo_is_the_same_every_time_and_moves_with_its_start() -> None:
    later = demo(START + timedelta(days=10))
    assert build("demo", START) == demo(START)
    for now, then in zip(demo(START).customers, later.customers, strict=True):
        assert then.people == now.people
        assert now.contract_end
        assert then.contract_end == now.contract_end + timedelta(days=10)
        assert then.created_at == now.created_at + timedelta(days=10)


def test_demo_has_forty_customers_and_the_odd_ones_among_them() -> None:
    seed = demo(START)
    assert len({customer.ref for customer in seed.customers}) == 40
    assert {c.country for c in seed.customers} == {
        *("US", "GB", "DE", "FR", "CA", "IN", "AU"),
        None,
    }
    assert {c.stage for c in seed.customers} == set(STAGES)
    assert _named(seed, "Willow Gate").people == ()
    assert (_named(seed, "Harrow Mill").owner, _named(seed, "Harrow Mill").csm) == (None, None)
    assert _named(seed, "Halcyon Tide").country is None
    assert all(person.opted_out for person in _named(seed, "Lindengasse").people)
    big = _named(seed, "Larkmoor")
    assert big.mrr == max(customer.mrr or 0 for customer in seed.customers)
    assert len(big.people) == 5
    active = {colleague.handle: colleague.active for colleague in seed.colleagues}
    assert active[_named(seed, "North Pasture").owner or ""] is False
    used = {c.owner for c in seed.customers} | {c.csm for c in seed.customers}
    assert used - {None} <= set(active)


def test_nobody_in_a_world_can_be_written_to() -> None:
    seed = demo(START)
    addresses = [c.email for c in seed.colleagues]
    addresses += [p.email or "" for c in seed.customers for p in c.people]
    assert len(set(addresses)) == len(addresses)
    plain = re.compile(r"[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*@[a-z0-9]+(-[a-z0-9]+)*\.example")
    assert [address for address in addresses if not plain.fullmatch(address)] == []


def _write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


ACCOUNTS = """account_id,account_name,country,industry,signup_date,plan_tier,seats,mrr,stage
A1,Zoë & Söhne,uk,Retail,2025-01-31,Basic,5,99.50,at_risk
A2,Plain,,,,,,,
"""
SUBSCRIPTIONS = """subscription_id,account_id,start_date,end_date,plan_tier,seats,mrr_amount
S1,A1,2025-02-01,,Pro,10,200
S2,A1,2025-03-01,,Enterprise,20,700
S3,A1,2025-03-01,2025-06-30,Old,30,900
S4,A1,2026-06-01,2026-12-31,Future,40,900
"""
TICKETS = """account_id,submitted_at,closed_at
A1,2026-02-27 10:00:00,
A1,2026-02-27,2026-03-01 09:00:00
A1,2026-02-27,2026-03-02 08:00:00
A1,2026-02-27,2026-03-05
A1,2026-03-04,
"""
USAGE = """subscription_id,usage_date,usage_count
S1,2026-03-02,4
S2,2026-02-01,3
S2,2026-01-31,50
S4,2026-03-03,50
"""


def test_accounts_alone_make_a_world(tmp_path: Path) -> None:
    seed = csv_folder(_write(tmp_path, my_accounts=ACCOUNTS), START)
    first, second = seed.customers
    assert (first.ref, first.name, first.domain) == ("A1", "Zoë & Söhne", "zoe-sohne.example")
    assert (first.country, first.stage, first.industry) == ("GB", "at_risk", "Retail")
    assert (first.plan, first.seats, first.mrr) == ("Basic", 5, 99.5)
    assert (first.open_tickets, first.usage) == (None, None)
    assert first.created_at == datetime(2025, 1, 31, tzinfo=UTC)
    assert (second.country, second.plan, second.stage) == (None, None, "active")
    assert second.created_at == START
    assert all(1 <= len(customer.people) <= 4 for customer in seed.customers)
    assert first.owner != second.owner


def test_people_of_a_real_domain_have_invented_addresses_too(tmp_path: Path) -> None:
    text = "account_id,account_name,domain\nA1,Plain,plain.test\n"
    (customer,) = csv_folder(_write(tmp_path, accounts=text), START).customers
    assert customer.domain == "plain.test"
    assert all((p.email or "").endswith("@plain.example") for p in customer.people)


def test_figures_are_those_of_the_day_the_world_starts(tmp_path: Path) -> None:
    folder = _write(
        tmp_path,
        accounts=ACCOUNTS,
        subscriptions=SUBSCRIPTIONS,
        support_tickets=TICKETS,
        feature_usage=USAGE,
    )
    first, second = csv_folder(folder, START).customers
    assert (first.plan, first.seats, first.mrr) == ("Enterprise", 30, 900.0)
    assert (first.open_tickets, first.usage) == (3, 7)
    assert (second.seats, second.mrr, second.open_tickets, second.usage) == (None, 0.0, 0, 0)
    early = csv_folder(folder, datetime(2025, 4, 1, tzinfo=UTC)).customers[0]
    assert (early.plan, early.seats, early.mrr) == ("Old", 60, 1800.0)


def test_after_the_data_end_the_last_day_counts(tmp_path: Path) -> None:
    folder = _write(
        tmp_path, accounts=ACCOUNTS, subscriptions=SUBSCRIPTIONS, support_tickets=TICKETS
    )
    years_later = csv_folder(folder, datetime(2030, 1, 1, tzinfo=UTC)).customers[0]
    assert years_later.plan == "Future"
    assert years_later.created_at == datetime(2025, 1, 31, tzinfo=UTC)


def test_the_same_seed_gives_the_same_people(tmp_path: Path) -> None:
    folder = _write(tmp_path, accounts=ACCOUNTS)
    assert csv_folder(folder, START) == csv_folder(folder, START)
    assert csv_folder(folder, START, seed=2) != csv_folder(folder, START)


def test_a_customer_more_changes_nobody_else(tmp_path: Path) -> None:
    before = csv_folder(_write(tmp_path, accounts=ACCOUNTS), START).customers
    after = csv_folder(_write(tmp_path, accounts=ACCOUNTS + "A0,Last,,,,,,,\n"), START).customers
    assert after[:2] == before


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({}, "has no file whose name ends in accounts.csv; a world needs one with the columns"),
        ({"accounts": ""}, "accounts.csv:1: column account_id is missing; there is nothing."),
        (
            {"accounts": "account_id,name\nA1,B\n"},
            "accounts.csv:1: column account_name is missing; there is account_id, name.",
        ),
        (
            {"accounts": "account_id,account_name\nA1,B\nA1,C\n"},
            "accounts.csv:3: account_id: 'A1' is on a line before this one too.",
        ),
        (
            {"accounts": "account_id,account_name\n,B\n"},
            "accounts.csv:2: account_id: is empty; it needs a value.",
        ),
        (
            {"accounts": "account_id,account_name\nA1,B,C\n"},
            "accounts.csv:2: this line has not as many cells as the headings;",
        ),
        (
            {"accounts": "account_id,account_name,seats\nA1,B,many\n"},
            "accounts.csv:2: seats: 'many' is no whole number.",
        ),
        (
            {"accounts": "account_id,account_name,mrr\nA1,B,12 EUR\n"},
            "accounts.csv:2: mrr: '12 EUR' is no number; write 1234.50.",
        ),
        (
            {"accounts": "account_id,account_name,mrr\nA1,B,nan\n"},
            "accounts.csv:2: mrr: 'nan' is no number; write 1234.50.",
        ),
        (
            {"accounts": "account_id,account_name,signup_date\nA1,B,31.1.2025\n"},
            "accounts.csv:2: signup_date: '31.1.2025' is no date; write 2026-03-02.",
        ),
        (
            {"accounts": "account_id,account_name,stage\nA1,B,gone\n"},
            "accounts.csv:2: stage: 'gone' is none of active, at_risk, churning, churned.",
        ),
        (
            {"accounts": "account_id,account_name,country\nA1,B,Germany\n"},
            "accounts.csv:2: country: 'Germany' is no two-letter code such as US or DE",
        ),
        (
            {"accounts": ACCOUNTS, "subscriptions": SUBSCRIPTIONS + "S5,A9,2026-01-01,,,,\n"},
            "subscriptions.csv:6: account_id: 'A9' is in no other table;",
        ),
        (
            {"accounts": ACCOUNTS, "feature_usage": USAGE},
            "feature_usage.csv:2: subscription_id: 'S1' is in no other table;",
        ),
        (
            {"accounts": ACCOUNTS, "other_accounts": ACCOUNTS},
            "has several files with accounts: accounts.csv, other_accounts.csv; leave one.",
        ),
        (
            {"accounts": "account_id,account_name\nA1," + "x" * 200_000},
            "is no CSV file: field larger",
        ),
    ],
)
def test_a_bad_folder_gets_one_sentence(files: dict[str, str], words: str, tmp_path: Path) -> None:
    with pytest.raises(BadWorld) as refused:
        csv_folder(_write(tmp_path, **files), START)
    said = str(refused.value)
    assert words in said
    assert said.endswith(".")
    assert "\n" not in said


def test_what_is_not_utf_8_says_so(tmp_path: Path) -> None:
    (tmp_path / "accounts.csv").write_bytes("account_id,account_name\nA1,Zoë\n".encode("latin-1"))
    with pytest.raises(BadWorld, match=r"accounts\.csv is not in UTF-8; save it as CSV UTF-8\."):
        csv_folder(tmp_path, START)


def test_what_spreadsheets_put_before_the_headings_is_no_matter(tmp_path: Path) -> None:
    (tmp_path / "accounts.csv").write_text(ACCOUNTS, encoding="utf-8-sig")
    assert len(csv_folder(tmp_path, START).customers) == 2


def test_a_word_that_is_no_world() -> None:
    with pytest.raises(BadWorld, match="dmo is no world; there are empty, demo, and any folder"):
        build("dmo", START)


@ravenstack
def test_ravenstack_loads_whole() -> None:
    seed = csv_folder(RAVENSTACK, datetime(2025, 1, 1, tzinfo=UTC))
    assert len(seed.customers) == 500
    countries = Counter(c.country for c in seed.customers)
    assert (countries["US"], countries["GB"], countries["UK"]) == (291, 58, 0)
    assert all(c.mrr is not None and c.usage is not None for c in seed.customers)
    assert min(c.mrr or 0 for c in seed.customers) == 171
    assert len({p.email for c in seed.customers for p in c.people}) == sum(
        len(c.people) for c in seed.customers
    )


@ravenstack
def test_ravenstack_before_it_all_began() -> None:
    seed = csv_folder(RAVENSTACK, datetime(2023, 1, 1, tzinfo=UTC))
    first = seed.customers[0]
    assert (first.ref, first.plan, first.seats, first.mrr) == ("A-2e4581", "Basic", 9, 0.0)
    assert first.created_at.date() == date(2023, 1, 1)
