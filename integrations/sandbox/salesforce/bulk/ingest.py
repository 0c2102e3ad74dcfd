"""Ingest jobs: make one, upload its CSV, close it, look how far it is, fetch what came out.

Source: Bulk API 2.0 Developer Guide, "Bulk API 2.0 Ingest".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Final

from integrations.sandbox.http import Answer
from integrations.sandbox.salesforce.bulk import sheet, work
from integrations.sandbox.salesforce.bulk.job import ENDED, PREFIX, Job, wrong_state
from integrations.sandbox.salesforce.call import Call, Resource
from integrations.sandbox.salesforce.refusals import Refusal
from integrations.sandbox.salesforce.rows import key_field

OPERATIONS: Final = ("insert", "update", "upsert", "delete", "hardDelete")
#: Bytes of an upload.
LARGEST: Final = 150_000_000


def create(call: Call) -> Answer:
    """``POST /jobs/ingest``"""
    body, org = call.body, call.org
    operation = body.get("operation")
    if operation not in OPERATIONS:
        raise _invalid(f"Invalid value for operation: {operation}")
    sobject = org.schema.find(str(body.get("object", "")))
    if sobject is None:
        raise _invalid(f"Unable to find object: {body.get('object')}")
    named = body.get("externalIdFieldName")
    external = str(named) if named else None
    if operation == "upsert":
        if external is None:
            raise _invalid("External ID was blank for object. An External ID must be specified")
        external = key_field(org, sobject, external).name
    elif external is not None:
        raise _invalid("externalIdFieldName is only for upsert")
    now = org.clock.now()
    job = Job(
        id=org.ids.next(PREFIX),
        kind="ingest",
        operation=str(operation),
        sobject=sobject.name,
        by=call.session.user,
        created_at=now,
        changed_at=now,
        version=call.version,
        state="Open",
        line_ending=choice(body.get("lineEnding"), sheet.ENDINGS, "LF"),
        delimiter=choice(body.get("columnDelimiter"), sheet.DELIMITERS, "COMMA"),
        external_id=external,
    )
    if body.get("contentType", "CSV") != "CSV":
        raise _invalid(f"Invalid value for contentType: {body.get('contentType')}")
    org.jobs.add(job)
    return Answer(body=job.opened())


def upload(call: Call) -> Answer:
    """``PUT /jobs/ingest/{id}/batches``: once, the whole file."""
    job = _job(call)
    if job.state != "Open":
        raise wrong_state(f"Job {job.id} is {job.state}; data can be uploaded to an open job only")
    if job.upload is not None:
        raise wrong_state(
            f"Found multiple contents for job: <{job.id}>, please 'Close' / 'Abort' / 'Delete' the "
            "current Job then create a new Job and make sure you only do 'PUT' once on a given Job."
        )
    if len(call.request.body) > LARGEST:
        raise Refusal("EXCEEDED_MAX_SIZE_REQUEST", "The upload is too large", status=413)
    job.upload = call.request.body
    return Answer(status=201)


def change(call: Call) -> Answer:
    """``PATCH /jobs/ingest/{id}``: ``UploadComplete`` or ``Aborted``."""
    job, state, now = _job(call), call.body.get("state"), call.org.clock.now()
    if state == "UploadComplete":
        if job.state != "Open":
            raise wrong_state(f"Job {job.id} is {job.state}; only an open job can be closed")
        if job.upload is None:
            raise wrong_state("No data was uploaded to the job")
        job.move("UploadComplete", now)
    elif state == "Aborted":
        abort(job)
        job.move("Aborted", now)
        with suppress(sheet.InvalidBatch):
            left = sheet.read(job.upload or b"", delimiter=job.delimiter, ending=job.line_ending)
            job.heading, job.left = left.heading, list(left.rows)
    else:
        raise _invalid(f"Invalid value for state: {state}")
    return Answer(body=job.short())


def read(call: Call) -> Answer:
    """``GET /jobs/ingest/{id}``"""
    return Answer(body=_job(call).full())


def every(call: Call) -> Answer:
    """``GET /jobs/ingest``"""
    work.advance(call.org)
    jobs = [{**job.opened(), "jobType": "V2Ingest"} for job in call.org.jobs.of("ingest")]
    return Answer(body={"done": True, "records": jobs, "nextRecordsUrl": None})


def delete(call: Call) -> Answer:
    """``DELETE /jobs/ingest/{id}``"""
    call.org.jobs.delete(_job(call))
    return Answer(status=204)


def successful(call: Call) -> Answer:
    """``GET /jobs/ingest/{id}/successfulResults``"""
    job = _ended(call)
    rows = [
        (line.id, str(line.created).lower(), *line.cells) for line in job.lines if not line.error
    ]
    return _file(job, ("sf__Id", "sf__Created", *job.heading), rows)


def failed(call: Call) -> Answer:
    """``GET /jobs/ingest/{id}/failedResults``"""
    job = _ended(call)
    rows = [(line.id, line.error, *line.cells) for line in job.failed]
    return _file(job, ("sf__Id", "sf__Error", *job.heading), rows)


def unprocessed(call: Call) -> Answer:
    """``GET /jobs/ingest/{id}/unprocessedrecords``"""
    job = _ended(call)
    return _file(job, job.heading, job.left)


def abort(job: Job) -> None:
    """Refuse to abort a job that has ended; raises Refusal."""
    if job.state in ENDED:
        raise wrong_state(f"Aborting already {job.state} Job not allowed")


def choice(given: object, known: Mapping[str, str], default: str) -> str:
    """One of the known words; raises Refusal."""
    if given is None:
        return default
    if given not in known:
        raise _invalid(f"Invalid value: {given}; there are {', '.join(known)}")
    return str(given)


def _job(call: Call) -> Job:
    work.advance(call.org)
    return call.org.jobs.find(call.request.params["id"], "ingest")


def _ended(call: Call) -> Job:
    job = _job(call)
    if job.state not in ENDED:
        raise wrong_state(f"Job {job.id} is {job.state}; its results are there when it has ended")
    return job


def _file(job: Job, heading: Sequence[str], rows: Sequence[Sequence[object]]) -> Answer:
    text = sheet.write([heading, *rows], delimiter=job.delimiter, ending=job.line_ending)
    return Answer(body=text, media_type="text/csv")


def _invalid(words: str) -> Refusal:
    return Refusal("INVALIDJOB", f"InvalidJob : {words}")


_HOME: Final = "/jobs/ingest"
ROUTES: Final[tuple[Resource, ...]] = (
    ("POST", _HOME, "bulk.create", create),
    ("GET", _HOME, "bulk.list", every),
    ("GET", f"{_HOME}/{{id}}", "bulk.get", read),
    ("PATCH", f"{_HOME}/{{id}}", "bulk.close", change),
    ("DELETE", f"{_HOME}/{{id}}", "bulk.delete", delete),
    ("PUT", f"{_HOME}/{{id}}/batches", "bulk.upload", upload),
    ("GET", f"{_HOME}/{{id}}/successfulResults", "bulk.successful.get", successful),
    ("GET", f"{_HOME}/{{id}}/failedResults", "bulk.failed.get", failed),
    ("GET", f"{_HOME}/{{id}}/unprocessedrecords", "bulk.unprocessed.get", unprocessed),
)
