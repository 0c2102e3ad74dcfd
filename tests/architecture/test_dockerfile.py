"""The Dockerfile, read line by line: there is no engine at hand that would build it."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest

from mappings.service import Listen
from sync.cli import app
from sync.trial import Trial, trial
from tests.architecture.source import ROOT, pyproject


class Line(NamedTuple):
    """One instruction."""

    name: str
    text: str

    @property
    def words(self) -> list[str]:
        """Its arguments, in either form, without options of Docker's own."""
        given = json.loads(self.text) if self.text.startswith("[") else shlex.split(self.text)
        return [word for word in given if not re.match(r"--(from|interval|timeout|start)", word)]


def _stages() -> list[list[Line]]:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    text = re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ")
    stages: list[list[Line]] = []
    for raw in filter(None, text.splitlines()):
        line = Line(*raw.split(maxsplit=1))
        if line.name == "FROM":
            stages.append([])
        stages[-1].append(line)
    return stages


BUILD, FINAL = _stages()


def _all(stage: list[Line], name: str) -> list[Line]:
    return [line for line in stage if line.name == name]


def _one(stage: list[Line], name: str) -> Line:
    (line,) = _all(stage, name)
    return line


def _command() -> list[str]:
    """What the container runs when nothing else is said."""
    return [*_one(FINAL, "ENTRYPOINT").words, *_one(FINAL, "CMD").words]


def _healthcheck(port: str) -> list[str]:
    text = _one(FINAL, "HEALTHCHECK").text
    command: list[str] = json.loads(text.split("CMD", 1)[1])
    assert command[:2] == ["python", "-c"]
    assert Listen().private in command[2]
    return [sys.executable, "-c", command[2].replace(Listen().private, port)]


def test_what_it_copies_is_there_and_not_ignored() -> None:
    rules = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    let_in = [rule[1:] for rule in rules if rule.startswith("!")]
    assert "*" in rules
    copied = [source for line in _all(BUILD, "COPY") for source in line.words[:-1]]
    assert copied
    for source in copied:
        assert (ROOT / source).exists(), source
        assert any(Path(source).match(pattern) for pattern in let_in), source
    for pattern in let_in:
        assert any(Path(source).match(pattern) for source in copied), pattern


def test_the_wheel_finds_all_that_pyproject_names() -> None:
    copied = {source for line in _all(BUILD, "COPY") for source in line.words[:-1]}
    project = pyproject()["project"]
    built = pyproject()["tool"]["hatch"]["build"]["targets"]["wheel"]  # type: ignore[index]
    assert isinstance(project, dict)
    assert {*built["packages"], project["readme"], *project["license-files"]} <= copied


def test_paths_and_user_of_the_image_are_made_before_they_are_named() -> None:
    made = {"/config"}  # WORKDIR makes it
    user = None
    for line in FINAL:
        if line.name == "RUN":
            made |= {word for word in line.words if word.startswith("/")}
            user = line.words[line.words.index("&&") - 1]
        elif line.name == "COPY":
            source, target = line.words
            assert any(source in built.text for built in _all(BUILD, "RUN"))
            made.add(target)
        elif line.name in ("VOLUME", "WORKDIR"):
            assert line.text in made, line
        elif line.name == "USER":
            assert line.text == user != "root"
    environment = dict(word.split("=", 1) for word in _one(FINAL, "ENV").words)
    assert environment["PATH"].split(":")[0] == "/opt/aurevoir/bin"
    assert Path(environment["AUREVOIR_CONFIG"]).parent == Path(_one(FINAL, "WORKDIR").text)
    names = [line.name for line in FINAL]
    assert all(names.index("USER") < names.index(later) for later in ("ENTRYPOINT", "CMD"))


def test_it_runs_a_command_that_there_is() -> None:
    program, subcommand = _command()
    assert program in pyproject()["project"]["scripts"]  # type: ignore[index]
    assert subcommand in {
        command.name or command.callback.__name__  # type: ignore[union-attr]
        for command in app.registered_commands
    }
    assert _one(FINAL, "EXPOSE").text == Listen().public.rpartition(":")[2]


def test_everything_installed_is_pinned_with_hashes() -> None:
    for line in _all(BUILD, "RUN"):
        for words in re.findall(r"pip install ([^&]*)", line.text):
            locks = re.findall(r"--require-hashes --requirement (\S+)", words)
            assert locks or "--no-index" in words, words
            for lock in locks:
                assert "--hash=sha256:" in (ROOT / lock).read_text(encoding="utf-8")
    assert all(":" in line.text for stage in (BUILD, FINAL) for line in _all(stage, "FROM"))


@pytest.fixture(name="service")
def _service() -> Iterator[tuple[Trial, str]]:
    """A service at work, and the address of its private port."""
    start = datetime(2026, 3, 2, 9, tzinfo=UTC)
    with trial("empty", start=start, crms=["hubspot"]) as stage, stage.pages() as pages:
        yield stage, pages.urls["private"].removeprefix("http://")


def test_the_healthcheck_tells_a_service_that_works_from_one_that_does_not(
    service: tuple[Trial, str],
) -> None:
    stage, port = service

    def healthy(at: str) -> bool:
        return subprocess.run(_healthcheck(at), capture_output=True).returncode == 0

    assert healthy(port)
    stage.advance(timedelta(hours=2))
    assert not healthy(port)
    assert not healthy("127.0.0.1:1")


def test_instructions_are_known() -> None:
    """So that none is overlooked by the tests above."""
    known = {"FROM", "RUN", "COPY", "ENV", "USER", "WORKDIR", "VOLUME", "EXPOSE", "HEALTHCHECK",
             "ENTRYPOINT", "CMD"}  # fmt: skip
    for stage in (BUILD, FINAL):
        assert {line.name for line in stage} <= known
        for before, after in pairwise(line.name for line in stage):
            assert (before, after) != ("CMD", "ENTRYPOINT")
