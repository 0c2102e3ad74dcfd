"""Up to a hundred records in one call.

Source: "Using object APIs", limits and multi-status errors. Where every input of a write has its
own ``objectWriteTraceId``, each fails by itself and the answer is 207; else one bad input fails
all. A record that is not there always fails by itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from integrations.sandbox.http import Answer, Request
from integrations.sandbox.hubspot import wire
from integrations.sandbox.hubspot.errors import Refused, not_found
from integrations.sandbox.hubspot.kinds import Kind
from integrations.sandbox.hubspot.objects import FAMILY, find
from integrations.sandbox.hubspot.operation import Operation, per_object
from integrations.sandbox.hubspot.portal import INTEGRATION
from integrations.sandbox.hubspot.view import everything, shown
from integrations.sandbox.hubspot.wire import Json
from integrations.sandbox.hubspot.writes import Claims, Draft, Writer

MOST: Final = 100
_TRACE: Final = "objectWriteTraceId"

#: Checks one input.
Drafter = Callable[[Json, Claims], Draft]


class Batch:
    """The batch operations on records."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._portal = writer.portal

    def operations(self) -> list[Operation]:
        """What is here, for the router."""
        handlers = (self.create, self.read, self.update, self.upsert, self.archive)
        return [
            operation
            for handler in handlers
            for operation in per_object(
                Operation(
                    method="POST",
                    family=FAMILY,
                    rest=f"/{{object}}/batch/{handler.__name__}",
                    name=f"objects.{{object}}.batch.{handler.__name__}",
                    handler=handler,
                )
            )
        ]

    def create(self, request: Request) -> Answer:
        """New records, with associations to existing ones."""
        kind = self._portal.kind(request.params["object"])
        _, inputs = wire.inputs(request, most=MOST)
        return self._write(inputs, lambda one, claims: self._writer.create(kind, one, claims), 201)

    def update(self, request: Request) -> Answer:
        """Change records, by id or by a unique property."""
        kind = self._portal.kind(request.params["object"])
        _, inputs = wire.inputs(request, most=MOST)
        self._refuse_twice(inputs)

        def draft(one: Json, claims: Claims) -> Draft:
            key = _key(one)
            if key:
                self._unique(kind, key)
            record = find(self._writer, kind, wire.identifier(one), key)
            if record is None:
                raise _missing(kind, [wire.identifier(one)])
            return self._writer.update(record, one, claims)

        return self._write(inputs, draft, 200)

    def upsert(self, request: Request) -> Answer:
        """Create or change records, by a unique property or a contact's e-mail address."""
        kind = self._portal.kind(request.params["object"])
        _, inputs = wire.inputs(request, most=MOST)
        self._refuse_twice(inputs)

        def draft(one: Json, claims: Claims) -> Draft:
            key, value = _key(one), wire.identifier(one)
            if not key or key != kind.identity:
                self._unique(kind, key)
            record = find(self._writer, kind, value, key)
            given = wire.mapping(one.get("properties"), "properties")
            whole = {**one, "properties": {str(key): value, **given}}
            if record is not None:
                return self._writer.update(record, whole, claims)
            return self._writer.create(kind, whole, claims)

        return self._write(inputs, draft, 200, tell_new=True)

    def read(self, request: Request) -> Answer:
        """Records by id or by a unique property; those that are not there are told as errors."""
        kind = self._portal.kind(request.params["object"])
        whole, inputs = wire.inputs(request, most=MOST)
        names = wire.strings(whole.get("properties"), "properties")
        history = wire.strings(whole.get("propertiesWithHistory"), "propertiesWithHistory")
        archived, key = wire.flag(request, "archived"), _key(whole)
        started, results, missing = self._portal.now(), [], []
        for wanted in dict.fromkeys(wire.identifier(one) for one in inputs):
            record = find(self._writer, kind, wanted, key, archived=archived)
            if record is None:
                missing.append(wanted)
            else:
                results.append(shown(self._portal, record, names, history=history))
        errors = [_missing(kind, missing).entry({"ids": missing})] if missing else []
        return answer(started, self._portal.now(), results, errors)

    def archive(self, request: Request) -> Answer:
        """Into the recycling bin; what is not there is passed over."""
        kind = self._portal.kind(request.params["object"])
        _, inputs = wire.inputs(request, most=MOST)
        for one in inputs:
            record = self._portal.record(kind, wire.identifier(one))
            if record is not None:
                self._writer.archive(record)
        return Answer(status=204)

    def _write(
        self, inputs: Sequence[Json], draft: Drafter, status: int, *, tell_new: bool = False
    ) -> Answer:
        started = self._portal.now()
        traces = [wire.text(one.get(_TRACE) or "", _TRACE) for one in inputs]
        traced = all(traces) and len(set(traces)) == len(traces)
        claims: Claims = {}
        drafts: list[tuple[Draft, Json]] = []
        errors = []
        for one in inputs:
            try:
                drafts.append((draft(one, claims), one))
            except Refused as refused:
                context = dict(refused.context or {})
                if traced:
                    context[_TRACE] = [str(one[_TRACE])]
                elif refused.status != 404:
                    raise
                errors.append(refused.entry(context))
        results = [self._result(made, one, tell_new=tell_new) for made, one in drafts]
        return answer(started, self._portal.now(), results, errors, status)

    def _result(self, draft: Draft, given: Json, *, tell_new: bool) -> Json:
        record = self._writer.commit(draft, INTEGRATION)
        new = draft.record is None
        if new:
            result = everything(self._portal, record)
        else:
            result = shown(self._portal, record, draft.values)
        if tell_new:
            result["new"] = new
        if given.get(_TRACE):
            result[_TRACE] = str(given[_TRACE])
        return result

    def _unique(self, kind: Kind, key: str | None) -> None:
        definition = self._portal.schema(kind).properties.get(key or "")
        if definition is None or not definition.unique:
            raise Refused(
                400,
                "Unable to perform update/upsert by non-unique "
                f"{kind.type_id} property {key or 'null'} in portal ID {self._portal.id}",
            )

    def _refuse_twice(self, inputs: Sequence[Json]) -> None:
        counted = Counter(wire.identifier(one) for one in inputs)
        if twice := [one for one, count in counted.items() if count > 1]:
            listed = ", ".join(twice)
            raise Refused(
                400, f"Duplicate IDs found in batch input: [{listed}]. IDs must be unique"
            )


def _key(given: Json) -> str | None:
    """The property that the id of an input is a value of."""
    return wire.text(given.get("idProperty") or "", "idProperty") or None


def _missing(kind: Kind, ids: Sequence[str]) -> Refused:
    return not_found(
        f"Could not get some {kind.singular.upper()} objects, they may be deleted or not exist. "
        "Check that ids are valid.",
        context={"ids": list(ids)},
    )


def answer(
    started: datetime,
    completed: datetime,
    results: Sequence[Json],
    errors: Sequence[Json] = (),
    status: int = 200,
) -> Answer:
    """A batch's answer; 207 where some of it failed."""
    body: Json = {
        "status": "COMPLETE",
        "results": list(results),
        "startedAt": wire.instant(started),
        "completedAt": wire.instant(completed),
    }
    if errors:
        status = 207
        body |= {"numErrors": len(errors), "errors": list(errors)}
    return Answer(status=status, body=body)
