"""A thousand departures at once, from notice to alumni, against the local sandbox.

``make bench``, or ``python -m benchmarks.departures --departures 500 1000 2000``. Sandbox and
service are processes of their own; the sandbox counts. docs/performance.md explains the figures.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from benchmarks.beside import compare
from benchmarks.crowd import leave, write_world
from benchmarks.place import SETTLE, START, cycle, opened, service, set_up

#: From the notice to eleven weeks later, with a cycle on each.
DAYS: Final = 75
CRMS: Final = ("hubspot", "salesforce")


def measure(crm: str, departures: int, *, days: int, bar: Progress) -> dict[str, Any]:
    """Everything that so many departures cost in one CRM."""
    task = bar.add_task(f"{crm}, {departures} departures", total=days + 2)
    with tempfile.TemporaryDirectory(prefix="aurevoir-bench-") as temporary:
        folder = Path(temporary)
        write_world(folder / "world", departures)
        with opened(crm, folder / "world") as sandbox:
            sandbox.unlimited()
            environment = set_up(folder, sandbox)
            with service(folder, crm, environment) as running:
                before = sandbox.calls()
                cycle(running)
                others = sandbox.calls()
                assert leave(crm, sandbox.url, sandbox.credentials) == departures
                others = sandbox.calls() - others
                for moment in _moments(days):
                    sandbox.until(moment)
                    cycle(running)
                    bar.advance(task)
                told = running.communicate()[0]
                calls = sandbox.calls() - before - others
    bar.remove_task(task)
    result = json.loads(told)
    assert result["cases"] == departures, result
    return {
        "crm": crm,
        "departures": departures,
        **result,
        "calls": calls.total(),
        "ratio": round(calls.total() / result["calls_least"], 3),
        "calls_by_operation": dict(calls.most_common()),
    }


def _moments(days: int) -> Iterator[datetime]:
    yield START
    for day in range(days + 1):
        yield START + timedelta(days=day) + SETTLE


_ROWS: Final = (
    "cases", "writes", "calls", "calls_least", "ratio", "wall_seconds", "cpu_seconds", "peak_mib",
)  # fmt: skip


def _print(results: list[dict[str, Any]]) -> None:
    table = Table(box=None, pad_edge=False)
    table.add_column("")
    for one in results:
        table.add_column(f"{one['crm']}\n{one['departures']}", justify="right")
    for name in _ROWS:
        table.add_row(name.replace("_", " "), *(f"{one[name]:,}" for one in results))
    operations = {name for one in results for name in one["calls_by_operation"]}
    for name in sorted(operations):
        counted = (one["calls_by_operation"].get(name, "") for one in results)
        table.add_row(f"  {name}", *map(str, counted))
    Console().print(table)


def _print_beside(results: list[dict[str, Any]]) -> None:
    table = Table(box=None, pad_edge=False, title="The first hour, beside a plain loop")
    for name in ("", "departures", "latency", "calls", "plain loop", "wall s", "plain loop"):
        table.add_column(name, justify="right" if name else "left")
    for one in results:
        ours, loop = one["service"], one["plain_loop"]
        table.add_row(
            one["crm"],
            str(one["departures"]),
            f"{one['latency_ms']} ms",
            f"{ours['calls']:,}",
            f"{loop['calls']:,} = {one['calls_ratio']} x",
            f"{ours['wall_seconds']:,}",
            f"{loop['wall_seconds']:,} = {one['wall_ratio']} x",
        )
    Console().print(table)


def _tell_json(results: list[dict[str, Any]]) -> None:
    for one in results:
        sys.stdout.write(json.dumps(one) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Measure, and print what each CRM has cost as soon as it is known."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--departures", type=int, nargs="+", default=[1000], metavar="N")
    parser.add_argument("--days", type=int, default=DAYS)
    parser.add_argument(
        "--beside", type=int, default=100, metavar="N", help="departures beside a plain loop"
    )
    parser.add_argument("--crm", choices=CRMS, action="append")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    asked = parser.parse_args()
    tell = _tell_json if asked.json else _print
    with Progress(console=Console(stderr=True), transient=True) as bar:
        for crm in asked.crm or CRMS:
            tell([measure(crm, number, days=asked.days, bar=bar) for number in asked.departures])
        if asked.beside:
            compared = [
                one for crm in asked.crm or CRMS for one in compare(crm, asked.beside, bar=bar)
            ]
            (_tell_json if asked.json else _print_beside)(compared)


if __name__ == "__main__":
    main()
