"""Who says why, and how often."""

from __future__ import annotations

from dataclasses import replace

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


def test_evidence_is_a_side_of_its_own() -> None:
    around = world(PAT)
    customer = replace(around.customer, own={"reason_evidence": "support_service"})
    told = told_apart(happened(OURS), replace(around, customer=customer))
    assert told == [
        "we said Competitor",
        "the evidence points to Support or service",
        "they disagree; Competitor counts",
    ]


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
        Line(month="2026-04", playbook="consumer", reason="competitor", cases=1),
        Line(month="2026-03", playbook="standard", reason="competitor", cases=2),
    ]
    assert [line.reason for line in silent] == ["unknown"]
