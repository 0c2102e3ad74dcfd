"""The page "Try it", line by line, as its reader would type it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import requests

from integrations.sandbox.clock import Clock
from integrations.sandbox.open import Sandbox, open_sandbox
from sync.cli.trial import _moment
from tests.docs.pages import ROOT, blocks

PAGE = ROOT / "docs" / "try-it.md"
CUSTOMER = "Alder & Quill Stationers"

pytestmark = pytest.mark.slow


@dataclass
class Reader:
    """Somebody with a terminal, in a folder of their own."""

    sandbox: Sandbox
    folder: Path
    environment: dict[str, str]
    said: dict[str, list[str]] = field(default_factory=dict)

    def type(self, line: str) -> None:
        """One line, with the page's words for what only this reader knows filled in."""
        key = self.sandbox.world.dialects["hubspot"].credentials()["token"]
        line = line.replace("http://127.0.0.1:8031", self.sandbox.urls["hubspot"])
        line = line.replace("the token of the sandbox", key)
        if line.startswith("cd "):
            self.folder /= line.removeprefix("cd ")
            return
        if line.startswith("export "):
            name, _, value = line.removeprefix("export ").partition("=")
            self.environment[name] = value.strip('"')
            return
        done = subprocess.run(
            ["bash", "-c", line],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
        )
        said = self.said.setdefault(line, [])
        # A check that finds something ends with 1; the page says so.
        assert done.returncode == (line == "aurevoir check" and not said), done.stderr
        said.append(done.stdout)

    def customer(self) -> str:
        with self.sandbox.world.lock:
            listed = self.sandbox.world.dialects["hubspot"].desk.customers(limit=1000)
        (found,) = [row.id for row in listed if row.name == CUSTOMER]
        return found

    def press_churning(self) -> None:
        desk = self.sandbox.world.dialects["hubspot"].desk
        with self.sandbox.world.lock:
            by = desk.colleagues()[0][0]
            desk.edit(desk.customer_object, self.customer(), "customer_stage", "churning", by=by)


@contextmanager
def _reader(tmp_path: Path, clock: str) -> Iterator[Reader]:
    """The sandbox of the page's first command, and a terminal that knows the program."""
    program = tmp_path / "bin" / "aurevoir"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m sync.cli "$@"\n')
    program.chmod(0o700)
    environment = {**os.environ, "PATH": f"{program.parent}:{os.environ['PATH']}"}
    environment["PYTHONPATH"] = str(ROOT)
    with open_sandbox(
        world="demo", hubspot_port=0, salesforce_port=0, clock=Clock(manual=_moment(clock))
    ) as sandbox:
        yield Reader(sandbox, tmp_path, environment)


def test_every_line_does_what_the_page_says(tmp_path: Path) -> None:
    first, *rest = [block.text for block in blocks(PAGE) if block.language == "sh"]
    before, marker, _ = PAGE.read_text().partition("<!-- Here somebody moves")
    assert marker
    with _reader(tmp_path, first.split()[-1]) as reader:
        for number, text in enumerate(rest, start=2):
            if number == before.count("```sh") + 1:
                reader.press_churning()
            for line in text.splitlines():
                reader.type(line)
        said = reader.said
        runs = said["aurevoir run --once"]
        assert "3 customers were in the stage already" in runs[0]
        assert "1 case opened, 0 writes" in runs[1]
        assert "0 cases opened, 7 writes" in runs[2]
        assert ", 0 writes" in runs[3]
        assert "7 writes in 3 calls" in said["aurevoir plan"][0]
        assert "0 missing, 0 extra" in said["aurevoir verify"][0]
        assert CUSTOMER in said["aurevoir cases"][0]
        assert _links(reader) == 2


def _links(reader: Reader) -> int:
    """People who have a link to the survey, by the CRM's own API."""
    url = f"{reader.sandbox.urls['hubspot']}/crm/objects/2026-09/contacts/search"
    key = reader.sandbox.world.dialects["hubspot"].credentials()["token"]
    asked = {"filters": [{"propertyName": "aurevoir_survey_url", "operator": "HAS_PROPERTY"}]}
    answer = requests.post(
        url,
        json={"filterGroups": [asked], "limit": 10},
        headers={"Authorization": f"Bearer {key}"},
        timeout=10,
    )
    total: int = answer.json()["total"]
    return total
