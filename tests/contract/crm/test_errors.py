"""What goes wrong on the way, said as what to do next."""

from __future__ import annotations

import importlib
from collections.abc import Iterator

import pytest

from integrations.contract import TASK, Change, Create, Crm, Write
from integrations.errors import CrmError, Park, Reauthorise, Retry, Unknown
from tests.contract.crm.bench import Bench
from tests.contract.crm.people import START
from tests.contract.crm.proxy import Proxy, proxy
from tests.contract.crm.test_sending import problems, send

pytestmark = pytest.mark.sandbox("faults on demand")

PAGE = "<html><body>Please sign in. <a href='x'>Guest Wi-Fi</a></body></html>"


@pytest.fixture
def between(bench: Bench) -> Iterator[Proxy]:
    """A proxy in front of the CRM."""
    with proxy(bench.url) as standing:
        yield standing


def read(bench: Bench, crm: Crm) -> None:
    """A call that only reads."""
    ref = bench.customer()
    crm.read(ref.object, [ref.id], [bench.words.name])


def write(bench: Bench, crm: Crm) -> None:
    """A call that changes something."""
    writes: list[Write] = [
        Change(key="k", ref=bench.customer(), values={bench.words.seats: 5}),
    ]
    (call,) = crm.pack(writes)
    crm.send(call)


@pytest.fixture
def crm(bench: Bench, crm: Crm) -> Crm:
    """The adapter, warm: what it asks only once it has asked."""
    write(bench, crm)
    read(bench, crm)
    bench.forget()
    return crm


@pytest.mark.parametrize("status", [None, 500, 502, 503, 504])
def test_a_read_may_be_tried_again(bench: Bench, crm: Crm, status: int | None) -> None:
    bench.strike("read", status=status)
    with pytest.raises(Retry):
        read(bench, crm)
    read(bench, crm)


@pytest.mark.parametrize("status", [None, 500, 502, 504])
def test_a_write_is_never_repeated_blindly(bench: Bench, crm: Crm, status: int | None) -> None:
    bench.strike("change", status=status, times=5)
    with pytest.raises(Unknown):
        write(bench, crm)
    assert bench.calls("change") == 1


def test_a_rush_is_slowed_down(bench: Bench, crm: Crm) -> None:
    for call, kind in ((read, "read"), (write, "change")):
        bench.strike(kind, **bench.busy)
        with pytest.raises(Retry) as told:
            call(bench, crm)
        assert 0 < told.value.after <= 60


def test_says_how_long_to_wait_as_the_crm_says_it(bench: Bench, crm: Crm) -> None:
    bench.strike("read", **{**bench.busy, "headers": {"Retry-After": "7"}})
    with pytest.raises(Retry) as told:
        read(bench, crm)
    assert told.value.after == 7


def test_a_limit_that_is_used_up_parks(bench: Bench, crm: Crm) -> None:
    for call, kind in ((read, "read"), (write, "change")):
        bench.strike(kind, **bench.exhausted)
        with pytest.raises(Park) as told:
            call(bench, crm)
        assert told.value.until is None or told.value.until > START


def test_refused_credentials_ask_for_a_person(bench: Bench) -> None:
    crm = bench.connect(**bench.wrong)
    with pytest.raises(Reauthorise) as told:
        crm.identity()
    assert not any(secret in str(told.value) for secret in bench.wrong.values())


def test_a_refusal_without_end_is_not_repeated_without_end(bench: Bench, crm: Crm) -> None:
    bench.strike("read", status=401, times=1_000)
    with pytest.raises(Reauthorise):
        read(bench, crm)
    assert bench.calls() <= 3


def test_an_expired_session_is_renewed_once(bench: Bench, between: Proxy) -> None:
    crm = bench.connect(between.url, **bench.installed())
    write(bench, crm)
    between.seen.clear()
    bench.expire()
    bench.forget()
    write(bench, crm)
    assert bench.calls("token") == 1
    refused, *_, repeated = between.seen
    # The same request but for its token: libraries have been seen to drop headers here.
    assert refused.pop("Authorization") != repeated.pop("Authorization")
    assert refused == repeated


def test_a_refused_renewal_ends_it(bench: Bench) -> None:
    crm = bench.connect(**bench.installed())
    read(bench, crm)
    bench.expire()
    bench.forget()
    bench.strike("token", status=400, body={"error": "invalid_grant"}, times=9)
    with pytest.raises(Reauthorise):
        read(bench, crm)
    assert bench.calls("token") == 1


@pytest.mark.parametrize("status", [200, 302, 403, 404, 502])
def test_somebody_elses_page_is_no_answer(bench: Bench, crm: Crm, status: int) -> None:
    bench.strike("read", status=status, body=PAGE, headers={"Content-Type": "text/html"})
    with pytest.raises(Retry) as told:
        read(bench, crm)
    assert "Guest" not in str(told.value)


@pytest.mark.parametrize("status", [200, 502])
def test_somebody_elses_page_tells_nothing_of_a_write(bench: Bench, crm: Crm, status: int) -> None:
    bench.strike("change", status=status, body=PAGE, headers={"Content-Type": "text/html"})
    with pytest.raises(Unknown):
        write(bench, crm)


def test_json_of_another_shape_is_no_answer(bench: Bench, crm: Crm) -> None:
    bodies: tuple[object, ...] = ([], {}, {"results": None}, [1], "", 7)
    for body in bodies:
        bench.strike("read", status=200, body=body)
        with pytest.raises(Retry):
            read(bench, crm)


def test_a_refusal_of_another_shape_is_still_one(bench: Bench, crm: Crm) -> None:
    bodies: tuple[object, ...] = ([], {}, [1], [{}], {"errors": 7, "message": 3}, ["x"], "no")
    for status in (400, 403, 404, 409, 429):
        for body in bodies:
            for call, kind in ((read, "read"), (write, "change")):
                bench.strike(kind, status=status, body=body)
                with pytest.raises(CrmError) as told:
                    call(bench, crm)
                assert told.value.words


def test_an_answer_that_trickles_meets_its_deadline(
    bench: Bench, between: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    crm = bench.connect(between.url)
    write(bench, crm)
    client = importlib.import_module(f"integrations.{bench.name}.client")
    monkeypatch.setattr(client, "TOTAL", 0.1)
    between.slow.set()
    with pytest.raises(Retry):
        read(bench, crm)
    with pytest.raises(Unknown):
        write(bench, crm)


def test_nobody_at_home_may_be_tried_again(bench: Bench, closed: str) -> None:
    with pytest.raises(Retry):
        bench.connect(closed).identity()


def test_works_on_after_a_problem(bench: Bench, crm: Crm) -> None:
    bench.strike("create")
    (call,) = crm.pack([Create(key="a", item=bench.task())])
    with pytest.raises(Unknown):
        crm.send(call)
    assert problems(send(crm, Create(key="b", item=bench.task()))) == {"b": None}
    assert [held.key for held in crm.find(TASK, None)] == ["b"]
