"""What a customer's own numbers say, from the mapping to the record."""

from __future__ import annotations

from pathlib import Path

import pytest

from sync.explain import explain
from tests.acceptance.office import CRMS, DAY, Office, office

pytestmark = pytest.mark.slow

RULES = [
    {"reason": "payment_failure", "when": {"mrr": {"at_most": 0}}},
    {"reason": "onboarding_adoption", "when": {"usage_30_days": {"at_most": 10}}},
]


@pytest.mark.parametrize("crm", CRMS)
def test_numbers_count_until_somebody_speaks_and_are_frozen_at_the_goodbye(
    crm: str, tmp_path: Path
) -> None:
    with office(crm, tmp_path, evidence=RULES) as here:
        here.run()
        fact(here, "usage_30_days", "4")
        here.leaves()
        assert here.field(1, "reason_evidence") == "onboarding_adoption"
        assert here.field(1, "exit_reason") == "onboarding_adoption"
        here.sets(1, "reason_csm", "price")
        here.wait()
        here.run()
        assert here.field(1, "exit_reason") == "price"
        assert here.field(1, "reason_evidence") == "onboarding_adoption"
        (record,) = here.records()
        assert "They disagree; Price counts" in record
        told = explain(here.service, here.cases()[0])
        assert "they disagree; Price counts" in told.reasons
        assert any("point to Onboarding or adoption" in line for line in told.history)
        here.wait(91 * DAY)
        here.run()
        fact(here, "usage_30_days", "0")
        fact(here, "mrr", "0")
        here.wait()
        here.run()
        assert here.field(1, "reason_evidence") == "onboarding_adoption"


@pytest.mark.parametrize("crm", CRMS)
def test_a_failed_payment_is_settled_by_billing_and_never_surveyed(
    crm: str, tmp_path: Path
) -> None:
    with office(crm, tmp_path, evidence=RULES, playbooks=[{"use": "consumer"}]) as here:
        here.run()
        fact(here, "mrr", "0")
        here.leaves()
        here.wait(2 * DAY)
        here.run()
        assert "settle_payment" in here.open_steps()
        told = explain(here.service, here.cases()[0])
        assert any("survey" in line and "payment_failure" in line for line in told.withheld)
        (line,) = here.command("cases", "--reasons")[crm]
        assert (line["reason"], line["cases"], line["of"]) == ("payment_failure", 1, 1)
        assert line["percent"] is None


def fact(here: Office, name: str, value: str) -> None:
    """Another system writes one of the customer's numbers."""
    stage, crm = here.stage, here.crm
    field = here.service.programme.customer.more[name]
    customer = here.customer(1)
    stage.edit(crm, customer, field, value, by=stage.colleague(crm))
