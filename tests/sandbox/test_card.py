"""The off-boarding card of a customer: each of its states, from what stands on the record."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from integrations.sandbox.desk import Contact, Happening, Line, Sheet
from integrations.sandbox.pages.card import PREVIEWS, Card, card

NOW = datetime(2026, 3, 20, 9, tzinfo=UTC)
STATUSES = ("notice", "assess", "leaving", "departed", "alumni", "saved", "returned")
OPTIONS = {"status": tuple((one, one.capitalize()) for one in STATUSES)}
OPTIONS["exit_reason"] = OPTIONS["reason_customer"] = (("price", "Price"),)
FIELDS = {
    "status": "leaving",
    "case": "abcdefgh23456777",
    "progress": "40",
    "next_step": "Send the final invoice",
    "departs_on": "2026-03-31",
    "exit_reason": "price",
    "reason_customer": "price",
    "exit_words": "It grew too dear.",
    "rating_service": "5",
    "would_return": "8",
    "feedback_on": "2026-03-18",
}


def lines(spelling: str, fields: dict[str, str]) -> tuple[Line, ...]:
    """Fields as a CRM spells them: `aurevoir_{}`, or `Aurevoir_{}__c` with capitals."""
    return tuple(
        Line(
            name=spelling.format(key.title() if "__c" in spelling else key),
            label=key.replace("_", " ").capitalize(),
            value=value,
            options=OPTIONS.get(key, ()),
        )
        for key, value in fields.items()
    )


def task(title: str, step: str, **more: object) -> Happening:
    added = {
        "aurevoir_key": f"abcdefgh23456777:{step}",
        "aurevoir_department": "billing",
        "aurevoir_required": "true",
        "aurevoir_promise": "false",
    } | dict(more.pop("added", {}))  # type: ignore[call-overload]
    given = {"kind": "task", "id": step, "at": NOW, "title": title, "who": "Maurice Brunel"}
    given |= {"department": "Billing", "added": added} | more
    return Happening(**given)


TASKS = (
    task("Thank them", "thank_you", who="", department="", added={"aurevoir_department": ""}),
    task(
        "Send the final invoice",
        "final_invoice",
        due=NOW + timedelta(days=4),
        added={"aurevoir_promise": "true"},
    ),
    task(
        "Confirm the last day",
        "check_contract",
        due=NOW - timedelta(days=9),
        done=True,
        done_at=NOW - timedelta(days=10),
    ),
    task(
        "Hand over the data",
        "hand_over",
        due=NOW - timedelta(days=1),
        department="IT",
        added={"aurevoir_department": "it", "aurevoir_promise": "True"},
    ),
    task("Call them", "call", department="Customer success",
         added={"aurevoir_department": "customer_success", "aurevoir_required": "false"}),
    task("Fuel", "fuel", department="Fleet", added={"aurevoir_department": "fleet"}),
    task("Of another case", "x", added={"aurevoir_key": "qqqqqqqq22222222:x"}),
    task("Of a case like it", "y", added={"aurevoir_key": "abcdefgh23456777a:y"}),
    Happening(kind="note", id="n", at=NOW, title="Note"),
)  # fmt: skip


def sheet(spelling: str = "aurevoir_{}", people: tuple[Contact, ...] = (), **over: str) -> Sheet:
    fields = {**FIELDS, **over}
    given = lines(spelling, fields)
    return Sheet(id="1", name="Copper Finch", lines=given, contacts=people, timeline=TASKS)


def shown(given: Sheet) -> Card:
    found = card(given, NOW)
    assert found is not None
    return found


@pytest.mark.parametrize("spelling", ["aurevoir_{}", "Aurevoir_{}__c"])
def test_where_it_stands(spelling: str) -> None:
    found = shown(sheet(spelling))
    assert [label for _, label in found.phases] == [
        *("Notice", "Assess", "Leaving", "Departed", "Alumni"),
    ]
    assert (found.status, found.progress, found.end) == ("leaving", 40, "")
    assert found.next_step == "Send the final invoice"
    assert found.facts == (("Departs on", "Tue 31 Mar 2026"),)


def test_the_checklist_by_department_and_the_promises() -> None:
    found = shown(sheet())
    assert {
        department: [(item.title, item.state, item.who, item.when) for item in items]
        for department, items in found.departments.items()
    } == {
        "Customer success": [("Call them", "Open", "Maurice Brunel", "No due date")],
        "Billing": [
            ("Confirm the last day", "Done", "Maurice Brunel", "Done Tue 10 Mar 2026"),
            ("Send the final invoice", "Open", "Maurice Brunel", "Due Tue 24 Mar 2026"),
        ],
        "IT": [("Hand over the data", "Late", "Maurice Brunel", "Due Thu 19 Mar 2026")],
        "Fleet": [("Fuel", "Open", "Maurice Brunel", "No due date")],
        "": [("Thank them", "Open", "Nobody's task", "No due date")],
    }
    assert list(found.departments) == ["Customer success", "Billing", "IT", "Fleet", ""]
    assert [item.title for item in found.promises] == [
        *("Hand over the data", "Send the final invoice"),
    ]
    assert [item.title for item in found.items if item.optional] == ["Call them"]


def test_the_feedback() -> None:
    found = shown(sheet())
    assert found.unconfirmed
    assert found.feedback == (
        ("Exit reason", "Price"),
        ("Reason customer", "Price"),
        ("Exit words", "It grew too dear."),
        ("Rating service", "5 / 5"),
        ("Would return", "8 / 10"),
        ("Feedback on", "Wed 18 Mar 2026"),
    )
    assert not shown(sheet(reason_confirmed_on="2026-03-19")).unconfirmed
    assert not shown(sheet(exit_reason="", reason_customer="")).unconfirmed


@pytest.mark.parametrize(
    ("status", "field", "day", "words"),
    [
        ("saved", "saved_on", "2026-03-12", "The customer stayed, Thu 12 Mar 2026"),
        ("returned", "returned_on", "2026-03-12", "The customer came back, Thu 12 Mar 2026"),
        ("saved", "saved_on", "", "Saved"),
    ],
)
def test_the_goodbye_is_over(status: str, field: str, day: str, words: str) -> None:
    found = shown(sheet(status=status, **{field: day}))
    assert (found.end, found.phases) == (words, ())


@pytest.mark.parametrize("opted_out", [False, True])
def test_a_person(opted_out: bool) -> None:
    given = {"contact_basis": "consent", "survey_status": "sent", "stay_in_touch": "true"}
    ada = Contact(
        id="2",
        name="Ada Finch",
        email="",
        lines=lines("Aurevoir_{}__c", given),
        opted_out=opted_out,
    )
    (person,) = shown(sheet(people=(ada,))).people
    assert (person.name, person.tone) == ("Ada Finch", "bad" if opted_out else "good")
    assert (person.survey, person.stays_in_touch) == ("Survey status: sent", "Stay in touch")


def test_no_off_boarding_is_under_way() -> None:
    assert shown(sheet(status="")) == Card(state="empty")


@pytest.mark.parametrize("state", PREVIEWS)
def test_other_states_can_be_looked_at(state: str) -> None:
    assert card(sheet(), NOW, preview=state) == Card(state=state)  # type: ignore[arg-type]
    assert card(sheet(), NOW, preview="nonsense") == shown(sheet())


def test_a_hidden_field_hides_the_card() -> None:
    given = sheet("Aurevoir_{}__c")
    assert shown(replace(given, hidden=frozenset({"Other__c"}))).state == "shown"
    hidden = frozenset({"Aurevoir_Status__c"})
    assert shown(replace(given, hidden=hidden)) == Card(state="no_access")


def test_what_people_may_set() -> None:
    given = sheet(decision="open", moving_to="")
    locked = tuple(replace(one, editable=one.name != "aurevoir_departs_on") for one in given.lines)
    found = shown(replace(given, lines=locked)).edited
    assert {word: [one.line.name for one in entries] for word, entries in found.items()} == {
        "decide": ["aurevoir_decision"],
        "enter_reason": [],
        "interview": [
            f"aurevoir_{key}"
            for key in ("exit_words", "moving_to", "rating_service", "would_return")
        ],
        "move_departure": [],
    }
    (service,) = [one for one in found["interview"] if one.line.name.endswith("service")]
    assert (service.most, service.day, service.chosen) == (5, False, {"5"})


def test_a_case_without_a_key_has_no_tasks() -> None:
    assert shown(sheet(case="")).items == ()


def test_a_crm_without_our_fields_has_no_card() -> None:
    assert card(replace(sheet(), lines=()), NOW) is None
