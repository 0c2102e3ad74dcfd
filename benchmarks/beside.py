"""The first hour of some departures, by the service and by a plain loop beside it, in one run.

Each works on a sandbox of its own with the same customers, once as near as this machine is, and
once as far away as a CRM. The loop writes what the service has written: docs/performance.md says
what it leaves out.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from rich.progress import Progress

from benchmarks.crowd import leave, write_world
from benchmarks.place import SETTLE, START, Sandbox, cycle, opened, service, set_up
from benchmarks.plain import LOOPS, Work

#: Milliseconds that a call takes there and back.
LATENCIES: Final = (0, 50)


def compare(crm: str, departures: int, *, bar: Progress) -> Iterator[dict[str, Any]]:
    """What both cost, for each latency."""
    for latency in LATENCIES:
        task = bar.add_task(f"{crm}, {departures} beside a plain loop, {latency} ms", total=2)
        ours, work = _service(crm, departures, latency)
        bar.advance(task)
        theirs = _loop(crm, departures, latency, work)
        bar.remove_task(task)
        yield {
            "crm": crm,
            "departures": departures,
            "latency_ms": latency,
            "service": ours,
            "plain_loop": theirs,
            "calls_ratio": round(theirs["calls"] / ours["calls"], 1),
            "wall_ratio": round(theirs["wall_seconds"] / ours["wall_seconds"], 1),
        }


def _service(crm: str, departures: int, latency: int) -> tuple[dict[str, Any], Work]:
    """The cycle that finds them, and the one once they have settled."""
    with _place(crm, departures) as (sandbox, folder):
        with service(folder, crm, set_up(folder, sandbox)) as running:
            cycle(running)
            assert leave(crm, sandbox.url, sandbox.credentials) == departures
            before = sandbox.calls()
            sandbox.option("latency_ms", latency)
            begun = time.monotonic()
            cycle(running)
            sandbox.until(START + SETTLE)
            cycle(running)
            took = time.monotonic() - begun
            sandbox.option("latency_ms", 0)
            calls = sandbox.calls() - before
            told = json.loads(running.communicate()[0])
        assert told["cases"] == departures, told
        work = LOOPS[crm](sandbox.url, sandbox.credentials).sample()
    assert work.tasks
    measured = {"calls": calls.total(), "wall_seconds": round(took, 2), "writes": told["writes"]}
    return measured, work


def _loop(crm: str, departures: int, latency: int, work: Work) -> dict[str, Any]:
    with _place(crm, departures) as (sandbox, folder):
        set_up(folder, sandbox)
        assert leave(crm, sandbox.url, sandbox.credentials) == departures
        loop = LOOPS[crm](sandbox.url, sandbox.credentials)
        before = sandbox.calls()
        sandbox.option("latency_ms", latency)
        begun = time.monotonic()
        leaving = loop.leaving()
        for id in leaving:
            loop.write(id, work)
        took = time.monotonic() - begun
        sandbox.option("latency_ms", 0)
        calls = sandbox.calls() - before
    assert len(leaving) == departures
    writes = departures * (len(work.tasks) + 1)
    return {"calls": calls.total(), "wall_seconds": round(took, 2), "writes": writes}


@contextmanager
def _place(crm: str, departures: int) -> Iterator[tuple[Sandbox, Path]]:
    with tempfile.TemporaryDirectory(prefix="aurevoir-bench-") as temporary:
        folder = Path(temporary)
        write_world(folder / "world", departures)
        with opened(crm, folder / "world") as sandbox:
            sandbox.unlimited()
            yield sandbox, folder
