"""What is still to be delivered: what is wanted now minus what was taken."""

from __future__ import annotations

from dataclasses import replace

import pytest

from integrations.contract import Mail, Note
from sync.model import EVERYTHING, Membership, Want
from sync.outbox import FINAL, ON_ITS_WAY, Entry, State, difference
from sync.reconcile import EDITED, OCCUPIED
from tests.unit.sync.goodbye import CUSTOMER, HOUR, KEY, START, happened, planned

MADE = planned(happened(), START + HOUR)
(TASK,) = (want for want in MADE.wants if want.step == "acknowledge")
PERSON = replace(CUSTOMER, object="contacts", id="11")
MEMBER = Want(
    key=f"{KEY}:alumni:11", step="alumni", item=Membership(segment="Friends", person=PERSON)
)
NOTE = Want(key=f"{KEY}:note", step="note", item=Note(about=CUSTOMER, body="Left.", at=START))


def fresh(want: Want) -> Entry:
    (entry,) = difference(KEY, [want], {}, {})
    return entry


def delivered(want: Want) -> Entry:
    return fresh(want).taken({}, {}, id="1")


def after(entry: Entry, *wants: Want, **reasons: str) -> tuple[Entry, ...]:
    return difference(KEY, wants, {entry.key: entry}, reasons)


def test_what_is_new_is_pending_and_what_is_taken_is_not_repeated() -> None:
    assert fresh(TASK).state == "pending"
    assert fresh(TASK).changes == fresh(TASK).wanted
    assert after(delivered(TASK), TASK) == ()
    assert delivered(TASK).changes == {}


def test_only_what_has_changed_is_written() -> None:
    moved = replace(TASK, item=replace(TASK.item, subject="Call them"))  # type: ignore[type-var]
    (entry,) = after(delivered(TASK), moved)
    assert (entry.state, entry.changes) == ("pending", {"subject": "Call them"})


def test_a_persons_edit_is_final_and_an_occupied_field_is_tried_with_another_value() -> None:
    moved = replace(TASK, item=replace(TASK.item, subject="Call them", body="Now"))  # type: ignore[type-var]
    held = replace(delivered(TASK), kept={"subject": EDITED, "body": OCCUPIED})
    (entry,) = after(held, moved)
    assert entry.changes == {"body": "Now"}


@pytest.mark.parametrize("state", [*FINAL - {State.DROPPED}, *ON_ITS_WAY])
def test_what_is_over_or_on_its_way_is_left_alone(state: State) -> None:
    moved = replace(TASK, item=replace(TASK.item, subject="Call them"))  # type: ignore[type-var]
    entry = replace(delivered(TASK), state=state)
    assert after(entry, moved) == after(entry) == ()


def test_an_open_task_that_is_not_wanted_is_closed_with_a_word() -> None:
    (entry,) = after(delivered(TASK), acknowledge="the customer stays")
    assert entry.changes.keys() == {"done", "body"}
    assert str(entry.wanted["body"]).startswith("Closed by Aurevoir: the customer stays.")
    (entry,) = after(delivered(TASK), **{EVERYTHING: "the case is over"})
    assert str(entry.wanted["body"]).startswith("Closed by Aurevoir: the case is over.")
    assert entry.taken({}, {}).state == "closed"


def test_a_membership_ends_and_a_note_stays() -> None:
    (entry,) = after(delivered(MEMBER))
    assert entry.changes == {"present": False}
    assert after(delivered(NOTE)) == ()


def test_what_was_never_sent_is_dropped_and_may_be_wanted_again() -> None:
    (entry,) = after(fresh(TASK))
    assert (entry.state, entry.words) == ("dropped", "no longer wanted")
    (again,) = after(entry, TASK)
    assert again == fresh(TASK)


def test_mail_that_was_tried_once_is_never_another() -> None:
    mail = Mail(to=PERSON, address="pat@c.example", about=CUSTOMER, subject="Bye", body="Hello")
    want = Want(key=f"{KEY}:survey:11", step="survey", item=mail, outward=True)
    other = replace(want, item=replace(mail, body="Hello again"))
    (entry,) = after(fresh(want), other)
    assert entry.changes["body"] == "Hello again"
    assert after(replace(fresh(want), attempts=1), other) == ()
    assert after(replace(fresh(want), state=State.DROPPED), want) == ()
