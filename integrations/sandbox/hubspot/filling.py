"""Who is in a list with filters: a ``DYNAMIC`` one always, a ``SNAPSHOT`` when it was made.

Source: "List filters" in the Lists API guide. ``PROPERTY`` filters by value and ``IN_LIST`` are
understood; a list with any other is refused, since it would be filled with the wrong people.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from integrations.sandbox.hubspot import wire
from integrations.sandbox.hubspot.errors import Refused, missing_fields
from integrations.sandbox.hubspot.kinds import Kind
from integrations.sandbox.hubspot.portal import Portal, Segment
from integrations.sandbox.hubspot.records import Record
from integrations.sandbox.hubspot.wire import Json

_Test = Callable[[str, Any], bool]
_Values = frozenset[str]


def _parts(held: str) -> _Values:
    return frozenset(held.casefold().split(";"))


#: What the values of an operation mean for a value of the record.
_WORDS: Final[Mapping[str, _Test]] = {
    "IS_EQUAL_TO": lambda held, given: held.casefold() in given,
    "CONTAINS": lambda held, given: any(one in held.casefold() for one in given),
    "STARTS_WITH": lambda held, given: held.casefold().startswith(tuple(given)),
    "ENDS_WITH": lambda held, given: held.casefold().endswith(tuple(given)),
}
_CHOICES: Final[Mapping[str, _Test]] = {
    "IS_ANY_OF": lambda held, given: not given.isdisjoint(_parts(held)),
    "IS_EXACTLY": lambda held, given: given == _parts(held),
    "CONTAINS_ALL": lambda held, given: given <= _parts(held),
}
_AMOUNTS: Final[Mapping[str, _Test]] = {
    "IS_EQUAL_TO": lambda held, given: float(held) == given[0],
    "IS_GREATER_THAN": lambda held, given: float(held) > given[0],
    "IS_GREATER_THAN_OR_EQUAL_TO": lambda held, given: float(held) >= given[0],
    "IS_LESS_THAN": lambda held, given: float(held) < given[0],
    "IS_LESS_THAN_OR_EQUAL_TO": lambda held, given: float(held) <= given[0],
}
_BETWEEN: Final[Mapping[str, _Test]] = {
    "IS_BETWEEN": lambda held, given: given[0] <= float(held) <= given[1],
}
_TESTS: Final[Mapping[str, Mapping[str, _Test]]] = {
    "BOOL": {"IS_EQUAL_TO": _WORDS["IS_EQUAL_TO"]},
    "ENUMERATION": _CHOICES,
    "MULTISTRING": _WORDS,
    "STRING": _WORDS,
    "NUMBER": _AMOUNTS,
    "NUMBER_RANGED": _BETWEEN,
    "ALL_PROPERTY": {},
}
#: Operators that turn another one round; who has no value is with them only where it is said so.
_TURNED: Final = {
    "IS_NOT_EQUAL_TO": "IS_EQUAL_TO",
    "IS_NONE_OF": "IS_ANY_OF",
    "IS_NOT_EXACTLY": "IS_EXACTLY",
    "DOES_NOT_CONTAIN": "CONTAINS",
    "DOES_NOT_CONTAIN_ALL": "CONTAINS_ALL",
    "IS_NOT_BETWEEN": "IS_BETWEEN",
}
_KNOWN: Final = ("IS_KNOWN", "IS_UNKNOWN")
#: What the tests of a branch have to come to.
_BRANCHES: Final[Mapping[str, Callable[[list[bool]], bool]]] = {
    "OR": any,
    "AND": lambda tests: bool(tests) and all(tests),
    "NOT_ALL": lambda tests: not all(tests),
    "NOT_ANY": lambda tests: not any(tests),
}


def checked(portal: Portal, kind: Kind, given: Any) -> Json:
    """The filters of a list, as they are told; raises Refused for what is not understood.

    Their root is ``OR``, and what may be left out is filled in.
    """
    root = wire.mapping(given, "filterBranch")
    if root.get("filterBranchType") != "OR":
        raise _invalid("The root of a list's filters is a branch of the type OR.")
    return _branch(portal, kind, root)


def fill(portal: Portal, segment: Segment, within: frozenset[str] = frozenset()) -> Segment:
    """The same list, with its members as its filters have them now."""
    if segment.processing == "DYNAMIC" and segment.filters and segment.id not in within:
        now, before = portal.now(), segment.members
        within |= {segment.id}
        segment.members = {
            record.id: before.get(record.id, (now, now))
            for _, record in sorted(portal.table(segment.kind).live.items())
            if _in(portal, segment.filters, record, within)
        }
    return segment


def snap(portal: Portal, segment: Segment) -> None:
    """Put into a new ``SNAPSHOT`` list whom its filters find; after that it is changed by hand."""
    if segment.processing == "SNAPSHOT" and segment.filters:
        now = portal.now()
        for record in portal.table(segment.kind).live.values():
            if _in(portal, segment.filters, record, frozenset()):
                segment.members[record.id] = (now, now)


def _in(portal: Portal, branch: Json, record: Record, within: frozenset[str]) -> bool:
    """Whether a record passes a branch."""
    tests = [_passes(portal, one, record, within) for one in branch.get("filters") or ()]
    tests += [_in(portal, one, record, within) for one in branch.get("filterBranches") or ()]
    return _BRANCHES[branch["filterBranchType"]](tests)


def _passes(portal: Portal, filter: Json, record: Record, within: frozenset[str]) -> bool:
    if filter["filterType"] == "IN_LIST":
        other = portal.segments.get(str(filter["listId"]))
        inside = other is not None and record.id in fill(portal, other, within).members
        return inside is (filter["operator"] == "IN_LIST")
    operation = filter["operation"]
    held, operator = record.get(str(filter["property"])), str(operation["operator"])
    if operator in _KNOWN:
        return bool(held) is (operator == "IS_KNOWN")
    if not held:
        return operation.get("includeObjectsWithNoValueSet") is True
    test = _TESTS[operation["operationType"]][_TURNED.get(operator, operator)]
    try:
        return test(held, _given(operation)) is (operator not in _TURNED)
    except ValueError:  # no number in it
        return False


def _given(operation: Json) -> _Values | list[float]:
    """What an operation compares with."""
    kind = operation["operationType"]
    if kind == "NUMBER":
        return [float(operation["value"])]
    if kind == "NUMBER_RANGED":
        return [float(operation["lowerBound"]), float(operation["upperBound"])]
    values = operation.get("values", [operation.get("value")])
    return frozenset(wire.text(one, "value").casefold() for one in values)


def _branch(portal: Portal, kind: Kind, branch: Json) -> Json:
    type_ = str(branch.get("filterBranchType"))
    if type_ not in _BRANCHES:
        raise _strange(f"branches of the type {type_}")
    filters = wire.entries(branch.get("filters"), "filters")
    branches = wire.entries(branch.get("filterBranches"), "filterBranches")
    return {
        "filterBranchType": type_,
        "filterBranchOperator": wire.text(branch.get("filterBranchOperator") or type_, "operator"),
        "filters": [_filter(portal, kind, one) for one in filters],
        "filterBranches": [_branch(portal, kind, one) for one in branches],
    }


def _filter(portal: Portal, kind: Kind, filter: Json) -> Json:
    match filter.get("filterType"):
        case "IN_LIST":
            if str(filter.get("listId")) not in portal.segments:
                raise _invalid(f"List does not exist with ID {filter.get('listId')}.")
            if filter.get("operator") not in ("IN_LIST", "NOT_IN_LIST"):
                raise _strange(f"the operator {filter.get('operator')}")
            return {**filter, "listId": str(filter["listId"])}
        case "PROPERTY":
            name, operation = filter.get("property"), filter.get("operation")
            if not name or not isinstance(operation, dict):
                raise missing_fields(["property", "operation"])
            if str(name) not in portal.schema(kind).properties:
                raise _invalid(f"Property {name} does not exist for {kind.type_id}.")
            _check_operation(operation)
            absent = {"includeObjectsWithNoValueSet": False}
            return {**filter, "operation": {**absent, **operation}}
        case other:
            raise _strange(f"filters of the type {other}")


def _check_operation(operation: Json) -> None:
    type_, operator = str(operation.get("operationType")), str(operation.get("operator"))
    tests = _TESTS.get(type_)
    if tests is None or _TURNED.get(operator, operator) not in (*tests, *_KNOWN):
        raise _strange(f"the operator {operator} in operations of the type {type_}")
    if operator in _KNOWN:
        return
    try:
        _given(operation)
    except (KeyError, OverflowError, TypeError, ValueError):
        raise _invalid(f"The values of {operator} are missing, or none of {type_}.") from None


def _strange(what: str) -> Refused:
    """HubSpot knows it, perhaps; the sandbox does not, and says so."""
    return _invalid(f"The sandbox's lists do not understand {what}.")


def _invalid(words: str) -> Refused:
    return Refused(400, words, sub_category="ListError.INVALID_FILTER_BRANCH")
