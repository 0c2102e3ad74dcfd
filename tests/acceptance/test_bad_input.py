"""What people get wrong: one clear sentence, an exit code that is not zero, and nothing written."""

from __future__ import annotations

import os
import re
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
import yaml

from tests.acceptance.office import CRMS, Office, office

pytestmark = pytest.mark.slow

WATCH = {
    "hubspot": "{object: companies, stage: customer_stage, ",
    "salesforce": "{object: Account, stage: Customer_Stage__c, ",
}
STAYS = "returns: [active]}"
CREDENTIALS = {"hubspot": ("token",), "salesforce": ("client_id", "client_secret")}
REFUSED = {
    "hubspot": "HubSpot refuses the token; create a new one and restart",
    "salesforce": "Salesforce does not know this client id",
}
SECRET = "a-token-that-nobody-knows"


@dataclass(frozen=True, kw_only=True)
class Mistake:
    """What somebody got wrong, and what is said of it; ``{crm}`` stands for either."""

    #: The last line of the mapping file, the third.
    mapping: str = ""
    #: Laid over the connection in aurevoir.yaml.
    connection: dict[str, Any] = field(default_factory=dict)
    code: int = 2
    words: str


def mistakes(crm: str) -> dict[str, Mistake]:
    """Every one of them, by name."""
    name, stage, object = {
        "hubspot": ("name", "customer_stage", "companies"),
        "salesforce": ("Name", "Customer_Stage__c", "Account"),
    }[crm]
    keys = CREDENTIALS[crm]
    wrong = "enters: {notice: [churnign], leaving: [churned]}, "
    return {
        "a typo": Mistake(
            mapping="survye: {}",
            words=r'{crm}\.yaml:3: survye: unknown key; did you mean "survey"\?',
        ),
        "a typo within": Mistake(
            mapping="survey: {send: {aftr: 1 day}}",
            words=r'{crm}\.yaml:3: survey\.send\.aftr: unknown key; did you mean "after"\?',
        ),
        "a wrong type": Mistake(
            mapping="brake: {cases: lots}",
            words=r"{crm}\.yaml:3: brake\.cases: should be a whole number",
        ),
        "a field that the CRM lacks": Mistake(
            mapping="customer: {name: nmae}",
            words=rf'{{crm}}\.yaml:3: customer\.name: {object} has no field "nmae"; '
            rf'did you mean "{name}"\?',
        ),
        "an option that the CRM lacks": Mistake(
            mapping=f"watch: [{WATCH[crm]}{wrong}{STAYS}]",
            words=rf'{{crm}}\.yaml:3: watch\.0\.enters: "{stage}" has no option "churnign"; '
            r'did you mean "churning"\?',
        ),
        "a variable that is not set": Mistake(
            connection={"credentials": {**dict.fromkeys(keys, "known"), keys[-1]: "${NOWHERE}"}},
            words=rf"aurevoir\.yaml:\d+: connections\.{{crm}}\.credentials\.{keys[-1]}: "
            "the environment variable NOWHERE is not set; set it, or let `aurevoir connect "
            "{crm}` ask for it",
        ),
        "a credential that the CRM refuses": Mistake(
            connection={"credentials": dict.fromkeys(keys, SECRET)},
            code=3,
            words=rf"connections\.{{crm}}\.credentials: {REFUSED[crm]}",
        ),
        "a CRM that does not answer": Mistake(
            connection={"url": "http://127.0.0.1:9"},
            code=3,
            words=r"connections\.{crm}: \w+ did not answer \(\w+\); see that its address is right "
            "and can be reached, then try again",
        ),
    }


