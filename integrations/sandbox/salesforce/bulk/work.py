"""Does what a job asks, as soon as its turn has come."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final

from integrations.sandbox.salesforce import outcome, recycle
from integrations.sandbox.salesforce.bulk import sheet
from integrations.sandbox.salesforce.bulk.job import BATCH, Job, Line
from integrations.sandbox.salesforce.org import Org
from integrations.sandbox.salesforce.outcome import Outcome
from integrations.sandbox.salesforce.rows import key_field
from integrations.sandbox.salesforce.schema import SObject

#: Does one record's work; raises Refusal.
Deed = Callable[[Mapping[str, object]], Outcome]
#: Words that a cell may have for yes and no.
_FLAGS: Final = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


def advance(org: Org) -> None:
    """Do the jobs that wait; with ``slow_jobs`` on they begin, and no more."""
    org.jobs.forget(org.clock.now())
    for job in org.jobs.waiting():
        if org.options["slow_jobs"]:
            job.move("InProgress", org.clock.now())
        elif job.kind == "ingest":
            _load(org, job)
        else:
            job.move("JobComplete", org.clock.now())


def _load(org: Org, job: Job) -> None:
    sobject = org.schema[job.sobject]
    try:
        read = sheet.read(job.upload or b"", delimiter=job.delimiter, ending=job.line_ending)
        job.heading = read.heading
        for name in read.heading:
            _known(org, sobject, name)
        deed = _deed(org, sobject, job, read)
    except sheet.InvalidBatch as problem:
        job.words = str(problem)
        job.move("Failed", org.clock.now())
        return
    org.limits.batches.add(org.clock.now(), 1 + -(-len(read.rows) // BATCH))
    for cells in read.rows:
        given = _given(sobject, read.heading, cells)
        told = outcome.tried(org, partial(deed, given), outcome.get(given, "Id"))
        job.lines.append(_line(told, cells, created=job.operation == "insert"))
    job.move("JobComplete", org.clock.now())


def _deed(org: Org, sobject: SObject, job: Job, read: sheet.Sheet) -> Deed:
    by = job.by
    match job.operation:
        case "insert":
            return lambda given: outcome.created(org, sobject, given, by=by)
        case "update":
            return lambda given: outcome.updated(org, sobject, given, by=by)
        case "upsert":
            field = key_field(org, sobject, job.external_id or "Id")
            records = [_given(sobject, read.heading, cells) for cells in read.rows]
            twice = outcome.repeated(field, records)
            return lambda given: outcome.upserted(org, sobject, field, given, twice, by=by)
        case _:
            if [name.lower() for name in read.heading] != ["id"]:
                raise sheet.InvalidBatch(
                    "InvalidBatch : Delete batches must have only an Id column"
                )
            hard = job.operation == "hardDelete"

            def delete(given: Mapping[str, object]) -> Outcome:
                told = outcome.deleted(org, sobject, outcome.get(given, "Id"), by=by)
                if hard:
                    recycle.erase(org, sobject, str(told["id"]))
                return told

            return delete


def _known(org: Org, sobject: SObject, name: str) -> None:
    """Whether a column is a field, or a parent's key such as ``Account.Key__c``."""
    parent, _, key = name.partition(".")
    if key:
        step = sobject.related(parent)
        home = org.schema[step.reference_to[0]] if step else None
        if home is not None and org.find_field(home, key):
            return
    elif org.find_field(sobject, name):
        return
    raise sheet.InvalidBatch(f"InvalidBatch : Field name not found : {name}")


def _given(sobject: SObject, heading: Sequence[str], cells: Sequence[str]) -> dict[str, object]:
    """The record of a row as a JSON call would have it."""
    given: dict[str, object] = {}
    for name, cell in zip(heading, cells, strict=True):
        if cell == "":
            continue
        parent, _, key = name.partition(".")
        value = None if cell == sheet.NOTHING else cell
        if key:
            given[parent] = {key: value}
            continue
        field = sobject.find(name)
        flag = _FLAGS.get(cell.lower()) if field and field.type == "boolean" else None
        given[name] = value if flag is None else flag
    return given


def _line(told: Outcome, cells: tuple[str, ...], *, created: bool) -> Line:
    errors = told["errors"]
    words = ""
    if isinstance(errors, list) and errors:
        code, message = errors[0]["statusCode"], errors[0]["message"]
        if code == "JSON_PARSER_ERROR":  # there is no JSON here
            code, message = "INVALID_TYPE_ON_FIELD_IN_RECORD", "value not of required type"
        words = f"{code}:{message}:{' '.join(errors[0]['fields'])} --"
    return Line(
        id=str(told.get("id") or ""),
        created=bool(told.get("created", created)),
        error=words,
        cells=cells,
    )
