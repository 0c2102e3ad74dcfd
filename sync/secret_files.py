"""Secrets in files of their own: ``${file:service.pem}``, from the folder of aurevoir.yaml."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from sync.keys import OpenFileError

PREFIX: Final = "file:"


class Secrets(Mapping[str, str]):
    """The environment, and what stands in files that only their owner can read.

    Raises OpenFileError where others can read one.
    """

    def __init__(self, env: Mapping[str, str], folder: Path) -> None:
        self._env = env
        self._folder = folder

    def __getitem__(self, name: str) -> str:
        if not name.startswith(PREFIX):
            return self._env[name]
        file = self._folder / name.removeprefix(PREFIX)
        if not file.is_file():
            raise KeyError(name)
        return private(file)

    def __iter__(self) -> Iterator[str]:
        return iter(self._env)

    def __len__(self) -> int:
        return len(self._env)


def private(file: Path) -> str:
    """What a file holds that only its owner can read, without the line break at its end."""
    if file.stat().st_mode & 0o077:
        raise OpenFileError(f"{file}: others can read this file; run chmod 600 {file}")
    return file.read_text(encoding="utf-8").strip("\n")
