"""Lists, now called segments, and who is in them. Source: "Segments" guide.

Only ``MANUAL`` ones: what filters would find is left to the real HubSpot.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from integrations.sandbox.http import Answer, Request
from integrations.sandbox.hubspot import wire
from integrations.sandbox.hubspot.errors import Refused, not_found
from integrations.sandbox.hubspot.kinds import kind_of
from integrations.sandbox.hubspot.operation import Operation
from integrations.sandbox.hubspot.portal import Portal, Segment
from integrations.sandbox.hubspot.wire import Json

FAMILY: Final = "crm/lists"
#: Members in one page, and lists in one page of a search.
MEMBERS: Final = 250
FOUND: Final = 500


class Lists:
    """The operations on lists."""

    def __init__(self, portal: Portal) -> None:
        self._portal = portal

    def operations(self) -> list[Operation]:
        """What is here, for the router."""
        members = "/{id}/memberships"
        named = "/object-type-id/{object}/name/{name}"
        rows = (
            ("POST", "{slash:/?}", "lists.create", self.create),
            ("POST", "/search", "lists.search", self.search),
            ("GET", named, "lists.get", self.read_named),
            ("GET", "/records/{object}/{record}/memberships", "memberships.get", self.of_record),
            ("GET", "/{id}", "lists.get", self.read),
            ("DELETE", "/{id}", "lists.archive", self.archive),
            ("GET", members, "memberships.list", self.members),
            ("PUT", f"{members}/add", "memberships.add", self.add),
            ("PUT", f"{members}/remove", "memberships.remove", self.remove),
            ("PUT", f"{members}/add-and-remove", "memberships.change", self.add_and_remove),
        )
        return [
            Operation(method=method, family=FAMILY, rest=rest, name=name, handler=handler)
            for method, rest, name, handler in rows
        ]

    def create(self, request: Request) -> Answer:
        """A new list; its name is the only one of that name in the portal."""
        body = wire.body(request, "name", "objectTypeId", "processingType")
        name, processing = str(body["name"]), str(body["processingType"])
        kind = kind_of(str(body["objectTypeId"]))
        if processing != "MANUAL":
            raise Refused(400, "The sandbox has only lists with the processing type MANUAL.")
        if any(one.name == name for one in self._portal.segments.values()):
            raise Refused(
                400,
                f"A list with the name {name} already exists.",
                sub_category="ILS.DUPLICATE_LIST_NAMES",
            )
        self._portal.segments_made += 1
        now = self._portal.now()
        made = Segment(
            id=str(self._portal.segments_made),
            name=name,
            kind=kind,
            processing=processing,
            created_at=now,
            updated_at=now,
        )
        self._portal.segments[made.id] = made
        return Answer(body={"list": _show(made)})

    def read(self, request: Request) -> Answer:
        """A list by its id."""
        return Answer(body={"list": _show(self._find(request))})

    def read_named(self, request: Request) -> Answer:
        """A list by its name."""
        kind = kind_of(request.params["object"])
        for segment in self._portal.segments.values():
            if segment.kind is kind and segment.name == request.params["name"]:
                return Answer(body={"list": _show(segment)})
        raise not_found(f"List does not exist with name {request.params['name']}.")

    def search(self, request: Request) -> Answer:
        """Lists by words in their names, by ids, by object."""
        body = wire.body(request)
        words = str(body.get("query") or "").lower().split()
        ids = wire.strings(body.get("listIds"), "listIds")
        types = wire.strings(body.get("processingTypes"), "processingTypes")
        object_type = body.get("objectTypeId")
        offset = wire.number(body.get("offset"), "offset", default=0, least=0, most=10**9)
        count = wire.number(body.get("count"), "count", default=20, most=FOUND)
        found = [
            one
            for one in self._portal.segments.values()
            if all(word in one.name.lower() for word in words)
            and (not ids or one.id in ids)
            and (not types or one.processing in types)
            and object_type in (None, one.kind.type_id)
        ]
        page = found[offset : offset + count]
        return Answer(
            body={
                "offset": offset + len(page),
                "hasMore": offset + len(page) < len(found),
                "lists": [_found(one) for one in page],
                "total": len(found),
            }
        )

    def archive(self, request: Request) -> Answer:
        """Delete a list; its members stay what they are."""
        del self._portal.segments[self._find(request).id]
        return Answer(status=204)

    def members(self, request: Request) -> Answer:
        """A page of members in the order of their ids."""
        segment = self._find(request)
        limit = wire.number(request.query.get("limit"), "limit", default=100, most=MEMBERS)
        after = wire.number(request.query.get("after"), "after", default=0, least=0, most=10**18)
        ids = [record for record in sorted(segment.members) if record >= after]
        body: Json = {
            "results": [
                {
                    "recordId": str(record),
                    "membershipTimestamp": wire.instant(segment.members[record][1]),
                }
                for record in ids[:limit]
            ],
            "total": len(segment.members),
        }
        if len(ids) > limit:
            body["paging"] = wire.next_page(request, str(ids[limit]))
        return Answer(body=body)

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
        kind = kind_of(request.params["object"])
        record = self._portal.record(kind, request.params["record"])
        if record is None:
            raise not_found()
        results = [
            {
                "listId": one.id,
                "listVersion": 1,
                "isPublicList": True,
                "firstAddedTimestamp": wire.instant(one.members[record.id][0]),
                "lastAddedTimestamp": wire.instant(one.members[record.id][1]),
            }
            for one in self._portal.segments.values()
            if one.kind is kind and record.id in one.members
        ]
        return Answer(body={"results": results, "total": len(results)})

    def _change(self, request: Request, ask: Callable[[object], tuple[object, object]]) -> Answer:
        segment, (add, remove) = self._find(request), ask(wire.any_body(request))
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
        gone = [one for one in to_remove if one.isdecimal() and int(one) in segment.members]
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

    def _find(self, request: Request) -> Segment:
        found = self._portal.segments.get(request.params["id"])
        if found is None:
            raise not_found(f"List does not exist with ID {request.params['id']}.")
        return found


def _show(segment: Segment) -> Json:
    return _described(segment) | {
        "size": len(segment.members),
        "listPermissions": {"teamsWithEditAccess": [], "usersWithEditAccess": []},
        "membershipSettings": {"membershipTeamId": None, "includeUnassigned": None},
    }


def _found(segment: Segment) -> Json:
    figures = {"hs_list_size": str(len(segment.members)), "hs_list_reference_count": "0"}
    times = [wire.millis(last) for _, last in segment.members.values()]
    if times:
        figures["hs_last_record_added_at"] = str(max(times))
    return _described(segment) | {"additionalProperties": figures}


def _described(segment: Segment) -> Json:
    return {
        "listId": segment.id,
        "listVersion": 1,
        "createdAt": wire.instant(segment.created_at),
        "updatedAt": wire.instant(segment.updated_at),
        "filtersUpdatedAt": wire.instant(segment.created_at),
        "processingStatus": "COMPLETE",
        "createdById": "0",
        "updatedById": "0",
        "processingType": segment.processing,
        "objectTypeId": segment.kind.type_id,
        "name": segment.name,
    }
