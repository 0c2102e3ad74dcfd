"""Where to click, by CRM, kind of record and trouble."""

from __future__ import annotations

import pytest

from integrations.contract import NOTE, TASK, Trouble, place

GONE, RETYPED, OPTION, PERMISSION = Trouble


@pytest.mark.parametrize(
    ("crm", "object", "trouble", "there"),
    [
        ("hubspot", "companies", GONE, "Company properties > Archived properties > Restore"),
        ("hubspot", "0-1", RETYPED, "Contact properties > f > Field type"),
        ("hubspot", TASK, OPTION, "Task properties > f > Field type"),
        ("hubspot", NOTE, GONE, "Note properties > Archived properties > Restore"),
        ("hubspot", "companies", PERMISSION, "Settings > Integrations > Service Keys"),
        ("salesforce", "Account", GONE, "Account > Fields & Relationships > Deleted Fields"),
        ("salesforce", "Account", GONE, "Aurevoir: service > Object Settings > Accounts"),
        ("salesforce", "Contact", RETYPED, "Contact > Fields & Relationships > f > Edit > Change"),
        ("salesforce", TASK, OPTION, "Object Manager > Activity > Fields & Relationships > f"),
        ("salesforce", NOTE, PERMISSION, "Object Settings > Tasks > Field Permissions"),
        ("salesforce", "Opportunity", PERMISSION, "Object Settings > Opportunities > Field"),
    ],
)
def test_each_trouble_has_its_place(crm: str, object: str, trouble: Trouble, there: str) -> None:
    said = place(crm, object, "f", trouble)
    assert said.lower().startswith(f"{crm}: ")
    assert there in said


def test_the_stages_of_deals_are_kept_with_their_pipelines() -> None:
    said = place("hubspot", "deals", "dealstage", OPTION)
    assert said == "HubSpot: Settings > Objects > Deals > Pipelines"
