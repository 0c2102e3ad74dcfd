"""What was wanted of the CRM under which key, and what became of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from integrations.contract import Ref
from sync.outbox import Entry, State
from sync.store import Store, Tables
from sync.store.database import DatabaseError
from tests.contract.store.shelf import HOUR, NOW, case, entry

FULL = entry(
    "case1:survey:p1",
    kind="fields",
    ref=Ref(object="contacts", id="p1"),
    wanted={"link": "x", "at": NOW, "on": date(2026, 3, 2), "many": ("a", "b"), "n": 1.5},
    state=State.REJECTED,
    settled={"link": None, "flag": True},
    given={"link": ""},
    kept={"link": "a person changed it"},
    id="77",
    after=("case1:a", "case1:b"),
    outward=True,
    not_after=NOW + HOUR,
    attempts=3,
    next_at=NOW,
    problem="reject",
    words="no such option",
    failing_since=NOW - HOUR,
)


def _put(tables: Tables, *entries: Entry) -> None:
    for key in {one.case for one in entries}:
        if tables.cases.get(key) is None:
            case(tables, key, record=key)
    tables.ledger.put("acme", entries, NOW)


def _keys(found: list[Entry]) -> list[str]:
    return [one.key for one in found]


def test_gives_an_entry_back_as_it_was(store: Store) -> None:
    bare = entry("case1:call")
    with store.transaction("test") as tables:
        _put(tables, FULL, bare)
    with store.reading() as tables:
        assert tables.ledger.some([FULL.key, bare.key, "x"]) == {FULL.key: FULL, bare.key: bare}
        assert tables.ledger.of_cases(["case1", "case2"]) == {
            "case1": {FULL.key: FULL, bare.key: bare}
        }


def test_tells_nothing_settled_from_settled_on_nothing(store: Store) -> None:
    with store.transaction("test") as tables:
        _put(tables, entry("case1:a", settled=None), entry("case1:b", settled={}))
        found = tables.ledger.some(["case1:a", "case1:b"])
    assert [found[key].settled for key in ("case1:a", "case1:b")] == [None, {}]


def test_keeps_the_newest_under_a_key(store: Store) -> None:
    newest = replace(entry("case1:call"), state=State.DELIVERED, id="9", settled={"subject": "x"})
    with store.transaction("test") as tables:
        _put(tables, entry("case1:call"))
        _put(tables, newest)
        _put(tables, entry("case1:mail"), replace(newest, words="older"), newest)
        assert tables.ledger.some([newest.key]) == {newest.key: newest}
        assert sum(tables.ledger.count("acme").values()) == 2


def test_belongs_to_a_case_and_a_connection(store: Store) -> None:
    with store.transaction("test") as tables:
        case(tables)
    for owner, key in (("acme", "case9:call"), ("nobody", "case1:call")):
        with pytest.raises(DatabaseError), store.transaction("test") as tables:
            tables.ledger.put(owner, [entry(key)], NOW)


def test_gives_what_is_due_in_pages(store: Store) -> None:
    with store.transaction("test") as tables:
        _put(
            tables,
            entry("case1:d"),
            entry("case1:b", next_at=NOW),
            entry("case1:c", outward=True),
            entry("case1:later", next_at=NOW + HOUR),
            entry("case1:sent", state=State.DELIVERED),
            entry("case1:a"),
        )
    with store.reading() as tables:
        page = tables.ledger.due("acme", NOW, limit=2)
        assert _keys(page) == ["case1:a", "case1:b"]
        rest = tables.ledger.due("acme", NOW, limit=9, after=page[-1].key)
        assert _keys(rest) == ["case1:c", "case1:d"]
        inward = tables.ledger.due("acme", NOW, limit=9, outward=False)
        assert _keys(inward) == ["case1:a", "case1:b", "case1:d"]
        assert tables.ledger.due("beta", NOW, limit=9) == []


def test_knows_when_the_next_try_is_due(store: Store) -> None:
    with store.transaction("test") as tables:
        _put(
            tables,
            entry("case1:a"),
            entry("case1:b", next_at=NOW + HOUR, outward=True),
            entry("case1:c", next_at=NOW + 2 * HOUR),
            entry("case1:d", next_at=NOW - HOUR, state=State.REJECTED),
        )
        assert tables.ledger.next_due("acme") == NOW + HOUR
        assert tables.ledger.next_due("acme", outward=False) == NOW + 2 * HOUR
        assert tables.ledger.next_due("beta") is None


def test_knows_what_the_crm_does_not_hold_yet(store: Store) -> None:
    with store.transaction("test") as tables:
        _put(tables, *(entry(f"case1:{state.value}", state=state) for state in State))
        unsettled = tables.ledger.unsettled([*(f"case1:{s.value}" for s in State), "case1:other"])
    there = {State.DELIVERED, State.DONE, State.CLOSED}
    assert unsettled == {f"case1:{s.value}" for s in State if s not in there} | {"case1:other"}


def test_knows_what_a_dead_process_left_on_the_wire(store: Store, other: Store) -> None:
    with store.transaction("test") as tables:
        _put(tables, *(entry(f"case1:{n}", attempts=1) for n in "abc"))
        case(tables, "case2", owner="beta")
        tables.ledger.put("beta", [entry("case2:a", state=State.SENDING)], NOW)
    with store.transaction("sending") as tables:
        tables.ledger.sending(["case1:a", "case1:b"])
    # Here the process dies; the next one starts with what is in the store.
    with other.reading() as tables:
        assert _keys(tables.ledger.in_state("acme", State.SENDING, limit=1)) == ["case1:a"]
        assert _keys(tables.ledger.due("acme", NOW, limit=9)) == ["case1:c"]
    with other.transaction("interrupted") as tables:
        assert tables.ledger.interrupted("acme") == 2
        assert tables.ledger.interrupted("acme") == 0
    with other.reading() as tables:
        unknown = tables.ledger.in_state("acme", State.UNKNOWN)
        assert [(one.key, one.attempts) for one in unknown] == [("case1:a", 2), ("case1:b", 2)]
        assert _keys(tables.ledger.in_state("beta", State.SENDING)) == ["case2:a"]


def test_finds_entries_by_the_id_in_the_crm(store: Store) -> None:
    with store.transaction("test") as tables:
        _put(tables, entry("case1:a", id="7"), entry("case1:b", id="7", kind="note"))
        _put(tables, entry("case1:c", id="8"), entry("case1:d"))
        assert {
            id: one.key for id, one in tables.ledger.by_id("acme", "task", ["7", "8", "9"]).items()
        } == {"7": "case1:a", "8": "case1:c"}
        assert tables.ledger.by_id("beta", "task", ["7"]) == {}


def test_gives_the_fields_of_a_record_oldest_first(store: Store) -> None:
    with store.transaction("test") as tables:
        case(tables)
        for key, hours in (("case1:a", 2), ("case1:b", 1)):
            tables.ledger.put("acme", [entry(key, kind="fields")], NOW + hours * HOUR)
        tables.ledger.put("acme", [entry("case1:c"), entry("case1:d", kind="fields",
            ref=Ref(object="contacts", id="1"))], NOW)  # fmt: skip
        found = tables.ledger.of_records("acme", "companies", ["1", "2"])
    assert _keys(found) == ["case1:b", "case1:a"]


def test_walks_through_everything_page_by_page(store: Store) -> None:
    keys = [f"case1:{number:04}" for number in range(7)]
    with store.transaction("test") as tables:
        _put(tables, *(entry(key) for key in keys), entry("case1:note", kind="note"))
        assert _keys(list(tables.ledger.walk("acme", "task", size=3))) == keys


def test_counts_by_kind_and_state(store: Store) -> None:
    with store.transaction("test") as tables:
        _put(tables, entry("case1:a"), entry("case1:b"), entry("case1:c", kind="note"))
        assert tables.ledger.count("acme") == {("task", "pending"): 2, ("note", "pending"): 1}


def test_knows_since_when_a_write_fails(store: Store) -> None:
    failed = entry("case1:a", state=State.REJECTED, problem="reject", words="no")
    partly = entry("case1:b", kind="fields", state=State.DELIVERED, kept={"link": "no such field"})
    with store.transaction("test") as tables:
        _put(tables, failed, entry("case1:c"))
        tables.ledger.put("acme", [partly], NOW - HOUR)
        tables.ledger.put("acme", tables.ledger.failing("acme"), NOW + HOUR)
        found = tables.ledger.failing("acme")
        assert [(one.key, one.failing_since) for one in found] == [
            ("case1:b", NOW - HOUR),
            ("case1:a", NOW),
        ]
        tables.ledger.put("acme", [one.again() for one in found], NOW + HOUR)
        assert tables.ledger.failing("acme") == []


def test_what_a_person_keeps_or_deleted_is_no_failure(store: Store) -> None:
    with store.transaction("test") as tables:
        _put(
            tables,
            entry("case1:a", kind="fields", kept={"x": "a person changed it"}),
            entry("case1:b", state=State.GONE, problem="gone"),
            entry("case1:c", problem="park"),
        )
        assert tables.ledger.failing("acme") == []
