"""A renewal that is lost, a contract that ends: one case for a customer, whatever says so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
import requests
import yaml

from tests.acceptance.office import DAY, MINUTE, Office, office

#: How each CRM tells that a renewal is lost, and an offer to somebody new.
DEALS: Final[dict[str, dict[str, Any]]] = {
    "hubspot": {
        "object": "deals",
        "stage": "dealstage",
        "enters": {"leaving": ["closedlost"]},
        "only": {"dealtype": ["existingbusiness"]},
    },
    "salesforce": {
        "object": "Opportunity",
        "stage": "StageName",
        "enters": {"leaving": ["Closed Lost"]},
        "only": {"Type": ["Existing Customer - Replacement"]},
    },
}
CONTRACTS: Final = {
    "object": "Contract",
    "stage": "Status",
    "enters": {"notice": ["In Approval Process"]},
}


@dataclass
class Desk:
    """Another client of the same CRM, which works on its deals."""

    here: Office

    def call(self, method: str, path: str, body: Any) -> Any:
        sandbox = self.here.stage.sandbox
        token = sandbox.world.dialects[self.here.crm].credentials()["token"]
        answer = requests.request(
            method,
            sandbox.urls[self.here.crm] + path,
            json=body,
            headers={"Authorization": f"Bearer {token}"},
            timeout=30,
        )
        assert answer.ok, answer.text
        return answer.json() if answer.content else None

    def deal(self, number: int = 1, *, renewal: bool = True) -> str:
        customer = self.here.customer(number)
        if self.here.crm == "salesforce":
            kind = "Existing Customer - Replacement" if renewal else "New Customer"
            fields = {"Name": "Renewal", "StageName": "Negotiation/Review", "Type": kind}
            body = {**fields, "AccountId": customer, "CloseDate": "2026-06-30"}
            return str(self.call("POST", "/services/data/v62.0/sobjects/Opportunity", body)["id"])
        kind = "existingbusiness" if renewal else "newbusiness"
        fields = {"dealname": "Renewal", "dealstage": "contractsent", "pipeline": "default"}
        link = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 341}
        body = {
            "properties": {**fields, "dealtype": kind},
            "associations": [{"to": {"id": customer}, "types": [link]}],
        }
        return str(self.call("POST", "/crm/objects/2026-09/deals", body)["id"])

    def to(self, deal: str, *, lost: bool = True) -> None:
        if self.here.crm == "salesforce":
            stage = "Closed Lost" if lost else "Negotiation/Review"
            path = f"/services/data/v62.0/sobjects/Opportunity/{deal}"
            self.call("PATCH", path, {"StageName": stage})
        else:
            stage = "closedlost" if lost else "contractsent"
            path = f"/crm/objects/2026-09/deals/{deal}"
            self.call("PATCH", path, {"properties": {"dealstage": stage}})


@pytest.fixture(params=["hubspot", "salesforce"])
def here(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    crm = request.param
    with office(crm, tmp_path, triggers=[DEALS[crm]]) as opened:
        opened.run()
        opened.wait(MINUTE)
        yield opened


def test_a_lost_renewal_opens_the_customers_case(here: Office) -> None:
    desk = Desk(here)
    renewal, other = desk.deal(), desk.deal(2, renewal=False)
    here.wait()
    here.run()
    assert here.cases(1) == here.cases(2) == []
    desk.to(renewal)
    desk.to(other)
    here.wait()
    here.run()
    (case,) = here.cases(1)
    assert case.status == "leaving"
    assert here.cases(2) == []
    assert here.steps(1)["acknowledge"] == 1
    told = here.command("explain", case.key)
    assert renewal in str(told)
    here.command("verify")  # it ends with another code where anything is missing, or too much


def test_what_else_says_so_is_an_event_on_the_open_case(here: Office) -> None:
    desk = Desk(here)
    first, second = desk.deal(), desk.deal()
    here.leaves()
    assert [case.status for case in here.cases()] == ["notice"]
    steps = here.steps()
    desk.to(first)
    desk.to(second)
    here.wait()
    here.run()
    assert [case.status for case in here.cases()] == ["leaving"]
    assert all(here.steps()[step] == many for step, many in steps.items())
    here.stage_to(1, "churned")
    here.wait()
    here.run()
    assert len(here.cases()) == 1


def test_two_lost_at_once_open_one_case(here: Office) -> None:
    desk = Desk(here)
    for deal in (desk.deal(), desk.deal()):
        desk.to(deal)
    here.wait()
    here.run()
    assert len(here.cases()) == 1
    assert here.steps()["acknowledge"] == 1


def test_a_slip_takes_its_word_back(here: Office) -> None:
    desk = Desk(here)
    deal = desk.deal()
    desk.to(deal)
    here.wait(MINUTE)
    here.run()
    desk.to(deal, lost=False)
    here.wait()
    here.run()
    assert [case.status for case in here.cases()] == ["void"]
    assert not here.steps()


@pytest.mark.parametrize("crm", list(DEALS))
def test_what_was_lost_before_opens_nothing(crm: str, tmp_path: Path) -> None:
    with office(crm, tmp_path) as here:
        here.run()
        desk = Desk(here)
        desk.to(desk.deal())
        here.wait(DAY)
        here.configure(triggers=[DEALS[crm]])
        for _ in range(2):
            here.run()
            here.wait(DAY)
        assert here.cases() == []


def test_a_contract_tells_too(tmp_path: Path) -> None:
    with office("salesforce", tmp_path, triggers=[CONTRACTS]) as here:
        here.run()
        desk = Desk(here)
        body = {"AccountId": here.customer(1), "Status": "Draft", "StartDate": "2026-01-01"}
        contract = desk.call("POST", "/services/data/v62.0/sobjects/Contract", body)["id"]
        here.wait()
        here.run()
        path = f"/services/data/v62.0/sobjects/Contract/{contract}"
        desk.call("PATCH", path, {"Status": "In Approval Process"})
        here.wait()
        here.run()
        assert [case.status for case in here.cases()] == ["notice"]


def test_a_trigger_with_a_slip_is_told_with_its_line(tmp_path: Path) -> None:
    with office("hubspot", tmp_path) as here:
        here.run()
        wrong = {**DEALS["hubspot"], "enters": {"leaving": ["lost_for_ever"]}}
        file = tmp_path / "hubspot.yaml"
        file.write_text(yaml.safe_dump({"triggers": [wrong]}))
        done = here.shell("check")
        assert done.returncode != 0
        assert "hubspot.yaml:" in done.stdout + done.stderr
        assert "lost_for_ever" in done.stdout + done.stderr
