"""A ledger belongs to one org: whatever leads to another is refused, and a copy is recognised."""

from __future__ import annotations

import pytest
import yaml

from integrations.errors import Reauthorise
from sync.engine.jobs import refresh
from sync.store.connections import WrongOrgError
from tests.acceptance.office import Office

pytestmark = pytest.mark.slow


def move(here: Office) -> None:
    """The same credentials lead elsewhere: a refreshed sandbox, or another portal."""
    options = here.stage.dialect(here.crm).options
    if here.crm == "salesforce":
        options.update(refresh_org=True, refresh_keeps_app=True)
    else:
        options["portal_id"] = 99


def rename(here: Office) -> None:
    """An admin gives the new org a connection of its own."""
    file = here.folder / "aurevoir.yaml"
    service = yaml.safe_load(file.read_text())
    service["connections"] = {"copy": service["connections"][here.crm]}
    file.write_text(yaml.safe_dump(service))


def test_every_command_refuses_another_org(here: Office) -> None:
    here.leaves()
    before = here.dump()
    move(here)
    for words in ("run --once", "check", f"connect {here.crm}", "provision --yes"):
        said = here.shell(*words.split())
        assert said.returncode == 2, said.stdout
        assert "keeps the ledger of" in said.stderr
        assert "give the new one another name" in said.stderr
    assert here.dump() == before


def test_the_running_service_notices(here: Office) -> None:
    here.leaves()
    before = here.dump()
    move(here)
    here.stage_to(2, "churning")
    here.wait()
    if here.crm == "salesforce":  # the session ends, and the next one is another org's
        with pytest.raises(Reauthorise, match="another org"):
            here.run()
        assert "another org" in here.says()
        with pytest.raises(Reauthorise, match="another org"):
            here.run()
    with pytest.raises((WrongOrgError, Reauthorise)):
        refresh(here.service)
    with pytest.raises(WrongOrgError):
        here.restart()
    assert " stands still: connection " in here.says()
    assert here.dump() == before


def test_a_copy_is_recognised_and_held(here: Office) -> None:
    here.leaves()
    here.leaves(2)
    keys = {**here.keys(1), **here.keys(2)}
    move(here)
    rename(here)
    findings = here.command("check")["copy"]
    words = "this is a copy of another org: 2 customers carry its keys"
    assert [one["severity"] for one in findings if words in one["words"]] == ["warning"]
    before = here.dump()
    here.command("run", "--once", "--connection", "copy")
    told = here.command("status", "--connection", "copy")["copy"]
    assert f"is held: {words}; `aurevoir release`" in told["words"]
    here.stage_to(3, "churning")
    here.wait()
    here.command("run", "--once", "--connection", "copy")
    assert here.dump() == before
    assert set(here.command("verify", code=1)["copy"]["extra"]) >= set(keys)
    here.command("release")
    here.command("run", "--once", "--connection", "copy")
    assert here.dump() != before
    assert "is held" not in here.command("status")["copy"]["words"]


def test_another_name_for_the_same_org_is_refused(here: Office) -> None:
    """Its cases would stand still without a word, or be written twice."""
    here.leaves()
    before = here.dump()
    rename(here)
    for words in ("run --once", "check", "connect copy", "provision --yes"):
        said = here.shell(*words.split())
        assert said.returncode == 2, said.stdout
        assert f"call it {here.crm!r} in aurevoir.yaml" in said.stderr
    assert here.dump() == before


def test_a_lost_ledger_of_the_same_org_is_no_copy(here: Office) -> None:
    here.leaves()
    rename(here)
    file = here.folder / "aurevoir.yaml"
    file.write_text(f"data: elsewhere\n{file.read_text()}")
    here.command("run", "--once", "--connection", "copy")
    assert here.command("status", "--connection", "copy")["copy"]["held"] is None
