"""Who is asked, by what they are to the customer: roles of contacts, labels of associations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from integrations.sandbox.seed import Person, Seed
from sync.verify import verify
from tests.acceptance.office import CRMS, DAY, Office, office, staff

ROLE = "Decision Maker"
ASK: dict[str, Any] = {
    "people": {"relation": True},
    "survey": {"use": "exit", "send": {"after": "1 day"}, "ask": {"roles": [ROLE], "at_most": 1}},
}
DATA = "/services/data/v62.0"
LABELS = "/crm/associations/2026-09/companies/contacts/labels"


def two_each() -> Seed:
    """Of the two at each customer the second decides."""
    few = staff()
    customers = tuple(
        replace(
            one,
            people=tuple(
                Person(first=first, last="Of", email=f"{first.lower()}@{one.ref.lower()}.example")
                for first in ("Amy", "Bob")
            ),
        )
        for one in few.customers
    )
    return replace(few, customers=customers)


@pytest.fixture(params=CRMS)
def here(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    options = {"several_accounts": True} if request.param == "salesforce" else {}
    with office(request.param, tmp_path, people=two_each(), options=options) as opened:
        opened.configure(**ASK)
        for number in (1, 2):
            decides(opened, number, people(opened, number)["Bob Of"])
        opened.run()
        yield opened


def people(here: Office, number: int) -> dict[str, str]:
    with here.stage.sandbox.world.lock:
        sheet = here.stage.desk(here.crm).customer(here.customer(number))
    assert sheet is not None
    return {contact.name: contact.id for contact in sheet.contacts}


def decides(here: Office, number: int, person: str) -> None:
    """Somebody says so in the CRM."""
    if here.crm == "salesforce":
        where = f"AccountId = '{here.customer(number)}' AND ContactId = '{person}'"
        soql = f"SELECT Id FROM AccountContactRelation WHERE {where}"
        (row,) = here.ask("GET", f"{DATA}/query", q=soql)["records"]
        place = f"{DATA}/sobjects/AccountContactRelation/{row['Id']}"
        here.ask("PATCH", place, {"Roles": ROLE})
        return
    named = [one for one in here.ask("GET", LABELS)["results"] if one["label"] == ROLE]
    if not named:
        here.ask("POST", LABELS, {"name": "decides", "label": ROLE})
        named = [one for one in here.ask("GET", LABELS)["results"] if one["label"] == ROLE]
    type = {"associationCategory": "USER_DEFINED", "associationTypeId": named[0]["typeId"]}
    company = f"/crm/objects/2026-09/companies/{here.customer(number)}"
    here.ask("PUT", f"{company}/associations/contacts/{person}", [type])


def asked(here: Office, number: int) -> set[str]:
    """The people whose record says that they were asked."""
    status = here.service.places("person")["survey_status"].field
    ids = people(here, number)
    read = here.service.crm.read(here.service.programme.people.object, ids.values(), (status,))
    return {name for name, id in ids.items() if read[id].fields[status]}


def test_who_decides_is_asked_and_nobody_else(here: Office) -> None:
    here.leaves(1)
    here.leaves(3)
    here.wait(DAY)
    here.run()
    assert asked(here, 1) == {"Bob Of"}
    # Where nobody has the role anybody with an address is asked.
    assert asked(here, 3) == {"Amy Of"}
    found = verify(here.service)
    assert (found.missing, found.extra) == ([], [])


def test_a_change_of_the_person_does_not_change_what_they_are(here: Office) -> None:
    here.leaves(2)
    here.wait(DAY)
    here.run()
    assert asked(here, 2) == {"Bob Of"}
    bob, first = people(here, 2)["Bob Of"], here.service.programme.people.first_name
    by, object = here.stage.colleague(here.crm), here.service.programme.people.object
    here.stage.desk(here.crm).edit(object, bob, first, "Rob", by=by)
    here.wait()
    here.run()
    assert asked(here, 2) == {"Rob Of"}


def test_a_customer_more_costs_no_call_more(here: Office) -> None:
    cost = []
    for numbers in ((1,), (2, 3)):
        for number in numbers:
            here.stage_to(number, "churning")
        here.wait()
        before = here.service.tally.least["roles Account"]
        here.run()
        cost.append(here.service.tally.least["roles Account"] - before)
    assert cost == ([1, 1] if here.crm == "salesforce" else [0, 0])


def test_an_org_that_keeps_no_roles_is_told_of(tmp_path: Path) -> None:
    with office("salesforce", tmp_path, people=two_each()) as here:
        here.configure(**ASK)
        here.run()
        assert "Read on AccountContactRelation" in here.shell("check").stdout
        here.leaves(1)
        here.wait(DAY)
        here.run()
        assert asked(here, 1) == {"Amy Of"}
