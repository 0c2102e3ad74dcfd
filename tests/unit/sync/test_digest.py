"""What a department reads of a week."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from integrations.contract import Ref, Task
from mappings.feedback import Digest
from sync.case import fold
from sync.digest import Departure, Week, digests, last_told
from sync.model import Case, Event, Kind, case_key
from tests.unit.sync.goodbye import DAY, HOUR, START, event, opening, said, world

RULE = Digest(roles=("support", "sales", "customer_success"))
WORDS = {"w1": "Nobody answered for a week.", "w2": "Far too dear."}
WEEK = Week(monday=date(2026, 3, 2), calendar=world().calendar)


def departure(id: str, reason: str, *words: Event, name: str = "Alder & Quill") -> Departure:
    ref = Ref(object="companies", id=id)
    known = world(words=WORDS)
    around = replace(known, customer=replace(known.customer, ref=ref, name=name))
    case: Case = fold(
        case_key("42", ref, 1), ref, [opening(), said(START, "reason_csm", reason), *words]
    )
    return Departure(case=case, world=around, status="assess")


def wrote(words: str, days: float = 1) -> Event:
    return event(Kind.SET, START + days * DAY, field="exit_words", value=None, words=words)


def told(*departures: Departure, week: Week = WEEK) -> dict[str, Task]:
    found = {}
    for case, want in digests(week, RULE, departures, org="42"):
        assert isinstance(want.item, Task)
        assert want.item.about == case.ref
        found[want.step] = want.item
    return found


def test_each_department_reads_what_goes_its_way_and_others_read_all() -> None:
    found = told(
        departure("1", "support_service", wrote("w1")),
        departure("2", "price", wrote("w2"), name="Birch Ltd"),
    )
    assert {*found} == {"digest_support", "digest_sales", "digest_customer_success"}
    assert "Alder & Quill: Support or service\n\nIn their words:\n“Nobody" in (
        found["digest_support"].body
    )
    assert "dear" not in found["digest_support"].body
    assert "1 departure:" in found["digest_support"].body
    both = found["digest_customer_success"]
    assert "2 departures:" in both.body
    assert all(f"“{words}”" in both.body for words in WORDS.values())
    assert both.subject == ("Read what leaving customers told us from 2 March 2026 to 8 March 2026")


def test_the_product_team_reads_of_what_was_asked_for() -> None:
    rule = Digest(roles=("product",))
    asked, other = departure("1", "product_gap", wrote("w1")), departure("2", "price", wrote("w2"))
    ((case, want),) = digests(WEEK, rule, [asked, other], org="42")
    assert case is asked.case
    assert isinstance(want.item, Task)
    assert "dear" not in want.item.body
    assert [*digests(WEEK, rule, [other], org="42")] == []


def test_a_week_without_words_has_none() -> None:
    assert told() == {}
    assert told(departure("1", "price")) == {}
    assert told(departure("1", "price", wrote("w1", days=8))) == {}
    assert {*told(departure("1", "price", wrote("w1", days=8)), week=WEEK.following())} == {
        "digest_sales",
        "digest_customer_success",
    }


def test_a_week_has_one_key_whatever_it_hangs_on() -> None:
    one, other = departure("1", "price", wrote("w1")), departure("2", "price", wrote("w2"))
    keys = [
        {want.key for _, want in digests(WEEK, RULE, some, org="42")}
        for some in ([one], [other], [one, other])
    ]
    assert keys[0] == keys[1] == keys[2]
    assert all(key.endswith(":2026-W10") and len(key) <= 80 for key in keys[0])
    elsewhere = {want.key for _, want in digests(WEEK, RULE, [one], org="43")}
    assert elsewhere.isdisjoint(keys[0])
    later = {want.key for _, want in digests(WEEK.following(), RULE, [one], org="42")}
    assert later.isdisjoint(keys[0])


def test_it_is_told_when_work_begins_on_its_day() -> None:
    friday = Digest(roles=("sales",), day="fri")
    assert WEEK.told_at(RULE) == datetime(2026, 3, 9, 9, tzinfo=UTC)
    assert WEEK.told_at(friday) == datetime(2026, 3, 13, 9, tzinfo=UTC)
    assert last_told(RULE, WEEK.calendar, WEEK.told_at(RULE)) == WEEK
    assert last_told(RULE, WEEK.calendar, WEEK.told_at(RULE) - HOUR).following() == WEEK
    assert last_told(friday, WEEK.calendar, WEEK.told_at(RULE)).following() == WEEK


@given(
    st.integers(0, 1600 * 24).map(lambda hours: START - 800 * DAY + hours * HOUR),
    st.sampled_from(["mon", "wed", "sun"]),
    st.sampled_from(["Asia/Tokyo", "America/Los_Angeles", "Europe/London"]),
)
def test_every_week_is_told_once_in_turn(now: datetime, day: str, zone: str) -> None:
    rule = Digest.model_validate({"roles": ["sales"], "day": day})
    week = last_told(rule, world(country=None, zone=zone).calendar, now)
    assert week.ends <= week.told_at(rule) <= now < week.following().told_at(rule)
    assert week.following().begins == week.ends
