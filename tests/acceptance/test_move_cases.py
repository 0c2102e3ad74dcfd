"""A case keeps its playbook when the file changes, until somebody has seen the difference."""

from __future__ import annotations

from typing import Any

import pytest

from integrations.contract import TASK
from sync import points
from sync.engine.jobs import cycle
from sync.verify import verify
from tests.acceptance.office import DAY, Office
from tests.faults.story import Died

pytestmark = pytest.mark.slow

OLD = """
extends: standard
steps:
  exit_talk: {phase: notice}
  final_invoice: {phase: notice}
"""
#: ``exit_talk`` under another name, without ``final_invoice``, and with a step that is new.
RENAMED = """
extends: standard
steps:
  exit_talk: off
  final_invoice: off
  goodbye_call:
    was: exit_talk
    phase: notice
    role: customer_success
    task: Say goodbye to {{customer.name}} by phone
    due: opened + 3 business days
  send_flowers:
    phase: notice
    role: marketing
    task: Send flowers to {{customer.name}}
    due: opened + 4 business days
"""


def writes(here: Office, text: str) -> None:
    """An admin edits the playbook; the service takes it in."""
    folder = here.folder / "playbooks"
    folder.mkdir(exist_ok=True)
    (folder / "mine.yaml").write_text(text)
    here.configure(playbooks=[{"use": "mine"}])


def opened(here: Office) -> Office:
    writes(here, OLD)
    here.leaves()
    assert {"exit_talk", "final_invoice"} <= here.open_steps()
    return here


def shown(told: dict[str, Any], here: Office) -> dict[str, Any]:
    (one,) = told[here.crm]["cases"]
    assert isinstance(one, dict)
    return one


def does(one: dict[str, Any]) -> set[tuple[str, str]]:
    return {(c["does"], c["step"]) for c in one["changes"] if c["kind"] == "task"}


def steps_in_crm(here: Office) -> dict[str, str]:
    """What the CRM shows as the step of each task: by key."""
    ours = here.keys()
    held = {one.id: one.key for one in here.service.crm.find(TASK, None)}
    read = here.service.crm.read(TASK, list(held), ("step",))
    return {
        held[id].split(":", 1)[1]: str(record.fields["step"])
        for id, record in read.items()
        if held[id] in ours
    }


def nothing_amiss(here: Office) -> None:
    found = verify(here.service)
    assert (found.missing, found.extra) == ([], [])


def test_a_changed_file_changes_nothing_that_is_open(here: Office) -> None:
    opened(here)
    before = here.dump(), here.keys(), here.open_steps()
    writes(here, RENAMED)
    here.run()
    assert (here.dump(), here.keys(), here.open_steps()) == before
    here.leaves(2)
    assert {"goodbye_call", "send_flowers"} <= here.open_steps(2)


def test_move_cases_shows_and_only_then_moves(here: Office) -> None:
    opened(here)
    here.completes("final_invoice")
    here.run()
    writes(here, RENAMED)
    here.run()
    before = here.dump(), here.keys()

    one = shown(here.command("move-cases", "--all"), here)
    assert (one["customer"], one["from"], one["to"]) == ("Customer 1", "mine", "mine")
    assert one["renamed"] == {"goodbye_call": "exit_talk"}
    assert does(one) >= {("change", "goodbye_call"), ("add", "send_flowers")}
    assert not {step for what, step in does(one) if what in ("add", "close")} - {"send_flowers"}
    here.run()
    assert (here.dump(), here.keys()) == before

    told = here.command("move-cases", "--all", "--yes")
    assert told[here.crm]["moved"] == 1
    assert (here.dump(), here.keys()) == before
    here.run()
    assert here.keys().keys() - before[1].keys() == {f"{one['case']}:send_flowers"}
    assert set(here.keys().values()) == {1}
    assert steps_in_crm(here)["exit_talk"] == "goodbye_call"
    nothing_amiss(here)

    assert here.command("move-cases", "--all")[here.crm]["cases"] == []
    here.completes("exit_talk")
    here.run()
    here.wait(DAY)
    here.run()
    assert here.keys().keys() - before[1].keys() == {f"{one['case']}:send_flowers"}
    assert "exit_talk" not in here.open_steps()


def test_what_is_no_longer_wanted_is_closed_and_may_be_named(here: Office) -> None:
    opened(here)
    writes(here, RENAMED)
    here.run()
    (row,) = here.cases()
    one = shown(here.command("move-cases", here.customer(1), "--yes"), here)
    assert one["case"] == row.key
    assert ("close", "final_invoice") in does(one)
    here.run()
    assert "final_invoice" not in here.open_steps()
    history = here.command("explain", row.key)["history"]
    assert any(line.endswith("moved to another playbook") for line in history)


def test_words_for_who_names_nothing_or_nobody(here: Office) -> None:
    opened(here)
    assert here.shell("move-cases").stderr == "aurevoir: say which cases: their keys, or --all\n"
    (row,) = here.cases()
    typo = row.key[:-1] + "_"
    found = here.shell("move-cases", typo)
    assert (found.returncode, found.stderr) == (
        2, f'aurevoir: there is no case "{typo}"; did you mean "{row.key}"?\n',
    )  # fmt: skip


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_crash_around_the_move_moves_once(here: Office, moment: str) -> None:
    opened(here)
    writes(here, RENAMED)
    here.run()
    here.command("move-cases", "--all", "--yes")
    before = here.keys()
    died: list[str] = []

    def die(point: str) -> None:
        if point == f"commit move cases {moment}" and not died:
            died.append(point)
            raise Died

    with points.listening(die), pytest.raises(Died):
        cycle(here.service)
    here.service = here.restart()
    here.run()
    assert died
    (row,) = here.cases()
    assert here.keys().keys() - before.keys() == {f"{row.key}:send_flowers"}
    assert set(here.keys().values()) == {1}
    history = here.command("explain", row.key)["history"]
    assert sum(line.endswith("moved to another playbook") for line in history) == 1
    nothing_amiss(here)


def test_what_somebody_agreed_to_needs_no_brake(here: Office) -> None:
    """Even where the service sees the new file in the very same cycle."""
    opened(here)
    here.configure(brake={"cases": 0, "percent": 0})
    here.service = here.restart()
    here.run()
    (here.folder / "playbooks" / "mine.yaml").write_text(RENAMED)
    here.command("move-cases", "--all", "--yes")
    here.service = here.restart()
    done = here.run()
    assert (done.held, here.steps()["send_flowers"]) == (None, 1)
