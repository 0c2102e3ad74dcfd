"""A case is what its events make of it."""

from __future__ import annotations

import pytest

from sync.case import fold
from sync.model import Kind
from tests.unit.sync.goodbye import CUSTOMER, DAY, HOUR, KEY, START, event, happened, opening, said


def test_it_begins_with_its_opening_and_has_one() -> None:
    with pytest.raises(ValueError, match="does not begin with its opening"):
        fold(KEY, CUSTOMER, [said(START, "decision", "let_go")])
    with pytest.raises(ValueError, match="is opened twice"):
        fold(KEY, CUSTOMER, [opening(), opening()])


def test_the_newest_saying_counts_and_the_first_sending() -> None:
    sent = {"step": "survey", "person": "11"}
    case = happened(
        said(START + HOUR, "reason_csm", "price"),
        said(START + DAY, "reason_csm", "trust"),
        event(Kind.SENT, START + DAY, **sent),
        event(Kind.SENT, START + 2 * DAY, **sent),
    )
    assert case.said["reason_csm"].value == "trust"
    assert case.sent == {("survey", "11"): START + DAY}


def test_a_task_that_is_opened_again_is_not_done() -> None:
    one = {"step": "acknowledge", "key": f"{KEY}:acknowledge"}
    done = event(Kind.DONE, START + HOUR, **one)
    assert happened(done).done == {"acknowledge": f"{KEY}:acknowledge"}
    assert happened(done, event(Kind.UNDONE, START + DAY, **one)).done == {}


def test_coming_back_settled_starts_a_new_round_and_forgets_the_decision() -> None:
    left = event(Kind.LEFT, START + DAY, stage="active", settled=True, departs_on="2026-05-01")
    again = {"stage": "churning", "phase": "notice", "settled": True}
    case = happened(
        said(START + HOUR, "decision", "try_to_keep"),
        said(START + HOUR, "reason_csm", "price"),
        left,
        event(Kind.REOPENED, START + 3 * DAY, **again),
        event(Kind.LEFT, START + 9 * DAY, stage="active", settled=True, departs_on="2026-06-01"),
    )
    assert (case.occurrence, case.entered_at) == (2, START + 3 * DAY)
    assert case.said.keys() == {"reason_csm"}


def test_a_reference_is_taken_back_only_by_who_gave_one() -> None:
    def consented(reference: bool) -> dict[str, object]:
        return {"person": "11", "stay": True, "reference": reference}

    no = event(Kind.CONSENTED, START, **consented(False))
    yes = event(Kind.CONSENTED, START + HOUR, **consented(True))
    later = event(Kind.CONSENTED, START + DAY, **consented(False))
    assert happened(no).consents["11"].reference is None
    assert happened(no, yes, later).consents["11"].reference is False
