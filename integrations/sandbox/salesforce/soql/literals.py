"""Values in a query in the form that records are stored in.

Source: SOQL and SOSL Reference, "Date Formats and Date Literals", "Quoted String Escape Sequences".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from integrations.sandbox.salesforce.field import Value
from integrations.sandbox.salesforce.ids import normal
from integrations.sandbox.salesforce.moments import read_date, read_moment
from integrations.sandbox.salesforce.refusals import Refusal
from integrations.sandbox.salesforce.soql.periods import PERIODS, counts, stamps
from integrations.sandbox.salesforce.soql.scope import Column, Scope
from integrations.sandbox.salesforce.soql.syntax import Literal, Path

#: The kinds of literal that a field takes, by its type in the WSDL; other types take text.
_TAKES: Final = {
    "boolean": ("CONSTANT",),
    "double": ("NUMBER",),
    "int": ("NUMBER",),
    "date": ("DATE", "RELATIVE"),
    "dateTime": ("DATETIME", "RELATIVE"),
}
_ESCAPED: Final = re.compile(r"\\(u[0-9A-Fa-f]{4}|.)|([%_])|([^\\%_]+)", re.DOTALL)
_ESCAPES: Final = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
_THEMSELVES: Final = "\"'\\"


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
    try:
        text = plain(literal.text) or None
    except ValueError as error:
        raise wrong_escape(scope, column.path, literal, error) from None
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


def wrong_escape(scope: Scope, path: Path, literal: Literal, error: ValueError) -> Refusal:
    """The refusal of a backslash before something that needs none."""
    words = f"Invalid string literal {literal.text}. Illegal character sequence '{error}' in "
    return scope.refuse(path, words + "string literal.", code="MALFORMED_QUERY")


def plain(quoted: str) -> str:
    """The text of a string literal; raises ValueError."""
    if "\\" not in quoted:
        return quoted[1:-1]
    return re.sub(r"\\(u[0-9A-Fa-f]{4}|.)", _unescape, quoted[1:-1], flags=re.DOTALL)


def like(quoted: str) -> re.Pattern[str]:
    """What LIKE matches: ``%`` is anything, ``_`` one character, a backslash takes that away.

    Raises ValueError.
    """
    made = ""
    for match in _ESCAPED.finditer(quoted[1:-1]):
        escaped, wild, text = match.groups()
        if wild:
            made += ".*" if wild == "%" else "."
        else:
            itself = escaped if escaped in ("%", "_") else None
            made += re.escape(itself or (_unescape(match) if escaped else text))
    return re.compile(made, re.IGNORECASE | re.DOTALL)


def _unescape(match: re.Match[str]) -> str:
    letter = match.group(1)
    if len(letter) > 1:
        return chr(int(letter[1:], 16))
    if letter in _THEMSELVES:
        return letter
    if letter.lower() not in _ESCAPES:
        raise ValueError(f"\\{letter}")
    return _ESCAPES[letter.lower()]
