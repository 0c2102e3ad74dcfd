"""Associations as version 3 has them: each with the name of its type.

Sources: "Associations v3" guide; for those of one record, "Using object APIs" and the guide of each
object, which keep them in the dated versions; for pages of a batch, hubspot-api-python's issue 135.
A type is a name, ``contact_to_company``, or its number.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from integrations.sandbox.http import Answer, Request
from integrations.sandbox.hubspot import objects, wire
from integrations.sandbox.hubspot.association_batches import MOST_READ, MOST_WRITTEN, nothing_there
from integrations.sandbox.hubspot.associations import FAMILY, cut, further, page, pair
from integrations.sandbox.hubspot.batch import answer
from integrations.sandbox.hubspot.errors import Refused, missing_fields
from integrations.sandbox.hubspot.kinds import Kind
from integrations.sandbox.hubspot.limits import Limit
from integrations.sandbox.hubspot.linking import Linker
from integrations.sandbox.hubspot.links import LinkType
from integrations.sandbox.hubspot.operation import DATED, Operation
from integrations.sandbox.hubspot.view import FIRST_PAGE, shown
from integrations.sandbox.hubspot.wire import Json

_ENDS: Final = ("from", "to", "type")


class TypedAssociations:
    """The operations on associations of version 3."""

    def __init__(self, linker: Linker) -> None:
        self._linker = linker
        self._portal = linker.portal

    def operations(self) -> list[Operation]:
        """What is here, for the router."""
        rows = (
            ("GET", "types", "types.list", self.types),
            ("POST", "batch/read", "batch.read", self.read),
            ("POST", "batch/create", "batch.create", self.create),
            ("POST", "batch/archive", "batch.archive", self.archive),
        )
        of = "/{from}/{id}/associations/{to}"
        single = (
            ("GET", of, "typed.list", self.browse, ()),
            ("PUT", f"{of}/{{other}}/{{type}}", "typed.create", self.associate, DATED),
            ("DELETE", f"{of}/{{other}}/{{type}}", "typed.archive", self.dissociate, DATED),
        )
        batches = [
            Operation(
                method=method,
                family=FAMILY,
                rest=f"/{{from}}/{{to}}/{rest}",
                name=f"associations.{name}",
                handler=handler,
                limit=Limit.ASSOCIATIONS,
                dated=(),
            )
            for method, rest, name, handler in rows
        ]
        return batches + [
            Operation(
                method=method,
                family=objects.FAMILY,
                rest=rest,
                name=f"associations.{name}",
                handler=handler,
                limit=Limit.ASSOCIATIONS,
                dated=dated,
            )
            for method, rest, name, handler, dated in single
        ]

    def browse(self, request: Request) -> Answer:
        """The associated records of one record, each once for every type."""
        source, target, held, more = page(self._portal, request)
        return Answer(body={"results": self._named(source, target, held), **more})

    def associate(self, request: Request) -> Answer:
        """Associate two records as the type in the path; the answer is the first of them."""
        source, target = pair(self._portal, request)
        type_ = self._type(source, target, request.params["type"])
        ends = self._linker.ends(type_, request.params["id"], request.params["other"])
        self._linker.link(type_, *ends)
        record = self._portal.table(source).live[ends[0]]
        return Answer(body=shown(self._portal, record, associations=[target]))

    def dissociate(self, request: Request) -> Answer:
        """Take the type in the path off two records; where they have it not, too."""
        source, target = pair(self._portal, request)
        type_ = self._type(source, target, request.params["type"])
        one = self._portal.record(source, request.params["id"])
        two = self._portal.record(target, request.params["other"])
        if one and two:
            self._linker.unlink(type_, one.id, two.id)
        return Answer(status=204)

    def types(self, request: Request) -> Answer:
        """The types from one object to another, by number and name."""
        found = self._portal.links.types(*pair(self._portal, request))
        return Answer(body={"results": [{"id": str(one.id), "name": one.name} for one in found]})

    def read(self, request: Request) -> Answer:
        """The associated records of many, each once for every type."""
        source, target = pair(self._portal, request)
        _, inputs = wire.inputs(request, most=MOST_READ)
        started, results, errors = self._portal.now(), [], []
        for one in inputs:
            source_id = wire.identifier(one)
            record = self._portal.record(source, source_id)
            held = self._portal.links.of(source, record.id, target) if record else {}
            ids, next_ = cut(held, 0, FIRST_PAGE)
            if to := self._named(source, target, {one: held[one] for one in ids}):
                more = further(request, source, source_id, target, next_) if next_ else {}
                results.append({"from": {"id": source_id}, "to": to, **more})
            else:
                nothing = nothing_there(source, target, source_id)
                errors.append(nothing.entry({"fromObjectId": [source_id]}))
        return answer(started, self._portal.now(), results, errors)

    def create(self, request: Request) -> Answer:
        """Associate pairs; each fails by itself."""
        source, target = pair(self._portal, request)
        _, inputs = wire.inputs(request, most=MOST_WRITTEN)
        started = self._portal.now()
        results: list[Json] = []
        errors: list[Json] = []
        for one in inputs:
            try:
                type_, *ends = self._asked(source, target, one)
                self._linker.link(type_, *self._linker.ends(type_, *ends))
                results.append({name: one[name] for name in _ENDS})
            except Refused as refused:
                errors.append(refused.entry(refused.context or {}))
        return answer(started, self._portal.now(), results, errors, 201)

    def archive(self, request: Request) -> Answer:
        """Take a type off pairs."""
        source, target = pair(self._portal, request)
        _, inputs = wire.inputs(request, most=MOST_WRITTEN)
        for one in inputs:
            type_, *ends = self._asked(source, target, one)
            self._linker.unlink(type_, *self._linker.ends(type_, *ends))
        return Answer(status=204)

    def _asked(self, source: Kind, target: Kind, one: Json) -> tuple[LinkType, str, str]:
        ends = one.get("from"), one.get("to")
        if not isinstance(ends[0], dict) or not isinstance(ends[1], dict):
            raise missing_fields(["from", "to"])
        type_ = self._type(source, target, wire.identifier(one, "type"))
        return type_, wire.identifier(ends[0]), wire.identifier(ends[1])

    def _named(self, source: Kind, target: Kind, held: Mapping[int, set[int]]) -> list[Json]:
        types = {one.id: one.name for one in self._portal.links.types(source, target)}
        return [
            {"id": str(other), "type": types[number]}
            for other in sorted(held)
            for number in sorted(held[other])
        ]

    def _type(self, source: Kind, target: Kind, wanted: str) -> LinkType:
        for type_ in self._portal.links.types(source, target):
            if wanted.lower() in (type_.name, str(type_.id)):
                return type_
        raise Refused(
            400,
            f"{wanted} is not a valid association type between {source.plural} and {target.plural}",
            sub_category="crm.associations.INVALID_ASSOCIATION_TYPE",
        )
