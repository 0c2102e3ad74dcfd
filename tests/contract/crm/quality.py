"""What each adapter promises: the rules of ``quality.yaml``, one for every test of the suite.

A rule is ``done``, or ``exempt`` with the reason why this CRM cannot; then its test is skipped.
"""

from __future__ import annotations

import ast
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml

HERE = Path(__file__).parent

#: Noun -> rule -> "done", or {"exempt": reason}.
Rules = dict[str, dict[str, Any]]


@cache
def promised(crm: str) -> Rules:
    """The rules of one adapter."""
    text = (files("integrations") / crm / "quality.yaml").read_text(encoding="utf-8")
    rules: Rules = yaml.safe_load(text)
    return rules


def exemption(crm: str, node: pytest.Function) -> str:
    """Why this test is not for this CRM, if it is not."""
    noun, rule = node.path.stem.removeprefix("test_"), node.originalname.removeprefix("test_")
    said = promised(crm).get(noun, {}).get(rule)
    return said["exempt"] if isinstance(said, dict) else ""


def suite() -> dict[str, list[str]]:
    """The tests of the suite by noun, from their source."""
    found = {}
    for file in sorted({*HERE.glob("test_*.py")} - {HERE / "test_quality.py"}):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        names = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
        rules = [name.removeprefix("test_") for name in names if name.startswith("test_")]
        found[file.stem.removeprefix("test_")] = rules
    return found
