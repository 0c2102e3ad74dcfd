"""The rules of the house that import-linter cannot see; docs/architecture.md has them all."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from tests.architecture.source import Module, modules, pyproject

#: Modules of ``mappings`` that may read and write: the loader, and what writes docs/mapping.md.
OUTER = {"mappings.loader", "mappings.reference"}
#: Calls by which a pure function would learn the time or touch a file.
IMPURE = {
    "datetime.now", "datetime.today", "datetime.utcnow", "date.today",
    "open", "print", "input", "read_text", "read_bytes", "write_text", "write_bytes",
}  # fmt: skip
#: Names of vendors, and words of one of them.
VENDORS = re.compile(
    r"hubspot|salesforce|\bSObjects?\b|\bSOQL\b|\bWh(at|o)Id\b|\bhs_\w+|\w+__c\b|\bportals?\b"
    r"|\blist_?id\b|\bcompanies\b|\bOwnerId\b",
    re.IGNORECASE,
)
#: Where people name their CRM, and what the reference of the mapping file is made from.
NAMING = re.compile(r"sync\.cli(\.\w+)?|sync\.trial|mappings\.(programme|reference|service)")


def _each(*layers: str) -> list[Module]:
    found = [module for module in modules() if module.name.split(".")[0] in layers]
    assert len(found) > 20
    return found


def _pure() -> Iterator[Module]:
    """The modules of the fourth contract in pyproject.toml."""
    contracts = pyproject()["tool"]["importlinter"]["contracts"]  # type: ignore[index]
    (rule,) = [contract for contract in contracts if contract["name"].startswith("4.")]
    sources = set(rule["source_modules"])
    known = {module.name for module in modules()}
    assert sources <= known
    for module in modules():
        if module.name in sources or module.name.split(".")[0] in sources:
            yield module


def _called(node: ast.AST) -> str:
    """The last words of what is called: ``open``, ``datetime.now``, ``read_text``."""
    if not isinstance(node, ast.Call):
        return ""
    match node.func:
        case ast.Name(id=name):
            return name
        case ast.Attribute(attr=name, value=ast.Name(id=of)) if of in ("date", "datetime"):
            return f"{of}.{name}"
        case ast.Attribute(attr=name):
            return name
    return ""


def _complaints(place: str, found: Iterable[ast.AST]) -> list[str]:
    return [f"{place}:{getattr(node, 'lineno', 1)}" for node in found]


def test_the_centre_reads_no_clock_and_no_file() -> None:
    pure = [module for module in _pure() if module.name not in OUTER]
    assert len(pure) > 30
    for module in pure:
        found = [node for node in module.nodes if _called(node) in IMPURE]
        assert not found, _complaints(module.place, found)


def test_imports_are_absolute() -> None:
    for module in _each("integrations", "mappings", "sync"):
        found = [n for n in module.nodes if isinstance(n, ast.ImportFrom) and n.level]
        assert not found, _complaints(module.place, found)


def test_nothing_is_imported_by_a_computed_name() -> None:
    """But the sandbox's dialects, whose names stand in a table."""
    for module in _each("integrations", "mappings", "sync"):
        found = [n for n in module.nodes if _called(n) in ("import_module", "__import__")]
        assert not found or module.name == "integrations.sandbox.open", module.place


def test_only_the_app_makes_a_store() -> None:
    makers = {
        module.name
        for module in _each("integrations", "mappings", "sync")
        if any(_called(node) == "Store" for node in module.nodes)
    }
    assert makers == {"sync.app"}


def test_words_of_one_vendor_stay_in_the_integrations() -> None:
    for module in _each("mappings", "sync"):
        lines = enumerate(module.text.splitlines(), start=1)
        found = [f"{module.place}:{n}: {line.strip()}" for n, line in lines if VENDORS.search(line)]
        assert not found or NAMING.fullmatch(module.name), found
