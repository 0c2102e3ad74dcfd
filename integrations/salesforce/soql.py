"""SOQL text from checked names and quoted values; nothing else ever becomes part of a query.

Source: "SOQL and SOSL Reference". Values are quoted by simple-salesforce.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime

from simple_salesforce.format import format_soql

from integrations.errors import Drift

#: A field, or a field of a related record.
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)?")


def select(columns: Iterable[str], object: str, *where: str, order: str = "") -> str:
    """A query; the conditions must all hold. Raises Drift for what can be no name."""
    names = ", ".join(name(column) for column in dict.fromkeys(columns))
    conditions = f" WHERE {' AND '.join(where)}" if where else ""
    sorting = f" ORDER BY {order}" if order else ""
    return f"SELECT {names} FROM {name(object)}{conditions}{sorting}"


def count(object: str, *where: str) -> str:
    """A query that is answered with a number."""
    return f"SELECT COUNT() FROM {name(object)} WHERE {' AND '.join(where)}"


def name(text: str) -> str:
    """The name, if it can be one."""
    if not _NAME.fullmatch(text):
        raise Drift(f"Salesforce can have no field {text!r}", field=text)
    return text


def within(field: str, values: Iterable[str]) -> str:
    """One of these values."""
    return format_soql(f"{name(field)} IN {{}}", list(values))


def equals(field: str, value: str) -> str:
    """This value."""
    return format_soql(f"{name(field)} = {{}}", value)


def is_true(field: str, *, is_: bool = True) -> str:
    """Ticked, or not."""
    return f"{name(field)} = {'true' if is_ else 'false'}"


def known(field: str, *, is_: bool = True) -> str:
    """Any value, or none."""
    return f"{name(field)} {'!=' if is_ else '='} null"


def since(field: str, moment: datetime) -> str:
    """This moment or later; to the second, as SOQL has it."""
    return f"{name(field)} >= {literal(moment)}"


def after(field: str, moment: str, id: str) -> str:
    """Later than this row, in the order of ``field`` and id."""
    return f"({name(field)} > {moment} OR ({name(field)} = {moment} AND {_greater(id)}))"


def literal(moment: datetime) -> str:
    """A moment as SOQL writes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _greater(id: str) -> str:
    return format_soql("Id > {}", id)
