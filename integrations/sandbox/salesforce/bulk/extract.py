"""Query jobs: a query whose answer is fetched as CSV, page by page.

Source: Bulk API 2.0 Developer Guide, "Bulk API 2.0 Query".
"""

from __future__ import annotations

import base64
import binascii
from typing import Final

from integrations.sandbox.http import Answer
from integrations.sandbox.salesforce.bulk import sheet, work
from integrations.sandbox.salesforce.bulk.ingest import abort, choice
from integrations.sandbox.salesforce.bulk.job import PREFIX, Job, wrong_state
from integrations.sandbox.salesforce.call import Call, Resource
from integrations.sandbox.salesforce.refusals import Refusal
from integrations.sandbox.salesforce.shown import Json
from integrations.sandbox.salesforce.soql.run import Found, run

OPERATIONS: Final = ("query", "queryAll")
PAGE: Final = 50_000


def create(call: Call) -> Answer:
    """``POST /jobs/query``"""
    body, org = call.body, call.org
    if body.get("operation") not in OPERATIONS:
        words = f"InvalidJob : Invalid value for operation: {body.get('operation')}"
        raise Refusal("INVALIDJOB", words)
    found, now = _run(call), org.clock.now()
    job = Job(
        id=org.ids.next(PREFIX),
        kind="query",
        operation=str(body["operation"]),
        sobject=found.object,
        by=call.session.user,
        created_at=now,
        changed_at=now,
        version=call.version,
        state="UploadComplete",
        line_ending=choice(body.get("lineEnding"), sheet.ENDINGS, "LF"),
        delimiter=choice(body.get("columnDelimiter"), sheet.DELIMITERS, "COMMA"),
        found=found,
    )
    org.jobs.add(job)
    return Answer(body=job.opened())


def read(call: Call) -> Answer:
    """``GET /jobs/query/{id}``"""
    return Answer(body=_job(call).full())


def every(call: Call) -> Answer:
    """``GET /jobs/query``"""
    work.advance(call.org)
    jobs = [{**job.opened(), "jobType": "V2Query"} for job in call.org.jobs.of("query")]
    return Answer(body={"done": True, "records": jobs, "nextRecordsUrl": None})


def change(call: Call) -> Answer:
    """``PATCH /jobs/query/{id}``: ``Aborted``."""
    job = _job(call)
    if call.body.get("state") != "Aborted":
        words = f"InvalidJob : Invalid value for state: {call.body.get('state')}"
        raise Refusal("INVALIDJOB", words)
    abort(job)
    job.move("Aborted", call.org.clock.now())
    return Answer(body=job.short())


def delete(call: Call) -> Answer:
    """``DELETE /jobs/query/{id}``"""
    call.org.jobs.delete(_job(call))
    return Answer(status=204)


def results(call: Call) -> Answer:
    """``GET /jobs/query/{id}/results?locator=&maxRecords=``"""
    job = _job(call)
    found = job.found
    if job.state != "JobComplete" or found is None:
        raise wrong_state(f"Job {job.id} is {job.state}; its results are there when it has ended")
    start = _start(call.request.query.get("locator"))
    asked = call.request.query.get("maxRecords", "")
    end = start + min(PAGE, max(1, int(asked))) if asked.isdigit() else start + PAGE
    rows = call.org[found.object].rows
    records = (found.show(row) for key in found.ids[start:end] if (row := rows.get(key)))
    page = [[_cell(shown, path) for path in found.paths] for shown in records]
    text = sheet.write([found.paths, *page], delimiter=job.delimiter, ending=job.line_ending)
    after = base64.b64encode(str(end).encode()).decode() if end < found.total else "null"
    headers = {"Sforce-Locator": after, "Sforce-NumberOfRecords": str(len(page))}
    return Answer(body=text, media_type="text/csv", headers=headers)


def _job(call: Call) -> Job:
    work.advance(call.org)
    return call.org.jobs.find(call.request.params["id"], "query")


def _run(call: Call) -> Found:
    text, every_row = str(call.body.get("query") or ""), call.body["operation"] == "queryAll"
    try:
        found = run(call.org, text, call.version, all_rows=every_row)
    except Refusal as refusal:
        raise Refusal("API_ERROR", refusal.words) from None
    if found.groups is not None or found.nested:
        words = "Aggregates and nested queries are not supported in Bulk Query"
        raise Refusal("API_ERROR", words)
    if found.compound:
        raise Refusal("API_ERROR", "Selecting compound data not supported in Bulk Query")
    return found


def _cell(shown: object, path: str) -> Json:
    for part in path.split("."):
        shown = shown.get(part) if isinstance(shown, dict) else None
    if isinstance(shown, bool):
        return str(shown).lower()
    return shown if isinstance(shown, str | int | float) else ""


def _start(locator: str | None) -> int:
    try:
        return int(base64.b64decode(locator or "MA==", validate=True))
    except (binascii.Error, ValueError):
        raise Refusal("INVALID_QUERY_LOCATOR", "invalid query locator") from None


_HOME: Final = "/jobs/query"
ROUTES: Final[tuple[Resource, ...]] = (
    ("POST", _HOME, "bulkquery.query", create),
    ("GET", _HOME, "bulkquery.list", every),
    ("GET", f"{_HOME}/{{id}}", "bulkquery.get", read),
    ("PATCH", f"{_HOME}/{{id}}", "bulkquery.abort", change),
    ("DELETE", f"{_HOME}/{{id}}", "bulkquery.delete", delete),
    ("GET", f"{_HOME}/{{id}}/results", "bulkquery.results.get", results),
)
