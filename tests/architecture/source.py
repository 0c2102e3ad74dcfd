"""The project's own source, as syntax trees; shared by the tests of this folder."""

from __future__ import annotations

import ast
import tomllib
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
LAYERS = ("integrations", "mappings", "sync")


@dataclass
class Module:
    """One file of the three layers."""

    path: Path

    @cached_property
    def place(self) -> str:
        """Its path from the repository's root."""
        return self.path.relative_to(ROOT).as_posix()

    @cached_property
    def name(self) -> str:
        """Its dotted name."""
        parts = self.path.relative_to(ROOT).with_suffix("").parts
        return ".".join(part for part in parts if part != "__init__")

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """Every node of its tree."""
        return list(ast.walk(self.tree))


@cache
def files() -> tuple[Path, ...]:
    """Everything in the three layers but what npm has put there."""
    found = (path for layer in LAYERS for path in sorted((ROOT / layer).rglob("*")))
    return tuple(path for path in found if "node_modules" not in path.parts)


@cache
def modules() -> tuple[Module, ...]:
    """Every module of the three layers."""
    return tuple(Module(path) for path in files() if path.suffix == ".py")


def pyproject() -> dict[str, object]:
    """What pyproject.toml says."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
