"""Associations as version 3 has them: in batches, each with the name of its type.

Source: "Associations v3" guide. ``type`` is a name, ``contact_to_company``, or a number.
"""

from __future__ import annotations

from typing import Final

from integrations.sandbox.http import Answer, Request
from integrations.sandbox.hubspot import wire
from integrations.sandbox.hubspot.association_batches import MOST_READ, MOST_WRITTEN, nothing_there
from integrations.sandbox.hubspot.associations import FAMILY, pair
from integrations.sandbox.hubspot.batch import answer
from integrations.sandbox.hubspot.errors import Refused, missing_fields
from integrations.sandbox.hubspot.kinds import Kind
from integrations.sandbox.hubspot.limits import Limit
from integrations.sandbox.hubspot.linking import Linker
from integrations.sandbox.hubspot.links import LinkType
from integrations.sandbox.hubspot.operation import Operation
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
        return [
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

    def types(self, request: Request) -> Answer:
        """The types from one object to another, by number and name."""
        found = self._portal.links.types(*pair(self._portal, request))
        return Answer(body={"results": [{"id": str(one.id), "name": one.name} for one in found]})

    def read(self, request: Request) -> Answer:
        """The associated records of many, each once for every type."""
        source, target = pair(self._portal, request)
        _, inputs = wire.inputs(request, most=MOST_READ)
        types = {one.id: one.name for one in self._portal.links.types(source, target)}
        started, results, errors = self._portal.now(), [], []
        for one in inputs:
            source_id = wire.identifier(one)
            record = self._portal.record(source, source_id)
            held = self._portal.links.of(source, record.id, target) if record else {}
            to = [
                {"id": str(other), "type": types[number]}
                for other in sorted(held)
                for number in sorted(held[other])
            ]
            if to:
                results.append({"from": {"id": source_id}, "to": to})
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
        wanted = wire.identifier(one, "type")
        for type_ in self._portal.links.types(source, target):
            if wanted.lower() in (type_.name, str(type_.id)):
                return type_, wire.identifier(ends[0]), wire.identifier(ends[1])
        raise Refused(
            400,
            f"{wanted} is not a valid association type between {source.plural} and {target.plural}",
            sub_category="crm.associations.INVALID_ASSOCIATION_TYPE",
        )
