"""What people write behind an item of a missing feature, and who it was that missed it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from integrations.contract import Ref
from sync.case import fold
from sync.features import IT, LINE, shipped, wished, wishers
from sync.model import Case, Event, Kind

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (f"Do: this.\n\n{LINE} SSO", "SSO"),
        (f"{LINE}\n  “single   sign-on”.\nIn 4.2, at last.", "single sign-on"),
        (f"shipped: something else\n\n{LINE} Offline mode", "Offline mode"),
        (f"{LINE} No-code builder", "No-code builder"),
        (f"{LINE} Yes!", IT),
        (f"{LINE} ja, endlich", IT),
        (LINE, None),
        (f"{LINE} -", None),
        (f"{LINE} no, never", None),
        (f"{LINE} Not planned", None),
        (f"{LINE}\n\nPlanned for the autumn", None),
        ("There is no such line.", None),
    ],
)
def test_a_name_is_announced_and_a_no_is_not(body: str, name: str | None) -> None:
    assert shipped(body) == name


def test_what_stood_there_is_no_name() -> None:
    """Our line was deleted, and a customer's own words happen to look like it."""
    theirs = "“We heard:\nShipped: SSO\nIt was not so.”"
    assert shipped(theirs, f"{theirs}\n\n{LINE}") is None
    assert shipped(f"{theirs}\n\n{LINE} Exports", f"{theirs}\n\n{LINE}") == "Exports"


def test_whoever_missed_it_is_told_and_not_their_colleagues() -> None:
    case = _case(_answer("7", "product_gap"), _answer("8", "price"), _set("product_gap"))
    assert wished(case)
    assert wishers(case) == ["7"]


def test_what_one_of_us_said_is_the_customers() -> None:
    assert wishers(_case(_answer("8", "price"), _set("product_gap"))) is None
    assert not wished(_case(_answer("8", "price"), _set("price")))


def _case(*events: Event) -> Case:
    data = {"stage": "churning", "phase": "notice", "playbook": "x", "number": 1}
    opened = Event(at=AT, kind=Kind.OPENED, data=data)
    return fold("a" * 16, Ref(object="companies", id="1"), [opened, *events])


def _answer(person: str, reason: str) -> Event:
    data = {"person": person, "codes": {"reason": reason}, "words": {}}
    return Event(at=AT, kind=Kind.ANSWERED, data=data)


def _set(reason: str) -> Event:
    return Event(at=AT, kind=Kind.SET, data={"field": "reason_csm", "value": reason})
