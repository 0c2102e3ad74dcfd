"""Cases, their append-only histories, and when they want to be planned."""

from __future__ import annotations

from datetime import date

import pytest

from integrations.contract import Ref
from sync.model import Event, Kind, Plan
from sync.store import Store
from sync.store.database import DatabaseError
from tests.contract.store.shelf import HOUR, NOW, case, connection


def _answered(mark: str = "", *, hours: int = 1) -> Event:
    return Event(at=NOW + hours * HOUR, kind=Kind.ANSWERED, data={"codes": {}}, mark=mark)


def test_open_awake_with_their_first_event(store: Store) -> None:
    with store.transaction("test") as tables:
        case(tables)
    with store.reading() as tables:
        row = tables.cases.get("case1")
        (event,) = tables.cases.histories(["case1"])["case1"]
        assert tables.cases.awake("acme", NOW, limit=9) == (row,)
    assert row
    assert (row.ref, row.number, row.departs_on) == (Ref(object="companies", id="1"), 1, None)
    assert (row.opened_at, row.wake_at, row.closed) == (NOW, NOW, False)
    assert event == Event(at=NOW, kind=Kind.OPENED, data={"stage": "churning", "number": 1})


def test_those_of_which_somebody_spoke_in_a_while_the_oldest_first(store: Store) -> None:
    said = Event(at=NOW + 2 * HOUR, kind=Kind.SET, data={"field": "exit_words"})
    with store.transaction("test") as tables:
        case(tables, "late", record="1", at=NOW + HOUR)
        case(tables, "early", record="2")
        case(tables, "silent", record="3")
        case(tables, "elsewhere", owner="beta")
        tables.cases.append("late", [_answered(hours=2)])
        tables.cases.append("early", [said])
        tables.cases.append("silent", [_answered(hours=5)])
        tables.cases.append("elsewhere", [said])
    with store.reading() as tables:
        heard = tables.cases.heard("acme", NOW + 2 * HOUR, NOW + 5 * HOUR)
        none = tables.cases.heard("acme", NOW, NOW + 2 * HOUR)
    assert [row.key for row in heard] == ["early", "late"]
    assert none == ()


def test_at_most_one_is_open_for_a_customer(store: Store) -> None:
    with store.transaction("test") as tables:
        case(tables)
        case(tables, "case2", record="2")
        case(tables, "case3", owner="beta")
    with pytest.raises(DatabaseError), store.transaction("test") as tables:
        case(tables, "case4", number=2)
    with store.transaction("test") as tables:
        tables.cases.set("case1", closed=True)
        case(tables, "case4", number=2)
    with store.reading() as tables:
        last = tables.cases.of("acme", "companies", ["1", "2", "3"])
    assert {record: row.key for record, row in last.items()} == {"1": "case4", "2": "case2"}


@pytest.mark.parametrize(("key", "number"), [("case1", 2), ("case2", 1)])
def test_never_share_a_key_or_a_number(store: Store, key: str, number: int) -> None:
    with store.transaction("test") as tables:
        case(tables)
        tables.cases.set("case1", closed=True)
    with pytest.raises(DatabaseError), store.transaction("test") as tables:
        case(tables, key, number=number)


def test_pin_a_playbook_that_is_there(store: Store) -> None:
    event = Event(at=NOW, kind=Kind.OPENED)
    ref = Ref(object="companies", id="1")
    with store.transaction("test") as tables:
        connection(tables)
        tables.cases.pin("h", "first")
        tables.cases.pin("h", "second")
        assert tables.cases.playbook("h") == "first"
    with pytest.raises(DatabaseError), store.transaction("test") as tables:
        tables.cases.open("acme", "case1", ref, number=1, playbook="other", event=event)
    with pytest.raises(DatabaseError), store.transaction("test") as tables:
        tables.cases.open("nobody", "case1", ref, number=1, playbook="h", event=event)


def test_take_an_event_once(store: Store) -> None:
    with store.transaction("test") as tables:
        case(tables)
        assert tables.cases.append("case1", [_answered("a"), _answered("a"), _answered("b")]) == 2
    with store.transaction("test") as tables:
        assert tables.cases.append("case1", [_answered("b")]) == 0
        assert tables.cases.append("case1", [_answered(), _answered()]) == 2
        assert tables.cases.append("case1", []) == 0
    with store.reading() as tables:
        assert tables.cases.event_counts(["case1", "case2"]) == {"case1": 5}
        marks = [event.mark for event in tables.cases.histories(["case1"])["case1"]]
    assert marks == ["", "a", "b", "", ""]


