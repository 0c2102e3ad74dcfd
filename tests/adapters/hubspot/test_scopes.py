"""What a token may not do, found out before it matters."""

from __future__ import annotations

from integrations.contract import TASK
from integrations.hubspot import HubSpot
from tests.contract.crm.hubspot import HubSpotBench

READS = (
    "crm.objects.companies.read crm.objects.contacts.read crm.objects.owners.read crm.lists.read "
    "crm.schemas.companies.read crm.schemas.contacts.read communication_preferences.read"
)


def test_names_every_scope_that_is_missing(bench: HubSpotBench, crm: HubSpot) -> None:
    bench.dialect.options["scopes"] = READS
    assert crm.lacking(["companies", "contacts", TASK]) == (
        "crm.lists.write",
        "crm.objects.companies.write",
        "crm.objects.contacts.write",
        "crm.schemas.companies.write",
        "crm.schemas.contacts.write",
    )


def test_nothing_is_missing_and_nothing_is_changed(bench: HubSpotBench, crm: HubSpot) -> None:
    before = crm.schema(["companies"]), crm.segments(["Alumni"]), bench.everybody()
    assert crm.lacking(["companies", "contacts", TASK]) == ()
    assert before == (crm.schema(["companies"]), crm.segments(["Alumni"]), bench.everybody())
