"""What goes wrong, said in one clear sentence, and the exit code for it.

1  something was found that is not as it should be (check, verify)
2  the command or a file is wrong
3  the CRM cannot be worked with
75 another service holds the data folder; try again later
"""

from __future__ import annotations

import errno
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC
from typing import Final

from integrations.errors import CrmError, Park, Reauthorise, Retry, Unknown
from integrations.sandbox.server import CannotListen
from integrations.sandbox.worlds import BadWorld
from mappings.findings import MappingError
from sync.app import AlreadyRunningError, UnknownConnectionError
from sync.keys import BadKeyError, OpenFileError
from sync.log import redacted
from sync.store.connections import WrongOrgError
from sync.store.database import DatabaseError, StoreAddressError, StoreGoneError
from sync.store.migrate import NewerSchemaError
from sync.store.troubles import told
from sync.vault import VaultError
from sync.web.back import NobodyCameError
from sync.web.serve import CannotListenError

FOUND, WRONG, CRM, BUSY = 1, 2, 3, 75


class UsageError(Exception):
    """The command cannot be done as it was asked for."""


class TroubleError(Exception):
    """A connection whose CRM cannot be worked with."""

    #: What to do where the CRM's own words do not say it.
    MENDS: Final = dict.fromkeys(
        (Retry, Unknown), "; see that its address is right and can be reached, then try again"
    )

    def __init__(self, connection: str, problem: CrmError) -> None:
        place = ".credentials" if isinstance(problem, Reauthorise) else ""
        mend = self.MENDS.get(type(problem), "")
        if isinstance(problem, Park):
            until = f"{problem.until.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if problem.until else ""
            mend = f"; try again after {until}" if until else "; try again in an hour"
        if problem.words.endswith("?"):
            mend = mend.replace("; s", " S", 1)
        super().__init__(f"connections.{connection}{place}: {problem.words}{mend}")


_NO_ROOM: Final = (errno.ENOSPC, errno.EDQUOT)
_CODES: Final[dict[type[Exception], int]] = {
    AlreadyRunningError: BUSY,
    BadKeyError: WRONG,
    BadWorld: WRONG,
    CannotListen: WRONG,
    CannotListenError: WRONG,
    MappingError: WRONG,
    NewerSchemaError: WRONG,
    NobodyCameError: WRONG,
    OpenFileError: WRONG,
    StoreAddressError: WRONG,
    StoreGoneError: WRONG,
    TroubleError: CRM,
    UnknownConnectionError: WRONG,
    UsageError: WRONG,
    VaultError: WRONG,
    WrongOrgError: WRONG,
}


@contextmanager
def explained(*, as_json: bool) -> Iterator[None]:
    """Turn what a user can mend into a sentence; anything else is a defect and shows its trace."""
    try:
        yield
    except tuple(_CODES) as problem:
        code = next(code for kind, code in _CODES.items() if isinstance(problem, kind))
        _say(str(problem), as_json=as_json)
        sys.exit(code)
    except DatabaseError as problem:
        _say(told(problem), as_json=as_json)
        sys.exit(WRONG)
    except OSError as problem:
        if (words := _of_files(problem)) is None:
            raise
        _say(words, as_json=as_json)
        sys.exit(WRONG)
    except KeyboardInterrupt:
        sys.exit(130)


def _of_files(problem: OSError) -> str | None:
    """What is wrong with a file or its disk; None where it is about something else."""
    if isinstance(problem, BrokenPipeError):
        return None
    why = (problem.strerror or str(problem)).lower()
    if problem.errno in _NO_ROOM:
        return f"{problem.filename or 'the disk'}: {why}; make room, and try again"
    if problem.filename is None:
        return None
    mends = {
        errno.EACCES: "; see that the user who runs aurevoir may write there",
        errno.EEXIST: "; it has to be a folder: move it away, or name another",
        errno.ENOTDIR: "; it has to be a folder: move it away, or name another",
        errno.EROFS: "; see that the user who runs aurevoir may write there",
    }
    return f"{problem.filename}: {why}{mends.get(problem.errno or 0, '')}"


@contextmanager
def about(connection: str) -> Iterator[None]:
    """Say of whatever the CRM cannot do which connection it is about."""
    try:
        yield
    except CrmError as problem:
        raise TroubleError(connection, problem) from problem


def _say(words: str, *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps({"error": redacted(words)}) + "\n")
    else:
        for line in words.splitlines():
            sys.stderr.write(f"aurevoir: {redacted(line)}\n")
