"""Creating what a CRM lacks: shown first, made once; a second time there is nothing to do."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from sync.trial import trial
from tests.acceptance.office import CRMS, Office, staff
from tests.faults.story import START

pytestmark = pytest.mark.slow


def _mutations(here: Office) -> list[str]:
    """The calls since we last forgot them that would change something; signing in does not."""
    with here.stage.sandbox.world.lock:
        entries = here.stage.sandbox.world.traffic.entries()
        return [one.operation for one in entries if one.writes and "token" not in one.operation]


@pytest.mark.parametrize("crm", CRMS)
def test_provisions_an_empty_sandbox_once(crm: str, tmp_path: Path) -> None:
    with trial(staff(fields=False), start=START, crms=[crm], folder=tmp_path) as stage:
        if crm == "salesforce":  # new fields are hidden, as in any org
            stage.dialect(crm).options["field_security"] = True
        here = Office(stage=stage, crm=crm, folder=tmp_path)
        first = here.command("provision", "--yes")
        created = first[crm]["created"]
        assert len(created) == len(set(created)) > 20
        assert _mutations(here)
        here.stage.count_from_here()
        second = here.shell("provision", "--yes")
        assert (second.returncode, second.stdout) == (0, f"{crm} (sandbox): nothing to do\n")
        assert _mutations(here) == []
        assert here.command("provision", "--yes") == {crm: {"kind": "sandbox", "created": []}}
        assert here.command("check", code=0) is not None


def test_check_says_what_customers_read_as_our_name(here: Office) -> None:
    def told() -> list[dict[str, str]]:
        return [one for one in here.command("check")[here.crm] if one["key"] == "company"]

    assert told() == []
    file = here.folder / "aurevoir.yaml"
    written = yaml.safe_load(file.read_text())
    del written["company"]
    file.write_text(yaml.safe_dump(written))
    (hint,) = told()
    assert (hint["severity"], hint["file"]) == ("hint", "aurevoir.yaml")
    assert f'letters and pages call you "{here.service.crm.identity().name}"' in hint["words"]
