"""A task says the same wherever it comes from, and is due on the day that the CRM shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from integrations.contract import Task
from sync.digest import Departure, Week, digests
from sync.model import Kind, Plan
from sync.plan import plan
from sync.world import World
from tests.unit.sync.goodbye import (
    CSM,
    CUSTOMER,
    DAY,
    START,
    book,
    event,
    happened,
    person,
    said,
    watch,
    world,
)
from tests.unit.sync.test_digest import RULE

WORDS = {"w1": "Nobody answered for a week."}
#: Whoever has no seat has their tasks passed on.
NO_SEAT = "roles: {support: {no_seat: {via: customer_success, mail: support@vendor.example}}}"


def said_so(around: World, mapping: str = "") -> Plan:
    answer = event(
        Kind.ANSWERED, START, person="11", codes={"reason": "support_service"},
        words={"what_changed": "w1"},
    )  # fmt: skip
    export = event(Kind.ASKED_EXPORT, START, person="11")
    talk = event(Kind.ASKED_TO_TALK, START, person="11")
    case = happened(said(START, "reason_csm", "product_gap"), answer, export, talk)
    return plan(case, around, book(mapping), watch(mapping), START + 3 * DAY)


def every(made: Plan) -> dict[str, Task]:
    found = {want.step: want.item for want in made.wants if isinstance(want.item, Task)}
    assert {"acknowledge", "route_support", "feature", "export", "talk"} <= found.keys()
    return found


def test_each_is_due_on_the_customers_day_as_the_crm_shows_it() -> None:
    tokyo, angeles = ZoneInfo("Asia/Tokyo"), ZoneInfo("America/Los_Angeles")
    around = world(person("11"), words=WORDS, country="JP", zone="America/Los_Angeles")
    assert around.calendar.zone == tokyo
    plain = replace(around, rules=replace(around.rules, zone=tokyo))
    shown, meant = every(said_so(around)), every(said_so(plain))
    assert shown.keys() == meant.keys()
    for step, task in shown.items():
        assert task.due.astimezone(angeles).date() == meant[step].due.astimezone(tokyo).date(), step


def test_so_is_a_digest() -> None:
    around = world(person("11"), words=WORDS, country="JP", zone="America/Los_Angeles")
    wrote = event(Kind.SET, START, field="exit_words", value=None, words="w1")
    case = happened(said(START, "reason_csm", "support_service"), wrote)
    week = Week(monday=date(2026, 3, 2), calendar=around.calendar)
    departure = Departure(case=case, world=around, status="assess")
    ((_, want), *_) = digests(week, RULE, [departure], org="42")
    assert isinstance(want.item, Task)
    assert want.item.due.astimezone(around.rules.zone).date() == date(2026, 3, 16)


def test_who_has_no_seat_is_named_in_the_same_words() -> None:
    around = world(person("11"), words=WORDS, mapping=NO_SEAT)
    task = every(said_so(around, NO_SEAT))["route_support"]
    assert task.owner == CSM.id
    assert task.subject.startswith("For support: Read what Alder & Quill told us")
    assert task.body.startswith("Please pass this on to support (support@vendor.example).\n\nDo: ")
    assert task.about == CUSTOMER


def test_where_nobody_is_found_every_task_says_so() -> None:
    around = world(person("11"), words=WORDS, owners=())
    for step, task in every(said_so(around)).items():
        assert task.owner is None
        assert task.body.startswith("Nobody could be found for "), step
