"""Signing in for the first time: secrets are asked for without an echo, and kept encrypted."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import subprocess
import sys
import termios
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from cryptography.fernet import Fernet

from tests.acceptance.office import Office

pytestmark = pytest.mark.slow


@dataclass(kw_only=True)
class Said:
    """What a command printed, on all ways."""

    code: int
    out: str
    all: str


def at_a_terminal(here: Office, *words: str, answers: Sequence[str], **env: str) -> Said:
    """A command of an admin at a terminal, with none of the secrets in the environment."""
    ours, theirs = pty.openpty()
    secret = set(here.stage.app.env) - set(os.environ)
    command = [sys.executable, "-m", "sync.cli", *words]
    with subprocess.Popen(
        [*command, "--config", str(here.folder / "aurevoir.yaml")],
        env={k: v for k, v in {**os.environ, **env}.items() if k not in secret},
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
    ) as process:
        os.close(theirs)
        echoed = ""
        for answer in answers:
            # What is typed before the question is thrown away.
            while not echoed.endswith(" "):
                echoed += os.read(ours, 1000).decode()
            echoed += "\n"
            os.write(ours, f"{answer}\n".encode())
        out, err = process.communicate(timeout=60)
    os.set_blocking(ours, False)
    with suppress(OSError):  # nothing more was shown
        echoed += os.read(ours, 100_000).decode()
    os.close(ours)
    return Said(code=process.returncode, out=out, all=out + err + echoed)


def secrets(here: Office) -> list[str]:
    """What is asked for, in the order of aurevoir.yaml."""
    service = yaml.safe_load((here.folder / "aurevoir.yaml").read_text())
    written = service["connections"][here.crm]["credentials"].values()
    return [here.stage.app.env[value.strip("${}")] for value in sorted(written)]


def test_keeps_what_signs_in_and_shows_it_nowhere(here: Office) -> None:
    given = secrets(here)
    said = at_a_terminal(here, "connect", here.crm, answers=given)
    assert said.code == 0, said.all
    assert "sandbox" in said.out
    assert "time zone" in said.out
    again = at_a_terminal(here, "run", "--once", "--json", answers=())
    assert again.code == 0, again.all
    files = [file for file in here.folder.rglob("*") if file.is_file()]
    kept = [file for file in files if file.name in ("secrets", "secrets.key")]
    assert len(kept) == 2
    assert {file.stat().st_mode & 0o777 for file in kept} == {0o600}
    for secret in given:
        assert secret not in said.all + again.all
        assert not [file.name for file in files if secret.encode() in file.read_bytes()]


def test_says_what_it_found_to_programs(here: Office) -> None:
    done = here.command("connect", here.crm)
    assert (done["crm"], done["kind"], done["kept"]) == (here.crm, "sandbox", [])
    assert done["org"] == here.service.identity.org
    assert not (here.folder / "data" / "secrets").exists()


def test_a_wrong_secret_is_not_kept(here: Office) -> None:
    wrong = ["wrong-secret-of-nobody" for _ in secrets(here)]
    said = at_a_terminal(here, "connect", here.crm, answers=wrong)
    assert said.code == 3, said.all
    assert not (here.folder / "data" / "secrets").exists()


def test_a_key_of_ones_own_is_asked_for_again(here: Office) -> None:
    key, other = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    given = secrets(here)
    assert at_a_terminal(here, "connect", here.crm, answers=given, AUREVOIR_KEY=key).code == 0
    assert not (here.folder / "data" / "secrets.key").exists()
    said = at_a_terminal(here, "status", "--json", answers=(), AUREVOIR_KEY=other)
    assert said.code == 2
    assert "AUREVOIR_KEY" in json.loads(said.out)["error"]


def test_others_may_not_read_them(here: Office) -> None:
    assert at_a_terminal(here, "connect", here.crm, answers=secrets(here)).code == 0
    file: Path = here.folder / "data" / "secrets"
    file.chmod(0o644)
    said = at_a_terminal(here, "status", answers=())
    assert (said.code, f"chmod 600 {file}" in said.all.replace("\n", "")) == (2, True)
