"""Associations by the API: read, make, label, remove.

Source: "Associate records" guide and the OpenAPI shapes of 2026-03: ids are strings throughout.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from integrations.sandbox.http import Answer, Handler, Request
from integrations.sandbox.hubspot import objects, wire
from integrations.sandbox.hubspot.batch import answer
from integrations.sandbox.hubspot.errors import Refused, bad_json, missing_fields, not_found
from integrations.sandbox.hubspot.kinds import Kind, kind_of
from integrations.sandbox.hubspot.limits import Limit
from integrations.sandbox.hubspot.linking import Linker, spec
from integrations.sandbox.hubspot.links import LinkType, link_types
from integrations.sandbox.hubspot.operation import Operation
from integrations.sandbox.hubspot.wire import Json

FAMILY: Final = "crm/associations"
MOST_READ: Final = 1_000
MOST_WRITTEN: Final = 2_000
#: Associated records of one record in one answer.
PAGE: Final = 500

#: Makes the associations of one input.
Maker = Callable[[Json], Iterable[Json]]


class Associations:
    """The operations on associations."""

    def __init__(self, linker: Linker) -> None:
        self._linker = linker
        self._portal = linker.portal

    def operations(self) -> list[Operation]:
        """What is here, for the router."""
        of, pair = "/{from}/{id}/associations", "/{from}/{to}"
        rows: tuple[tuple[str, str, str, str, Handler], ...] = (
            ("GET", objects.FAMILY, f"{of}/{{to}}", "list", self.browse),
            ("PUT", objects.FAMILY, f"{of}/default/{{to}}/{{other}}", "default", self.default),
            ("PUT", objects.FAMILY, f"{of}/{{to}}/{{other}}", "create", self.create),
            ("DELETE", objects.FAMILY, f"{of}/{{to}}/{{other}}", "archive", self.archive),
            ("GET", FAMILY, f"{pair}/labels", "labels.list", self.labels),
            ("POST", FAMILY, f"{pair}/batch/read", "batch.read", self.read_batch),
            ("POST", FAMILY, f"{pair}/batch/create", "batch.create", self.create_batch),
            (
                "POST",
                FAMILY,
                f"{pair}/batch/associate/default",
                "batch.default",
                self.default_batch,
            ),
            ("POST", FAMILY, f"{pair}/batch/archive", "batch.archive", self.archive_batch),
            (
                "POST",
                FAMILY,
                f"{pair}/batch/labels/archive",
                "batch.labels.archive",
                self.archive_labels,
            ),
        )
        return [
            Operation(
                method=method,
                family=family,
                rest=rest,
                name=f"associations.{name}",
                handler=handler,
                limit=Limit.ASSOCIATIONS,
            )
            for method, family, rest, name, handler in rows
        ]

    def browse(self, request: Request) -> Answer:
        """The associated records of one record, in the order of their ids."""
        source, target = _pair(request)
        if self._portal.record(source, request.params["id"]) is None:
            raise not_found()
        limit = wire.number(request.query.get("limit"), "limit", default=PAGE, most=PAGE)
        after = wire.number(request.query.get("after"), "after", default=0, least=0, most=10**18)
        held = self._portal.links.of(source, int(request.params["id"]), target)
        ids = [other for other in sorted(held) if other >= after]
        body: Json = {"results": [_show(source, target, one, held[one]) for one in ids[:limit]]}
        if len(ids) > limit:
            body["paging"] = wire.next_page(request, str(ids[limit]))
        return Answer(body=body)

    def default(self, request: Request) -> Answer:
        """Associate two records without a label."""
        source, target = _pair(request)
        started = self._portal.now()
        type_ = _plain(source, target)
        one, two = self._ends(type_, request.params["id"], request.params["other"])
        self._linker.link(type_, one, two)
        results = _both_ways(type_, one, two)
        return answer(started, self._portal.now(), results)

    def create(self, request: Request) -> Answer:
        """Associate two records as what the body names."""
        source, target = _pair(request)
        given = wire.any_body(request)
        if not isinstance(given, list) or not given:
            raise bad_json("Cannot deserialize value of type `java.util.ArrayList`")
        types = _specs(source, target, given)
        one, two = self._ends(types[0], request.params["id"], request.params["other"])
        return Answer(status=201, body=self._make(types, one, two))

    def archive(self, request: Request) -> Answer:
        """Remove every association of two records; where there is none, too."""
        source, target = _pair(request)
        self._sever(source, request.params["id"], target, request.params["other"])
        return Answer(status=204)

    def labels(self, request: Request) -> Answer:
        """The association types from one object to another."""
        types = link_types(*_pair(request))
        return Answer(body={"results": [_label(type_) for type_ in types]})

    def read_batch(self, request: Request) -> Answer:
        """The associated records of many; a record without any is told as an error."""
        source, target = _pair(request)
        _, inputs = wire.inputs(request, most=MOST_READ)
        started, results, errors = self._portal.now(), [], []
        for one in inputs:
            source_id = wire.identifier(one)
            record = self._portal.record(source, source_id)
            held = self._portal.links.of(source, record.id, target) if record else {}
            if held:
                to = [_show(source, target, other, held[other]) for other in sorted(held)]
                results.append({"from": {"id": source_id}, "to": to})
            else:
                nothing = _none(source, target, source_id)
                errors.append(nothing.entry({"fromObjectId": [source_id]}))
        return answer(started, self._portal.now(), results, errors)

    def create_batch(self, request: Request) -> Answer:
        """Associate pairs as what each input names; each fails by itself."""
        source, target = _pair(request)

        def make(one: Json) -> Iterable[Json]:
            types = _specs(source, target, one.get("types") or [])
            return [self._make(types, *self._ends(types[0], *_ids(one)))]

        return self._write(request, make, 201)

    def default_batch(self, request: Request) -> Answer:
        """Associate pairs without a label; each fails by itself."""
        type_ = _plain(*_pair(request))

        def make(one: Json) -> Iterable[Json]:
            ends = self._ends(type_, *_ids(one))
            self._linker.link(type_, *ends)
            return _both_ways(type_, *ends)

        return self._write(request, make, 200)

    def archive_batch(self, request: Request) -> Answer:
        """Remove every association of each input's record with others."""
        source, target = _pair(request)
        _, inputs = wire.inputs(request, most=MOST_WRITTEN)
        for one in inputs:
            if not isinstance(one.get("from"), dict) or not isinstance(one.get("to"), list):
                raise missing_fields(["from", "to"])
            for other in one["to"]:
                self._sever(source, wire.identifier(one["from"]), target, wire.identifier(other))
        return Answer(status=204)

    def archive_labels(self, request: Request) -> Answer:
        """Take the named types off pairs."""
        source, target = _pair(request)
        _, inputs = wire.inputs(request, most=MOST_WRITTEN)
        for one in inputs:
            types = _specs(source, target, one.get("types") or [])
            ends = self._ends(types[0], *_ids(one))
            for type_ in types:
                self._linker.unlink(type_, *ends)
        return Answer(status=204)

    def _write(self, request: Request, make: Maker, status: int) -> Answer:
        _, inputs = wire.inputs(request, most=MOST_WRITTEN)
        started = self._portal.now()
        results: list[Json] = []
        errors: list[Json] = []
        for one in inputs:
            try:
                results.extend(make(one))
            except Refused as refused:
                errors.append(refused.entry(refused.context or {}))
        return answer(started, self._portal.now(), results, errors, status)

    def _make(self, types: list[LinkType], id: int, other: int) -> Json:
        for type_ in types:
            self._linker.link(type_, id, other)
        return {
            "fromObjectTypeId": types[0].source.type_id,
            "fromObjectId": str(id),
            "toObjectTypeId": types[0].target.type_id,
            "toObjectId": str(other),
            "labels": [type_.label for type_ in types if type_.label],
        }

    def _ends(self, type_: LinkType, id: str, other: str) -> tuple[int, int]:
        return self._linker.end(type_.source, id), self._linker.end(type_.target, other)

    def _sever(self, source: Kind, id: str, target: Kind, other: str) -> None:
        one, two = self._portal.record(source, id), self._portal.record(target, other)
        if one and two:
            self._linker.sever(source, one.id, target, two.id)


