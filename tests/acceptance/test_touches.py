"""After the goodbye: what is built reaches who asked for it, and who moved is congratulated."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests

from integrations.contract import TASK, Value
from integrations.sandbox.seed import Person, Seed
from sync.explain import explain
from sync.model import Event, Kind
from sync.verify import verify
from tests.acceptance.office import CRMS, DAY, Office, office, staff

pytestmark = pytest.mark.slow

SSO = "We could not go on without SSO, and waited for it long enough."


@pytest.mark.parametrize("crm", CRMS)
def test_what_was_shipped_reaches_only_who_asked_and_may_be_contacted(
    crm: str, tmp_path: Path
) -> None:
    with office(crm, tmp_path, people=company()) as here:
        here.run()
        for number in (1, 2, 3):
            here.leaves(number)
        pat, kim = people(here, 1)
        says(here, 1, pat, words=SSO, stay=True)
        says(here, 1, kim, words=SSO, stay=False)
        says(here, 2, people(here, 2)[0], words=SSO, stay=False)
        says(here, 3, people(here, 3)[0], words="It was classy, but too dear.", stay=True)
        here.run()
        here.wait(91 * DAY)
        here.run()
        assert {here.field(number, "status") for number in (1, 2, 3)} == {"departed"}

        shown = here.command("shipped", "sso", "--dry-run")
        assert [one["customer"] for one in shown["asked"][crm]] == ["Customer 1", "Customer 2"]
        assert SSO in shown["asked"][crm][0]["matches"][0]["words"]
        assert "Customer 2" in here.shell("shipped", "sso", "--dry-run").stdout
        here.run()
        assert touches(here, 1) == {}

        assert here.shell("shipped", "sso").returncode != 0  # it asks first
        assert here.command("shipped", "SSO", "--yes")["new"] == 2
        here.run()
        assert list(touches(here, 1)) == [f"{here.cases(1)[0].key}:touch_shipped_sso:{pat}"]
        assert read(here, 1, "subject") == (
            "Tell Pat1 Smith of Customer 1: you asked for SSO, we built it"
        )
        assert read(here, 1, "owner") is not None
        assert "Why we may: said yes." in str(read(here, 1, "body"))
        assert touches(here, 2) == touches(here, 3) == {}
        assert "who asked for it may not be written to" in withheld(here, 2)
        told = explain(here.service, here.cases(1)[0])
        assert any("what they asked for is there: SSO" in line for line in told.history)

        again = here.command("shipped", "SSO", "--yes")
        assert (again["new"], [one["told"] for one in again["asked"][crm]]) == (0, [True, True])
        assert here.run().writes == 0
        (feature,) = here.command("shipped", "--list")[crm]
        assert (feature["label"], feature["cases"]) == ("SSO", 2)

        assert here.field(1, "door_open") == told.door_open == door(here, 1)
        assert here.field(1, "door_open") > here.field(2, "door_open")
        checked = verify(here.service)
        assert (checked.missing, checked.extra) == ([], [])


@pytest.mark.parametrize("crm", CRMS)
def test_an_item_that_is_completed_with_a_name_tells_whoever_wished_for_it(
    crm: str, tmp_path: Path
) -> None:
    with office(crm, tmp_path, people=company()) as here:
        here.run()
        for number in (1, 2, 3):
            here.leaves(number)
        pat, _ = people(here, 1)
        says(here, 1, pat, words="Signing in took us minutes.", stay=True, reason="product_gap")
        says(here, 2, people(here, 2)[0], words=SSO, stay=True, reason="product_gap")
        says(here, 3, people(here, 3)[0], words="SSO was great, but dear.", stay=True)
        here.run()
        here.wait(91 * DAY)
        here.run()
        assert "feature" in here.open_steps(1) & here.open_steps(2)
        assert "feature" not in here.steps(3)

        ships(here, 2, "no, nothing is planned")
        assert [touches(here, number) for number in (1, 2, 3)] == [{}, {}, {}]
        ships(here, 1, "SSO.")
        for number in (1, 2):
            assert read(here, number, "subject") == (
                f"Tell Pat{number} Smith of Customer {number}: you asked for SSO, we built it"
            )
        # Praise is no wish, and nobody has looked at what was found.
        assert touches(here, 3) == {}
        (feature,) = here.command("shipped", "--list")[crm]
        assert (feature["feature"], feature["cases"]) == ("sso", 2)

        # A person who looks may tell them all the same; nobody is told twice.
        again = here.command("shipped", "sso", "--yes")
        assert [one["told"] for one in again["asked"][crm]] == [True, False]
        here.run()
        assert [len(touches(here, number)) for number in (1, 2, 3)] == [1, 1, 1]
        checked = verify(here.service)
        assert (checked.missing, checked.extra) == ([], [])


@pytest.mark.parametrize("crm", CRMS)
def test_an_item_without_a_name_is_for_its_own_customer(crm: str, tmp_path: Path) -> None:
    with office(crm, tmp_path, people=company()) as here:
        here.run()
        here.leaves(1)
        pat, kim = people(here, 1)
        says(here, 1, pat, words=SSO, stay=True, reason="product_gap")
        says(here, 1, kim, words=SSO, stay=False, reason="product_gap")
        here.run()
        here.wait(91 * DAY)
        here.run()
        ships(here, 1, "Yes!")
        (key,) = touches(here, 1)
        assert key.endswith(f":touch_shipped_it:{pat}")
        assert read(here, 1, "subject") == (
            "Tell Pat1 Smith of Customer 1: you asked for it, we built it"
        )


@pytest.mark.parametrize("crm", CRMS)
def test_a_year_of_touches_and_a_return(crm: str, tmp_path: Path) -> None:
    with office(crm, tmp_path) as here:
        here.run()
        here.leaves()
        says(here, 1, people(here, 1)[0], words="", stay=True)
        here.run()
        here.wait(90 * DAY)
        here.run()
        for _ in range(17):
            here.wait(14 * DAY)
            here.run()
        assert [key.split(":")[1] for key in touches(here, 1)] == [
            "touch_new_budget",
            "touch_three_months",
        ]
        assert "Closed by Aurevoir: its time has passed." in str(
            read(here, 1, "body", "touch_three_months")
        )
        (open_,) = (step for step in here.open_steps() if step.startswith("touch"))
        here.stage_to(1, "active")
        here.wait()
        here.run()
        assert here.field(1, "status") == "returned"
        assert open_ not in here.open_steps()
        assert "Closed by Aurevoir: the customer has come back." in str(
            read(here, 1, "body", open_)
        )
        here.wait(200 * DAY)
        here.run()
        assert len(touches(here, 1)) == 2


@pytest.mark.parametrize("crm", CRMS)
def test_who_works_elsewhere_now_is_congratulated_there(crm: str, tmp_path: Path) -> None:
    with office(crm, tmp_path, people=company()) as here:
        here.run()
        here.leaves()
        pat, kim = people(here, 1)
        says(here, 1, pat, words="", stay=True)
        here.run()
        here.wait(91 * DAY)
        here.run()
        assert members(here, 1) == {"Pat1 Smith": ("Alumni: budget",), "Kim Roe": ()}
        for person in (pat, kim):
            moves(here, person, before=1, after=2)
        looked = f"related {here.service.programme.people.object}"
        here.wait(80 * DAY)  # a touch is due
        here.run()
        assert here.service.tally.least[looked] == 1
        assert read(here, 1, "subject", "touch_moved") == (
            "Pat1 Smith has moved from Customer 1 to Customer 2: congratulate"
        )
        assert [key.rsplit(":", 1)[1] for key in touches(here, 1)] == [pat]
        assert members(here, 2)["Pat1 Smith"] == ()
        assert any(
            "works elsewhere now" in line
            for line in explain(here.service, here.cases(1)[0]).history
        )
        # Whoever said nothing is nobody's business, and a second look costs nothing more.
        here.wait(2 * DAY)
        wake(here)
        here.run()
        assert here.service.tally.least[looked] == 1
        moves(here, pat, before=2, after=1)
        here.wait(2 * DAY)
        wake(here)
        here.run()
        assert "touch_moved" not in here.open_steps()


def company() -> Seed:
    """The first customer has two people."""
    few = staff()
    first, *rest = few.customers
    kim = Person(first="Kim", last="Roe", email="kim@c1.example")
    return replace(few, customers=(replace(first, people=(*first.people, kim)), *rest))


def people(here: Office, number: int) -> list[str]:
    """The ids of those who work at a customer."""
    id = here.customer(number)
    with here.service.store.reading() as tables:
        return [one.ref.id for one in tables.people.people(here.crm, [id])[id]]


def ships(here: Office, number: int, name: str) -> None:
    """Product writes it behind the last line of a customer's item, completes it, and we look."""
    task, field = (
        here.task("feature", number),
        {"hubspot": "hs_task_body", "salesforce": "Description"},
    )
    body = str(here.service.crm.read(TASK, [task], ("body",))[task].fields["body"])
    assert body.endswith("Shipped:")
    desk: Any = here.stage.desk(here.crm)
    with here.stage.sandbox.world.lock:
        by = here.stage.colleague(here.crm)
        desk.edit(desk.task_object, task, field[here.crm], f"{body} {name}", by=by)
        desk.complete(task, by=by)
    here.wait()
    here.run()


