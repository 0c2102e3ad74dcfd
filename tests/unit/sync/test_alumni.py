"""Staying in touch: only with who said yes, whose company has left, and who may be written to."""

from __future__ import annotations

from datetime import date, datetime

from sync.model import Event, Kind, Membership, Plan
from tests.unit.sync.goodbye import (
    DAY,
    START,
    event,
    happened,
    held,
    person,
    planned,
    said,
    values,
    wants,
    world,
)

END = date(2026, 4, 30)
GONE = START + 70 * DAY
REASON = said(START + DAY, "reason_csm", "price")


def consented(*, stay: bool = True, at: datetime = START + DAY) -> Event:
    return event(Kind.CONSENTED, at, person="11", stay=stay, reference=False)


def parted(*events: Event, at: datetime = GONE, out: bool | None = None) -> Plan:
    return planned(happened(*events), at, world(person(out=out), contract_end=END))


def joined(made: Plan) -> list[str]:
    return [want.item.segment for want in made.wants if isinstance(want.item, Membership)]


def test_who_said_yes_joins_the_segment_of_the_reason() -> None:
    made = parted(REASON, consented())
    assert joined(made) == ["Alumni: budget"]
    assert [want.outward for want in wants(made, "alumni_budget")] == [True]
    record = values(made, "consent")
    assert record["aurevoir_stay_in_touch"] is True
    assert record["aurevoir_contact_basis"] == "consent"


def test_nobody_joins_before_the_company_has_left() -> None:
    made = parted(REASON, consented(), at=START + 9 * DAY)
    assert joined(made) == []
    assert held(made, "alumni") == ["the customer has not left yet"]


def test_silence_is_no_consent() -> None:
    made = parted(REASON)
    assert joined(made) == []
    assert len(held(made, "alumni")) == 1
    assert wants(made, "consent") == []


def test_the_last_word_counts() -> None:
    assert joined(parted(REASON, consented(), consented(stay=False, at=START + 2 * DAY))) == []
    out = event(Kind.OPTED_OUT, START + 2 * DAY, person="11", where="survey")
    made = parted(REASON, consented(), out)
    assert joined(made) == []
    assert values(made, "consent")["aurevoir_stay_in_touch"] is False


def test_an_opt_out_in_the_crm_counts_over_all() -> None:
    made = parted(REASON, consented(), out=True)
    assert joined(made) == []
    assert values(made, "consent")["aurevoir_contact_basis"] == "none"
