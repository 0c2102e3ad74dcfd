"""A case under another playbook: what is renamed goes on, what is new is new."""

from __future__ import annotations

from typing import Any

import pytest

from integrations.contract import Mail, Note, Task, Value
from mappings.playbook import Letters, Playbook
from sync.case import after
from sync.model import Case, Event, Kind
from sync.move import Move, move, names, replanned
from sync.outbox import Entry, State, difference
from sync.plan import plan
from sync.promises import promises
from sync.reconcile import EDITED
from tests.unit.sync.goodbye import DAY, KEY, START, event, happened, person, wants, watch, world

NOW = START + DAY


def book(**steps: dict[str, Any]) -> Playbook:
    plain: dict[str, Any] = {
        "phase": "notice",
        "role": "customer_success",
        "due": "opened + 1 day",
    }
    said = {name: {**plain, "task": name.replace("_", " "), **step} for name, step in steps.items()}
    context = {"role": ["customer_success", "billing"], "words": {"customer": set()}, "fact": []}
    return Playbook.model_validate({"name": "mine", "steps": said}, context=context)


OLD = book(call={}, bill={})


def under(case: Case, playbook: Playbook) -> dict[str, tuple[str, bool]]:
    """By step: the key of its task, and whether it is wanted with that name in the CRM."""
    made = plan(case, world(), playbook, watch(), NOW)
    return {
        want.step: (want.key.split(":", 1)[1], want.item.step == want.step)
        for want in made.wants
        if isinstance(want.item, Task) and want.step in playbook.steps
    }


def moved(case: Case, old: Playbook, new: Playbook) -> Case:
    return after(case, replanned(case, old, new, "b2", at=NOW))


def done(step: str, name: str = "") -> Event:
    return event(Kind.DONE, NOW, step=step, key=f"{KEY}:{name or step}")


def test_a_renamed_step_goes_on_under_its_key() -> None:
    new = book(talk={"was": "call"}, bill={})
    case = moved(happened(), OLD, new)
    assert case.playbook == "b2"
    assert under(case, new) == {"talk": ("call", True), "bill": ("bill", True)}


def test_what_is_done_stays_done_under_the_new_name() -> None:
    new = book(talk={"was": "call"}, send={"after": "talk"})
    case = moved(happened(done("call")), OLD, new)
    assert case.done == {"talk": f"{KEY}:call"}
    assert under(case, new) == {"talk": ("call", True), "send": ("send", True)}


def test_what_is_ticked_off_or_opened_again_after_the_move_counts() -> None:
    """The ledger's line may have the old name, or the new one."""
    new = book(talk={"was": "call"})
    case = moved(happened(), OLD, new)
    for step in ("call", "talk"):
        ticked = after(case, done(step, "call"))
        assert ticked.done == {"talk": f"{KEY}:call"}
        again = after(ticked, event(Kind.UNDONE, NOW, step=step, key=f"{KEY}:call"))
        assert again.done == {}


def test_what_a_person_deleted_stays_deleted_under_the_new_name() -> None:
    new = book(talk={"was": "call"})
    gone = event(Kind.REMOVED, NOW, step="call", key=f"{KEY}:call")
    assert under(moved(happened(gone), OLD, new), new) == {}


def test_names_are_followed_through_several_moves() -> None:
    second = book(talk={"was": "call"}, bill={})
    third = book(meet={"was": ["talk", "call"]}, bill={})
    by_two = moved(moved(happened(done("call")), OLD, second), second, third)
    at_once = moved(happened(done("call")), OLD, third)
    skipped = moved(
        moved(happened(done("call")), OLD, second), second, book(meet={"was": "call"}, bill={})
    )
    back = moved(by_two, third, OLD)
    assert by_two.done == at_once.done == skipped.done == {"meet": f"{KEY}:call"}
    assert (back.done, back.names) == ({"call": f"{KEY}:call"}, {})


def test_a_name_that_is_free_again_gets_keys_of_its_own() -> None:
    second = book(talk={"was": "call"}, bill={})
    third = book(talk={}, call={}, bill={})
    case = moved(moved(happened(done("call")), OLD, second), second, third)
    keys = under(case, third)
    assert keys == {"talk": ("call", True), "call": ("call_2", True), "bill": ("bill", True)}
    assert after(case, done("call", "call_2")).done["call"] == f"{KEY}:call_2"


def test_a_step_that_was_done_and_taken_out_is_known_when_it_comes_back_renamed() -> None:
    second, third = book(bill={}), book(bill={}, talk={"was": "call"})
    case = moved(moved(happened(done("call")), OLD, second), second, third)
    assert case.done == {"talk": f"{KEY}:call"}


def test_what_goes_with_a_step_keeps_its_key_too() -> None:
    new = book(talk={"was": "call"})
    assert names(happened(), book(call={}), new) == {
        "talk": "call",
        "warn_talk": "warn_call",
        "evidence_talk": "evidence_call",
        "letter_talk": "letter_call",
        "letter_talk_note": "letter_call_note",
    }


PROMISED = {"promise": True, "evidence": True, "contact": True}


