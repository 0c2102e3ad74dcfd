"""CRM search: filters, one sort, a window of ten thousand results.

Source: "CRM search" guide, limitations. A later option may let the index lag: everything that is
found comes through :meth:`Search.found`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from integrations.sandbox.http import Answer, Request
from integrations.sandbox.hubspot import query, wire
from integrations.sandbox.hubspot.errors import Refused
from integrations.sandbox.hubspot.kinds import Kind, kind_of
from integrations.sandbox.hubspot.limits import Limit
from integrations.sandbox.hubspot.objects import FAMILY
from integrations.sandbox.hubspot.operation import Operation, per_object
from integrations.sandbox.hubspot.portal import Portal
from integrations.sandbox.hubspot.records import Record
from integrations.sandbox.hubspot.schema import Property
from integrations.sandbox.hubspot.view import shown
from integrations.sandbox.hubspot.wire import Json

PAGE: Final = 200
WINDOW: Final = 10_000
CHARACTERS: Final = 3_000
GROUPS: Final = 5
FILTERS: Final = 6
FILTERS_IN_ALL: Final = 18


class Search:
    """The search of every object type."""

    def __init__(self, portal: Portal) -> None:
        self._portal = portal

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
        kind = kind_of(request.params["object"])
        if len(request.body.decode(errors="replace")) > CHARACTERS:
            raise Refused(400, f"The request body exceeds {CHARACTERS} characters.")
        body = wire.body(request)
        limit = wire.number(body.get("limit"), "limit", default=10, least=0, most=PAGE)
        after = wire.number(body.get("after"), "after", default=0, least=0, most=10**9)
        if after + limit > WINDOW:
            raise _problem()
        found = self.found(kind, body)
        names = wire.strings(body.get("properties"), "properties")
        page = found[after : after + limit]
        answer: Json = {
            "total": len(found),
            "results": [shown(self._portal, record, names) for record in page],
        }
        if after + limit < len(found):
            answer["paging"] = {"next": {"after": str(after + limit)}}
        return Answer(body=answer)

    def found(self, kind: Kind, body: Json) -> Sequence[Record]:
        """Everything that matches, in order."""
        groups = _groups(body)
        ids: set[int] = set()
        for filters in groups:
            ids.update(self._matching(kind, filters))
        table = self._portal.table(kind)
        matching = [table.live[one] for one in sorted(ids)] if groups else list(table.live.values())
        if body.get("query"):
            tells = query.about(str(body["query"]), kind)
            matching = [record for record in matching if tells(record)]
        return self._sorted(kind, matching, body.get("sorts") or [])

    def _matching(self, kind: Kind, given: Sequence[Json]) -> list[int]:
        table = self._portal.table(kind)
        filters, tests = [], []
        among: frozenset[int] | None = None
        for one in given:
            name = str(one.get("propertyName", ""))
            try:
                if name.startswith("associations."):
                    related = query.associated(one, kind, self._portal)
                    among = related if among is None else among & related
                    continue
                definition = self._definition(kind, name)
                condition = query.parse(one, definition)
            except query.Nonsense:
                raise _problem() from None
            filters.append(condition)
            tests.append(query.matcher(condition, definition))
        ids = query.candidates(filters, table) if among is None else among
        records = table.live.values() if ids is None else (table.live[one] for one in ids)
        return [record.id for record in records if all(test(record) for test in tests)]

    def _sorted(self, kind: Kind, found: list[Record], sorts: Sequence[Any]) -> list[Record]:
        if not sorts:
            return found
        first = sorts[0]
        if isinstance(first, str):
            first = {
                "propertyName": first.lstrip("-"),
                "direction": "DESCENDING" if first.startswith("-") else "ASCENDING",
            }
        if not isinstance(first, dict):
            raise _problem()
        name = str(first.get("propertyName", ""))
        key = query.key_of(self._definition(kind, name))
        valued = [record for record in found if record.get(name)]
        empty = [record for record in found if not record.get(name)]
        down = first.get("direction") == "DESCENDING"
        return sorted(valued, key=lambda r: key(r.get(name) or ""), reverse=down) + empty

    def _definition(self, kind: Kind, name: str) -> Property:
        found = self._portal.schema(kind).properties.get(name)
        if found is None:
            raise _problem()
        return found


def _groups(body: Json) -> list[list[Json]]:
    groups = body.get("filterGroups") or []
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
