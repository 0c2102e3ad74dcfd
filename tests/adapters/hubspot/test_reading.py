"""What HubSpot tells in pages that no client asked for."""

from __future__ import annotations

from integrations.hubspot import HubSpot
from tests.contract.crm.hubspot import HubSpotBench

#: Associated records of one record in one answer, and some more.
CROWD = 520


def test_finds_more_people_than_fit_into_an_answer(bench: HubSpotBench, crm: HubSpot) -> None:
    customer, known = bench.customer(3), len(bench.people(3))
    of_company = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 279}]
    person = {
        "properties": {"lastname": "Crowd"},
        "associations": [{"to": {"id": customer.id}, "types": of_company}],
    }
    for start in range(0, CROWD, 100):
        body = {"inputs": [person] * min(100, CROWD - start)}
        bench.crm("POST", "objects/2026-09/contacts/batch/create", json=body)
    found = crm.related("companies", [customer.id], "contacts", ["email"])
    assert len({record.ref for record in found[customer.id]}) == known + CROWD
