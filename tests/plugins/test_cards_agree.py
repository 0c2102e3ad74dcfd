"""The sandbox's page reads as the plugins' cards do, on the cases that all three are shown.

Salesforce's components and HubSpot's are held against the same files by Jest and vitest.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from integrations.sandbox.desk import Contact, Happening, Line, Sheet
from integrations.sandbox.pages.card import Card, card
from integrations.sandbox.pages.frame import templates
from integrations.sandbox.pages.wording import day
from mappings.loader import load_text
from mappings.rows import Row
from tests.sandbox.browser import Element, parsed

CASES = Path(__file__).parent / "cases"
CASE = json.loads((CASES / "card.json").read_text(encoding="utf-8"))
CONSENT = json.loads((CASES / "consent.json").read_text(encoding="utf-8"))
SAYS, STATES = CASE["says"], CASE["states"]
NOW = datetime.fromisoformat(CASE["now"])
CRMS = ("hubspot", "salesforce")
PAGE = (
    '{% from "card.html" import off_boarding with context %}'
    '{{ off_boarding(card, {"to": "/customers/1", "by": "7", "preview": ""}) }}'
)


def shown_as(told: Any) -> Any:
    """With its days as the page writes them: Fri 20 Mar 2026."""
    text = re.sub(
        r"\d{4}-\d\d-\d\d", lambda at: day(datetime.fromisoformat(at[0])), json.dumps(told)
    )
    return json.loads(text)


def lines(crm: str, rows: Mapping[str, Row], given: Mapping[str, Any]) -> tuple[Line, ...]:
    """Fields as a CRM has them: every one of ours, some of them filled."""
    return tuple(
        Line(
            name=row.names[crm],
            label=row.label,
            value=str(given.get(key) or "").replace("True", "true"),
            options=tuple(row.values.items()),
            many=row.type.value == "choices",
            editable=row.set_by_people,
        )
        for key, row in rows.items()
    )


def tasks(crm: str) -> Iterator[Happening]:
    rows = load_text("", crm=crm).rows.task
    departments = rows["department"].values
    for one in CASE["tasks"]:
        added = {**one, "key": f"{CASE['customer']['case']}:{one['step']}"}
        yield Happening(
            kind="task",
            id=one["step"],
            at=NOW,
            title=one["title"],
            who=one["owner"] or "",
            due=one["due"] and datetime.fromisoformat(f"{one['due']}T16:00:00+00:00"),
            done=bool(one["done_on"]),
            done_at=one["done_on"] and datetime.fromisoformat(f"{one['done_on']}T12:00:00+00:00"),
            department=departments.get(one["department"], ""),
            added={
                row.names[crm]: str(value).lower() if isinstance(value, bool) else value
                for key, row in rows.items()
                if (value := added.get(key)) is not None
            },
        )


def people(crm: str) -> Iterator[Contact]:
    rows = load_text("", crm=crm).rows.person
    for number, one in enumerate(CASE["people"]):
        yield Contact(
            id=str(number),
            name=one["name"],
            email="",
            lines=lines(crm, rows, one),
            opted_out=one.get("opted_out", False),
        )


def sheet(crm: str, *, blank: bool = False, **over: str) -> Sheet:
    rows = load_text("", crm=crm).rows.customer
    given = over if blank else {**CASE["customer"], **over}
    return Sheet(
        id="1",
        name="Copper Finch",
        lines=lines(crm, rows, given),
        contacts=() if blank else tuple(people(crm)),
        timeline=() if blank else tuple(tasks(crm)),
    )


def rendered(found: Card | None) -> Element:
    assert found is not None
    text = templates().from_string(PAGE).render(card=found, crm_title="HubSpot")
    return parsed(text).one("section", id="card")


def words(element: Element) -> str:
    """A line's parts, without its button and what is there for a screen reader alone."""
    parts = [
        one.text
        for one in element
        if one.tag in ("span", "b", "p")
        and not any(isinstance(child, Element) for child in one.children)
        and one.attributes.get("class") != "hidden"
    ]
    return " | ".join(parts)


