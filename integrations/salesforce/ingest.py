"""Thousands of new tasks in one ingest job, where collections of 200 would take a call each.

Only inserts go this way. A job may still be at work after we have died; our keys are unique, so
what it then creates is adopted, or refused. A job of updates could overwrite what a person has
written meanwhile. Source: "Bulk API 2.0 Ingest"; Salesforce advises it from 2,000 records on.
"""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from integrations.errors import CrmError, Retry, Split, Unknown
from integrations.salesforce.client import Client

#: Records that collections carry for fewer calls, or nearly as few.
FROM: Final = 2_000
#: Seconds between two looks at a job, and after how many it is told to end.
LOOKS: Final = (0.5, 1.0, 2.0, 4.0)
LONGEST: Final = 120.0
_HOME: Final = "jobs/ingest"
_ENDED: Final = ("JobComplete", "Failed", "Aborted")
#: What Salesforce says of a row that it has not come to.
_LEFT: Final = {"success": False, "errors": [{"statusCode": "UNPROCESSED"}]}

Outcome = Mapping[str, Any]


class Ingest:
    """Runs jobs to their end, and tells what became of every row."""

    def __init__(
        self,
        client: Client,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._client = client
        self._clock = clock
        self._sleep = sleep

    def insert(
        self, object: str, records: Sequence[Mapping[str, Any]], key: str
    ) -> dict[str, Outcome]:
        """What became of each record, as a collection tells it, by its value of ``key``.

        A row that no list names is absent. Raises Split where the job as a whole was refused, and
        Unknown where nobody can tell how far it has got.
        """
        job = self._uploaded(object, _sheet(records))
        self._client.job("bulk.close", "PATCH", job, {"state": "UploadComplete"}, writes=True)
        ended = self._ended(job)
        if ended == "Failed":
            raise Split("Salesforce refuses these together", code="InvalidBatch")
        return {**self._left(job, key), **self._failed(job, key), **self._done(job, key)}

    def _uploaded(self, object: str, sheet: str) -> str:
        """A job with its rows; until it is closed nothing is written."""
        wanted = {
            "object": object,
            "operation": "insert",
            "contentType": "CSV",
            "lineEnding": "LF",
        }
        made = self._client.job("bulk.create", "POST", _HOME, wanted)
        job = f"{_HOME}/{made['id']}"
        self._client.sheet("bulk.upload", "PUT", f"{job}/batches", sheet)
        return job

    def _ended(self, job: str) -> str:
        """Wait until it has ended; one that takes too long is told to."""
        looks, until = iter(LOOKS), self._clock() + LONGEST
        while True:
            try:
                state = str(self._client.job("bulk.state", "GET", job)["state"])
            except Retry:
                state = "not known"
            if state in _ENDED:
                return state
            if self._clock() >= until:
                return self._aborted(job)
            self._sleep(next(looks, LOOKS[-1]))

    def _aborted(self, job: str) -> str:
        try:
            self._client.job("bulk.abort", "PATCH", job, {"state": "Aborted"}, writes=True)
            return str(self._client.job("bulk.state", "GET", job)["state"])
        except CrmError as problem:
            words = f"Salesforce is still at work on a large job ({problem.words})"
            raise Unknown(words, code=problem.code) from None

    def _done(self, job: str, key: str) -> dict[str, Outcome]:
        return {
            row[key]: {"success": True, "id": row["sf__Id"], "errors": []}
            for row in self._rows(job, "successfulResults")
        }

    def _failed(self, job: str, key: str) -> dict[str, Outcome]:
        return {
            row[key]: {"success": False, "errors": [_error(row["sf__Error"])]}
            for row in self._rows(job, "failedResults")
        }

    def _left(self, job: str, key: str) -> dict[str, Outcome]:
        return {row[key]: _LEFT for row in self._rows(job, "unprocessedrecords")}

    def _rows(self, job: str, which: str) -> Iterator[Mapping[str, str]]:
        text = self._client.sheet(f"bulk.{which}", "GET", f"{job}/{which}/")
        yield from csv.DictReader(io.StringIO(text, newline=""))


def _sheet(records: Sequence[Mapping[str, Any]]) -> str:
    """The records as CSV; a field that a record has not is left alone."""
    rows = [{n: v for n, v in record.items() if n != "attributes"} for record in records]
    columns = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows({n: _cell(value) for n, value in row.items()} for row in rows)
    return text.getvalue()


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def _error(said: str) -> dict[str, Any]:
    """``CODE:message:Field__c --`` as a collection has it."""
    code, _, rest = said.partition(":")
    message, _, fields = rest.removesuffix("--").rstrip().rpartition(":")
    return {"statusCode": code, "message": message, "fields": fields.split()}
