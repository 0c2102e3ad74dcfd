"""A thousand departures at once, from notice to alumni, against the local sandbox.

``make bench``, or ``python -m benchmarks.departures --departures 500 1000 2000``. Sandbox and
service are processes of their own; the sandbox counts. docs/performance.md explains the figures.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import requests
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from benchmarks.crowd import leave, write_world

START: Final = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SETTLE: Final = timedelta(minutes=15)
#: From the notice to eleven weeks later, with a cycle on each.
DAYS: Final = 75
CRMS: Final = ("hubspot", "salesforce")


@dataclass(frozen=True, kw_only=True)
class Sandbox:
    """An open sandbox of one CRM."""

    crm: str
    url: str
    credentials: Mapping[str, str]

    def until(self, moment: datetime) -> None:
        """Let time pass."""
        self._post("clock", {"now": moment.isoformat()})

    def unlimited(self) -> None:
        """No limits per second, where it has them: they run on real time."""
        if "rate_limits" in requests.get(f"{self.url}/__sandbox__/options", timeout=30).json():
            self._post("options", {"rate_limits": False})

    def calls(self) -> Counter[str]:
        """Calls by operation."""
        answer = requests.get(f"{self.url}/__sandbox__/counters", timeout=30)
        return Counter(answer.json()[self.crm]["operations"])

    def _post(self, switch: str, body: Mapping[str, object]) -> None:
        answer = requests.post(f"{self.url}/__sandbox__/{switch}", json=body, timeout=30)
        answer.raise_for_status()


def measure(crm: str, departures: int, *, days: int, bar: Progress) -> dict[str, Any]:
    """Everything that so many departures cost in one CRM."""
    task = bar.add_task(f"{crm}, {departures} departures", total=days + 2)
    with tempfile.TemporaryDirectory(prefix="aurevoir-bench-") as temporary:
        folder = Path(temporary)
        write_world(folder / "world", departures)
        with _sandbox(crm, folder / "world") as sandbox:
            sandbox.unlimited()
            environment = _set_up(folder, sandbox)
            with _service(folder, crm, environment) as service:
                before = sandbox.calls()
                _cycle(service)
                others = sandbox.calls()
                assert leave(crm, sandbox.url, sandbox.credentials) == departures
                others = sandbox.calls() - others
                for moment in _moments(days):
                    sandbox.until(moment)
                    _cycle(service)
                    bar.advance(task)
                told = service.communicate()[0]
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


@contextmanager
def _sandbox(crm: str, world: Path) -> Iterator[Sandbox]:
    command = [
        *_AUREVOIR, "sandbox", "--json", "--hubspot-port", "0", "--salesforce-port", "0",
        "--world", str(world), "--clock", START.isoformat(),
    ]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            lines = []
            for line in process.stdout:
                lines.append(line)
                if line == "}\n":
                    break
            told = json.loads("".join(lines))[crm]
            yield Sandbox(crm=crm, url=told.pop("url"), credentials=told)
        finally:
            process.terminate()


def _set_up(folder: Path, sandbox: Sandbox) -> dict[str, str]:
    """Write the files as a user would, and create what is missing."""
    given = {f"{sandbox.crm}_{key}".upper(): value for key, value in sandbox.credentials.items()}
    environment = {**os.environ, **given}

    def run(*arguments: str) -> None:
        subprocess.run(
            [*_AUREVOIR, *arguments], env=environment, check=True, stdout=subprocess.DEVNULL
        )

    run("init", str(folder), "--crm", sandbox.crm, "--sandbox", sandbox.url)
    with (folder / f"{sandbox.crm}.yaml").open("a") as mapping:
        mapping.write("\nbrake: {cases: 1000000}\n")
    run("provision", "--yes", "--config", str(folder / "aurevoir.yaml"))
    return environment


@contextmanager
def _service(
    folder: Path, crm: str, environment: Mapping[str, str]
) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "benchmarks.service", str(folder / "aurevoir.yaml"), crm]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=environment) as process:
        try:
            _hear(process, "ready")
            yield process
        finally:
            process.kill()


def _cycle(service: subprocess.Popen[str]) -> None:
    assert service.stdin
    service.stdin.write("\n")
    service.stdin.flush()
    _hear(service, "done")


def _hear(process: subprocess.Popen[str], words: str) -> None:
    assert process.stdout
    if process.stdout.readline() != f"{words}\n":
        raise SystemExit("the service has failed; what it said is above")


_AUREVOIR: Final = (sys.executable, "-m", "sync.cli")
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


def _tell_json(results: list[dict[str, Any]]) -> None:
    for one in results:
        sys.stdout.write(json.dumps(one) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Measure, and print what each CRM has cost as soon as it is known."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--departures", type=int, nargs="+", default=[1000], metavar="N")
    parser.add_argument("--days", type=int, default=DAYS)
    parser.add_argument("--crm", choices=CRMS, action="append")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    asked = parser.parse_args()
    tell = _tell_json if asked.json else _print
    with Progress(console=Console(stderr=True), transient=True) as bar:
        for crm in asked.crm or CRMS:
            tell([measure(crm, number, days=asked.days, bar=bar) for number in asked.departures])


if __name__ == "__main__":
    main()
