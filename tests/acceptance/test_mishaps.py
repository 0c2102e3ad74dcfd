"""What goes wrong in a CRM: the right state, one sentence of `aurevoir status`, nothing doubled."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from integrations.errors import Reauthorise
from integrations.sandbox.faults import Fault
from integrations.sandbox.hubspot import HubSpot
from integrations.sandbox.salesforce import Salesforce
from sync import points
from sync.engine.jobs import refresh
from sync.verify import verify
from tests.acceptance.office import CRMS, DAY, HOUR, MINUTE, Office, office
from tests.acceptance.test_departures import NOTICE
from tests.faults.story import count

pytestmark = pytest.mark.slow

CREATES = {"hubspot": "objects.tasks.batch.create", "salesforce": "collections.create"}
_USED_UP: dict[str, dict[str, Any]] = {
    "hubspot": {
        "status": 429,
        "body": {
            "status": "error",
            "message": "You have reached your daily limit.",
            "errorType": "RATE_LIMIT",
            "policyName": "DAILY",
        },
    },
    "salesforce": {"status": 403},
}
_STATUS = {
    "hubspot": "/crm/properties/2026-09/companies/aurevoir_status",
    "salesforce": "/services/data/v62.0/tooling",
}


def strike(here: Office, operation: str = "*", **fault: Any) -> None:
    """From now on the CRM answers like this."""
    with here.stage.sandbox.world.lock:
        here.stage.sandbox.world.faults.add(Fault(crm=here.crm, operation=operation, **fault))


def forgive(here: Office) -> None:
    with here.stage.sandbox.world.lock:
        here.stage.sandbox.world.faults.clear()


@contextmanager
def half_way(happens: Callable[[], None]) -> Iterator[None]:
    """Something happens before the second call that writes."""
    seen: list[str] = []

    def listen(point: str) -> None:
        if point == "commit deliver sending after":
            seen.append(point)
            if len(seen) == 2:
                happens()

    with points.listening(listen):
        yield
    assert len(seen) > 1


def all_is_there_once(here: Office) -> None:
    """By the vendor's API alone, and by our own count."""
    counted = count(here)
    assert set(counted.tasks.values()) == {1}
    assert set(counted.notes.values()) <= {1}
    assert here.open_steps() == NOTICE
    found = verify(here.service)
    assert (found.missing, found.extra) == ([], [])


def test_a_token_that_expires_in_the_middle_of_a_batch(here: Office) -> None:
    def expire() -> None:
        if here.crm == "hubspot":
            here.wait(31 * MINUTE)
        else:
            here.stage.dialect(here.crm).options["revoke_sessions"] = True

    dialect = here.stage.dialect(here.crm)
    if isinstance(dialect, HubSpot):  # a service key does not expire
        names = ("client_id", "client_secret", "refresh_token")
        here.signs_in(**{name: dialect.app()[name] for name in names})
    here.run()
    here.stage.count_from_here()
    with half_way(expire):
        here.leaves()
    if isinstance(dialect, Salesforce):  # for our own look at it
        org = dialect.org
        dialect.ready = org.sessions.open(org.id, org.integration, org.clock.now()).token
    assert sum(here.stage.calls(here.crm).get(name, 0) for name in ("token", "oauth.token")) == 1
    assert " works; its last cycle ended at " in here.says()
    all_is_there_once(here)


def test_credentials_that_are_refused_for_good_in_the_middle_of_a_batch(here: Office) -> None:
    here.stage_to(1, "churning")
    here.wait()

    def refuse() -> None:
        for records in ("objects.*", "collections.*"):
            strike(here, records, status=401, times=1000)

    with half_way(refuse), pytest.raises(Reauthorise):
        here.run()
    assert " stands still: " in here.says()
    assert "refuses" in here.says()
    forgive(here)
    here.run()
    assert " works; " in here.says()
    all_is_there_once(here)


