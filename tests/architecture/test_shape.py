"""How files look: one noun each, not too long, and everything public says what it is."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.architecture.source import files, modules

#: Lines. A file that needs more does two things.
LONGEST = 400
VAGUE = {"common", "helpers", "manager", "misc", "utils"}


def test_no_file_is_too_long() -> None:
    for module in modules():
        lines = module.text.count("\n")
        assert lines <= LONGEST, f"{module.place} has {lines} lines"


def test_no_file_is_named_after_nothing() -> None:
    for path in files():
        assert path.stem not in VAGUE, path


def test_everything_public_says_what_it_is() -> None:
    """But migrations, whose shape is Alembic's."""
    told = [module for module in modules() if "/versions/" not in module.place]
    silent = [
        f"{module.place}:{node.lineno} {node.name}"
        for module in told
        for node in _public(module.tree)
        if ast.get_docstring(node) is None
    ]
    silent += [m.place for m in told if m.text and ast.get_docstring(m.tree) is None]
    assert silent == []


Named = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def _public(tree: ast.Module | ast.ClassDef) -> Iterator[Named]:
    """Public functions and classes, and the methods that a public class does not inherit."""
    for node in tree.body:
        if isinstance(node, Named) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef) and not node.bases:
                yield from _public(node)
