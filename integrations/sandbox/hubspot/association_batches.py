"""Associations of many records in one call. Source: "Associate records" guide, limits.

The statuses are those of the OpenAPI files, which differ by version.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from integrations.sandbox.http import Answer, Request
from integrations.sandbox.hubspot import wire
from integrations.sandbox.hubspot.associations import (
    FAMILY,
    PAGE,
    both_ways,
    cut,
    further,
    made,
    pair,
    plain,
    shown,
    specs,
)
from integrations.sandbox.hubspot.batch import answer
from integrations.sandbox.hubspot.errors import Refused, missing_fields, not_found
from integrations.sandbox.hubspot.kinds import Kind
from integrations.sandbox.hubspot.limits import Limit
from integrations.sandbox.hubspot.linking import Linker
from integrations.sandbox.hubspot.operation import Operation
from integrations.sandbox.hubspot.wire import Json

MOST_READ: Final = 1_000
MOST_WRITTEN: Final = 2_000

#: Makes the associations of one input.
Maker = Callable[[Json], Iterable[Json]]


class AssociationBatches:
    """The batch operations on associations."""

    def __init__(self, linker: Linker) -> None:
        self._linker = linker
        self._portal = linker.portal

    def operations(self) -> list[Operation]:
        """What is here, for the router."""
        rows = (
            ("read", "read", self.read),
            ("create", "create", self.create),
            ("associate/default", "default", self.default),
            ("archive", "archive", self.archive),
            ("labels/archive", "labels.archive", self.unlabel),
        )
        return [
            Operation(
                method="POST",
                family=FAMILY,
                rest=f"/{{from}}/{{to}}/batch/{rest}",
                name=f"associations.batch.{name}",
                handler=handler,
                limit=Limit.ASSOCIATIONS,
                numbered="v4",
            )
            for rest, name, handler in rows
        ]

    def read(self, request: Request) -> Answer:
        """The associated records of many; a record without any is told as an error."""
        source, target = pair(self._portal, request)
        _, inputs = wire.inputs(request, most=MOST_READ)
        types = self._portal.links.types(source, target)
        started, results, errors = self._portal.now(), [], []
        for one in inputs:
            source_id = wire.identifier(one)
            record = self._portal.record(source, source_id)
            held = self._portal.links.of(source, record.id, target) if record else {}
            after = wire.number(one.get("after"), "after", default=0, least=0, most=10**18)
            ids, next_ = cut(held, after, PAGE)
            if held:
                to = [shown(types, request, other, held[other]) for other in ids]
                more = further(request, source, source_id, target, next_) if next_ else {}
                results.append({"from": {"id": source_id}, "to": to, **more})
            else:
                nothing = nothing_there(source, target, source_id)
                errors.append(nothing.entry({"fromObjectId": [source_id]}))
        return answer(started, self._portal.now(), results, errors)

    def create(self, request: Request) -> Answer:
        """Associate pairs as what each input names; each fails by itself."""
        source, target = pair(self._portal, request)

        def make(one: Json) -> Iterable[Json]:
            types = specs(self._linker, source, target, one.get("types"))
            return [made(self._linker, types, *self._linker.ends(types[0], *_ids(one)))]

        return self._write(request, make, 200 if wire.version(request) == "2026-09" else 201)

    def default(self, request: Request) -> Answer:
        """Associate pairs without a label; each fails by itself."""
        type_ = plain(self._portal, *pair(self._portal, request))

        def make(one: Json) -> Iterable[Json]:
            ends = self._linker.ends(type_, *_ids(one))
            self._linker.link(type_, *ends)
            return both_ways(type_, *ends)

        return self._write(request, make, 200)

    def archive(self, request: Request) -> Answer:
        """Remove every association of each input's record with others."""
        source, target = pair(self._portal, request)
        _, inputs = wire.inputs(request, most=MOST_WRITTEN)
        for one in inputs:
            if not isinstance(one.get("from"), dict) or not isinstance(one.get("to"), list):
                raise missing_fields(["from", "to"])
            for other in one["to"]:
                self._linker.part(
                    source, wire.identifier(one["from"]), target, wire.identifier(other)
                )
        return self._removed(request)

    def unlabel(self, request: Request) -> Answer:
        """Take the named types off pairs."""
        source, target = pair(self._portal, request)
        _, inputs = wire.inputs(request, most=MOST_WRITTEN)
        for one in inputs:
            types = specs(self._linker, source, target, one.get("types"))
            ends = self._linker.ends(types[0], *_ids(one))
            for type_ in types:
                self._linker.unlink(type_, *ends)
        return self._removed(request)

    def _removed(self, request: Request) -> Answer:
        now = self._portal.now()
        return Answer(status=204) if wire.version(request) == "v4" else answer(now, now, [])

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


def _ids(one: Mapping[str, object]) -> tuple[str, str]:
    ends = one.get("from"), one.get("to")
    if not isinstance(ends[0], dict) or not isinstance(ends[1], dict):
        raise missing_fields(["from", "to"])
    return wire.identifier(ends[0]), wire.identifier(ends[1])


def nothing_there(source: Kind, target: Kind, id: str) -> Refused:
    """A record has no associations with an object."""
    return not_found(
        f"No {target.singular} is associated with {source.singular} {id}.",
        sub_category="crm.associations.NO_ASSOCIATIONS_FOUND",
    )
