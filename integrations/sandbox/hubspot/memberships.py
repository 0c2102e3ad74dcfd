"""Who is in a list. Source: "Segments" guide, memberships."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from integrations.sandbox.http import Answer, Request
from integrations.sandbox.hubspot import wire
from integrations.sandbox.hubspot.batch import MOST, answer
from integrations.sandbox.hubspot.errors import Refused, not_found
from integrations.sandbox.hubspot.lists import FAMILY, every, find, no_list
from integrations.sandbox.hubspot.operation import Operation
from integrations.sandbox.hubspot.portal import Portal, Segment
from integrations.sandbox.hubspot.records import Record
from integrations.sandbox.hubspot.wire import Json

#: Members in one page.
MEMBERS: Final = 250


class Memberships:
    """The operations on the members of lists."""

    def __init__(self, portal: Portal) -> None:
        self._portal = portal

    def operations(self) -> list[Operation]:
        """What is here, for the router; before the lists, whose paths would take these."""
        of = "/{id}/memberships"
        record = "/records/{object}/{record}/memberships"
        rows = (
            ("POST", "/records/memberships/batch/read", "batch.read", self.of_records),
            ("GET", record, "get", self.of_record),
            ("GET", of, "list", self.members),
            ("GET", f"{of}/join-order", "joined.list", self.joined),
            ("DELETE", of, "clear", self.clear),
            ("PUT", f"{of}/add", "add", self.add),
            ("PUT", f"{of}/remove", "remove", self.remove),
            ("PUT", f"{of}/add-and-remove", "change", self.add_and_remove),
            ("PUT", f"{of}/add-from/{{source}}", "copy", self.copy),
        )
        return [
            Operation(
                method=method,
                family=FAMILY,
                rest=rest,
                name=f"memberships.{name}",
                handler=handler,
            )
            for method, rest, name, handler in rows
        ]

    def members(self, request: Request) -> Answer:
        """A page of members in the order of their ids."""
        return self._page(request, lambda member: member)

    def joined(self, request: Request) -> Answer:
        """A page of members, the one that came last first."""
        segment = find(self._portal, request)
        order = sorted(segment.members, key=lambda one: (segment.members[one], one), reverse=True)
        places = {record: place for place, record in enumerate(order)}
        return self._page(request, places.__getitem__)

    def clear(self, request: Request) -> Answer:
        """Remove everybody."""
        segment = _writable(find(self._portal, request))
        segment.members.clear()
        segment.updated_at = self._portal.now()
        return Answer(status=204)

    def copy(self, request: Request) -> Answer:
        """Add everybody who is in another list."""
        source = self._portal.segments.get(request.params["source"])
        if source is None:
            raise no_list(request.params["source"])
        segment, now = _writable(find(self._portal, request)), self._portal.now()
        for record in source.members:
            segment.members.setdefault(record, (now, now))
        segment.updated_at = now
        return Answer(status=204)

    def add(self, request: Request) -> Answer:
        """Add records; those that are in already are passed over."""
        return self._change(request, lambda body: (body, []))

    def remove(self, request: Request) -> Answer:
        """Remove records; those that are not in are passed over."""
        return self._change(request, lambda body: ([], body))

    def add_and_remove(self, request: Request) -> Answer:
        """Both at once."""
        body = wire.body(request)
        return self._change(
            request, lambda _: (body.get("recordIdsToAdd"), body.get("recordIdsToRemove"))
        )

    def of_record(self, request: Request) -> Answer:
        """The lists that a record is in."""
        kind = self._portal.kind(request.params["object"])
        record = self._portal.record(kind, request.params["record"])
        if record is None:
            raise not_found()
        results = list(self._lists(record))
        return Answer(body={"results": results, "total": len(results)})

    def of_records(self, request: Request) -> Answer:
        """The lists that each of some records is in; a record that is not there is in none."""
        _, inputs = wire.inputs(request, most=MOST)
        started, results = self._portal.now(), []
        for one in inputs:
            type, id = wire.identifier(one, "objectTypeId"), wire.identifier(one, "recordId")
            record = self._portal.record(self._portal.kind(type), id)
            listed = list(self._lists(record)) if record else []
            results.append({"objectTypeId": type, "recordId": id, "recordListMemberships": listed})
        return answer(started, self._portal.now(), results)

    def _lists(self, record: Record) -> Iterator[Json]:
        for one in every(self._portal):
            if one.kind is record.kind and record.id in one.members:
                first, last = one.members[record.id]
                yield {
                    "listId": one.id,
                    "listVersion": 1,
                    "isPublicList": True,
                    "firstAddedTimestamp": wire.instant(first),
                    "lastAddedTimestamp": wire.instant(last),
                }

    def _page(self, request: Request, place: Callable[[int], int]) -> Answer:
        """Members in the order of their places; ``after`` is the first place of a page."""
        segment = find(self._portal, request)
        limit = wire.number(request.query.get("limit"), "limit", default=100, most=MEMBERS)
        after = wire.number(request.query.get("after"), "after", default=0, least=0, most=10**18)
        ordered = sorted((place(one), one) for one in segment.members)
        found = [pair for pair in ordered if pair[0] >= after]
        body: Json = {
            "results": [
                {
                    "recordId": str(record),
                    "membershipTimestamp": wire.instant(segment.members[record][1]),
                }
                for _, record in found[:limit]
            ],
            "total": len(segment.members),
        }
        if len(found) > limit:
            body["paging"] = wire.next_page(request, str(found[limit][0]))
        return Answer(body=body)

    def _change(self, request: Request, ask: Callable[[object], tuple[object, object]]) -> Answer:
        segment, (add, remove) = find(self._portal, request), ask(wire.any_body(request))
        _writable(segment)
        to_add = wire.strings(add, "recordIdsToAdd")
        to_remove = wire.strings(remove, "recordIdsToRemove")
        added, missing, now = [], [], self._portal.now()
        for asked in to_add:
            record = self._portal.record(segment.kind, asked)
            if record is None:
                missing.append(asked)
            elif record.id not in segment.members:
                segment.members[record.id] = (now, now)
                added.append(asked)
        gone = [one for one in to_remove if wire.long(one) in segment.members]
        for one in gone:
            del segment.members[int(one)]
        if added or gone:
            segment.updated_at = now
        # "recordsIdsAdded" is how HubSpot spells it.
        return Answer(
            body={
                "recordsIdsAdded": added,
                "recordIdsRemoved": gone,
                "recordIdsMissing": missing,
            }
        )


def _writable(segment: Segment) -> Segment:
    """A list that people are put into by hand; raises Refused for one that fills itself."""
    if segment.processing == "DYNAMIC":
        raise Refused(
            400,
            f"The memberships of list {segment.id} cannot be changed: "
            "its processing type is DYNAMIC.",
            sub_category="ListError.INVALID_PROCESSING_TYPE",
        )
    return segment
