"""Merges two records of an object. Sources: "Merge records" in HubSpot's knowledge base; what merge
webhooks carry, as their changelog and connectors tell it.

The survivor has a new id unless the portal keeps the primary's (a beta). What the API answers for
an id that was merged away was not checked against a live portal: here it is the survivor.
"""

from __future__ import annotations

from typing import Final

from integrations.sandbox.http import Answer, Request
from integrations.sandbox.hubspot import wire
from integrations.sandbox.hubspot.errors import Refused, not_found
from integrations.sandbox.hubspot.kinds import ACTIVITIES, CONTACTS, LINE_ITEMS, PRODUCTS, Kind
from integrations.sandbox.hubspot.links import LinkType
from integrations.sandbox.hubspot.objects import FAMILY
from integrations.sandbox.hubspot.operation import Operation, per_object
from integrations.sandbox.hubspot.options import Options
from integrations.sandbox.hubspot.portal import INTEGRATION, MERGE
from integrations.sandbox.hubspot.records import Record, Source
from integrations.sandbox.hubspot.view import everything
from integrations.sandbox.hubspot.writes import Writer

#: What is never merged.
WHOLE: Final = (*ACTIVITIES, PRODUCTS, LINE_ITEMS)
_MERGED: Final = "hs_merged_object_ids"
_EMAILS: Final = "hs_additional_emails"


class Merges:
    """The operation that merges."""

    def __init__(self, writer: Writer, options: Options) -> None:
        self._merger = Merger(writer, options)
        self._portal = writer.portal

    def operations(self) -> list[Operation]:
        """What is here, for the router."""
        made = per_object(
            Operation(
                method="POST",
                family=FAMILY,
                rest="/{object}/merge",
                name="objects.{object}.merge",
                handler=self.merge,
            )
        )
        never = {f"objects.{kind.plural}.merge" for kind in WHOLE}
        return [one for one in made if one.name not in never]

    def merge(self, request: Request) -> Answer:
        """One record goes into another."""
        kind = self._portal.kind(request.params["object"])
        body = wire.body(request, "primaryObjectId", "objectIdToMerge")
        names = ("primaryObjectId", "objectIdToMerge")
        found = [self._portal.record(kind, wire.identifier(body, name)) for name in names]
        primary, other = found
        if primary is None or other is None:
            raise not_found()
        return Answer(body=everything(self._portal, self._merger.merge(primary, other)))


class Merger:
    """Makes one record of two."""

    def __init__(self, writer: Writer, options: Options) -> None:
        self._writer = writer
        self._portal = writer.portal
        self._options = options

    def merge(self, primary: Record, other: Record, source: Source = INTEGRATION) -> Record:
        """The survivor; raises Refused for records that cannot be merged."""
        kind = primary.kind
        if kind in WHOLE:
            raise Refused(400, f"Merging is not supported for {kind.type_id}.")
        if primary is other:
            raise Refused(400, f"{primary.id} cannot be merged with itself.")
        keep_id = self._options.on("merge_keeps_id")
        table, now = self._portal.table(kind), self._portal.now()
        moved = _moved(primary, other)
        gone = [other] if keep_id else [primary, other]
        both = {primary.id, other.id}
        links = [link for record in gone for link in self._links(record, both)]
        members = [
            (segment, segment.members[record.id])
            for segment in self._portal.segments.values()
            for record in gone
            if segment.kind is kind and record.id in segment.members
        ]
        self._portal.tell("deletion", other, source)
        for record in gone:
            self._writer.take_out(record)
            table.erase(record)
        survivor = primary if keep_id else Record(id=table.next_id(), kind=kind, at=now)
        table.merged.update((record.id, survivor.id) for record in gone)
        if not keep_id:
            survivor.now = dict(primary.now)
            table.put_back(survivor, now)
            moved["hs_object_id"] = str(survivor.id)
        survivor.created_at = min(primary.created_at, other.created_at)
        ids = [*_ids(primary), *_ids(other), *(str(record.id) for record in gone)]
        moved[_MERGED] = ";".join(dict.fromkeys(ids))
        table.change(survivor, moved, now, MERGE)
        if kind.identity and (known := other.get(kind.identity)):
            table.know(survivor, known)
        for type_, end in links:
            self._writer.linker.link(type_, survivor.id, end)
        for segment, times in members:
            segment.members.setdefault(survivor.id, times)
        self._portal.tell(
            "merge",
            survivor,
            source,
            primaryObjectId=primary.id,
            mergedObjectIds=[other.id],
            newObjectId=survivor.id,
            numberOfPropertiesMoved=len(moved),
        )
        return survivor

    def _links(self, record: Record, without: set[int]) -> list[tuple[LinkType, int]]:
        links = self._portal.links
        return [
            (type_, end)
            for target in self._portal.kinds
            for type_ in links.types(record.kind, target)
            for end, held in links.of(record.kind, record.id, target).items()
            if type_.id in held and not (target is record.kind and end in without)
        ]


def _moved(primary: Record, other: Record) -> dict[str, str]:
    """What the primary record gets from the other: where it has nothing itself."""
    kind = primary.kind
    moved = {
        name: version.value
        for name, version in other.now.items()
        if version.value and not primary.get(name) and not _own(kind, name)
    }
    if other.created_at < primary.created_at:
        moved[kind.created] = other.get(kind.created) or ""
    if kind is CONTACTS and primary.get("email") and (address := other.get("email")):
        moved[_EMAILS] = ";".join(filter(None, (primary.get(_EMAILS), address)))
    return moved


def _own(kind: Kind, name: str) -> bool:
    """Whether a property says something about one record only."""
    return name in (kind.created, kind.modified, _MERGED) or name.startswith("hs_object_")


def _ids(record: Record) -> list[str]:
    return [id for id in (record.get(_MERGED) or "").split(";") if id]
