"""Lists, now called segments. Source: "Segments" guide.

A ``DYNAMIC`` list is filled when it is looked at, a ``SNAPSHOT`` when it is made: ``filling``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from integrations.sandbox.http import Answer, Request
from integrations.sandbox.hubspot import wire
from integrations.sandbox.hubspot.errors import Refused, bad_json, missing_fields, not_found
from integrations.sandbox.hubspot.filling import checked, fill, snap
from integrations.sandbox.hubspot.operation import Operation
from integrations.sandbox.hubspot.portal import Portal, Segment
from integrations.sandbox.hubspot.wire import Json

FAMILY: Final = "crm/lists"
#: Lists in one page of a search.
FOUND: Final = 500
PROCESSING: Final = ("MANUAL", "SNAPSHOT", "DYNAMIC")


class Lists:
    """The operations on lists."""

    def __init__(self, portal: Portal) -> None:
        self._portal = portal

    def operations(self) -> list[Operation]:
        """What is here, for the router."""
        named = "/object-type-id/{object}/name/{name}"
        rows = (
            ("GET", "", "lists.list", self.browse),
            ("POST", "", "lists.create", self.create),
            ("POST", "/search", "lists.search", self.search),
            ("GET", "/idmapping", "lists.mapping.read", self.mapping),
            ("POST", "/idmapping", "lists.mapping.read", self.mappings),
            ("GET", named, "lists.get", self.read_named),
            ("GET", "/{id}", "lists.get", self.read),
            ("DELETE", "/{id}", "lists.archive", self.archive),
            ("PUT", "/{id}/restore", "lists.restore", self.restore),
            ("PUT", "/{id}/update-list-name", "lists.rename", self.rename),
            ("PUT", "/{id}/update-list-filters", "lists.filter", self.filter),
        )
        return [
            Operation(method=method, family=FAMILY, rest=rest, name=name, handler=handler)
            for method, rest, name, handler in rows
        ]

    def create(self, request: Request) -> Answer:
        """A new list; its name is the only one of that name in the portal."""
        body = wire.body(request, "name", "objectTypeId", "processingType")
        name, processing = wire.text(body["name"], "name"), str(body["processingType"])
        kind = self._portal.kind(str(body["objectTypeId"]))
        if processing not in PROCESSING:
            listed = ", ".join(PROCESSING)
            raise bad_json(f"{processing!r} is not one of the values accepted: [{listed}]")
        if processing == "DYNAMIC" and not body.get("filterBranch"):
            raise missing_fields(["filterBranch"])
        given = body.get("filterBranch")
        filters = None if given is None else checked(self._portal, kind, given)
        self._refuse_name(name)
        self._portal.segments_made += 1
        now = self._portal.now()
        made = Segment(
            id=str(self._portal.segments_made),
            name=name,
            kind=kind,
            processing=processing,
            filters=filters,
            created_at=now,
            updated_at=now,
        )
        snap(self._portal, made)
        self._portal.segments[made.id] = fill(self._portal, made)
        return Answer(body={"list": _show(made)})

    def read(self, request: Request) -> Answer:
        """A list by its id."""
        return Answer(body={"list": self._shown(request, find(self._portal, request))})

    def read_named(self, request: Request) -> Answer:
        """A list by its name."""
        kind = self._portal.kind(request.params["object"])
        for segment in self._portal.segments.values():
            if segment.kind is kind and segment.name == request.params["name"]:
                return Answer(body={"list": self._shown(request, fill(self._portal, segment))})
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
            for one in every(self._portal)
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

    def browse(self, request: Request) -> Answer:
        """Lists by their ids."""
        ids = wire.names(request, "listIds")
        segments = {one.id: one for one in every(self._portal)}
        found = [segments[id] for id in ids if id in segments]
        return Answer(body={"lists": [self._shown(request, one) for one in found]})

    def mapping(self, request: Request) -> Answer:
        """The id of a list that had another one in version 1; here none ever had."""
        raise no_list(request.query.get("legacyListId", ""))

    def mappings(self, request: Request) -> Answer:
        """Those of many."""
        missing = wire.strings(wire.any_body(request), "legacyListIds")
        body = {"missingLegacyListIds": missing, "legacyListIdsToIdsMapping": []}
        return Answer(body=body)

    def archive(self, request: Request) -> Answer:
        """Delete a list; its members stay what they are."""
        gone = self._portal.segments.pop(find(self._portal, request).id)
        self._portal.segments_binned[gone.id] = gone
        return Answer(status=204)

    def restore(self, request: Request) -> Answer:
        """Take a deleted list back, with its members."""
        back = self._portal.segments_binned.pop(request.params["id"], None)
        if back is None:
            raise no_list(request.params["id"])
        self._portal.segments[back.id] = back
        return Answer(status=204)

    def rename(self, request: Request) -> Answer:
        """Another name."""
        segment, name = find(self._portal, request), request.query.get("listName", "")
        if not name:
            raise missing_fields(["listName"])
        if name != segment.name:
            self._refuse_name(name)
        segment.name, segment.updated_at = name, self._portal.now()
        return Answer(body={"updatedList": self._shown(request, segment)})

    def filter(self, request: Request) -> Answer:
        """Other filters for a list that has some."""
        segment, body = find(self._portal, request), wire.body(request, "filterBranch")
        if segment.processing != "DYNAMIC":
            raise Refused(400, f"A list with the processing type {segment.processing} has none.")
        segment.filters = checked(self._portal, segment.kind, body["filterBranch"])
        segment.updated_at = self._portal.now()
        return Answer(body={"updatedList": _show(fill(self._portal, segment))})

    def _shown(self, request: Request, segment: Segment) -> Json:
        """A list; its filters are told to those who ask for them."""
        return _show(segment, filters=wire.flag(request, "includeFilters"))

    def _refuse_name(self, name: str) -> None:
        if not name.strip():
            raise Refused(400, "A list needs a name.")
        if any(one.name == name for one in self._portal.segments.values()):
            raise Refused(
                400,
                f"A list with the name {name} already exists.",
                sub_category="ILS.DUPLICATE_LIST_NAMES",
            )


def find(portal: Portal, request: Request) -> Segment:
    """The list of a path; raises Refused."""
    found = portal.segments.get(request.params["id"])
    if found is None:
        raise no_list(request.params["id"])
    return fill(portal, found)


def every(portal: Portal) -> Iterator[Segment]:
    """Every list, as its members are now."""
    return (fill(portal, one) for one in portal.segments.values())


def no_list(id: str) -> Refused:
    """There is no such list."""
    return not_found(f"List does not exist with ID {id}.")


def _show(segment: Segment, *, filters: bool = True) -> Json:
    return _described(segment) | {
        "size": len(segment.members),
        "listPermissions": {"teamsWithEditAccess": [], "usersWithEditAccess": []},
        "membershipSettings": {},
        **({"filterBranch": segment.filters} if filters and segment.filters else {}),
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