def facts_of(element: Element) -> list[list[str]]:
    """Labels and values, each pair once."""
    return [
        [label.text, value.text]
        for label, value in zip(element.all("dt"), element.all("dd"), strict=True)
    ]


@pytest.mark.parametrize("crm", CRMS)
def test_it_reads_as_it_does_everywhere(crm: str) -> None:
    root = rendered(card(sheet(crm), NOW))
    assert root.one("h2").text == SAYS["title"]
    (phases,) = root.all("ol")
    assert [one.text for one in phases.all("li")] == SAYS["phases"]
    assert root.one("li", aria_current="step").text == SAYS["phase"]
    assert root.one("div", class_="progress").one("span").text == SAYS["progress"]
    (standing,) = [one for one in root.all("dl") if one.attributes.get("class") == "facts"]
    assert facts_of(standing) == shown_as(SAYS["facts"])
    edited = root.one("div", class_="edited")
    assert [one.text for one in edited.all("summary")] == SAYS["edited"]
    promises = root.one("section", id="card-promises")
    kept = promises.all("p")[0].text
    assert [kept, *map(words, promises.all("li"))] == shown_as(SAYS["promises"])
    checklist = root.one("section", id="card-checklist").all("summary", "li")
    listed = [one.text if one.tag == "summary" else words(one) for one in checklist]
    assert listed == shown_as(SAYS["checklist"])
    feedback = root.one("section", id="card-feedback")
    assert SAYS["unconfirmed"] in feedback.text
    assert facts_of(feedback) == shown_as(SAYS["feedback"])
    persons = root.one("section", id="card-people").all("li")
    assert [words(one) for one in persons] == shown_as(SAYS["people"])


@pytest.mark.parametrize("crm", CRMS)
@pytest.mark.parametrize("state", ["empty", "loading", "no_access", "error"])
def test_it_says_in_every_state_what_is_said_everywhere(crm: str, state: str) -> None:
    given = sheet(crm, blank=True) if state == "empty" else sheet(crm)
    root = rendered(card(given, NOW, preview=state))
    assert [one.text for one in root.all("p")] == STATES[state]
    assert root.all("ol", "details", "form") == []


@pytest.mark.parametrize("crm", CRMS)
def test_an_off_boarding_can_be_started(crm: str) -> None:
    (row,) = load_text("", crm=crm).rows.watched.values()
    (stage,) = lines(crm, {"stage": row}, {"stage": "active"})
    root = rendered(card(sheet(crm, blank=True), NOW, stage=stage))
    assert root.one("summary").text == SAYS["start"]
    assert root.one("select").attributes["name"] == f"set:{stage.name}"
    locked = card(sheet(crm, blank=True), NOW, stage=replace(stage, editable=False))
    assert rendered(locked).all("form") == []


@pytest.mark.parametrize("crm", CRMS)
@pytest.mark.parametrize("status", ["saved", "returned"])
def test_it_says_that_the_goodbye_is_over(crm: str, status: str) -> None:
    given = sheet(crm, status=status, **{f"{status}_on": "2026-03-12"})
    root = rendered(card(given, NOW))
    assert shown_as(STATES[status])[0] in root.text
    assert root.all("ol") == []


@pytest.mark.parametrize("crm", CRMS)
def test_it_says_of_each_part_that_there_is_nothing(crm: str) -> None:
    root = rendered(card(sheet(crm, blank=True, status="notice", case="a"), NOW))
    for said in STATES["blank"]:
        assert said in root.text


@pytest.mark.parametrize("crm", CRMS)
@pytest.mark.parametrize("case", CONSENT, ids=[case["name"] for case in CONSENT])
def test_consent(crm: str, case: dict[str, Any]) -> None:
    given = {"contact_basis": case["basis"], "contact_until": case["until"]}
    ada = Contact(
        id="2",
        name="Ada Finch",
        email="",
        lines=lines(crm, load_text("", crm=crm).rows.person, given),
        opted_out=case.get("opted_out", False),
    )
    found = card(replace(sheet(crm), contacts=(ada,)), NOW)
    assert found is not None
    (person,) = found.people
    assert (person.consent, person.tone) == (shown_as(case["says"]), case["tone"])
