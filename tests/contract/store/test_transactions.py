"""All or nothing, one writer at a time, and readers that see one moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event as Signal

import pytest

from sync import points
from sync.model import Event, Kind
from sync.store import Store
from sync.store.database import DatabaseError
from tests.contract.store.shelf import NOW, case, connection


class Died(BaseException):
    """The process dies here."""


def test_keeps_all_of_it(store: Store, other: Store) -> None:
    with store.transaction("test") as tables:
        connection(tables)
        case(tables)
    with other.reading() as tables:
        assert tables.cases.get("case1")
        assert tables.connections.get("acme")


def test_keeps_nothing_of_what_fails(store: Store) -> None:
    def fail() -> None:
        with store.transaction("test") as tables:
            case(tables)
            raise Died

    with pytest.raises(Died):
        fail()
    with store.reading() as tables:
        assert tables.cases.get("case1") is None
        assert tables.connections.all() == ()


@pytest.mark.parametrize(("point", "kept"), [("before", False), ("after", True)])
def test_names_the_moment_around_its_commit(
    store: Store, other: Store, point: str, kept: bool
) -> None:
    def die(name: str) -> None:
        if name == f"commit test {point}":
            raise Died

    with pytest.raises(Died), points.listening(die), store.transaction("test") as tables:
        connection(tables)
    with other.reading() as tables:
        assert bool(tables.connections.all()) is kept
    with store.transaction("next") as tables:
        connection(tables)


def test_waits_for_the_writer_of_another_process(store: Store, other: Store) -> None:
    trying, inside = Signal(), Signal()

    def second() -> bool:
        trying.set()
        with other.transaction("second") as tables:
            inside.set()
            return tables.connections.get("acme") is not None

    with ThreadPoolExecutor(1) as pool:
        with store.transaction("first") as tables:
            connection(tables)
            waiting = pool.submit(second)
            assert trying.wait(5)
            assert not inside.wait(0.2)
        assert waiting.result(10)


def test_writers_lose_nothing_to_each_other(store: Store, other: Store) -> None:
    with store.transaction("test") as tables:
        case(tables)

    def append(number: int) -> None:
        event = Event(at=NOW, kind=Kind.SENT, data={"number": number})
        with (store, other)[number % 2].transaction("append") as tables:
            tables.cases.append("case1", [event])

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(append, range(24)))
    with store.reading() as tables:
        history = tables.cases.histories(["case1"])["case1"]
    assert {event.data["number"] for event in history[1:]} == set(range(24))


def test_a_reader_is_not_kept_waiting(store: Store, other: Store) -> None:
    with store.transaction("test") as writing:
        connection(writing)
        with other.reading() as tables, store.reading() as same:
            assert tables.connections.all() == same.connections.all() == ()


def test_a_reader_sees_one_moment(store: Store, other: Store) -> None:
    with store.reading() as tables:
        assert tables.connections.all() == ()
        with other.transaction("test") as writing:
            case(writing)
        assert tables.connections.all() == ()
        assert tables.cases.get("case1") is None
    with store.reading() as tables:
        assert tables.cases.get("case1")


def test_nothing_is_written_by_a_reader(store: Store) -> None:
    with pytest.raises(DatabaseError), store.reading() as tables:
        connection(tables)
    with store.transaction("test") as tables:
        assert tables.connections.all() == ()
        connection(tables)
