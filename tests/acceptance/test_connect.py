"""Signing in for the first time: secrets are asked for without an echo, and kept encrypted."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import subprocess
import sys
import termios
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests
import yaml
from cryptography.fernet import Fernet

from integrations.sandbox.faults import Fault
from integrations.sandbox.hubspot import HubSpot
from sync.engine.jobs import refresh
from tests.acceptance.office import Office, office
from tests.adapters.salesforce.test_sign_in import KEY, USER, pem, public

pytestmark = pytest.mark.slow

READS = (
    "crm.objects.companies.read crm.objects.contacts.read crm.objects.owners.read crm.lists.read "
    "crm.lists.write crm.schemas.companies.read crm.schemas.companies.write "
    "crm.schemas.contacts.read crm.schemas.contacts.write communication_preferences.read"
)


@dataclass(kw_only=True)
class Said:
    """What a command printed, on all ways."""

    code: int
    out: str
    all: str


def at_a_terminal(
    here: Office,
    *words: str,
    answers: Sequence[str],
    typed: str = "",
    browser: Callable[[str], None] | None = None,
    **env: str,
) -> Said:
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
        os.write(ours, typed.encode())
        echoed = ""
        for answer in answers:
            # What is typed before the question is thrown away.
            while not echoed.endswith(" "):
                echoed += os.read(ours, 1000).decode()
            echoed += "\n"
            os.write(ours, f"{answer}\n".encode())
        if browser and process.stderr:
            try:
                while "/oauth/authorize?" not in (line := process.stderr.readline()):
                    assert line, "it has ended without an address"
                browser(line.strip())
            except BaseException:
                process.kill()
                raise
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


def test_says_which_permissions_are_missing_and_where_to_give_them(here: Office) -> None:
    options = here.stage.dialect(here.crm).options
    if here.crm == "hubspot":
        options["scopes"] = READS
        missing = ["crm.objects.companies.write", "crm.objects.contacts.write"]
        where = "Settings > Integrations > Service Keys"
    else:
        described = here.ask("GET", "/services/data/v62.0/sobjects/Contact/describe")
        no = {**described, "updateable": False}
        with here.stage.sandbox.world.lock:
            fault = Fault(crm=here.crm, operation="sobjects.describe", nth=6, status=200, body=no)
            here.stage.sandbox.world.faults.add(fault)
        missing, where = ["Edit on Contact"], "Setup > Permission Sets"
    said = here.command("connect", here.crm, code=1)
    assert said["lacking"] == missing
    (words,) = [one["words"] for one in said["findings"] if "our user lacks" in one["words"]]
    assert ", ".join(missing) in words
    assert where in words


def test_a_permission_that_is_taken_away_is_told_within_the_hour(here: Office) -> None:
    options = here.stage.dialect(here.crm).options
    switch, taken, given, lacks, where = {
        "hubspot": ("scopes", READS, "all", "crm.objects.companies.write", "Service Keys"),
        "salesforce": ("read_only_objects", "Contact", "", "Edit on Contact", "Permission Sets"),
    }[here.crm]
    options[switch] = taken
    refresh(here.service)
    here.leaves()
    said = here.says()
    assert f"our user lacks {lacks}" in said
    assert where in said
    assert here.cases()
    options[switch] = given
    refresh(here.service)
    here.run()
    assert " works; " in here.says()


def test_installs_an_app_in_the_browser(tmp_path: Path) -> None:
    with office("hubspot", tmp_path) as here:
        dialect = here.stage.dialect("hubspot")
        assert isinstance(dialect, HubSpot)
        app = dialect.app()
        written = {
            "client_id": "${APP_ID}",
            "client_secret": "${APP_SECRET}",
            "refresh_token": "${APP_TOKEN}",
        }
        here.stage.app.env = {**here.stage.app.env, "APP_ID": "", "APP_SECRET": "", "APP_TOKEN": ""}
        here.written(credentials={**written, "client_id": app["client_id"]}, again=False)

        def agree(address: str) -> None:
            assert "state=" in address
            back = requests.get(address, timeout=10, allow_redirects=False).headers["Location"]
            forged = back.split("state=")[0] + "state=forged"
            for link in (forged, back):
                assert requests.get(link, timeout=10).ok

        words = ("connect", "hubspot", "--oauth", "--port", "0")
        said = at_a_terminal(here, *words, answers=[app["client_secret"]], browser=agree)
        assert said.code == 0, said.all
        again = at_a_terminal(here, "run", "--once", "--json", answers=())
        assert again.code == 0, again.all
        assert app["client_secret"] not in said.all


def test_a_private_key_comes_from_its_file(tmp_path: Path) -> None:
    with office("salesforce", tmp_path) as here:
        options = here.stage.dialect("salesforce").options
        options["certificate"] = public(KEY)
        here.stage.clock.set(datetime.now(UTC))
        file = tmp_path / "salesforce.pem"
        file.write_text(pem(KEY))
        credentials = {
            "client_id": here.stage.dialect("salesforce").credentials()["client_id"],
            "username": USER,
            "private_key": "${file:salesforce.pem}",
            "domain": "acme--test.sandbox.my",
        }
        here.written(credentials=credentials, again=False)
        file.chmod(0o644)
        assert f"chmod 600 {file}" in here.shell("check").stderr.replace("\n", "")
        file.chmod(0o600)
        assert here.command("connect", "salesforce")["kind"] == "sandbox"
        file.unlink()
        assert "salesforce.pem has to be there" in here.shell("check").stderr
        # Or it is asked for, and kept with the other secrets.
        elsewhere = tmp_path / "elsewhere.pem"
        elsewhere.write_text(pem(KEY))
        elsewhere.chmod(0o600)
        here.stage.app.env = {**here.stage.app.env, "SF_KEY": ""}
        here.written(credentials={**credentials, "private_key": "${SF_KEY}"}, again=False)
        said = at_a_terminal(here, "connect", "salesforce", answers=(), typed=f"{elsewhere}\n")
        assert said.code == 0, said.all
        elsewhere.unlink()
        assert at_a_terminal(here, "run", "--once", answers=()).code == 0
