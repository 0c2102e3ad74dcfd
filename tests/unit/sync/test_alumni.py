"""Staying in touch: only with who said yes, whose company has left, and who may be written to."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from integrations.contract import Value
from sync.case import consented as folded
from sync.model import Consent, Event, Kind, Membership, Plan, Will
from sync.plan import plan
from tests.unit.sync.goodbye import (
    DAY,
    START,
    book,
    event,
    happened,
    held,
    person,
    planned,
    said,
    values,
    wants,
    watch,
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


#: 2 March 2026, the day after the start, and two years.
LAST = datetime(2028, 3, 4, tzinfo=UTC)


def test_a_yes_has_a_last_day_and_ends_on_it() -> None:
    made = parted(REASON, consented())
    assert values(made, "consent")["aurevoir_contact_until"] == date(2028, 3, 3)
    (membership,) = wants(made, "alumni_budget")
    assert membership.not_after == LAST
    before = parted(REASON, consented(), at=LAST - DAY / 24)
    assert joined(before) == ["Alumni: budget"]
    assert before.wake_at == LAST
    after = parted(REASON, consented(), at=LAST)
    assert joined(after) == []
    assert held(after, "alumni") == ["said yes, which counted until 3 March 2028 (rule alumni_yes)"]
    record = values(after, "consent")
    assert record["aurevoir_stay_in_touch"] is False
    assert record["aurevoir_contact_basis"] == "none"
    assert record["aurevoir_contact_until"] == date(2028, 3, 3)


def test_a_yes_said_again_counts_from_then() -> None:
    made = parted(REASON, consented(), consented(at=START + 60 * DAY))
    assert values(made, "consent")["aurevoir_contact_until"] == date(2028, 5, 1)


def test_an_opt_out_takes_the_last_day_away() -> None:
    made = parted(REASON, consented(), out=True)
    assert values(made, "consent")["aurevoir_contact_until"] is None


def test_a_tick_in_the_crm_is_a_word_like_any_other() -> None:
    off = event(Kind.CONSENTED, START + 2 * DAY, person="11", stay=False, where="crm")
    assert joined(parted(REASON, consented(), off)) == []
    assert joined(parted(REASON, off, consented(at=START + 3 * DAY))) == ["Alumni: budget"]
    no = event(Kind.OPTED_OUT, START + DAY, person="11", where="survey")
    on = event(Kind.CONSENTED, START + 2 * DAY, person="11", stay=True, where="crm")
    assert joined(parted(REASON, no, on)) == ["Alumni: budget"]


def test_a_word_about_references_makes_no_yes_younger() -> None:
    named = event(Kind.CONSENTED, START + 60 * DAY, person="11", reference=True, where="crm")
    made = parted(REASON, consented(), named)
    record = values(made, "consent")
    assert record["aurevoir_contact_until"] == date(2028, 3, 3)
    assert record["aurevoir_reference_ok"] is True
    first = folded(named)
    assert (first.stay, first.reference) == (None, True)
    off = event(Kind.CONSENTED, START + 61 * DAY, person="11", reference=False, where="crm")
    assert folded(off, first).reference is False


def _ticked(own: dict[str, Value], at: datetime = GONE) -> Plan:
    return planned(happened(REASON), at, world(person(own=own), contract_end=END))


def test_a_box_from_before_we_looked_counts_from_the_opening_and_no_longer_than_the_record() -> (
    None
):
    made = _ticked({"stay_in_touch": True})
    assert joined(made) == ["Alumni: budget"]
    assert values(made, "consent")["aurevoir_contact_until"] == date(2028, 3, 2)
    held_until = {"stay_in_touch": True, "contact_until": date(2026, 5, 31)}
    assert values(_ticked(held_until), "consent")["aurevoir_contact_until"] == date(2026, 5, 31)
    over = _ticked(held_until, datetime(2026, 6, 1, 12, tzinfo=UTC))
    assert joined(over) == []
    assert values(over, "consent")["aurevoir_stay_in_touch"] is False


def test_nothing_is_written_about_people_who_never_said_anything() -> None:
    assert wants(_ticked({"stay_in_touch": False}), "consent") == []
    # But a basis that is on the record and no longer true is put right.
    made = _ticked({"contact_basis": "consent"})
    assert values(made, "consent")["aurevoir_contact_basis"] == "none"


def test_a_yes_from_another_departure_is_on_the_record_of_an_alumnus() -> None:
    will = {"11": Will(consent=Consent(at=START - 30 * DAY, stay=True))}
    around = world(person(), contract_end=END, wills=will)
    assert wants(planned(happened(REASON), START + 5 * DAY, around), "consent") == []
    made = planned(happened(REASON), GONE, around)
    assert values(made, "consent")["aurevoir_contact_until"] == date(2028, 1, 31)


SOFT = """
consent:
  consumers: {plan: [personal]}
  rules: {alumni_uk_soft_opt_in: {active: true}}
"""


#: Whom it is for the CRM says itself.
_SOFT_ONLY = SOFT.replace("consumers: {plan: [personal]}", "")


def _silent(
    mapping: str, *events: Event, private_person: bool | None = None, **facts: Value
) -> Plan:
    around = world(person(), mapping=mapping, contract_end=END)
    customer = replace(around.customer, more=facts, private_person=private_person)
    around = replace(around, customer=customer)
    return plan(happened(REASON, *events), around, book(mapping), watch(mapping), GONE)


def test_a_rule_that_is_switched_on_makes_alumni_of_silent_people_until_its_last_day() -> None:
    assert joined(_silent(SOFT)) == []
    made = _silent(SOFT, plan="personal")
    assert joined(made) == ["Alumni: budget"]
    private = _silent(_SOFT_ONLY, private_person=True)
    assert (joined(private), joined(_silent(_SOFT_ONLY))) == (["Alumni: budget"], [])
    record = values(made, "consent")
    assert record["aurevoir_contact_basis"] == "soft_opt_in"
    assert record["aurevoir_contact_until"] == date(2028, 4, 30)
    assert "aurevoir_stay_in_touch" not in record
    yes = consented()
    no = event(Kind.CONSENTED, START + 2 * DAY, person="11", stay=False, where="crm")
    made = _silent(SOFT, yes, no, plan="personal")
    assert (joined(made), held(made, "alumni")) == ([], ["said no on 4 March 2026"])
