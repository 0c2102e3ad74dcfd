"""A customer who is a person, and an account: the road from the notice to the alumni campaign."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from sync.model import Kind
from sync.verify import verify
from tests.acceptance.office import DAY, Office, office

#: A private person, a customer beside three companies.
PERSON, COMPANY = 4, 1
DATA = "/services/data/v62.0"
ROADS = {
    "playbooks": [{"use": "consumer"}],
    "survey": {"use": "exit", "send": {"through": "email", "after": "1 day"}},
}


@contextmanager
def opened(folder: Path) -> Iterator[Office]:
    folder.mkdir(exist_ok=True)
    with office("salesforce", folder, options={"person_accounts": True}, **ROADS) as here:
        welcome(here)
        here.run()
        yield here


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Office]:
    with opened(tmp_path) as office:
        yield office


def welcome(here: Office) -> None:
    """Somebody becomes a customer."""
    kind = rows(here, "SELECT Id FROM RecordType WHERE IsPersonType = true")[0]["Id"]
    like = "SELECT OwnerId, Csm__c, Contract_End_Date__c FROM Account WHERE Name = 'Customer 1'"
    same = {k: v for k, v in rows(here, like)[0].items() if k != "attributes"}
    name = {"FirstName": "Customer", "LastName": str(PERSON), "PersonEmail": "cu@home.example"}
    lives = {"PersonMailingCountry": "United Kingdom", "BillingCountry": "United Kingdom"}
    values = {"RecordTypeId": kind, "Customer_Stage__c": "active", **same, **name, **lives}
    here.ask("POST", f"{DATA}/sobjects/Account", values)


def rows(here: Office, soql: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = here.ask("GET", f"{DATA}/query", q=soql)["records"]
    return found


def both(here: Office, word: str) -> tuple[Any, Any]:
    """What the account and its contact have in one of our fields about the person."""
    name = here.service.places("person")[word].field
    mirrored = f"{name[:-1]}pc"
    where = f"WHERE Id = '{here.customer(PERSON)}'"
    (row,) = rows(here, f"SELECT {mirrored}, PersonContact.{name} FROM Account {where}")
    return row[mirrored], row["PersonContact"][name]


def contact(here: Office) -> str:
    where = f"WHERE Id = '{here.customer(PERSON)}'"
    return str(rows(here, f"SELECT PersonContactId FROM Account {where}")[0]["PersonContactId"])


def steps(here: Office, kind: Kind) -> list[str]:
    with here.service.store.reading() as tables:
        found = tables.cases.histories([row.key for row in here.cases(PERSON)], kinds=[kind])
    return [str(event.data["step"]) for events in found.values() for event in events]


def test_a_person_goes_all_the_way_to_the_alumni(here: Office) -> None:
    here.leaves(PERSON)
    consumer = here.service.programme.books["consumer"].steps
    assert "acknowledge" in here.open_steps(PERSON) <= consumer.keys()
    here.wait(DAY)
    here.run()
    assert "survey" in steps(here, Kind.SENT)
    assert both(here, "survey_status") == ("due", "due")
    link, mirrored = both(here, "survey_url")
    assert mirrored
    assert link == mirrored
    letters = here.stage.desk("salesforce").letters()
    assert [one.to for one in letters] == ["cu@home.example"] * 2

    here.answer(PERSON)
    here.run()
    assert both(here, "survey_status") == ("answered", "answered")
    assert here.field(PERSON, "reason_customer") == "price"
    assert here.notes(PERSON)["feedback"] == 1

    to_the_alumni(here, PERSON)
    members = rows(here, "SELECT Campaign.Name, ContactId FROM CampaignMember")
    assert [(one["Campaign"]["Name"], one["ContactId"]) for one in members] == [
        ("Alumni: budget", contact(here))
    ]
    found = verify(here.service)
    assert (found.missing, found.extra) == ([], [])


def test_a_person_costs_no_more_calls_than_a_company_with_one_contact(tmp_path: Path) -> None:
    cost = {}
    for number in (COMPANY, PERSON):
        with opened(tmp_path / str(number)) as here:
            here.stage.count_from_here()
            here.leaves(number)
            here.wait(DAY)
            here.run()
            here.answer(number)
            here.run()
            assert here.stage.desk("salesforce").letters()
            cost[number] = Counter(here.stage.calls("salesforce"))
    # What a record type offers is asked once; the companies here are of none.
    assert cost[PERSON] - cost[COMPANY] == {"picklists.get": 1}
    assert not cost[COMPANY] - cost[PERSON]


def to_the_alumni(here: Office, number: int) -> None:
    """They go; everybody does their tasks, for as long as it takes."""
    here.leaves(number, "churned")
    for _ in range(20):
        for step in here.open_steps(number):
            here.completes(step, number)
        here.wait(5 * DAY)
        here.run()


def test_a_persons_no_is_heard_on_whichever_side_it_is_said(here: Office) -> None:
    here.leaves(PERSON)
    values = {"PersonHasOptedOutOfEmail": True}
    here.ask("PATCH", f"{DATA}/sobjects/Account/{here.customer(PERSON)}", values)
    here.wait(DAY)
    here.run()
    assert here.cases(PERSON)
    assert "survey" not in steps(here, Kind.SENT)
