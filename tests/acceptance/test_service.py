"""The service as a process of its own: how it ends, and what it does with a changed mapping."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from pathlib import Path
from queue import Queue
from typing import Any

import pytest
import structlog
import yaml

from integrations.contract import NOTE, TASK
from tests.acceptance.office import CRMS, DAY, MINUTE, Office, office
from tests.acceptance.test_mishaps import forgive, strike
from tests.faults.story import START
from tests.faults.test_kill import CREATES, _hold

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("crm", CRMS)
def test_sigterm_finishes_the_call_in_flight_and_begins_no_other(crm: str, tmp_path: Path) -> None:
    with office(crm, tmp_path) as here:
        here.run()
        here.stage_to(1, "churning")
        here.wait()
        applied = threading.Event()
        let_go = _hold(here, CREATES[crm], applied)
        here.stage.count_from_here()
        with _service(here) as service:
            assert applied.wait(60)
            service.process.send_signal(signal.SIGTERM)
            service.until("stopping; the call in flight is finished first")
            let_go()
            assert service.process.wait(60) == 0
        assert here.dump().total() == 1
        held = {one.key for kind in (TASK, NOTE) for one in here.service.crm.find(kind, None)}
        with here.service.store.reading() as tables:
            entries = tables.ledger.of_cases([here.cases()[0].key])[here.cases()[0].key]
        states = {key: entry.state for key, entry in entries.items()}
        assert held
        assert {states[key] for key in held} == {"delivered"}
        assert {state for key, state in states.items() if key not in held} == {"pending"}


@pytest.mark.parametrize("crm", CRMS)
def test_a_mapping_changed_under_the_service(crm: str, tmp_path: Path) -> None:
    with office(crm, tmp_path) as here, engine(here) as says:
        file = here.folder / f"{crm}.yaml"
        says("signed in")
        file.write_text("brake: {cases: lots}\n")
        refused = says("the mapping was changed and is refused")["words"]
        assert f"{crm}.yaml:1: brake.cases: should be a whole number" in refused
        file.write_text("customer: {name: nmae}\n")
        while 'has no field "nmae"' not in refused:
            refused = says("the mapping was changed and is refused")["words"]
        assert f"{crm}.yaml:1: customer.name" in refused
        # The old one stays in force, and work goes on by it.
        here.stage_to(1, "churning")
        here.wait()
        while not says("cycle").get("writes"):
            here.wait()
        told = here.says()
        words = "the changed mapping is refused, and the one from before stays in force: "
        assert " works; " in told
        assert f"{words}" in told
        assert f"{crm}.yaml:1: customer.name: " in told
        # A good one counts from the next cycle on.
        file.write_text("brake: {cases: 1, percent: 0}\n")
        says("the mapping was changed")
        with here.stage.sandbox.world.lock:
            here.all_to("churned")
        held = ""
        while not held:
            held = says("cycle").get("held", "")
        assert held == "2 customers entered the stage at once; the brake is set to 1"


@pytest.mark.parametrize("crm", CRMS)
def test_a_store_that_is_deleted_under_the_service_ends_it(crm: str, tmp_path: Path) -> None:
    with office(crm, tmp_path) as here, _service(here, code=2) as service:
        service.until("signed in")
        for file in (here.folder / "data").glob("aurevoir.db*"):
            file.unlink()
        service.until("stopped")
        assert service.process.stderr
        (said,) = service.process.stderr.read().splitlines()
        assert "aurevoir.db was deleted or replaced while it was in use" in said
        assert "put the newest backup back, and start it again" in said


def test_a_clock_that_is_set_back_stops_nothing(tmp_path: Path) -> None:
    back: list[timedelta] = []
    with office("hubspot", tmp_path) as here:
        here.run()
        with engine(here, behind=lambda: sum(back, timedelta())) as says:
            for number in (1, 2):
                here.stage_to(number, "churning")
                here.wait()
                while not says("cycle").get("writes"):
                    here.wait()
                back.append(10 * DAY)


def test_what_nobody_has_thought_of_is_told(tmp_path: Path) -> None:
    with office("hubspot", tmp_path) as here, engine(here) as says:
        says("signed in")
        strike(here, "objects.companies.search", status=200, body={"results": [{}]}, times=100)
        assert says("trouble")["problem"] == "keyerror"
        says("a job failed")
        while " stands still: something unforeseen has happened (KeyError at " not in here.says():
            says("trouble")
        forgive(here)
        while " works; " not in here.says():
            says("call")


@contextmanager
def engine(
    here: Office, *, behind: Callable[[], timedelta] = timedelta
) -> Iterator[Callable[[str], dict[str, Any]]]:
    """The engine in a thread, for which two minutes pass with every look at the clock.

    Gives what waits for a line of its log; ``behind``: by how much its clock was set back.
    """
    lines: Queue[dict[str, Any]] = Queue()
    minutes = count(step=2)

    def keep(_logger: object, _method: str, event: MutableMapping[str, Any]) -> str:
        lines.put(dict(event))
        raise structlog.DropEvent

    def says(event: str) -> dict[str, Any]:
        while (line := lines.get(timeout=20))["event"] != event:
            pass
        return line

    engine = here.stage.app.engine([here.crm])
    engine.now = lambda: START + next(minutes) * MINUTE - behind()
    before = structlog.get_config()
    structlog.configure(processors=[keep])
    running = threading.Thread(target=engine.run)
    running.start()
    try:
        yield says
    finally:
        engine.stop()
        running.join()
        structlog.configure(**before)


class _Service:
    """``aurevoir run``, and what it logs."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def until(self, event: str) -> None:
        """Wait for a line of the log."""
        assert self.process.stderr
        for line in self.process.stderr:
            if json.loads(line)["event"] == event:
                return
        raise AssertionError(f"the service ended without saying {event!r}")


@contextmanager
def _service(here: Office, code: int = 0) -> Iterator[_Service]:
    """Run it, and end it as a service manager would."""
    file = here.folder / "aurevoir.yaml"
    service = yaml.safe_load(file.read_text())
    service["log"] = {"format": "json"}
    file.write_text(yaml.safe_dump(service))
    command = [sys.executable, "-m", "sync.cli", "run", "--config", str(file)]
    env = {**os.environ, **here.stage.app.env}
    with subprocess.Popen(command, env=env, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield _Service(process)
        finally:
            process.terminate()
            process.communicate(timeout=60)
    assert process.returncode == code