def _pair(request: Request) -> tuple[Kind, Kind]:
    return kind_of(request.params["from"]), kind_of(request.params["to"])


def _plain(source: Kind, target: Kind) -> LinkType:
    types = link_types(source, target)
    if not types:
        raise Refused(400, f"{source.type_id} cannot be associated with {target.type_id}.")
    return types[0]


def _specs(source: Kind, target: Kind, given: Iterable[object]) -> list[LinkType]:
    types = [spec(source, one) for one in given]
    if not types or any(type_.target is not target for type_ in types):
        raise Refused(
            400,
            f"The association types do not lead from {source.type_id} to {target.type_id}.",
            sub_category="crm.associations.INVALID_ASSOCIATION_TYPE",
        )
    return types


def _ids(one: Mapping[str, object]) -> tuple[str, str]:
    ends = one.get("from"), one.get("to")
    if not isinstance(ends[0], dict) or not isinstance(ends[1], dict):
        raise missing_fields(["from", "to"])
    return wire.identifier(ends[0]), wire.identifier(ends[1])


def _show(source: Kind, target: Kind, other: int, held: set[int]) -> Json:
    types = [type_ for type_ in reversed(link_types(source, target)) if type_.id in held]
    return {"toObjectId": str(other), "associationTypes": [_label(type_) for type_ in types]}


def _label(type_: LinkType) -> Json:
    return {"category": "HUBSPOT_DEFINED", "typeId": type_.id, "label": type_.label}


def _both_ways(type_: LinkType, id: int, other: int) -> list[Json]:
    return [
        {
            "from": {"id": str(one)},
            "to": {"id": str(two)},
            "associationSpec": {
                "associationCategory": "HUBSPOT_DEFINED",
                "associationTypeId": number,
            },
        }
        for one, two, number in ((id, other, type_.id), (other, id, type_.inverse))
    ]


def _none(source: Kind, target: Kind, id: str) -> Refused:
    return not_found(
        f"No {target.singular} is associated with {source.singular} {id}.",
        sub_category="crm.associations.NO_ASSOCIATIONS_FOUND",
    )
