"""Associations of one record: read, make, label, remove.

Source: "Associate records" guide and the OpenAPI shapes of 2026-03: ids are strings throughout.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from integrations.sandbox.http import Answer, Request
from integrations.sandbox.hubspot import objects, wire
from integrations.sandbox.hubspot.batch import answer
from integrations.sandbox.hubspot.errors import Refused, bad_json, not_found
from integrations.sandbox.hubspot.kinds import Kind
from integrations.sandbox.hubspot.limits import Limit
from integrations.sandbox.hubspot.linking import Linker
from integrations.sandbox.hubspot.links import USER, LinkType
from integrations.sandbox.hubspot.operation import Operation
from integrations.sandbox.hubspot.portal import Portal
from integrations.sandbox.hubspot.wire import Json

FAMILY: Final = "crm/associations"
#: Associated records of one record in one answer.
PAGE: Final = 500


class Associations:
    """The operations on the associations of one record."""

    def __init__(self, linker: Linker) -> None:
        self._linker = linker
        self._portal = linker.portal

    def operations(self) -> list[Operation]:
        """What is here, for the router."""
        of = "/{from}/{id}/associations"
        default, other = f"{of}/default/{{to}}/{{other}}", f"{of}/{{to}}/{{other}}"
        rows = (
            ("GET", objects.FAMILY, f"{of}/{{to}}", "list", self.browse),
            ("PUT", objects.FAMILY, default, "default", self.default),
            ("PUT", objects.FAMILY, other, "create", self.create),
            ("DELETE", objects.FAMILY, other, "archive", self.archive),
        )
        return [
            Operation(
                method=method,
                family=family,
                rest=rest,
                name=f"associations.{name}",
                handler=handler,
                limit=Limit.ASSOCIATIONS,
                numbered="v4",
            )
            for method, family, rest, name, handler in rows
        ]

    def browse(self, request: Request) -> Answer:
        """The associated records of one record, in the order of their ids."""
        source, target, held, more = page(self._portal, request)
        types = self._portal.links.types(source, target)
        return Answer(
            body={"results": [shown(types, request, *each) for each in held.items()], **more}
        )

    def default(self, request: Request) -> Answer:
        """Associate two records without a label."""
        source, target = pair(self._portal, request)
        started = self._portal.now()
        type_ = plain(self._portal, source, target)
        ends = self._linker.ends(type_, request.params["id"], request.params["other"])
        self._linker.link(type_, *ends)
        return answer(started, self._portal.now(), both_ways(type_, *ends))

    def create(self, request: Request) -> Answer:
        """Associate two records as what the body names."""
        source, target = pair(self._portal, request)
        given = wire.any_body(request)
        if not isinstance(given, list) or not given:
            raise bad_json("Cannot deserialize value of type `java.util.ArrayList`")
        types = specs(self._linker, source, target, given)
        ends = self._linker.ends(types[0], request.params["id"], request.params["other"])
        return Answer(status=201, body=made(self._linker, types, *ends))

    def archive(self, request: Request) -> Answer:
        """Remove every association of two records; where there is none, too."""
        source, target = pair(self._portal, request)
        self._linker.part(source, request.params["id"], target, request.params["other"])
        return Answer(status=204)


def pair(portal: Portal, request: Request) -> tuple[Kind, Kind]:
    """The two object types in the path."""
    return portal.kind(request.params["from"]), portal.kind(request.params["to"])


def page(portal: Portal, request: Request) -> tuple[Kind, Kind, dict[int, set[int]], Json]:
    """A page of what a record is associated with, by which types, and where the next one is."""
    source, target = pair(portal, request)
    record = portal.record(source, request.params["id"])
    if record is None:
        raise not_found()
    limit = wire.number(request.query.get("limit"), "limit", default=PAGE, most=PAGE)
    after = wire.number(request.query.get("after"), "after", default=0, least=0, most=10**18)
    held = portal.links.of(source, record.id, target)
    ids, next_ = cut(held, after, limit)
    more: Json = {"paging": wire.next_page(request, str(next_))} if next_ else {}
    return source, target, {one: held[one] for one in ids}, more


def plain(portal: Portal, source: Kind, target: Kind) -> LinkType:
    """The type without a label; raises Refused where two objects are never associated."""
    types = portal.links.built_in(source, target)
    if not types:
        raise Refused(400, f"{source.type_id} cannot be associated with {target.type_id}.")
    return types[0]


def specs(linker: Linker, source: Kind, target: Kind, given: object) -> list[LinkType]:
    """The types that a body names, at least one; raises Refused for those of other objects."""
    types = [linker.spec(source, one) for one in wire.entries(given, "types")]
    if not types or any(type_.target is not target for type_ in types):
        raise Refused(
            400,
            f"The association types do not lead from {source.type_id} to {target.type_id}.",
            sub_category="crm.associations.INVALID_ASSOCIATION_TYPE",
        )
    return types


def made(linker: Linker, types: list[LinkType], id: int, other: int) -> Json:
    """Associate two records as all of these, and tell it.

    Labels of the portal's own are replaced, where some are named: those that stay are named, too.
    """
    source, target = types[0].source, types[0].target
    if any(_own(type_) for type_ in types):
        for type_ in linker.portal.links.types(source, target):
            if _own(type_) and type_ not in types:
                linker.unlink(type_, id, other)
    for type_ in types:
        linker.link(type_, id, other)
    return {
        "fromObjectTypeId": types[0].source.type_id,
        "fromObjectId": str(id),
        "toObjectTypeId": types[0].target.type_id,
        "toObjectId": str(other),
        "labels": [type_.label for type_ in types if type_.label],
    }


def cut(ids: Collection[int], after: int, most: int) -> tuple[list[int], int | None]:
    """A page of ids in their order, and the one that the next begins with."""
    found = sorted(one for one in ids if one >= after)
    return found[:most], found[most] if len(found) > most else None


def further(request: Request, source: Kind, id: str, target: Kind, after: int) -> Json:
    """Where more associations of a record are told than fit into an answer about many."""
    version = wire.version(request)
    root = f"/crm/objects/{version}" if "-" in version else f"/crm/{version}/objects"
    path = f"{root}/{source.type_id}/{id}/associations/{target.type_id}"
    return {"paging": wire.next_of(request, path, str(after))}


def _own(type_: LinkType) -> bool:
    """Whether it is a label that the portal made."""
    return type_.category == USER and type_.label is not None


def shown(types: Iterable[LinkType], request: Request, other: int, held: set[int]) -> Json:
    """An associated record with its types, those with a label first. Version 4 shows a number."""
    labelled = sorted((one for one in types if one.id in held), key=lambda one: one.label is None)
    id = other if "/v4/" in request.params["root"] else str(other)
    return {"toObjectId": id, "associationTypes": [label(one) for one in labelled]}


def label(type_: LinkType) -> Json:
    """An association type."""
    return {"category": type_.category, "typeId": type_.id, "label": type_.label}


def both_ways(type_: LinkType, id: int, other: int) -> list[Json]:
    """An association without a label, as each of its ends has it."""
    return [
        {
            "from": {"id": str(one)},
            "to": {"id": str(two)},
            "associationSpec": {
                "associationCategory": type_.category,
                "associationTypeId": number,
            },
        }
        for one, two, number in ((id, other, type_.id), (other, id, type_.inverse))
    ]
