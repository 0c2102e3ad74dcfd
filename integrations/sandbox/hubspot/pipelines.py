"""Pipelines and stages of deals and tickets. Source: "Pipelines" guide.

What changed them is told by the audit, newest first, without the raw objects.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import Any, Final

from integrations.sandbox.http import Answer, Request
from integrations.sandbox.hubspot import wire
from integrations.sandbox.hubspot.errors import Refused, bad_json, missing_fields, not_found
from integrations.sandbox.hubspot.kinds import DEALS, Kind, kind_of
from integrations.sandbox.hubspot.operation import Operation
from integrations.sandbox.hubspot.pipeline import PIPELINE_OF, STAGE_OF, Pipeline, Stage, metadata
from integrations.sandbox.hubspot.portal import Portal
from integrations.sandbox.hubspot.wire import Json

FAMILY: Final = "crm/pipelines"
#: Ask that nothing is deleted that records still are in.
_CHECKS: Final = ("validateReferencesBeforeDelete", "validateDealStageUsagesBeforeDelete")


class Pipelines:
    """The operations on pipelines."""

    def __init__(self, portal: Portal) -> None:
        self._portal = portal
        #: What was done to each, by its id.
        self._past: defaultdict[str, list[Json]] = defaultdict(list)

    def operations(self) -> list[Operation]:
        """What is here, for the router."""
        all_, one = "/{object}", "/{object}/{id}"
        stages, stage = f"{one}/stages", f"{one}/stages/{{stage}}"
        rows = (
            ("GET", all_, "pipelines.list", self.browse),
            ("POST", all_, "pipelines.create", self.create),
            ("GET", one, "pipelines.get", self.read),
            ("PATCH", one, "pipelines.update", self.update),
            ("PUT", one, "pipelines.replace", self.replace),
            ("DELETE", one, "pipelines.archive", self.archive),
            ("GET", stages, "stages.list", self.browse_stages),
            ("POST", stages, "stages.create", self.create_stage),
            ("GET", stage, "stages.get", self.read_stage),
            ("PATCH", stage, "stages.update", self.update_stage),
            ("PUT", stage, "stages.replace", self.replace_stage),
            ("DELETE", stage, "stages.archive", self.archive_stage),
            ("GET", f"{one}/audit", "pipelines.audit.list", self.audit),
            ("GET", f"{stage}/audit", "stages.audit.list", self.audit_stage),
        )
        return [
            Operation(method=method, family=FAMILY, rest=rest, name=name, handler=handler)
            for method, rest, name, handler in rows
        ]

    def browse(self, request: Request) -> Answer:
        """Every pipeline of an object."""
        found = self._portal.pipelines(self._portal.kind(request.params["object"])).values()
        ordered = sorted(found, key=lambda one: one.order)
        return Answer(body={"results": [_show(one) for one in ordered]})

    def create(self, request: Request) -> Answer:
        """A new pipeline with its stages."""
        kind, body = _staged(request), wire.body(request, "label", "stages")
        made = self._made(kind, self._portal.next_stage_id(), body)
        self._put(kind, made)
        return Answer(status=201, body=_show(made))

    def read(self, request: Request) -> Answer:
        """One pipeline."""
        return Answer(body=_show(self._find(request)[1]))

    def update(self, request: Request) -> Answer:
        """Its label and its place."""
        (kind, before), body = self._find(request), wire.body(request)
        made = replace(
            before,
            label=str(body.get("label", before.label)),
            order=wire.order(body, before.order),
            updated_at=self._portal.now(),
        )
        self._put(kind, made)
        return Answer(body=_show(made))

    def replace(self, request: Request) -> Answer:
        """Everything; stages that are named by their id stay, others are new."""
        (kind, before), body = self._find(request), wire.body(request, "label", "stages")
        made = replace(self._made(kind, before.id, body), created_at=before.created_at)
        gone = {one.id for one in before.stages} - {one.id for one in made.stages}
        self._refuse_used(request, kind, gone)
        self._put(kind, made)
        return Answer(body=_show(made))

    def archive(self, request: Request) -> Answer:
        """Delete a pipeline; the last one stays."""
        kind, found = self._find(request)
        if len(self._portal.pipelines(kind)) == 1:
            raise Refused(400, f"The last pipeline of {kind.plural} cannot be deleted.")
        self._refuse_used(request, kind, {one.id for one in found.stages})
        del self._portal.pipelines(kind)[found.id]
        self._portal.restage(kind)
        return Answer(status=204)

    def browse_stages(self, request: Request) -> Answer:
        """Every stage of a pipeline, in order."""
        stages = self._find(request)[1].stages
        return Answer(body={"results": [_show_stage(one) for one in stages]})

    def create_stage(self, request: Request) -> Answer:
        """A new stage."""
        kind, pipeline = self._find(request)
        made = self._stage(kind, wire.body(request, "label"), len(pipeline.stages))
        self._put(kind, _with(pipeline, made))
        return Answer(status=201, body=_show_stage(made))

    def read_stage(self, request: Request) -> Answer:
        """One stage."""
        return Answer(body=_show_stage(self._find_stage(request)[2]))

    def update_stage(self, request: Request) -> Answer:
        """Its label, its place, its metadata."""
        kind, pipeline, before = self._find_stage(request)
        body = wire.body(request)
        given = {**before.metadata, **wire.mapping(body.get("metadata"), "metadata")}
        made = replace(
            before,
            label=str(body.get("label", before.label)),
            order=wire.order(body, before.order),
            metadata=_metadata(kind, given),
            updated_at=self._portal.now(),
        )
        self._put(kind, _with(pipeline, made))
        return Answer(body=_show_stage(made))

    def replace_stage(self, request: Request) -> Answer:
        """Everything of a stage but its id."""
        kind, pipeline, before = self._find_stage(request)
        body = wire.body(request, "label", "displayOrder", "metadata")
        made = self._stage(kind, {**body, "stageId": before.id}, before.order)
        made = replace(made, created_at=before.created_at)
        self._put(kind, _with(pipeline, made))
        return Answer(body=_show_stage(made))

    def audit(self, request: Request) -> Answer:
        """What was done to a pipeline."""
        return self._told(self._find(request)[1].id)

    def audit_stage(self, request: Request) -> Answer:
        """What was done to a stage."""
        return self._told(self._find_stage(request)[2].id)

    def _told(self, id: str) -> Answer:
        return Answer(body={"results": self._past[id][::-1]})

    def _note(self, id: str, action: str, what: str) -> None:
        self._past[id].append(
            {
                "portalId": self._portal.id,
                "identifier": f"{self._portal.id}:{id}",
                "action": action,
                "timestamp": wire.instant(self._portal.now()),
                "message": f"{what} {action.lower()}",
            }
        )

    def archive_stage(self, request: Request) -> Answer:
        """Delete a stage that no record is in."""
        kind, pipeline, found = self._find_stage(request)
        self._refuse_used(request, kind, {found.id}, always=True)
        stages = tuple(one for one in pipeline.stages if one is not found)
        self._put(kind, replace(pipeline, stages=stages))
        return Answer(status=204)

    def _made(self, kind: Kind, id: str, body: Json) -> Pipeline:
        if not isinstance(body["stages"], list) or not body["stages"]:
            raise missing_fields(["stages"])
        now = self._portal.now()
        made = Pipeline(
            id=id,
            label=str(body["label"]),
            order=wire.order(body, 0),
            stages=(),
            created_at=now,
            updated_at=now,
        )
        for place, given in enumerate(body["stages"]):
            made = _with(made, self._stage(kind, given, place))
        return made

    def _stage(self, kind: Kind, given: Any, place: int) -> Stage:
        if not isinstance(given, dict) or not given.get("label"):
            raise missing_fields(["label"])
        now = self._portal.now()
        return Stage(
            id=str(given.get("stageId") or self._portal.next_stage_id()),
            label=str(given["label"]),
            order=wire.order(given, place),
            metadata=_metadata(kind, given.get("metadata") or {}),
            created_at=now,
            updated_at=now,
        )

    def _put(self, kind: Kind, pipeline: Pipeline) -> None:
        others = [one for one in self._portal.pipelines(kind).values() if one.id != pipeline.id]
        if any(one.label == pipeline.label for one in others):
            raise Refused(
                409,
                f"A pipeline with the label {pipeline.label} already exists.",
                category="CONFLICT",
                sub_category="PipelineError.PIPELINE_LABEL_EXISTS",
            )
        before = self._portal.pipelines(kind).get(pipeline.id)
        self._note(pipeline.id, "UPDATE" if before else "CREATE", "Pipeline")
        known = {one.id: one for one in before.stages} if before else {}
        for stage in pipeline.stages:
            if stage != known.get(stage.id):
                self._note(stage.id, "UPDATE" if stage.id in known else "CREATE", "Stage")
        self._portal.pipelines(kind)[pipeline.id] = pipeline
        self._portal.restage(kind)

    def _refuse_used(
        self, request: Request, kind: Kind, stages: set[str], *, always: bool = False
    ) -> None:
        if not always and not any(wire.flag(request, name) for name in _CHECKS):
            return
        name = STAGE_OF[kind.plural]
        live = self._portal.table(kind).live.values()
        held = [str(one.id) for one in live if one.get(name) in stages]
        if held:
            listed = ", ".join(sorted(stages))
            raise Refused(
                400,
                f"Stage IDs: [{listed}] are being referenced by object IDs: [{', '.join(held)}]",
                sub_category="PipelineError.STAGE_ID_IN_USE",
                context={"stageId": sorted(stages), "objectIds": held},
            )

    def _find(self, request: Request) -> tuple[Kind, Pipeline]:
        kind, id = self._portal.kind(request.params["object"]), request.params["id"]
        found = self._portal.pipelines(kind).get(id)
        if found is None:
            raise not_found(f"No pipeline with the id {id} exists for {kind.type_id}.")
        return kind, found

    def _find_stage(self, request: Request) -> tuple[Kind, Pipeline, Stage]:
        (kind, pipeline), id = self._find(request), request.params["stage"]
        for stage in pipeline.stages:
            if stage.id == id:
                return kind, pipeline, stage
        raise not_found(f"No stage with the id {id} exists in the pipeline {pipeline.id}.")


def _staged(request: Request) -> Kind:
    kind = kind_of(request.params["object"])
    if kind.plural not in PIPELINE_OF:
        raise Refused(400, f"{kind.type_id} has no pipelines.")
    return kind


def _metadata(kind: Kind, given: Any) -> dict[str, str]:
    given = wire.mapping(given, "metadata")
    if kind is DEALS and "probability" not in given:
        raise missing_fields(["metadata.probability"])
    try:
        return metadata(kind, given)
    except (TypeError, ValueError):
        words = "metadata.probability is from 0 to 1, metadata.ticketState is OPEN or CLOSED"
        raise bad_json(words) from None


def _with(pipeline: Pipeline, stage: Stage) -> Pipeline:
    others = [one for one in pipeline.stages if one.id != stage.id]
    return replace(
        pipeline, stages=tuple(sorted([*others, stage], key=lambda one: (one.order, one.label)))
    )


def _show(pipeline: Pipeline) -> Json:
    return _described(pipeline) | {"stages": [_show_stage(one) for one in pipeline.stages]}


def _show_stage(stage: Stage) -> Json:
    permissions = {"writePermissions": "CRM_PERMISSIONS_ENFORCEMENT"}
    return _described(stage) | {"metadata": dict(stage.metadata)} | permissions


def _described(one: Pipeline | Stage) -> Json:
    return {
        "label": one.label,
        "displayOrder": one.order,
        "id": one.id,
        "createdAt": wire.instant(one.created_at),
        "updatedAt": wire.instant(one.updated_at),
        "archived": False,
    }
