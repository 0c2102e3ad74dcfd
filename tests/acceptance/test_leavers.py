"""A colleague who leaves in the middle of a goodbye: their tasks go to the next in line, once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from integrations.contract import TASK
from integrations.sandbox.hubspot import HubSpot
from integrations.sandbox.salesforce import Salesforce
from integrations.sandbox.seed import Colleague, Seed
from sync.engine.jobs import refresh
from sync.verify import verify
from tests.acceptance.office import CRMS, DAY, Office, office, staff

pytestmark = pytest.mark.slow

#: Tim looks after everybody; then Eve, then Ann.
ELSE = [{"user": "eve@vendor.example"}, {"user": "ann@vendor.example"}]
ROLES = {"customer_success": {"else": ELSE}}


def _colleague(handle: str, last: str) -> Colleague:
    return Colleague(
        handle=handle, first=handle.title(), last=last, email=f"{handle}@vendor.example",
        title="CSM",
    )  # fmt: skip


def _people() -> Seed:
    few = staff()
    more = (_colleague("tim", "Young"), _colleague("eve", "Egan"))
    customers = tuple(replace(one, csm="tim") for one in few.customers)
    return replace(few, colleagues=(*few.colleagues, *more), customers=customers)


@pytest.fixture(params=CRMS)
def here(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    with office(request.param, tmp_path, people=_people(), roles=ROLES) as opened:
        opened.run()
        yield opened


def leave(here: Office, name: str) -> None:
    """An admin takes their seat away; HubSpot forgets them, Salesforce keeps them as inactive."""
    dialect, id = here.stage.dialect(here.crm), who(here)[name]
    with here.stage.sandbox.world.lock:
        if isinstance(dialect, HubSpot):
            del dialect.portal.owners[id]
        elif isinstance(dialect, Salesforce):
            dialect.org["User"].rows[id]["IsActive"] = False


def who(here: Office) -> dict[str, str]:
    return {owner.name: owner.id for owner in here.service.org.owners}


def held(here: Office, number: int = 1) -> dict[str, Any]:
    """Who has which open task in the CRM, by step."""
    keys, names = here.keys(number), {id: name for name, id in who(here).items()}
    ids = {one.id: one.key.split(":")[1] for one in here.service.crm.find(TASK, None)
           if one.key in keys}  # fmt: skip
    read = here.service.crm.read(TASK, list(ids), ("done", "owner"))
    return {
        ids[id]: names.get(str(one.fields["owner"]))
        for id, one in read.items()
        if not one.fields["done"]
    }


def test_a_refused_owner_is_followed_by_the_next_in_line(here: Office) -> None:
    """Between two looks at who works there, the CRM's refusal is the first to tell."""
    here.leaves()
    theirs = {step for step, name in held(here).items() if name == "Tim Young"}
    assert theirs
    leave(here, "Tim Young")
    here.leaves(2)
    assert set(here.keys(2).values()) == {1}
    owners = held(here, 2)
    assert {owners[step] for step in theirs} == {"Eve Egan"}
    assert None not in owners.values()
    # The other customer's open tasks follow in the same breath, once.
    assert {name for step, name in held(here).items() if step in theirs} == {"Eve Egan"}
    here.stage.count_from_here()
    here.wait()
    assert here.run().writes == 0
    found = verify(here.service)
    assert (found.missing, found.extra) == ([], [])
    assert here.command("failures")[here.crm] == []


def test_open_tasks_move_once_and_what_people_did_stays(here: Office) -> None:
    here.leaves()
    steps = sorted(step for step, name in held(here).items() if name == "Tim Young")
    done, given, *rest = steps
    assert rest
    here.completes(done)
    here.run()
    ann, by, task = who(here)["Ann Archer"], here.stage.colleague(here.crm), here.task(given)
    with here.stage.sandbox.world.lock:
        field = {"hubspot": "hubspot_owner_id", "salesforce": "OwnerId"}[here.crm]
        desk = here.stage.desk(here.crm)
        kind = {"hubspot": "tasks", "salesforce": "Task"}[here.crm]
        desk.edit(kind, task, field, ann, by=by)
    leave(here, "Tim Young")
    refresh(here.service)
    here.run()
    assert {step: held(here)[step] for step in rest} == dict.fromkeys(rest, "Eve Egan")
    assert held(here)[given] == "Ann Archer"
    assert done not in held(here)

    leave(here, "Eve Egan")
    refresh(here.service)
    here.run()
    assert {step: held(here)[step] for step in rest} == dict.fromkeys(rest, "Ann Archer")
    assert held(here)[given] == "Ann Archer"
    here.wait(DAY)
    here.run()
    assert set(here.keys().values()) == {1}
    assert here.command("failures")[here.crm] == []
