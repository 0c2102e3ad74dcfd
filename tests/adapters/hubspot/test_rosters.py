"""Lists of companies, active lists and frozen ones: read, and never written to."""

from __future__ import annotations

from typing import Any

from integrations.contract import Crm, Ref, SegmentSpec
from tests.contract.crm.hubspot import HubSpotBench

OBJECTS = ("companies", "contacts")
CHURNING = {
    "filterBranchType": "OR",
    "filters": [],
    "filterBranches": [
        {
            "filterBranchType": "AND",
            "filterBranches": [],
            "filters": [
                {
                    "filterType": "PROPERTY",
                    "property": "customer_stage",
                    "operation": {
                        "operationType": "ENUMERATION",
                        "operator": "IS_ANY_OF",
                        "values": ["churning"],
                        "includeObjectsWithNoValueSet": False,
                    },
                }
            ],
        }
    ],
}


def made(bench: HubSpotBench, name: str, processing: str, type: str = "0-2", **more: Any) -> str:
    """A colleague makes a list; its id."""
    body = {"name": name, "objectTypeId": type, "processingType": processing, **more}
    return str(bench.crm("POST", "lists/2026-09", json=body)["list"]["listId"])


def test_a_list_of_companies_holds_companies(bench: HubSpotBench, crm: Crm) -> None:
    company = bench.customer()
    # Ids begin anew with each kind of record.
    namesake = Ref(object="contacts", id=company.id)
    id = made(bench, "Legal hold", "MANUAL")
    bench.crm("PUT", f"lists/2026-09/{id}/memberships/add", json=[company.id])
    roster = crm.rosters(["Legal hold"], OBJECTS)["Legal hold"]
    assert (roster.id, roster.object) == (id, "companies")
    assert crm.listed([roster], [company, namesake]) == {id: frozenset({company})}


def test_an_active_list_has_whom_its_filters_find_now(bench: HubSpotBench, crm: Crm) -> None:
    id = made(bench, "Active", "DYNAMIC", filterBranch=CHURNING)
    frozen = made(bench, "Frozen", "SNAPSHOT", filterBranch=CHURNING)
    rosters = crm.rosters(["Active", "Frozen"], OBJECTS)
    assert {name: one.id for name, one in rosters.items()} == {"Active": id, "Frozen": frozen}
    assert list(crm.members(id)) == []
    bench.move(bench.customer(2))
    assert list(crm.members(id)) == [bench.customer(2).id]
    asked = [bench.customer(1), bench.customer(2)]
    assert crm.listed(list(rosters.values()), asked) == {id: frozenset({bench.customer(2)})}
    later = made(bench, "Later", "SNAPSHOT", filterBranch=CHURNING)
    bench.move(bench.customer(2), "active")
    assert list(crm.members(id)) == []
    assert list(crm.members(later)) == [bench.customer(2).id]


def test_alumni_are_put_into_lists_of_people_alone(bench: HubSpotBench, crm: Crm) -> None:
    made(bench, "Firms", "MANUAL")
    made(bench, "Active", "DYNAMIC", "0-1", filterBranch={"filterBranchType": "OR"})
    crm.provision(SegmentSpec(object="contacts", name="Alumni"))
    assert crm.segments(["Firms", "Active", "Alumni"]).keys() == {"Alumni"}
