"""Where it is measured: a sandbox and a service, each a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import requests

START: Final = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SETTLE: Final = timedelta(minutes=15)
_AUREVOIR: Final = (sys.executable, "-m", "sync.cli")


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

    def option(self, name: str, value: int) -> None:
        """Set an option of the CRM."""
        self._post("options", {name: value})

    def calls(self) -> Counter[str]:
        """Calls by operation."""
        answer = requests.get(f"{self.url}/__sandbox__/counters", timeout=30)
        return Counter(answer.json()[self.crm]["operations"])

    def _post(self, switch: str, body: Mapping[str, object]) -> None:
        answer = requests.post(f"{self.url}/__sandbox__/{switch}", json=body, timeout=30)
        answer.raise_for_status()


@contextmanager
def opened(crm: str, world: Path) -> Iterator[Sandbox]:
    """A sandbox with this world, at the beginning."""
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


def set_up(folder: Path, sandbox: Sandbox) -> dict[str, str]:
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
def service(
    folder: Path, crm: str, environment: Mapping[str, str]
) -> Iterator[subprocess.Popen[str]]:
    """A service that waits for its next cycle."""
    command = [sys.executable, "-m", "benchmarks.service", str(folder / "aurevoir.yaml"), crm]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=environment) as process:
        try:
            _hear(process, "ready")
            yield process
        finally:
            process.kill()


def cycle(service: subprocess.Popen[str]) -> None:
    """Let it do one."""
    assert service.stdin
    service.stdin.write("\n")
    service.stdin.flush()
    _hear(service, "done")


def _hear(process: subprocess.Popen[str], words: str) -> None:
    assert process.stdout
    if process.stdout.readline() != f"{words}\n":
        raise SystemExit("the service has failed; what it said is above")
