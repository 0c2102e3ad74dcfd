"""A first week in which the service does everything but write."""

from __future__ import annotations

import pytest
import yaml

from tests.acceptance.office import DAY, Office
from tests.acceptance.test_plan_and_run import _sent

pytestmark = pytest.mark.slow


def _shadow(here: Office, on: bool) -> None:
    file = here.folder / "aurevoir.yaml"
    written = yaml.safe_load(file.read_text())
    written["connections"][here.crm]["shadow"] = on
    file.write_text(yaml.safe_dump(written))
    here.service = here.restart()


def test_shadow_mode_writes_nothing_and_leaving_it_mails_nothing_old(here: Office) -> None:
    _shadow(here, on=True)
    before = here.dump()
    here.leaves()
    here.wait(3 * DAY)
    assert here.run().shadow
    assert here.dump() == before
    assert "shadow mode" in here.command("status")[here.crm]["words"]
    assert here.command("plan")[here.crm]["shadow"] is True
    assert here.command("plan")[here.crm]["writes"]
    _shadow(here, on=False)
    here.leaves(2)
    assert here.open_steps()
    assert here.open_steps(2)
    here.wait(2 * DAY)
    here.run()
    assert _sent(here) == []
    told = here.command("plan")[here.crm]["withheld"]
    assert "it was due in shadow mode" in {held["reason"] for held in told}
    with here.service.store.reading() as tables:
        histories = tables.cases.histories(row.key for row in here.cases(2))
    assert any(event.kind == "sent" for some in histories.values() for event in some)
