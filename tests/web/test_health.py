"""What whoever watches over the service gets to know."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import requests

from mappings.service import Listen
from sync import metrics
from sync.store import Store
from sync.web.app import private, public
from sync.web.backing import Backing
from sync.web.serve import Pages
from tests.web.site import LOOPBACK, START, Clock, Guest, Site, asked


def _set(site: Site, **values: Any) -> None:
    with site.store.transaction("test") as tables:
        tables.connections.set("acme", **values)


def _health(site: Site, http: requests.Session) -> tuple[int, dict[str, Any]]:
    answer = http.get(f"{site.private_url}/healthz")
    return answer.status_code, answer.json()


def test_a_connection_that_comes_round_is_well(alone: Site, http: requests.Session) -> None:
    _set(alone, cycle_at=alone.clock())
    alone.clock.advance(timedelta(seconds=90))
    assert _health(alone, http) == (
        200,
        {
            "ok": True,
            "connections": {
                "acme": {
                    "kind": "sandbox",
                    "ok": True,
                    "last_cycle_at": START.isoformat(),
                    "last_cycle_seconds": 90.0,
                    "trouble": None,
                    "held": None,
                    "paused": None,
                    "parked_until": None,
                }
            },
        },
    )


def test_a_connection_that_stands_still_is_not(alone: Site, http: requests.Session) -> None:
    _set(alone, cycle_at=alone.clock(), trouble="The CRM refuses our credentials.")
    alone.clock.advance(timedelta(minutes=10))
    assert _health(alone, http)[0] == 200
    alone.clock.advance(timedelta(seconds=1))
    status, body = _health(alone, http)
    assert status == 503
    assert not body["ok"]
    assert body["connections"]["acme"]["trouble"] == "The CRM refuses our credentials."


def test_a_service_that_has_just_begun_is_well(alone: Site, http: requests.Session) -> None:
    _set(alone, cycle_at=alone.clock() - timedelta(days=3))
    assert _health(alone, http)[0] == 200
    alone.clock.advance(timedelta(minutes=11))
    assert _health(alone, http)[0] == 503


def test_waiting_for_a_limit_is_no_standing_still(alone: Site, http: requests.Session) -> None:
    _set(alone, cycle_at=alone.clock(), parked_until=alone.clock() + timedelta(hours=5))
    alone.clock.advance(timedelta(hours=5))
    assert _health(alone, http)[0] == 200
    alone.clock.advance(timedelta(minutes=11))
    assert _health(alone, http)[0] == 503


def test_a_connection_that_never_signed_in_is_seen(tmp_path: Path, http: requests.Session) -> None:
    store, clock = Store(f"sqlite:///{tmp_path / 'store.db'}"), Clock()
    store.migrate()
    backings = {"late": Backing(loaded=asked(), clock=clock, poll=timedelta(seconds=30))}
    with Pages(public(store, backings), private(store, backings), LOOPBACK) as pages:
        url = f"{pages.urls['private']}/healthz"
        first = http.get(url)
        clock.advance(timedelta(minutes=5, seconds=1))
        second = http.get(url)
    store.close()
    assert (first.status_code, second.status_code) == (200, 503)
    assert first.json()["connections"]["late"]["kind"] is None
    assert first.json()["connections"]["late"]["last_cycle_seconds"] is None


def test_a_store_that_cannot_be_read_is_bad_health(tmp_path: Path, http: requests.Session) -> None:
    store = Store(f"sqlite:///{tmp_path / 'never-migrated.db'}")
    backings = {"acme": Backing(loaded=asked())}
    with Pages(public(store, backings), private(store, backings), LOOPBACK) as pages:
        answers = [http.get(f"{pages.urls[port]}/healthz") for port in ("public", "private")]
        answers.append(http.get(f"{pages.urls['public']}/s/nowhere"))
    store.close()
    assert [answer.status_code for answer in answers] == [503, 503, 503]


def test_the_public_port_says_no_more_than_that_it_lives(guest: Guest) -> None:
    answer = guest.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")
    assert guest.get("/metrics").status_code == 404


def test_metrics_count_people_who_answer(guest: Guest, site: Site) -> None:
    def counted() -> float:
        page = guest.session.get(f"{site.private_url}/metrics")
        assert page.headers["Content-Type"].startswith("text/plain; version=")
        (value,) = re.findall(r"^aurevoir_answers_total (\S+)$", page.text, re.MULTILINE)
        return float(value)

    metrics.LAST_CYCLE.labels(connection="acme").set(1)
    before = counted()
    case, ref = site.open_case()
    for link in (site.invite(case=case, customer=ref.id), site.invite(case=case, customer=ref.id)):
        for reason in ("price", "trust"):
            guest.answer(link, reason=reason)
        guest.answer(link)
    assert counted() == before + 2


def test_addresses_may_be_of_both_kinds(alone: Site, http: requests.Session) -> None:
    backings = {"acme": Backing(loaded=asked())}
    listen = Listen(public="[::1]:0", private="localhost:0")
    with Pages(public(alone.store, backings), private(alone.store, backings), listen) as pages:
        assert pages.urls["public"].startswith("http://[::1]:")
        assert http.get(f"{pages.urls['public']}/healthz").status_code == 200
        assert http.get(f"{pages.urls['private']}/metrics").status_code == 200
