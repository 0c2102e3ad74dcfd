"""What goes wrong, said in one clear sentence, and the exit code for it.

1  something was found that is not as it should be (check, verify)
2  the command or a file is wrong
3  the CRM cannot be worked with
75 another service holds the data folder; try again later
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from integrations.errors import CrmError
from integrations.sandbox.server import CannotListen
from integrations.sandbox.worlds import BadWorld
from mappings.findings import MappingError
from sync.app import AlreadyRunningError, UnknownConnectionError
from sync.keys import OpenFileError
from sync.log import redacted
from sync.store.connections import WrongOrgError
from sync.store.database import DatabaseError, StoreAddressError
from sync.store.migrate import NewerSchemaError
from sync.vault import VaultError

FOUND, WRONG, CRM, BUSY = 1, 2, 3, 75


class UsageError(Exception):
    """The command cannot be done as it was asked for."""


_CODES: Final[dict[type[Exception], int]] = {
    AlreadyRunningError: BUSY,
    BadWorld: WRONG,
    CannotListen: WRONG,
    CrmError: CRM,
    MappingError: WRONG,
    NewerSchemaError: WRONG,
    OpenFileError: WRONG,
    StoreAddressError: WRONG,
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
        _say(_words(problem), as_json=as_json)
        sys.exit(code)
    except DatabaseError as problem:
        _say(f"the store cannot be used: {str(problem).splitlines()[0]}", as_json=as_json)
        sys.exit(WRONG)
    except KeyboardInterrupt:
        sys.exit(130)


def _words(problem: Exception) -> str:
    return problem.words if isinstance(problem, CrmError) else str(problem)


def _say(words: str, *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps({"error": redacted(words)}) + "\n")
    else:
        for line in words.splitlines():
            sys.stderr.write(f"aurevoir: {redacted(line)}\n")
