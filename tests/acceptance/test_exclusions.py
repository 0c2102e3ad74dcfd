"""Whoever is put on the list of an exclusion hears nothing, from the moment on they are on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from integrations.sandbox.faults import Fault
from sync.deliver import deliver
from sync.explain import explain
from sync.planning import plan_awake
from tests.acceptance.office import CRMS, DAY, HOUR, Office, office
from tests.acceptance.test_plan_and_run import _sent
from tests.faults.story import seed

pytestmark = pytest.mark.slow

HOLD = "Legal hold"
NAMED = f"excluded by the mapping: on hold for the lawyers (on the list “{HOLD}”)"
RULE = {"because": "on hold for the lawyers", "list": HOLD}
_DATA = "/services/data/v62.0"


@pytest.fixture(params=CRMS)
def here(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    """The first customer's survey is due, and waits to be delivered."""
    with office(request.param, tmp_path, people=seed()) as opened:
        yield _due(opened, _roster(opened), RULE)


def _due(here: Office, roster: str, rule: dict[str, str]) -> Office:
    here.roster = roster  # type: ignore[attr-defined]
    here.service = here.stage.connect(here.crm)
    here.configure(exclude=[rule])
    here.run()
    here.leaves()
    here.wait(2 * DAY)
    assert plan_awake(here.service, here.stage.clock.now()).cases
    assert _waiting(here)
    return here


def _roster(here: Office, *, type: str = "0-1", processing: str = "MANUAL", **more: Any) -> str:
    """A colleague makes the list; its id."""
    if here.crm == "salesforce":
        made = here.ask("POST", f"{_DATA}/sobjects/Campaign", {"Name": HOLD, "IsActive": True})
        return str(made["id"])
    body = {"name": HOLD, "objectTypeId": type, "processingType": processing, **more}
    return str(here.ask("POST", "/crm/lists/2026-09", body)["list"]["listId"])


def _put_on(here: Office, id: str) -> None:
    roster = here.roster  # type: ignore[attr-defined]
    if here.crm == "salesforce":
        body = {"CampaignId": roster, "ContactId": id}
        here.ask("POST", f"{_DATA}/sobjects/CampaignMember", body)
    else:
        here.ask("PUT", f"/crm/lists/2026-09/{roster}/memberships/add", [id])


def _person(here: Office) -> str:
    with here.service.store.reading() as tables:
        return tables.people.people(here.crm, [here.customer(1)])[here.customer(1)][0].ref.id


def _waiting(here: Office) -> list[Any]:
    key = here.cases()[0].key
    with here.service.store.reading() as tables:
        entries = tables.ledger.of_cases([key])[key].values()
    return [entry for entry in entries if entry.outward and entry.state == "pending"]


def _withheld(here: Office) -> str:
    return "\n".join(explain(here.service, here.cases()[0]).withheld)


@pytest.mark.parametrize("anew", [False, True], ids=["while it runs", "before it starts again"])
def test_whoever_is_put_on_the_list_before_the_delivery_hears_nothing(
    here: Office, anew: bool
) -> None:
    _put_on(here, _person(here))
    if anew:
        here.service = here.restart()
    deliver(here.service, here.stage.clock.now())
    assert _sent(here) == []
    here.run()
    assert _sent(here) == []
    assert not _waiting(here)
    assert NAMED in _withheld(here)
    here.wait(DAY)
    here.run()
    assert _sent(here) == []


def test_others_hear_and_the_lists_cost_one_call(here: Office) -> None:
    here.stage.count_from_here()
    here.run()
    assert _sent(here) == [_person(here)]
    calls = here.stage.calls(here.crm)
    if here.crm == "hubspot":
        assert calls["memberships.batch.read"] == 1
        assert "memberships.list" not in calls


def test_a_customer_on_a_list_of_customers_hears_nothing(tmp_path: Path) -> None:
    with office("hubspot", tmp_path, people=seed()) as made:
        here = _due(made, _roster(made, type="0-2"), RULE)
        # Contacts have ids of their own, which may be the same.
        _put_on(here, here.customer(1))
        here.run()
        assert _sent(here) == []
        assert NAMED in _withheld(here)


def test_an_active_list_is_read_as_it_is_at_the_delivery(tmp_path: Path) -> None:
    known = {"operationType": "ALL_PROPERTY", "operator": "IS_KNOWN"}
    test = {"filterType": "PROPERTY", "property": "jobtitle", "operation": known}
    inner = {"filterBranchType": "AND", "filters": [test], "filterBranches": []}
    branch = {"filterBranchType": "OR", "filters": [], "filterBranches": [inner]}
    with office("hubspot", tmp_path, people=seed()) as made:
        roster = _roster(made, processing="DYNAMIC", filterBranch=branch)
        here = _due(made, roster, {**RULE, "from": "survey"})
        place = f"/crm/objects/2026-09/contacts/{_person(here)}"
        here.ask("PATCH", place, {"properties": {"jobtitle": "Counsel"}})
        here.run()
        assert _sent(here) == []
        assert NAMED in _withheld(here)
        assert here.open_steps()


def test_no_answer_is_no_leave(tmp_path: Path) -> None:
    with office("hubspot", tmp_path, people=seed()) as made:
        here = _due(made, _roster(made), RULE)
        with here.stage.sandbox.world.lock:
            fault = Fault(crm="hubspot", operation="memberships.batch.read", status=503)
            here.stage.sandbox.world.faults.add(fault)
        here.run()
        assert _sent(here) == []
        here.wait(HOUR)
        here.run()
        assert _sent(here) == [_person(here)]
