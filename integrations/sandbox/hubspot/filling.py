"""Who is in a list with filters: a ``DYNAMIC`` one always, a ``SNAPSHOT`` when it was made.

Source: "List filters" in the Lists API guide. ``OR`` and ``AND`` branches of ``PROPERTY`` filters
are understood; whatever else a filter can be finds nobody here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from integrations.sandbox.hubspot.portal import Portal, Segment
from integrations.sandbox.hubspot.records import Record

_Test = Callable[[str, frozenset[str]], bool]

#: What the values of an operation mean for a value of the record.
_VALUES: Final[Mapping[str, _Test]] = {
    "IS_EQUAL_TO": lambda held, given: held.casefold() in given,
    "IS_ANY_OF": lambda held, given: not given.isdisjoint(held.casefold().split(";")),
    "CONTAINS": lambda held, given: any(one in held.casefold() for one in given),
}
#: Operators that turn another one round; who has no value is with them only where it is said so.
_TURNED: Final = {
    "IS_NOT_EQUAL_TO": "IS_EQUAL_TO",
    "IS_NONE_OF": "IS_ANY_OF",
    "DOES_NOT_CONTAIN": "CONTAINS",
}
_KINDS: Final = ("BOOL", "ENUMERATION", "MULTISTRING", "NUMBER", "STRING", "ALL_PROPERTY")


def fill(portal: Portal, segment: Segment) -> Segment:
    """The same list, with its members as its filters have them now."""
    if segment.processing == "DYNAMIC" and segment.filters:
        found = {r.id for r in portal.table(segment.kind).live.values() if _in(segment.filters, r)}
        now = portal.now()
        before = segment.members
        segment.members = {id: before.get(id, (now, now)) for id in sorted(found)}
    return segment


def snap(portal: Portal, segment: Segment) -> None:
    """Put into a new ``SNAPSHOT`` list whom its filters find; after that it is changed by hand."""
    if segment.processing == "SNAPSHOT" and segment.filters:
        now = portal.now()
        for record in portal.table(segment.kind).live.values():
            if _in(segment.filters, record):
                segment.members[record.id] = (now, now)


def _in(branch: Any, record: Record) -> bool:
    """Whether a record passes a branch."""
    if not isinstance(branch, dict):
        return False
    tests = [_passes(one, record) for one in branch.get("filters") or ()]
    tests += [_in(one, record) for one in branch.get("filterBranches") or ()]
    match branch.get("filterBranchType"):
        case "OR":
            return any(tests)
        case "AND":
            return bool(tests) and all(tests)
    return False


def _passes(filter: Any, record: Record) -> bool:
    operation = filter.get("operation") or {}
    if filter.get("filterType") != "PROPERTY" or operation.get("operationType") not in _KINDS:
        return False
    held, operator = record.get(str(filter.get("property"))), str(operation.get("operator"))
    if operator in ("IS_KNOWN", "IS_UNKNOWN"):
        return bool(held) is (operator == "IS_KNOWN")
    if not held:
        return operation.get("includeObjectsWithNoValueSet") is True
    values = operation.get("values", [operation.get("value")])
    given = frozenset(_text(one) for one in values)
    if operator in _TURNED:
        return not _VALUES[_TURNED[operator]](held, given)
    test = _VALUES.get(operator)
    return test is not None and test(held, given)


def _text(value: Any) -> str:
    return str(value).casefold()
