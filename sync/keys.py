"""The keys that survey links are made with: a file that only its owner can read."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from typing import Final

#: Bytes of a key.
LEAST: Final = 16


class BadKeyError(Exception):
    """A file that should hold keys holds none."""


class OpenFileError(Exception):
    """Others can read a file that holds secrets."""


def link_keys(folder: Path) -> list[bytes]:
    """The keys, newest first; makes the first one. Older ones may be deleted once links expired.

    Raises OpenFileError if others can read them, and BadKeyError where they are none.
    """
    file = folder / "links.key"
    if not file.exists():
        _make(file)
    if file.stat().st_mode & 0o077:
        raise OpenFileError(f"{file}: others can read this file; run chmod 600 {file}")
    try:
        found = [bytes.fromhex(line) for line in file.read_text().split()]
    except ValueError:
        found = []
    if not all(len(key) >= LEAST for key in found or [b""]):
        raise BadKeyError(
            f"{file} holds no key: put it back from a backup; or delete it, and links that were "
            "sent so far lead nowhere"
        )
    return found


def _make(file: Path) -> None:
    """The first key: all of it or nothing, and never over one that is there."""
    fresh = file.with_name(f"{file.name}.{token_hex(4)}.new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as handle:
            handle.write(f"{token_hex(32)}\n")
            handle.flush()
            os.fsync(handle.fileno())
        with suppress(FileExistsError):
            _place(fresh, file)
    finally:
        fresh.unlink(missing_ok=True)


def _place(fresh: Path, file: Path) -> None:
    try:
        os.link(fresh, file)
    except FileExistsError:
        raise
    except OSError:  # not every file system has links
        if not file.exists():
            fresh.rename(file)
