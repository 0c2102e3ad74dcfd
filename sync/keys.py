"""The keys that survey links are made with: a file that only its owner can read."""

from __future__ import annotations

import os
from pathlib import Path
from secrets import token_hex


class OpenFileError(Exception):
    """Others can read a file that holds secrets."""


def link_keys(folder: Path) -> list[bytes]:
    """The keys, newest first; makes the first one. Older ones may be deleted once links expired.

    Raises OpenFileError if others can read them.
    """
    file = folder / "links.key"
    if not file.exists():
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as handle:
            handle.write(f"{token_hex(32)}\n")
    if file.stat().st_mode & 0o077:
        raise OpenFileError(f"{file}: others can read this file; run chmod 600 {file}")
    return [bytes.fromhex(line) for line in file.read_text().split()]
