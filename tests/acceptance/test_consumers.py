"""Customers who are people, and not companies: the contact itself is watched, asked and written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from tests.acceptance.office import DAY, Office, office

_NONE: Final = {"value": None, "contract_end": None, "more": {}}
CONSUMERS: Final[dict[str, dict[str, Any]]] = {
    "hubspot": {
        "watch": [
            {
                "object": "contacts",
                "stage": "customer_stage",
                "enters": {"notice": ["churning"], "leaving": ["churned"]},
                "returns": ["active"],
            }
        ],
        "customer": {"name": "lastname", "country": "country", "owner": "hubspot_owner_id"} | _NONE,
    },
    "salesforce": {
        "watch": [
            {
                "object": "Contact",
                "stage": "Customer_Stage__c",
                "enters": {"notice": ["churning"], "leaving": ["churned"]},
                "returns": ["active"],
            }
        ],
        "customer": {"name": "LastName", "country": "MailingCountry", "owner": "OwnerId"} | _NONE,
    },
}


@pytest.fixture(params=["hubspot", "salesforce"])
def here(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    crm = request.param
    mapping = {**CONSUMERS[crm], "playbooks": [{"use": "consumer"}]}
    with office(crm, tmp_path, **mapping) as opened:
        opened.run()
        opened.wait()
        yield opened


def person(here: Office) -> str:
    desk = here.stage.desk(here.crm)
    with here.stage.sandbox.world.lock:
        sheet = desk.customer(here.customer(1))
        assert sheet is not None
        return str(sheet.contacts[0].id)


def test_a_person_leaves_and_is_asked(here: Office) -> None:
    id, watch = person(here), here.service.programme.watch[0]
    desk, by = here.stage.desk(here.crm), here.stage.colleague(here.crm)
    with here.stage.sandbox.world.lock:
        country = str(here.service.programme.customer.country)
        desk.edit(watch.object, id, country, "United Kingdom", by=by)
        desk.edit(watch.object, id, watch.stage, "churning", by=by)
    for _ in range(4):
        here.wait()
        here.run()
        here.wait(DAY)
    with here.service.store.reading() as tables:
        (case,) = tables.cases.list(here.crm)
        steps = {entry.step for entry in tables.ledger.of_cases([case.key])[case.key].values()}
    assert case.record == id
    assert {"acknowledge", "survey"} <= steps
    read = here.service.crm.read(watch.object, [id], here.service.person_fields)[id]
    status = here.service.places("person")["survey_status"].field
    assert read.fields[status] in ("due", "sent")
    here.command("verify")
