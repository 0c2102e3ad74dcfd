"""Secrets that are kept for the service: one encrypted file in the data folder.

The key is ``AUREVOIR_KEY``, or a file of its own that only its owner can read.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from cryptography.fernet import Fernet, InvalidToken

from sync.keys import OpenFileError

#: The environment variable that holds the key, where it is not to be a file.
KEY: Final = "AUREVOIR_KEY"


class VaultError(Exception):
    """The secrets cannot be read with the key that is there."""


class Vault:
    """Secrets by name. Raises VaultError, and OpenFileError where others can read its files."""

    def __init__(self, folder: Path, key: str | None = None) -> None:
        self._folder = folder
        self._file = folder / "secrets"
        self._own = folder / "secrets.key"
        self._given = key

    def read(self) -> dict[str, str]:
        """Everything that is kept; nothing where no secret ever was."""
        if not self._file.exists():
            return {}
        _closed(self._file)
        try:
            opened = self._cipher().decrypt(self._file.read_bytes())
        except InvalidToken:
            words = f"{self._file} was made with another key; set {KEY} to it, or connect again"
            raise VaultError(words) from None
        secrets: dict[str, str] = json.loads(opened)
        return secrets

    def put(self, secrets: Mapping[str, str | None]) -> None:
        """Keep these from now on; ``None`` forgets one. On the disk before this returns."""
        kept = {name: value for name, value in {**self.read(), **secrets}.items() if value}
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(self._file, self._cipher().encrypt(json.dumps(kept).encode()))

    def _cipher(self) -> Fernet:
        if self._given is None and not self._own.exists():
            _write(self._own, Fernet.generate_key())
        if self._given is None:
            _closed(self._own)
        try:
            return Fernet(self._own.read_bytes() if self._given is None else self._given)
        except ValueError:
            where = self._own if self._given is None else KEY
            words = f"{where} is no key: it takes 32 bytes in URL-safe base64"
            raise VaultError(words) from None


def _closed(file: Path) -> None:
    if file.stat().st_mode & 0o077:
        raise OpenFileError(f"{file}: others can read this file; run chmod 600 {file}")


def _write(file: Path, content: bytes) -> None:
    """All of it or nothing, for its owner only."""
    fresh = file.with_name(f"{file.name}.new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as handle:
        handle.write(content)
        handle.flush()
        os.fsync(handle.fileno())
    fresh.replace(file)
