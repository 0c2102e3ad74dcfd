"""CRM search: filters, one sort, a window of ten thousand results.

Source: "CRM search" guide, limitations.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from integrations.sandbox.http import Answer, Request
from integrations.sandbox.hubspot import query, wire
from integrations.sandbox.hubspot.errors import Refused
from integrations.sandbox.hubspot.index import Index, View
from integrations.sandbox.hubspot.kinds import Kind
from integrations.sandbox.hubspot.limits import Limit
from integrations.sandbox.hubspot.objects import FAMILY
from integrations.sandbox.hubspot.operation import Operation, per_object
from integrations.sandbox.hubspot.options import Options
from integrations.sandbox.hubspot.portal import Portal
from integrations.sandbox.hubspot.query import Condition
from integrations.sandbox.hubspot.schema import Property
from integrations.sandbox.hubspot.view import shown
from integrations.sandbox.hubspot.wire import Json

PAGE: Final = 200
WINDOW: Final = 10_000
CHARACTERS: Final = 3_000
GROUPS: Final = 5
FILTERS: Final = 6
FILTERS_IN_ALL: Final = 18
_REMEMBERED: Final = 16
#: Object type, state of its table, moment of the index, conditions.
_Key = tuple[str, int, datetime | None, tuple[Condition, ...]]


class Search:
    """The search of every object type."""

    def __init__(self, portal: Portal, options: Options) -> None:
        self._portal = portal
        self._index = Index(portal, options)
        #: What was found lately, so that paging through many results does not find them all again.
        self._memory: dict[_Key, Sequence[int]] = {}

    def operations(self) -> list[Operation]:
        """What is here, for the router."""
        return per_object(
            Operation(
                method="POST",
                family=FAMILY,
                rest="/{object}/search",
                name="objects.{object}.search",
                handler=self.search,
                limit=Limit.SEARCH,
            )
        )

    def search(self, request: Request) -> Answer:
        """A page of the records that match; archived ones never do."""
        kind = self._portal.kind(request.params["object"])
        if len(request.body.decode(errors="replace")) > CHARACTERS:
            raise Refused(400, f"The request body exceeds {CHARACTERS} characters.")
        body = wire.body(request)
        limit = wire.number(body.get("limit"), "limit", default=10, least=0, most=PAGE)
        after = wire.number(body.get("after"), "after", default=0, least=0, most=10**9)
        if after + limit > WINDOW:
            raise _problem()
        view = self._index.view(kind)
        found = self._found(kind, body, view)
        names = wire.strings(body.get("properties"), "properties")
        page = [view.records[one] for one in found[after : after + limit]]
        answer: Json = {
            "total": len(found),
            "results": [shown(self._portal, record, names) for record in page],
        }
        if after + limit < len(found):
            answer["paging"] = {"next": {"after": str(after + limit)}}
        return Answer(body=answer)

    def _found(self, kind: Kind, body: Json, view: View) -> Sequence[int]:
        """The ids of everything that matches, in order."""
        live = view.records
        groups = [self._group(kind, filters, view) for filters in _groups(body)]
        ids = groups[0] if len(groups) == 1 else sorted(set().union(*groups) if groups else live)
        if body.get("query"):
            tells = query.about(str(body["query"]), kind)
            ids = [one for one in ids if tells(live[one])]
        return self._sorted(kind, ids, body.get("sorts") or [], view)

    def _group(self, kind: Kind, filters: Sequence[Json], view: View) -> Sequence[int]:
        """The ids that meet all filters of a group, in their own order."""
        linked = [self._linked(kind, one) for one in filters if _about_links(one)]
        conditions = [self._condition(kind, one) for one in filters if not _about_links(one)]
        keyset = [one for one in conditions if _is_range(one, "hs_object_id")]
        others = tuple(one for one in conditions if one not in keyset)
        ids = self._remembered(kind, others, view)
        low, high = query.span(keyset)
        ids = ids[bisect_left(ids, low) : bisect_right(ids, high)]
        return [one for one in ids if all(one in set_ for set_ in linked)] if linked else ids

    def _remembered(
        self, kind: Kind, conditions: tuple[Condition, ...], view: View
    ) -> Sequence[int]:
        table = self._portal.table(kind)
        key = (kind.type_id, table.version, view.at, conditions)
        if key not in self._memory:
            while len(self._memory) >= _REMEMBERED:
                del self._memory[next(iter(self._memory))]
            self._memory[key] = sorted(self._matching(kind, conditions, view))
        return self._memory[key]

    def _matching(self, kind: Kind, conditions: Iterable[Condition], view: View) -> Iterable[int]:
        # The table has an index of the present only.
        indexed = view.at is None
        when = [one for one in conditions if indexed and _is_range(one, kind.modified)]
        tests = [query.matcher(one) for one in conditions if one not in when]
        changed = self._portal.table(kind).changed
        records = changed(*query.span(when)) if when else view.records.values()
        return (record.id for record in records if all(test(record) for test in tests))

    def _condition(self, kind: Kind, given: Json) -> Condition:
        try:
            return query.parse(given, self._definition(kind, str(given.get("propertyName", ""))))
        except query.Nonsense:
            raise _problem() from None

    def _linked(self, kind: Kind, given: Json) -> frozenset[int]:
        """The records meant by the pseudo-property ``associations.{object}``."""
        target = self._portal.kind(str(given["propertyName"]).removeprefix("associations."))
        values = given.get("values") if given.get("operator") == "IN" else [given.get("value")]
        if given.get("operator") not in ("EQ", "IN") or not isinstance(values, list):
            raise _problem()
        ends = (end for value in values if (end := wire.long(str(value))) is not None)
        return frozenset(
            record for end in ends for record in self._portal.links.of(target, end, kind)
        )

    def _sorted(
        self, kind: Kind, ids: Sequence[int], sorts: Sequence[Any], view: View
    ) -> Sequence[int]:
        """By the first of the sorts, as HubSpot does; records without a value come last."""
        if not sorts:
            return ids
        first = sorts[0]
        if isinstance(first, str):
            down = first.startswith("-")
            first = {
                "propertyName": first.removeprefix("-"),
                "direction": "DESCENDING" if down else "ASCENDING",
            }
        if not isinstance(first, dict):
            raise _problem()
        down = first.get("direction") == "DESCENDING"
        definition = self._definition(kind, str(first.get("propertyName", "")))
        if definition.name == "hs_object_id":
            return ids[::-1] if down else ids
        keyed = [
            (query.comparable(definition, view.records[one].get(definition.name)), one)
            for one in ids
        ]
        valued = sorted((pair for pair in keyed if pair[0] is not None), reverse=down)
        return [one for _, one in valued] + [one for key, one in keyed if key is None]

    def _definition(self, kind: Kind, name: str) -> Property:
        found = self._portal.schema(kind).properties.get(name)
        if found is None:
            raise _problem()
        return found


def _about_links(given: Json) -> bool:
    return str(given.get("propertyName", "")).startswith("associations.")


def _is_range(condition: Condition, name: str) -> bool:
    return condition.property.name == name and condition.operator in query.RANGES


def _groups(body: Json) -> list[list[Json]]:
    groups = body.get("filterGroups") or []
    if alone := body.get("filters"):  # as the guide has it for associations
        if groups:
            raise Refused(400, "The sandbox takes filters in groups or without, and not both.")
        groups = [{"filters": alone}]
    if not isinstance(groups, list) or not all(isinstance(one, dict) for one in groups):
        raise _problem()
    found = [group.get("filters") or [] for group in groups]
    if not all(isinstance(one, dict) for filters in found for one in filters):
        raise _problem()
    sizes = [len(filters) for filters in found]
    if len(found) > GROUPS or max(sizes, default=0) > FILTERS or sum(sizes) > FILTERS_IN_ALL:
        raise Refused(
            400,
            f"At most {GROUPS} filter groups with {FILTERS} filters each and {FILTERS_IN_ALL} "
            "filters in all are allowed.",
        )
    return found


def _problem() -> Refused:
    return Refused(400, "There was a problem with the request.")
