"""The simulation promises what the service does: both play the demo's story, and end alike."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import pytest

from integrations.contract import TASK
from sync.agreement import agree
from sync.company import Company
from sync.demo import DAYS, START, STORY
from sync.engine.jobs import waits
from sync.simulation import cast
from sync.simulation.play import play
from sync.simulation.script import Happening, told
from sync.trial import CRMS, trial

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("crm", CRMS)
def test_the_simulation_and_the_service_end_alike(crm: str) -> None:
    with trial("demo", start=START, crms=[crm]) as stage, stage.pages() as pages:
        stage.provision(crm)
        connection = stage.connect(crm)
        script = told(STORY, DAYS)
        customers = cast.everyone(connection)
        play(connection, customers, script, START, DAYS)
        stage.cycle(connection)
        company = Company(
            stage=stage, connection=connection, survey=pages.urls["public"], start=START
        )
        run(company, script, START, DAYS)

        found = agree(connection, customers)
        assert found.differ == []
        assert found.records > 250

        name = connection.places("customer")["status"].field
        alder = next(one for one in customers if one.name == "Alder & Quill Stationers")
        stage.edit(crm, alder.ref.id, name, "notice", by=stage.colleague(crm))
        held = next(iter(connection.crm.find(TASK, None)))
        with stage.sandbox.world.lock:
            stage.desk(crm).delete(*_task(crm, held.id), by=stage.colleague(crm))
        again = agree(connection, customers)
        assert [line.partition(":")[0] for line in again.differ] == [
            f"task {held.key.partition(':')[0]}",
            f"customer {alder.ref.id}",
        ]
        assert "is in the CRM 0 times" in again.differ[0]
        assert f"{name} is" in again.differ[1]
        assert again.as_json["agree"] == again.records - 2


def _task(crm: str, id: str) -> tuple[str, str]:
    return {"hubspot": "tasks", "salesforce": "Task"}[crm], id


def run(company: Company, script: Sequence[Happening], start: datetime, days: int) -> None:
    """The same story in the sandbox; the service looks whenever it wants to."""
    connection, end = company.connection, Happening(day=days, stage="-").moment(start)
    due = sorted(script, key=lambda one: one.moment(start), reverse=True)
    while True:
        moments = [*waits(connection), *(one.moment(start) for one in due[-1:])]
        now = min(moments, default=end)
        if now >= end:
            return
        company.stage.until(now)
        acted = False
        while due and due[-1].moment(start) <= now:
            acted = company.act(due.pop(), now) or acted
        if acted or any(at <= now for at in waits(connection)):
            company.stage.cycle(connection)