def test_what_was_promised_is_kept_with_its_proof_under_the_new_name() -> None:
    old, new = book(call=PROMISED, bill={}), book(talk={"was": "call", **PROMISED}, bill={})
    proved = event(Kind.DONE, NOW, step="call", key=f"{KEY}:call", evidence="w1")
    case = moved(happened(proved), old, new)
    made = plan(case, world(words={"w1": "INV-7"}), new, watch(), NOW)
    (promise,) = promises(made, case, world().calendar, NOW, {"w1": "INV-7"})
    assert (promise.step, promise.state, promise.evidence) == ("talk", "kept", "INV-7")
    assert "evidence_talk" not in {want.step for want in made.wants}
    left = event(Kind.LEFT, NOW + DAY, stage="active", settled=True, departs_on="2026-04-01")
    stayed = plan(after(case, left), world(person()), new, watch(), NOW + 2 * DAY)
    (note,) = wants(stayed, "feedback")
    assert isinstance(note.item, Note)
    assert "talk: done on 3 March 2026" in note.item.body


def test_who_asks_for_the_proof_goes_on_asking_once() -> None:
    old, new = book(call=PROMISED, bill={}), book(talk={"was": "call", **PROMISED}, bill={})
    case = moved(happened(done("call")), old, new)
    made = plan(case, world(), new, watch(), NOW)
    assert [want.key for want in made.wants if want.step == "evidence_talk"] == [
        f"{KEY}:evidence_call"
    ]
    proof = event(Kind.DONE, NOW, step="evidence_call", key=f"{KEY}:evidence_call", evidence="w1")
    case = moved(happened(done("call"), proof), old, new)
    (promise,) = promises(plan(case, world(), new, watch(), NOW), case, world().calendar, NOW)
    assert promise.state == "kept"


@pytest.mark.parametrize("kind", [Kind.SENT, Kind.MAYBE_SENT])
@pytest.mark.parametrize("late", [False, True])
def test_a_letter_goes_out_once_whatever_its_step_is_called(kind: Kind, late: bool) -> None:
    mailing = {"letters": Letters(through="email")}
    letter = {"letter": "acknowledgement", "required": False}
    old = book(call=letter).model_copy(update=mailing)
    new = book(talk={"was": "call", **letter}).model_copy(update=mailing)
    around = world(person(), mapping="survey: {send: {through: email}}")

    def mailed(case: Case, playbook: Playbook) -> list[str]:
        made = plan(case, around, playbook, watch(), NOW)
        mails = [want for want in made.wants if isinstance(want.item, Mail)]
        return [want.key for want in mails if want.step.startswith("letter_")]

    assert mailed(happened(), old) == [f"{KEY}:letter_call:11"]
    assert mailed(moved(happened(), old, new), new) == [f"{KEY}:letter_call:11"]
    sent = event(kind, NOW, step="letter_call", person="11")
    case = moved(happened(), old, new)
    case = after(case, sent) if late else moved(happened(sent), old, new)
    assert mailed(case, new) == []


def ledger(case: Case, playbook: Playbook) -> dict[str, Entry]:
    """The lines once everything that is wanted is in the CRM."""
    made = plan(case, world(), playbook, watch(), NOW)
    fresh = difference(case.key, made.wants, {}, {})
    return {one.key: one.taken(one.wanted, {}, id=one.key) for one in fresh}


def changes(case: Case, entries: dict[str, Entry], new: Playbook) -> Move:
    return move(case, world(), watch(), entries, old=OLD, new=new, hash="b2", now=NOW)


def does(found: Move) -> set[tuple[str, str]]:
    return {(one.does, one.step) for one in found.changes if one.kind == "task"}


def test_a_move_shows_what_it_adds_closes_and_changes() -> None:
    new = book(talk={"was": "call", "task": "call"}, send={}, later={"phase": "departed"})
    found = changes(happened(), ledger(happened(), OLD), new)
    assert does(found) == {("change", "talk"), ("close", "bill"), ("add", "send")}
    renamed = next(one for one in found.changes if one.step == "talk")
    assert renamed.values == {"step": ("call", "talk")}
    assert dict(found.renamed) == {"talk": "call"}
    assert [(one.step, one.reason) for one in found.later] == [
        ("later", "waits for the last day, 1 April 2026")
    ]


def test_the_same_playbook_changes_nothing_and_what_is_under_way_anyway_is_not_shown() -> None:
    case = happened()
    assert changes(case, ledger(case, OLD), OLD) == Move(renamed={}, changes=(), later=())
    assert does(changes(case, {}, OLD)) == set()


def test_what_never_went_out_is_dropped() -> None:
    found = changes(happened(), {}, book(call={}))
    assert does(found) == {("drop", "bill")}


def test_what_a_person_finished_or_edited_stays_theirs() -> None:
    case = happened(done("bill"))
    entries = ledger(happened(), OLD)
    bill, call = entries[f"{KEY}:bill"], entries[f"{KEY}:call"]
    entries[bill.key] = Entry(**{**_fields(bill), "state": State.DONE})
    entries[call.key] = Entry(**{**_fields(call), "kept": {"due": EDITED}})
    found = changes(case, entries, book(call={"due": "opened + 3 days"}))
    assert does(found) == set()


def _fields(entry: Entry) -> dict[str, Value | Any]:
    return {name: getattr(entry, name) for name in entry.__dataclass_fields__}
