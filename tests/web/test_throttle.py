"""How often one may ask."""

from __future__ import annotations

from pathlib import Path

import pytest
import requests

from sync.web import throttle
from sync.web.throttle import Rate, Rates, Throttle
from tests.web.site import Guest, asked, heading, serving

RATES = Rates(address=Rate(burst=4, every=2), link=Rate(burst=2, every=10))


class Time:
    """Seconds that pass when told to."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture(name="counted")
def _counted(time: Time) -> Throttle:
    return Throttle(RATES, clock=time)


def test_an_address_has_its_burst_and_then_its_pace(counted: Throttle, time: Time) -> None:
    assert [counted.wait("192.0.2.1", "/x") for _ in range(6)] == [0, 0, 0, 0, 2, 2]
    assert counted.wait("192.0.2.2", "/x") == 0
    time.now += 1.5
    assert counted.wait("192.0.2.1", "/x") == 1
    time.now += 0.5
    assert [counted.wait("192.0.2.1", "/x") for _ in range(2)] == [0, 2]
    time.now += 3600
    assert [counted.wait("192.0.2.1", "/x") for _ in range(5)] == [0, 0, 0, 0, 2]


def test_a_link_has_its_own_wherever_it_is_used(counted: Throttle) -> None:
    assert counted.wait("192.0.2.1", "/s/token") == 0
    assert counted.wait("192.0.2.2", "/s/token/talk") == 0
    assert counted.wait("192.0.2.3", "/s/token") == 10
    assert counted.wait("192.0.2.9", "/s/another") == 0


def test_a_household_is_one_address(counted: Throttle) -> None:
    for n in range(4):
        assert counted.wait(f"2001:db8:1:2::{n}", "/x") == 0
    assert counted.wait("2001:db8:1:2:ffff::", "/x") == 2
    assert counted.wait("2001:db8:1:3::", "/x") == 0
    assert counted.wait("::ffff:192.0.2.1", "/x") == counted.wait("::ffff:192.0.2.2", "/x") == 0
    assert [counted.wait("not an address", "/x") for _ in range(5)][-1] == 2


def test_only_so_many_are_remembered(counted: Throttle, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "MOST", 3)
    for _ in range(5):
        counted.wait("192.0.2.1", "/x")
    for n in (2, 3):
        counted.wait(f"192.0.2.{n}", "/x")
    assert counted.wait("192.0.2.1", "/x") == 2  # still known, and used last
    for n in (4, 5, 6):
        counted.wait(f"192.0.2.{n}", "/x")
    assert counted.wait("192.0.2.1", "/x") == 0  # forgotten


def test_who_asks_too_often_is_told_when_to_come_back(
    tmp_path: Path, http: requests.Session
) -> None:
    with serving(tmp_path, {"acme": asked()}, rates=RATES) as site:
        guest = Guest(site, http)
        for _ in range(4):
            assert guest.get("/nowhere", **{"X-Forwarded-For": "192.0.2.1"}).status_code == 404
        refused = guest.get("/nowhere", **{"X-Forwarded-For": "192.0.2.1"})
        assert refused.status_code == 429
        assert refused.headers["Retry-After"] in ("1", "2")
        assert refused.headers["X-Robots-Tag"] == "noindex"
        assert heading(refused.text) == "One moment, please"
        # Others, style sheets and whoever watches over the service are not kept waiting.
        assert guest.get("/nowhere", **{"X-Forwarded-For": "192.0.2.2"}).status_code == 404
        for path in ("/static/style.css", "/healthz"):
            for _ in range(6):
                answer = guest.get(path, **{"X-Forwarded-For": "192.0.2.1"})
                assert answer.status_code == 200


def test_guessing_ends_before_a_link_is_read(tmp_path: Path, http: requests.Session) -> None:
    with serving(tmp_path, {"acme": asked()}, rates=RATES) as site:
        guest, link = Guest(site, http), site.invite()
        statuses = [
            guest.get(f"/s/{link.token}", **{"X-Forwarded-For": f"192.0.2.{n}"}).status_code
            for n in range(3)
        ]
        assert statuses == [200, 200, 429]
