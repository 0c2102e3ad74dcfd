"""Values in a query in the form that records are stored in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from integrations.sandbox.salesforce.field import Value
from integrations.sandbox.salesforce.ids import normal
from integrations.sandbox.salesforce.moments import read_date, read_moment
from integrations.sandbox.salesforce.soql.periods import PERIODS, counts, stamps
from integrations.sandbox.salesforce.soql.scope import Column, Scope
from integrations.sandbox.salesforce.soql.syntax import Literal

#: The kinds of literal that a field takes, by its type in the WSDL; other types take text.
_TAKES: Final = {
    "boolean": ("CONSTANT",),
    "double": ("NUMBER",),
    "int": ("NUMBER",),
    "date": ("DATE", "RELATIVE"),
    "dateTime": ("DATETIME", "RELATIVE"),
}
_ESCAPED: Final = re.compile(r"\\(.)|([%_])|([^\\%_]+)", re.DOTALL)
_ESCAPES: Final = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Period:
    """A stretch of time in stored form, from ``low`` up to but without ``high``."""

    low: str
    high: str


def read(scope: Scope, column: Column, literal: Literal) -> Value | Period:
    """The stored form of a literal for this field; raises Refusal."""
    field = column.field
    kind = field.soap_type.partition(":")[2]
    takes = _TAKES.get(kind, ("STRING",))
    if literal.text.upper() == "NULL":
        return None
    if literal.kind == "RELATIVE" and literal.text not in PERIODS:
        words = "Bind variables only allowed in Apex code"
        raise scope.refuse(column.path, words, code="MALFORMED_QUERY")
    if literal.kind == "RELATIVE" and (literal.count is not None) is not counts(literal.text):
        words = f"unexpected token: '{literal.text}'"
        raise scope.refuse(column.path, words, code="MALFORMED_QUERY")
    if literal.kind not in takes:
        wanted, verb = (kind, "should not") if kind in _TAKES else ("string", "should")
        words = f"must be of type {wanted} and {verb} be enclosed in quotes"
        raise scope.refuse(
            column.path, f"value of filter criterion for field '{field.name}' {words}"
        )
    match literal.kind:
        case "CONSTANT":
            return literal.text.upper() == "TRUE"
        case "NUMBER":
            return float(literal.text)
        case "RELATIVE":
            return _period(scope, column, literal, kind)
        case "DATE":
            found = read_date(literal.text)
        case "DATETIME":
            found = read_moment(literal.text)
        case _:
            return _text(scope, column, literal)
    if found is None:
        raise scope.refuse(column.path, f"invalid date: {literal.text}", code="MALFORMED_QUERY")
    return found


def _text(scope: Scope, column: Column, literal: Literal) -> Value:
    text = plain(literal.text) or None
    if text is None or column.field.type not in ("id", "reference"):
        return text
    if found := normal(text):
        return found
    words = f"invalid ID field: {text}"
    raise scope.refuse(column.path, words, code="INVALID_QUERY_FILTER_OPERATOR")


def _period(scope: Scope, column: Column, literal: Literal, kind: str) -> Period:
    try:
        days = PERIODS[literal.text](scope.today, literal.count or 0)
    except (OverflowError, ValueError):
        # Outside of the calendar.
        words = f"invalid date literal: {literal.text}:{literal.count}"
        raise scope.refuse(column.path, words, code="MALFORMED_QUERY") from None
    if kind == "date":
        return Period(low=days[0].isoformat(), high=days[1].isoformat())
    low, high = stamps(days, scope.zone)
    return Period(low=low, high=high)


def plain(quoted: str) -> str:
    """The text of a string literal."""
    if "\\" not in quoted:
        return quoted[1:-1]
    return re.sub(r"\\(.)", _unescape, quoted[1:-1], flags=re.DOTALL)


def like(quoted: str) -> re.Pattern[str]:
    """What LIKE matches: ``%`` is anything, ``_`` one character, a backslash takes that away."""
    made = ""
    for match in _ESCAPED.finditer(quoted[1:-1]):
        escaped, wild, text = match.groups()
        if wild:
            made += ".*" if wild == "%" else "."
        else:
            made += re.escape(_unescape(match) if escaped else text)
    return re.compile(made, re.IGNORECASE | re.DOTALL)


def _unescape(match: re.Match[str]) -> str:
    letter = match.group(1)
    return _ESCAPES.get(letter.lower(), letter)
