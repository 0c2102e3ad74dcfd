"""The real process is killed with -9 while its call is on the wire, and started again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from integrations.sandbox.http import Answer, Request, Route
from tests.faults.crash import CRMS
from tests.faults.story import Play, count, opened

CREATES = {"hubspot": "objects.tasks.batch.create", "salesforce": "collections.create"}


@pytest.mark.parametrize("crm", CRMS)
def test_kill_in_the_middle_of_a_delivery_leaves_one_of_each(crm: str, tmp_path: Path) -> None:
    with opened(crm, tmp_path) as play:
        assert _run(play).wait() == 0
        for number in (1, 2, 3):
            play.stage_to(number, "churning")
        play.stage.advance(timedelta(minutes=11))

        process, applied = None, threading.Event()
        let_go = _hold(play, CREATES[crm], applied)
        process = _run(play)
        assert applied.wait(30)
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
        let_go()
        left = count(play).tasks
        assert left, "the CRM has applied what the dead process has sent"

        assert _run(play).wait() == 0
        tasks = count(play).tasks
        assert tasks >= left
        assert set(tasks.values()) == {1}


def _run(play: Play) -> subprocess.Popen[bytes]:
    """``aurevoir run --once``, as anybody would start it."""
    env = {**os.environ, **play.stage.app.env}
    config = str(play.folder / "aurevoir.yaml")
    command = [sys.executable, "-m", "sync.cli", "run", "--once", "--config", config]
    return subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL)


def _hold(play: Play, operation: str, applied: threading.Event) -> Callable[[], None]:
    """Let the next such call be applied, and keep its answer back until it is let go."""
    routes = play.stage.dialect(play.crm).routes
    released = threading.Event()
    held = threading.Lock()
    index, route = next(
        (i, route) for i, route in enumerate(routes._routes) if route.operation == operation
    )

    def handle(request: Request) -> Answer:
        answer = route.handler(request)
        if held.acquire(blocking=False):
            applied.set()
            released.wait(30)
        return answer

    routes._routes[index] = Route(
        method=route.method,
        template=route.template,
        operation=route.operation,
        handler=handle,
        pattern=route.pattern,
    )
    return released.set
