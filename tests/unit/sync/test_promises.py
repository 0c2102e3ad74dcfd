"""A promise that is about to be missed becomes somebody else's task."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from sync.model import Event, Kind
from sync.promises import promises
from sync.proof import written
from tests.unit.sync.goodbye import (
    DAY,
    KEY,
    START,
    event,
    happened,
    held,
    planned,
    said,
    tasks,
    wants,
    world,
)

ENTERPRISE = "playbooks: [{use: enterprise}]"
#: Good Friday; the export is promised for Thursday the 26th of March, its warning for the 24th.
LAST = date(2026, 4, 3)
AROUND = world(mapping=ENTERPRISE, contract_end=LAST)
BEFORE, AFTER = START + 22 * DAY, START + 24.5 * DAY


def test_the_warning_comes_shortly_before_the_day_and_says_whose_promise_it_is() -> None:
    case = happened(phase="leaving")
    early = planned(case, BEFORE, AROUND, ENTERPRISE)
    assert "warn_hand_over_data" not in tasks(early)
    assert held(early, "warn_hand_over_data") == ["its time has not come"]
    late = tasks(planned(case, AFTER, AROUND, ENTERPRISE))
    warning = late["warn_hand_over_data"]
    assert warning.subject.startswith("At risk: Hand Alder & Quill")
    assert "Promised for 26 March 2026" in warning.body
    assert warning.due == late["hand_over_data"].due
    assert warning.department == "leadership"
    assert not warning.promise


def test_the_plan_wakes_for_the_warning() -> None:
    case = happened(phase="leaving")
    wake = planned(case, BEFORE, AROUND, ENTERPRISE).wake_at
    assert wake is not None
    assert wake <= AFTER


def test_a_promise_that_was_kept_needs_no_warning() -> None:
    done = event(Kind.DONE, BEFORE, step="hand_over_data", key=f"{KEY}:hand_over_data")
    made = tasks(planned(happened(done, phase="leaving"), AFTER, AROUND, ENTERPRISE))
    assert "hand_over_data" in made
    assert "warn_hand_over_data" not in made


def test_a_warning_that_is_over_says_why() -> None:
    warned = event(
        Kind.APPEARED, AFTER, step="warn_hand_over_data", key=f"{KEY}:warn_hand_over_data"
    )
    done = event(Kind.DONE, AFTER, step="hand_over_data", key=f"{KEY}:hand_over_data")
    made = planned(happened(warned, done, phase="leaving"), AFTER, AROUND, ENTERPRISE)
    assert held(made, "warn_hand_over_data") == ["it is done"]
    left = event(Kind.LEFT, BEFORE, stage="active", settled=True, departs_on=LAST.isoformat())
    made = planned(happened(warned, left, phase="leaving"), AFTER, AROUND, ENTERPRISE)
    assert held(made, "warn_hand_over_data") == ["the customer has stayed"]


def test_a_later_day_of_departure_moves_the_warning_too() -> None:
    moved = said(BEFORE, "departs_on", "2026-06-05")
    made = planned(happened(moved, phase="leaving"), AFTER, AROUND, ENTERPRISE)
    assert "warn_hand_over_data" not in tasks(made)


def test_an_offer_waits_for_the_decision_and_for_its_approval() -> None:
    case = happened(said(START + DAY, "reason_csm", "price"))
    assert "choose_offer" not in tasks(planned(case, START + 2 * DAY, AROUND, ENTERPRISE))
    keep = said(START + DAY, "decision", "try_to_keep")
    case = happened(said(START + DAY, "reason_csm", "price"), keep)
    made = planned(case, START + 2 * DAY, AROUND, ENTERPRISE)
    assert "a smaller plan until" in tasks(made)["choose_offer"].body
    assert held(made, "approve_offer") == ["waits for choose_offer"]


def states(at: datetime, *events: Event) -> dict[str, str]:
    case = happened(*events, phase="leaving")
    made = planned(case, at, AROUND, ENTERPRISE)
    found = promises(made, case, AROUND.calendar, at)
    return {one.step: one.state for one in found}


def test_a_promise_is_due_then_at_risk_then_broken() -> None:
    assert states(BEFORE)["hand_over_data"] == "due"
    assert states(AFTER)["hand_over_data"] == "at risk"
    assert states(START + 26 * DAY)["hand_over_data"] == "broken"
    assert states(START + 26 * DAY)["certificate"] == "due"


def test_a_promise_is_kept_in_time_or_late() -> None:
    for at, state in ((BEFORE, "kept"), (START + 26 * DAY, "kept late")):
        done = replace(proved("hand_over_data", "w1"), at=at)
        undone = event(Kind.UNDONE, at, step="hand_over_data", key=f"{KEY}:hand_over_data")
        assert states(START + 27 * DAY, done)["hand_over_data"] == state
        assert states(START + 27 * DAY, done, undone)["hand_over_data"] == "broken"


def test_a_promise_to_who_stays_is_waived_and_says_why() -> None:
    left = event(Kind.LEFT, BEFORE, stage="active", settled=True, departs_on=LAST.isoformat())
    case = happened(left, phase="leaving")
    made = planned(case, AFTER, AROUND, ENTERPRISE)
    found = promises(made, case, AROUND.calendar, AFTER)
    assert {(one.state, one.why) for one in found} == {("waived", "the customer has stayed")}
    assert [one.day for one in found] == sorted(one.day for one in found)


def test_what_was_broken_before_they_came_back_stays_broken() -> None:
    kept = event(Kind.DONE, START + 20 * DAY, step="hand_over_data", key=f"{KEY}:hand_over_data")
    back = START + 40 * DAY
    left = event(Kind.LEFT, back, stage="active", settled=True, departs_on=LAST.isoformat())
    case = happened(kept, left, phase="leaving")
    made = planned(case, back + DAY, AROUND, ENTERPRISE)
    found = {one.step: one.state for one in promises(made, case, AROUND.calendar, back + DAY)}
    assert made.status == "returned"
    assert (found["hand_over_data"], found["final_invoice"], found["certificate"]) == (
        "kept, without evidence",
        "broken",
        "waived",
    )
    (note,) = wants(made, "feedback")
    assert "final invoice and stop the renewal: not done, promised for" in note.item.body  # type: ignore[union-attr]
    assert "certificate" not in note.item.body  # type: ignore[union-attr]
    assert "final_invoice" not in tasks(made)


DONE = START + 22 * DAY


def proved(step: str, proof: str | None) -> Event:
    data = {"evidence": proof} if proof else {}
    return event(Kind.DONE, DONE, step=step, key=f"{KEY}:{step}", **data)


def test_a_promise_kept_without_evidence_is_asked_for_it_once() -> None:
    kept = proved("hand_over_data", None)
    assert states(DONE, kept)["hand_over_data"] == "kept, without evidence"
    ask = tasks(planned(happened(kept, phase="leaving"), DONE, AROUND, ENTERPRISE))
    asked = ask["evidence_hand_over_data"]
    assert asked.subject.startswith("Add the evidence: Hand Alder & Quill")
    assert (asked.department, asked.body.splitlines()[-1]) == ("it", "Evidence:")
    later = proved("evidence_hand_over_data", "w1")
    assert states(DONE, kept, later)["hand_over_data"] == "kept"
    without = proved("evidence_hand_over_data", None)
    made = planned(happened(kept, without, phase="leaving"), DONE, AROUND, ENTERPRISE)
    assert {w.key for w in made.wants if w.step == "evidence_hand_over_data"} == {
        f"{KEY}:evidence_hand_over_data"
    }


def test_evidence_is_told_and_gone_once_the_task_is_open_again() -> None:
    kept = proved("hand_over_data", "w1")
    case = happened(kept, phase="leaving")
    made = planned(case, DONE, AROUND, ENTERPRISE)
    assert "evidence_hand_over_data" not in tasks(made)
    found = promises(made, case, AROUND.calendar, DONE, {"w1": "Mail of Pat"})
    assert {one.step: one.evidence for one in found}["hand_over_data"] == "Mail of Pat"
    undone = event(Kind.UNDONE, DONE, step="hand_over_data", key=f"{KEY}:hand_over_data")
    assert happened(kept, undone, phase="leaving").proofs == {}


@pytest.mark.parametrize(
    ("body", "proof"),
    [
        ("Do: send it.\n\nEvidence:", ""),
        ("Do: send it.\n\nEvidence: INV-7", "INV-7"),
        ("Do: send it.\n\nEvidence:\nINV-7\nand INV-8 ", "INV-7\nand INV-8"),
        ("evidence:  by mail of Pat", "by mail of Pat"),
        ("INV-7", ""),
        ("", ""),
    ],
)
def test_the_proof_is_what_people_wrote_behind_the_line(body: str, proof: str) -> None:
    assert written(body, "Do: send it.\n\nEvidence:") == proof


def test_what_stood_behind_the_line_before_is_no_proof() -> None:
    ours = "Evidence: the number of the invoice"
    assert written(ours, ours) == ""
    assert written(f"{ours}: INV-7", ours) == ": INV-7"