@pytest.fixture(scope="module", params=CRMS)
def here(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """An office on each CRM, where a customer has just moved: there would be much to write."""
    with office(request.param, tmp_path_factory.mktemp("office")) as opened:
        opened.run()
        opened.stage_to(1, "churning")
        opened.wait()
        yield opened


@pytest.mark.parametrize("name", mistakes("hubspot"))
def test_a_mistake_gets_one_sentence_and_writes_nothing(here: Office, name: str) -> None:
    mistake = mistakes(here.crm)[name]
    with _made(here, mistake), _nothing_written(here, standing=True):
        done = here.shell("run", "--once")
    assert done.returncode == mistake.code
    assert done.stdout == ""
    _one_sentence(done.stderr, mistake.words.replace("{crm}", here.crm))


@pytest.mark.parametrize("name", ["a typo", "a credential that the CRM refuses"])
def test_programs_get_the_sentence_as_json(here: Office, name: str) -> None:
    mistake = mistakes(here.crm)[name]
    with _made(here, mistake), _nothing_written(here, standing=True):
        said = here.command("plan", code=mistake.code)
    assert said.keys() == {"error"}
    _one_sentence(f"aurevoir: {said['error']}\n", mistake.words.replace("{crm}", here.crm))


def test_a_port_of_the_service_in_use(here: Office) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        address = f"127.0.0.1:{other.getsockname()[1]}"
        with _listening(here, address), _nothing_written(here):
            done = here.shell("run")
    assert done.returncode == 2
    _one_sentence(done.stderr, rf"{address} is in use by another program; .*listen\.public.*")


def test_a_port_of_the_sandbox_in_use() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        command = [sys.executable, "-m", "sync.cli", "sandbox", "--world", "empty"]
        command += ["--hubspot-port", "0", "--salesforce-port", str(port)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    _one_sentence(done.stderr, rf"salesforce: 127\.0\.0\.1:{port} is in use .*another port\.")


def test_a_second_service_on_the_same_folder(here: Office) -> None:
    with here.stage.app.alone(), _nothing_written(here):
        done = here.shell("run", "--once")
        said = here.command("run", code=75)
    assert done.returncode == 75
    words = r"another aurevoir works on .*; stop it, or use another data folder"
    _one_sentence(done.stderr, words)
    assert re.fullmatch(words, said["error"])


def test_a_data_folder_that_is_a_file(here: Office) -> None:
    (here.folder / "taken").write_text("")
    with _configured(here, data="taken"):
        for words in (("status",), ("run", "--once"), ("check",)):
            done = here.shell(*words)
            assert done.returncode == 2
            what = "file exists; it has to be a folder: move it away, or name another"
            _one_sentence(done.stderr, rf"(/[^:]*/)?taken: {what}")


def test_a_file_of_link_keys_without_any(here: Office) -> None:
    file = here.folder / "data" / "links.key"
    right = file.read_text()
    for content in ("", "\n", "key\n", "abcd\n"):
        file.write_text(content)
        done = here.shell("run", "--once")
        assert done.returncode == 2
        _one_sentence(done.stderr, r"(/[^:]*/)?links\.key holds no key: put it back .*")
    file.write_text(right)
    assert here.shell("run", "--once").returncode == 0


@contextmanager
def _made(here: Office, mistake: Mistake) -> Iterator[None]:
    """The office's files with the mistake in them."""
    file = here.folder / f"{here.crm}.yaml"
    right = file.read_text()
    file.write_text(f"# What the words mean here.\npeople: {{}}\n{mistake.mapping}\n")
    try:
        with _configured(here, connection=mistake.connection):
            yield
    finally:
        file.write_text(right)


@contextmanager
def _listening(here: Office, public: str) -> Iterator[None]:
    with _configured(here, listen={"public": public, "private": "127.0.0.1:0"}):
        yield


@contextmanager
def _configured(
    here: Office, *, connection: dict[str, Any] | None = None, **parts: Any
) -> Iterator[None]:
    """The office's aurevoir.yaml with this laid over it."""
    file = here.folder / "aurevoir.yaml"
    right = file.read_text()
    service = {**yaml.safe_load(right), **parts}
    service["connections"][here.crm].update(connection or {})
    file.write_text(yaml.safe_dump(service))
    try:
        yield
    finally:
        file.write_text(right)


@contextmanager
def _nothing_written(here: Office, *, standing: bool = False) -> Iterator[None]:
    """Neither in the CRM nor in the store nor beside the files.

    ``standing``: but for what ``status`` says of a connection that could not be opened.
    """

    def everything() -> tuple[object, ...]:
        with here.stage.sandbox.world.lock:
            written = here.stage.sandbox.world.traffic.totals(here.crm)["writes"]
        with closing(sqlite3.connect(here.folder / "data" / "aurevoir.db")) as connection:
            kept = [
                line
                for line in connection.iterdump()
                if not (standing and line.startswith('INSERT INTO "connections"'))
            ]
        return written, kept, sorted(os.listdir(here.folder))

    before = everything()
    yield
    assert everything() == before


def _one_sentence(said: str, words: str) -> None:
    """One line, without a trace or a secret."""
    assert said.count("\n") == 1
    assert re.fullmatch(rf"aurevoir: (/[^:]*/)?{words}\n", said), said
    assert SECRET not in said