def test_have_no_events_without_being_there(store: Store) -> None:
    with pytest.raises(DatabaseError), store.transaction("test") as tables:
        tables.cases.append("case1", [_answered()])


def test_keep_each_history_in_its_order(store: Store) -> None:
    with store.transaction("test") as tables:
        for number in range(1, 4):
            case(tables, f"case{number}", record=str(number))
        for number in (3, 1, 2, 1):
            tables.cases.append(f"case{number}", [_answered(hours=number)])
        tables.cases.append("case1", [_answered(hours=-5)])
    with store.reading() as tables:
        found = tables.cases.histories(["case1", "case3", "case9"])
    hours = {key: [(event.at - NOW) / HOUR for event in events] for key, events in found.items()}
    assert hours == {"case1": [0, 1, 1, -5], "case3": [0, 3]}


def test_wake_in_the_order_they_are_due(store: Store) -> None:
    with store.transaction("test") as tables:
        for number, hours in enumerate((3, 1, 2, 9), 1):
            case(tables, f"case{number}", record=str(number), at=NOW + hours * HOUR)
        case(tables, "case5", owner="beta")
    with store.reading() as tables:
        due = tables.cases.awake("acme", NOW + 3 * HOUR, limit=9)
        assert [row.key for row in due] == ["case2", "case3", "case1"]
        assert [row.key for row in tables.cases.awake("acme", NOW + 9 * HOUR, limit=1)] == ["case2"]
        assert tables.cases.next_wake("acme") == NOW + HOUR
        assert tables.cases.next_wake("gamma") is None


def test_are_woken_earlier_but_never_later(store: Store) -> None:
    with store.transaction("test") as tables:
        case(tables)
        case(tables, "case2", record="2")
        tables.cases.set("case2", wake_at=None)
        tables.cases.wake(["case1", "case2"], NOW + HOUR)
        assert [row.wake_at for row in tables.cases.some(["case1", "case2"]).values()] == [
            NOW, NOW + HOUR,
        ]  # fmt: skip
        tables.cases.wake(["case2"], NOW - HOUR)
        assert tables.cases.next_wake("acme") == NOW - HOUR


def test_are_woken_by_what_happens(store: Store) -> None:
    with store.transaction("test") as tables:
        case(tables)
        tables.cases.append("case1", [_answered("a")])
        tables.cases.set("case1", wake_at=None)
        tables.cases.append("case1", [_answered("a")])
        assert tables.cases.next_wake("acme") is None
        tables.cases.append("case1", [_answered("b", hours=4), _answered("c", hours=2)])
        assert tables.cases.next_wake("acme") == NOW + 2 * HOUR


def test_are_all_woken_but_the_closed(store: Store) -> None:
    with store.transaction("test") as tables:
        for number in range(1, 4):
            case(tables, f"case{number}", record=str(number))
            tables.cases.set(f"case{number}", wake_at=None)
        tables.cases.set("case3", closed=True)
        assert tables.cases.wake_all("acme", NOW) == 2
        assert tables.cases.wake_all("beta", NOW) == 0
        assert len(tables.cases.awake("acme", NOW, limit=9)) == 2


def test_keep_what_their_plans_say(store: Store) -> None:
    plan = Plan(
        status="leaving", wants=(), withheld=(), wake_at=NOW + HOUR,
        departs_on=date(2026, 4, 1), progress=40, next_step="Send the invoice",
    )  # fmt: skip
    with store.transaction("test") as tables:
        case(tables)
        case(tables, "case2", record="2")
        tables.cases.planned({"case1": plan})
        tables.cases.planned({})
        tables.cases.set("case2", status="alumni")
    with store.reading() as tables:
        one = tables.cases.get("case1")
        assert tables.cases.count("acme") == {"leaving": 1, "alumni": 1}
    assert one
    assert (one.departs_on, one.progress, one.next_step) == ("2026-04-01", 40, "Send the invoice")
    assert one.wake_at == NOW + HOUR


def test_are_listed_newest_first(store: Store) -> None:
    with store.transaction("test") as tables:
        for number in range(1, 4):
            case(tables, f"case{number}", record=str(number), at=NOW + number * HOUR)
        case(tables, "case4", owner="beta", at=NOW)
        tables.cases.set("case2", status="alumni")
    with store.reading() as tables:
        assert [row.key for row in tables.cases.list()] == ["case3", "case2", "case1", "case4"]
        assert [row.key for row in tables.cases.list("acme", limit=1)] == ["case3"]
        assert [row.key for row in tables.cases.list(status="alumni")] == ["case2"]
