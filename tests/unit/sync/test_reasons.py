"""Who says why, and how often."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sync.model import Kind
from sync.reasons import Line, count, told_apart
from tests.unit.sync.goodbye import DAY, START, event, happened, person, said, world

PAT = person()
OURS = said(START + DAY, "reason_csm", "competitor")
THEIRS = event(Kind.ANSWERED, START + 2 * DAY, person=PAT.id, codes={"reason": "price"})


def test_sides_that_disagree_are_told_apart_and_the_customers_word_counts() -> None:
    assert told_apart(happened(OURS, THEIRS), world(PAT)) == [
        "Pat Doe said Price",
        "we said Competitor",
        "they disagree; Price counts",
    ]


def test_evidence_is_a_side_of_its_own_and_counts_last() -> None:
    evident = event(Kind.POINTED, START + DAY, reason="support_service")
    assert told_apart(happened(evident, OURS), world(PAT)) == [
        "we said Competitor",
        "the evidence points to Support or service",
        "they disagree; Competitor counts",
    ]
    alone = happened(evident)
    assert told_apart(alone, world(PAT)) == ["the evidence points to Support or service"]
    assert [line.reason for line in count([(alone, "standard")])] == ["support_service"]


def test_where_all_agree_or_nobody_spoke_there_is_nothing_to_settle() -> None:
    same = said(START + DAY, "reason_csm", "price")
    assert told_apart(happened(same, THEIRS), world()) == [
        "a former contact said Price",
        "we said Price",
    ]
    assert told_apart(happened(), world(PAT)) == []


def test_reasons_are_counted_by_month_and_kind_of_customer_newest_first() -> None:
    march = happened(OURS)
    april = replace(march, opened_at=START + 31 * DAY)
    lines = count([(march, "standard"), (march, "standard"), (april, "consumer")])
    silent = count([(happened(), "standard")])
    assert lines == [
        Line(month="2026-04", playbook="consumer", reason="competitor", cases=1, of=1),
        Line(month="2026-03", playbook="standard", reason="competitor", cases=2, of=2),
    ]
    assert [line.reason for line in silent] == ["unknown"]


@pytest.mark.parametrize(("many", "percent"), [(29, None), (30, 67)])
def test_few_departures_have_no_percentages(many: int, percent: int | None) -> None:
    theirs = [(happened(THEIRS), "standard")] * (many * 2 // 3)
    ours = [(happened(OURS), "standard")] * (many - len(theirs))
    first, second = count([*ours, *theirs])
    assert (first.reason, first.of, first.percent) == ("price", many, percent)
    assert first.cases + second.cases == many
