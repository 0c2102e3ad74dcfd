"""Before anything is switched on: whose tasks would find somebody, of all customers in the CRM."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.acceptance.office import CRMS, crowd, office

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("crm", CRMS)
def test_every_customer_is_counted_before_anybody_has_left(crm: str, tmp_path: Path) -> None:
    people = crowd(230)
    first, second, *others = people.customers
    seed = replace(
        people,
        customers=(replace(first, owner=None, csm=None), replace(second, seats=1), *others),
    )
    playbooks = [{"use": "consumer", "when": {"seats": {"at_most": 1}}}, {"use": "standard"}]
    roles = {
        "billing": {"queue": None, "else": [{"role": "customer_success"}]},
        "customer_success": {"else": []},
    }
    with office(crm, tmp_path, people=seed, playbooks=playbooks, roles=roles) as here:
        assert not any(" resolves " in one["words"] for one in here.command("check")[crm])
        before = here.stage.calls(crm)
        found = {one["words"] for one in here.command("check", "--coverage")[crm]}
        after = here.stage.calls(crm)
        assert (
            "standard: billing resolves for 228 of 229 customers; "
            "nobody takes the tasks of Customer 1"
        ) in found
        assert "consumer: billing resolves for 1 of 1 customers" in found
        pages = {"hubspot": "objects.companies.search", "salesforce": "query"}[crm]
        assert after.get(pages, 0) - before.get(pages, 0) <= {"hubspot": 2, "salesforce": 12}[crm]
        assert here.cases() == []
