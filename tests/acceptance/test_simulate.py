"""``aurevoir simulate``, as an admin calls it: on the demo's world, and on a CRM of their own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.office import Office

pytestmark = pytest.mark.slow


def _simulate(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "sync.cli", "simulate", *words],
        env={"PYTHONPATH": str(Path(__file__).parents[2]), "PATH": ""},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def _events(folder: Path, *lines: str) -> str:
    file = folder / "events.yaml"
    file.write_text("events:\n" + "\n".join(f"  - {line}" for line in lines))
    return str(file)


def test_without_a_configuration_it_tells_the_demo_and_what_is_added(tmp_path: Path) -> None:
    events = _events(tmp_path, "{day: 3, stage: active}")
    words = ("--days", "10", "--customer", "Antler Bay Ferries", "--events", events, "--json")
    done = _simulate(tmp_path, *words)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)["hubspot"]
    assert told["customers"] == 1
    assert told["count"]["task"] > 4
    saved = [one for one in told["seen"] if "Off-boarding status: Saved" in one["words"]]
    assert [one["at"][:10] for one in saved] == ["2026-03-05"]
    closed = {one["words"].partition(" (")[0] for one in told["seen"] if one["what"] == "closed"}
    assert "Find out why Antler Bay Ferries is leaving" in closed


def test_it_can_be_told_person_by_person(tmp_path: Path) -> None:
    events = _events(
        tmp_path, '{day: 1, fields: {exit_words: "No offline mode", decision: let_go}}'
    )
    words = (
        "--days",
        "6",
        "--customer",
        "Antler Bay Ferries",
        "--events",
        events,
        "--by",
        "person",
    )
    done = _simulate(tmp_path, *words)
    assert done.returncode == 0, done.stderr
    parts = {part.partition("\n")[0]: part for part in done.stdout.split("\n\n")[1:]}
    assert "somebody sets exit words: No offline mode; decision: let_go" in parts["on the record"]
    tasks = [who for who, part in parts.items() if "  task    Antler Bay Ferries: " in part]
    assert tasks
    assert "on the record" not in tasks


def test_a_name_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    done = _simulate(tmp_path, "--customer", "Antler Bay Ferris")
    words = 'there is no customer "Antler Bay Ferris"; did you mean "Antler Bay Ferries"?'
    assert (done.returncode, done.stderr) == (2, f"aurevoir: {words}\n")


def _told(here: Office, *words: str) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = here.command("simulate", *words)[here.crm]["seen"]
    return told


def test_it_goes_on_from_the_store_and_writes_nothing(here: Office, tmp_path: Path) -> None:
    here.leaves()
    before, calls = here.keys(), here.dump()
    name = "Customer 1"
    events = _events(tmp_path, f"{{day: 2, customer: {name}, done: acknowledge}}")
    seen = _told(here, "--days", "20", "--events", events)
    assert {one["customer"] for one in seen} == {name}
    assert any(one["words"] == "ticked off: acknowledge" for one in seen)
    assert not any("Acknowledge" in one["words"] for one in seen if one["what"] == "task")
    assert (here.keys(), here.dump()) == (before, calls)
    with here.service.store.reading() as tables:
        (row,) = tables.cases.list(here.crm)
    assert row.status == "notice"


def test_a_customer_without_a_case_may_give_notice(here: Office, tmp_path: Path) -> None:
    here.run()
    events = _events(tmp_path, "{day: 0, stage: churning}")
    seen = _told(here, "--days", "3", "--customer", "Customer 2", "--events", events)
    assert "Acknowledge the notice of Customer 2 in person" in {one["words"] for one in seen}
    assert here.cases(2) == []
