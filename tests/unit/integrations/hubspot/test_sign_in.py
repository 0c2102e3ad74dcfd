"""Tokens: when they are renewed, and what is stored before it is used."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from integrations.errors import CrmError, Reauthorise, Reject, Retry
from integrations.hubspot import sign_in
from integrations.hubspot.sign_in import App, Key


class Portal:
    """Hands out tokens."""

    def __init__(self, *refreshes: str, problem: CrmError | None = None) -> None:
        self.refreshes = list(refreshes)
        self.problem = problem
        self.asked: list[str] = []

    def __call__(self, form: Mapping[str, str]) -> Mapping[str, Any]:
        if self.problem:
            raise self.problem
        assert form["grant_type"] == "refresh_token"
        self.asked.append(form["refresh_token"])
        more = {"refresh_token": self.refreshes.pop(0)} if self.refreshes else {}
        return {"access_token": f"access-{len(self.asked)}", "expires_in": 1800, **more}


def app(**more: Any) -> App:
    """An installed app."""
    return App(client_id="id", client_secret="secret", refresh_token="first", **more)


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that stands still."""
    clock = [1000.0]
    monkeypatch.setattr(sign_in.time, "monotonic", lambda: clock[0])
    return clock


def test_a_key_stays() -> None:
    key = Key("pat")
    assert key.token(Portal()) == "pat"
    assert key.renewed("pat", Portal()) is None


def test_a_token_is_used_until_shortly_before_its_end(now: list[float]) -> None:
    portal, ours = Portal(), app()
    assert [ours.token(portal), ours.token(portal)] == ["access-1"] * 2
    now[0] += 1739
    assert ours.token(portal) == "access-1"
    now[0] += 1
    assert ours.token(portal) == "access-2"


def test_a_new_refresh_token_is_stored_before_it_is_used() -> None:
    kept: list[str] = []
    portal, ours = Portal("second", "second"), app(keep=kept.append)
    ours.renewed(ours.token(portal), portal)
    assert portal.asked == ["first", "second"]
    assert kept == ["second"]


def test_what_could_not_be_stored_is_not_used() -> None:
    def full(token: str) -> None:
        raise OSError("disk full")

    portal, ours = Portal("second"), app(keep=full)
    with pytest.raises(OSError, match="full"):
        ours.token(portal)
    ours = app(keep=full)
    assert ours.token(Portal()) == "access-1"


def test_threads_renew_once() -> None:
    portal, ours = Portal(), app()
    refused = ours.token(portal)
    together = threading.Barrier(4)

    def renew(_: int) -> str | None:
        together.wait()
        return ours.renewed(refused, portal)

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(renew, range(4))) == {"access-2"}
    assert len(portal.asked) == 2


def test_a_refusal_asks_for_a_person_and_a_lost_answer_does_not() -> None:
    with pytest.raises(Reauthorise):
        app().token(Portal(problem=Reject("no", code="BAD_REFRESH_TOKEN")))
    with pytest.raises(Retry):
        app().token(Portal(problem=Retry("busy")))
