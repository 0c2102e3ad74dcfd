"""A notice by the link, on both CRMs: the case opens, and nobody but people moves the stage."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from integrations.sandbox import visitor
from tests.acceptance.office import CRMS, Office, office

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("crm", CRMS)
def test_a_notice_by_link_opens_the_case_and_the_stage_stays(crm: str, tmp_path: Path) -> None:
    with office(crm, tmp_path, notice_link="on") as here, _open(here) as door:
        here.run()
        record, person = here.customer(1), here.stage.desk(crm).customer(here.customer(1))
        assert person
        wrong = here.shell("notice-link", f"{record}0", person.contacts[0].id)
        assert wrong.returncode == 2
        assert "was seen yet" in wrong.stderr
        said = here.command("notice-link", record, person.contacts[0].id)
        address = door + urlsplit(said["link"]).path
        for _ in range(2):
            visitor.fill_in(address, {"last_day": "2026-05-29"})
        here.run()
        here.wait()
        here.run()
        (case,) = here.cases()
        assert (case.status, case.departs_on) == ("notice", "2026-05-29")
        assert {"acknowledge", "stage_to_move"} < here.open_steps()
        watch = here.service.programme.watch[0]
        read = here.service.crm.read(watch.object, [record], (watch.stage,))
        assert read[record].fields[watch.stage] == "active"
        # Another notice changes nothing; a person's move closes the task, and opens no second case.
        visitor.fill_in(address, {"last_day": "2026-05-29"})
        here.run()
        here.leaves(1)
        assert len(here.cases()) == 1
        assert "stage_to_move" not in here.open_steps()
        assert set(here.steps().values()) == {1}
        here.stage_to(1, "active")
        here.wait()
        here.run()
        assert here.cases()[0].status == "saved"


@contextmanager
def _open(here: Office) -> Iterator[str]:
    with here.stage.pages() as pages:
        here.service = here.stage.connect(here.crm)
        yield pages.urls["public"]