def says(
    here: Office, number: int, person: str, *, words: str, stay: bool, reason: str = "price"
) -> None:
    """Somebody answers the survey."""
    now, case = here.stage.clock.now(), here.cases(number)[0].key
    with here.service.store.transaction("the survey's page") as tables:
        kept = tables.surveys.keep_words(case, {"what_if": words} if words else {})
        data: dict[str, Any] = {"person": person, "codes": {"reason": reason}, "words": kept}
        consent = {"person": person, "stay": stay, "reference": False}
        tables.cases.append(
            case,
            [
                Event(at=now, kind=Kind.ANSWERED, data=data, mark=f"answered {person}"),
                Event(at=now, kind=Kind.CONSENTED, data=consent, mark=f"consented {person}"),
            ],
        )


def touches(here: Office, number: int) -> dict[str, str]:
    """The tasks that the CRM holds: key -> id."""
    keys = here.keys(number)
    return {
        one.key: one.id
        for one in sorted(here.service.crm.find(TASK, None), key=lambda one: one.key)
        if one.key in keys and one.key.split(":")[1].startswith("touch_")
    }


def read(here: Office, number: int, field: str, step: str = "") -> Value:
    """A field of the only touch, or of this one."""
    (id,) = (id for key, id in touches(here, number).items() if step in key)
    return here.service.crm.read(TASK, [id], (field,))[id].fields[field]


