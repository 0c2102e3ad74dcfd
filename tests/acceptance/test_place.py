"""Whatever speaks of a connection says whether it is production or a place for trying things."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.acceptance.office import CRMS, office

pytestmark = pytest.mark.slow

#: Commands, and where their JSON says it.
SAYS = {
    "plan": "kind",
    "provision --yes": "kind",
    "run --once": "kind",
    "verify": "kind",
    "simulate --days 1": "kind",
    "move-cases --all --yes": "kind",
    "status": "kind",
    "failures": "org_kind",
    "check": "org_kind",
    "cases": "org_kind",
    "explain {case}": "org_kind",
    "pause": None,
    "release": None,
}


def _found(text: str, crm: str, key: str | None) -> set[object]:
    """What one document says of the connection, once or of each item."""
    said = json.loads(text)
    said = said.get(crm, said) if isinstance(said, dict) else said
    return {one[key] for one in (said if isinstance(said, list) else [said]) if key}


@pytest.mark.parametrize(("crm", "as_json"), list(zip(CRMS, (False, True), strict=True)))
def test_every_command_says_it(crm: str, as_json: bool, tmp_path: Path) -> None:
    with office(crm, tmp_path) as here:
        here.run()
        here.leaves()
        [case] = here.cases()
        for command, key in SAYS.items():
            words = command.format(case=case.key).split()
            said = here.shell(*words, *(["--json"] if as_json else []))
            if as_json:
                assert _found(said.stdout, crm, key) <= {"sandbox"}, command
            else:
                assert "sandbox)" in said.stdout.splitlines()[0], said.stdout or said.stderr


@pytest.mark.parametrize("crm", CRMS)
def test_before_the_first_sign_in_nothing_is_made_up(crm: str, tmp_path: Path) -> None:
    with office(crm, tmp_path) as here:
        config = here.folder / "aurevoir.yaml"
        config.write_text(config.read_text().replace(f"  {crm}:", "  new:"))
        told = here.shell("failures")
        assert told.stdout == "new: nothing has failed.\n"
        assert here.command("status")["new"]["kind"] is None