def test_a_daily_limit_that_is_reached_half_way(here: Office) -> None:
    here.stage_to(1, "churning")
    here.wait()
    with half_way(lambda: strike(here, times=100_000, **_USED_UP[here.crm])):
        assert here.run().parked_until
    assert " is parked until 2026-03-0" in here.says()
    assert "daily limit of calls is used up" in here.says()
    here.wait(2 * HOUR)
    assert here.run().parked_until, "it is used up still"
    here.wait(DAY)
    forgive(here)
    assert here.run().parked_until is None
    assert " works; its last cycle ended at 2026-03-03" in here.says()
    all_is_there_once(here)


def _choices(here: Office, change: Callable[[list[Any], str], list[Any]]) -> None:
    """An admin changes the choices of our status."""
    place = _STATUS[here.crm]
    if here.crm == "hubspot":
        options = here.ask("GET", place)["options"]
        here.ask("PATCH", place, {"options": change(options, "value")})
        return
    soql = "SELECT Id, Metadata FROM CustomField WHERE DeveloperName = 'Aurevoir_Status'"
    (found,) = here.ask("GET", f"{place}/query", q=soql)["records"]
    metadata = found["Metadata"]
    values = metadata["valueSet"]["valueSetDefinition"]
    values["value"] = change(values["value"], "valueName")
    here.ask("PATCH", f"{place}/sobjects/CustomField/{found['Id']}", {"Metadata": metadata})


def test_a_choice_that_is_removed(here: Office) -> None:
    kept: list[Any] = []

    def without(options: list[Any], name: str) -> list[Any]:
        kept[:] = options
        return [one for one in options if one[name] != "notice"]

    _choices(here, without)
    here.leaves()
    assert here.field(1, "status") is None
    refresh(here.service)
    here.run()
    said = here.says()
    assert "works, but for what needs this: " in said
    assert "lacks the choices notice" in said
    assert {"hubspot": "Settings > Properties", "salesforce": "Setup"}[here.crm] in said
    all_is_there_once(here)
    _choices(here, lambda options, name: kept)
    refresh(here.service)
    here.run()
    assert here.field(1, "status") == "notice"
    assert " works; " in here.says()
    all_is_there_once(here)


def test_a_customer_that_is_merged(here: Office) -> None:
    here.leaves()
    here.leaves(2)
    customers = here.stage.desk(here.crm).customer_object
    here.tidy("merge", customers, here.customer(2), here.customer(1))
    for _ in range(2):
        here.run()
        here.wait()
    assert "1 case follows its customer through a merge of the last 7 days" in here.says()
    assert len([row for row in here.cases() if not row.closed]) == 1
    all_is_there_once(here)
    here.wait(8 * DAY)
    here.run()
    assert "merge" not in here.says()


@pytest.mark.parametrize("crm", CRMS)
def test_keys_that_the_crm_takes_twice(crm: str, tmp_path: Path) -> None:
    """A portal without unique properties of tasks; an org whose admin has unticked Unique."""
    options = {"unique_task_keys": False} if crm == "hubspot" else {}
    with office(crm, tmp_path, options=options) as here:
        if crm == "salesforce":
            _untick(here)
            here.service = here.restart()
        here.run()
        assert "keys are not unique" in here.says()
        assert len(here.command("status")[crm]["notes"]) == 1 + (crm == "hubspot")
        strike(here, CREATES[crm], when="after", status=None)
        here.leaves()
        assert here.keys() != {}, "the CRM has applied what nobody has heard of"
        here.wait(3 * HOUR)
        here.run()
        assert " works; its last cycle ended at " in here.says()
        all_is_there_once(here)


def _untick(here: Office) -> None:
    place = _STATUS[here.crm]
    soql = "SELECT Id, Metadata FROM CustomField WHERE DeveloperName = 'Aurevoir_Key'"
    (found,) = here.ask("GET", f"{place}/query", q=soql)["records"]
    metadata = {**found["Metadata"], "unique": False, "externalId": True}
    here.ask("PATCH", f"{place}/sobjects/CustomField/{found['Id']}", {"Metadata": metadata})