def withheld(here: Office, number: int) -> str:
    return "\n".join(explain(here.service, here.cases(number)[0]).withheld)


def door(here: Office, number: int) -> int:
    """What the explained points come to."""
    lines = explain(here.service, here.cases(number)[0]).door
    return min(100, max(0, sum(int(line.split()[0]) for line in lines)))


def members(here: Office, number: int) -> dict[str, tuple[str, ...]]:
    """The segments of the people at a customer, as a colleague sees them."""
    with here.stage.sandbox.world.lock:
        sheet = here.stage.desk(here.crm).customer(here.customer(number))
    assert sheet
    return {contact.name: contact.segments for contact in sheet.contacts}


def moves(here: Office, person: str, *, before: int, after: int) -> None:
    """Somebody puts a person to another company, by the vendor's API."""
    url = here.stage.sandbox.urls[here.crm]
    token = here.stage.dialect(here.crm).credentials()["token"]
    old, new = here.customer(before), here.customer(after)
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {token}"
        if here.crm == "salesforce":
            path = f"{url}/services/data/v62.0/sobjects/Contact/{person}"
            session.patch(path, json={"AccountId": new}, timeout=10).raise_for_status()
            return
        path = f"{url}/crm/v4/objects/contacts/{person}/associations"
        session.delete(f"{path}/companies/{old}", timeout=10).raise_for_status()
        session.put(
            f"{url}/crm/v4/objects/contacts/{person}/associations/default/companies/{new}",
            timeout=10,
        ).raise_for_status()


def wake(here: Office) -> None:
    """Something makes the service look at the customer again."""
    with here.service.store.transaction("test wakes") as tables:
        tables.cases.wake([here.cases(1)[0].key], here.stage.clock.now())
