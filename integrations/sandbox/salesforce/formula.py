"""Formulas of validation rules: ``AND(ISPICKVAL(Stage__c, "churned"), ISBLANK(Reason__c))``.

Source: Salesforce Help, "Formula Operators and Functions by Context".
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Final

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedInput

#: A value by the name of a field; the second argument asks for the one before the change.
Look = Callable[[str, bool], Any]


class BadFormula(Exception):
    """The formula cannot be read; its words say why."""


class Formula:
    """A formula that has been read."""

    def __init__(self, text: str) -> None:
        try:
            self._tree: Tree[Token] | Token = _parser().parse(text)
        except UnexpectedInput as error:
            at = error.pos_in_stream if error.pos_in_stream is not None else len(text)
            raise BadFormula(f"Syntax error at character {at + 1}.") from None
        for call in _trees(self._tree):
            if call.data == "call" and str(call.children[0]).upper() not in _CALLS:
                raise BadFormula(f"Unknown function {str(call.children[0]).upper()}.")

    def fields(self) -> set[str]:
        """The fields that it names."""
        names = {str(tree.children[0]) for tree in _trees(self._tree) if tree.data == "name"}
        return {name for name in names if name.upper() not in _CONSTANTS}

    def __call__(self, look: Look, *, new: bool, today: date) -> bool:
        """Whether it holds for a record."""
        return bool(_Run(look, new, today).value(self._tree))


class _Run:
    """One evaluation."""

    def __init__(self, look: Look, new: bool, today: date) -> None:
        self.look = look
        self.new = new
        self.today = today

    def value(self, tree: Any) -> Any:
        data, parts = tree.data, tree.children
        match data:
            case "number":
                return float(parts[0])
            case "text":
                return re.sub(r"\\(.)", r"\1", parts[0][1:-1])
            case "name":
                word = str(parts[0]).upper()
                return _CONSTANTS[word] if word in _CONSTANTS else self.look(str(parts[0]), False)
            case "call":
                return _CALLS[str(parts[0]).upper()](self, parts[1:])
            case "denied":
                return not self.value(parts[0])
            case "negative":
                return -_number(self.value(parts[1]))
            case "either":
                return any(self.value(part) for part in parts)
            case "both":
                return all(self.value(part) for part in parts)
        found = self.value(parts[0])
        for sign, part in zip(parts[1::2], parts[2::2], strict=True):
            found = _OPERATORS[str(sign)](found, self.value(part))
        return found

    def name(self, part: Any) -> str:
        """The field that an argument names."""
        return str(part.children[0])


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _plus(left: Any, right: Any) -> Any:
    if isinstance(left, str) or isinstance(right, str):
        return f"{left or ''}{right or ''}"
    return _number(left) + _number(right)


def _compared(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def run(left: Any, right: Any) -> bool:
        if left is None or right is None:
            return False
        if isinstance(left, str) != isinstance(right, str):
            left, right = str(left), str(right)
        return compare(left, right)

    return run


def _same(left: Any, right: Any) -> bool:
    empty = (None, "")
    return (left in empty and right in empty) or bool(left == right)


_OPERATORS: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "+": _plus,
    "&": _plus,
    "-": lambda a, b: _number(a) - _number(b),
    "*": lambda a, b: _number(a) * _number(b),
    "/": lambda a, b: _number(a) / _number(b) if _number(b) else None,
    "=": _same,
    "==": _same,
    "<>": lambda a, b: not _same(a, b),
    "!=": lambda a, b: not _same(a, b),
    "<": _compared(operator.lt),
    "<=": _compared(operator.le),
    ">": _compared(operator.gt),
    ">=": _compared(operator.ge),
}
_CONSTANTS: Final[Mapping[str, Any]] = {"TRUE": True, "FALSE": False, "NULL": None}


def _text(run: _Run, part: Any) -> str:
    value = run.value(part)
    return "" if value is None else str(value)


def _choices(run: _Run, part: Any) -> list[str]:
    return _text(run, part).split(";")


_CALLS: Final[Mapping[str, Callable[[_Run, Any], Any]]] = {
    "AND": lambda run, parts: all(run.value(part) for part in parts),
    "OR": lambda run, parts: any(run.value(part) for part in parts),
    "NOT": lambda run, parts: not run.value(parts[0]),
    "IF": lambda run, parts: run.value(parts[1] if run.value(parts[0]) else parts[2]),
    "ISBLANK": lambda run, parts: run.value(parts[0]) in (None, ""),
    "ISNULL": lambda run, parts: run.value(parts[0]) in (None, ""),
    "ISPICKVAL": lambda run, parts: _text(run, parts[0]) == _text(run, parts[1]),
    "INCLUDES": lambda run, parts: _text(run, parts[1]) in _choices(run, parts[0]),
    "TEXT": lambda run, parts: _text(run, parts[0]),
    "LEN": lambda run, parts: len(_text(run, parts[0])),
    "TRIM": lambda run, parts: _text(run, parts[0]).strip(),
    "UPPER": lambda run, parts: _text(run, parts[0]).upper(),
    "LOWER": lambda run, parts: _text(run, parts[0]).lower(),
    "CONTAINS": lambda run, parts: _text(run, parts[1]) in _text(run, parts[0]),
    "BEGINS": lambda run, parts: _text(run, parts[0]).startswith(_text(run, parts[1])),
    "REGEX": lambda run, parts: bool(re.fullmatch(_text(run, parts[1]), _text(run, parts[0]))),
    "ISNEW": lambda run, parts: run.new,
    "ISCHANGED": lambda run, parts: (
        not run.new and run.look(run.name(parts[0]), True) != run.value(parts[0])
    ),
    "PRIORVALUE": lambda run, parts: run.look(run.name(parts[0]), not run.new),
    "TODAY": lambda run, parts: run.today.isoformat(),
}


def _trees(tree: Tree[Token] | Token) -> Iterator[Tree[Token]]:
    return tree.iter_subtrees() if isinstance(tree, Tree) else iter(())


@cache
def _parser() -> Lark:
    grammar = (files(__package__) / "formula.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr")
