"""Opportunities: the history of their stage is there in every org."""

from __future__ import annotations

from integrations.contract import Crm
from tests.contract.crm.people import MINUTE, START
from tests.contract.crm.salesforce import SalesforceBench


def test_tells_since_when_and_by_whom_without_tracking(bench: SalesforceBench, crm: Crm) -> None:
    made = bench.write(
        "POST",
        "sobjects/Opportunity",
        {
            "Name": "Renewal",
            "AccountId": bench.customer().id,
            "StageName": "Negotiation/Review",
            "CloseDate": "2026-06-30",
        },
    )
    id = made["id"]
    for change in ({"Amount": 900}, {"StageName": "Closed Lost"}, {"Amount": 0}):
        bench.pass_(MINUTE)
        bench.write("PATCH", f"sobjects/Opportunity/{id}", change)
    crm.schema(["Opportunity"])
    bench.forget()
    moments = crm.history("Opportunity", [id], "StageName")[id]
    assert bench.calls() == 1
    assert [(one.value, one.at) for one in moments] == [
        ("Closed Lost", START + 2 * MINUTE),
        ("Negotiation/Review", START),
    ]
    assert all(one.by for one in moments)
