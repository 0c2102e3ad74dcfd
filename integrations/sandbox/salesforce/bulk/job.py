"""A job of Bulk API 2.0: what was asked, how far it is, and what came out.

Source: Bulk API 2.0 Developer Guide, "Get Information About an Ingest Job", "Get Information About
a Query Job", "Job States".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal

from integrations.sandbox.salesforce.moments import stamp
from integrations.sandbox.salesforce.refusals import Refusal, not_found

if TYPE_CHECKING:
    from integrations.sandbox.salesforce.soql.run import Found

State = Literal["Open", "UploadComplete", "InProgress", "JobComplete", "Failed", "Aborted"]
Kind = Literal["ingest", "query"]
#: States in which a job will not change any more.
ENDED: Final = ("JobComplete", "Failed", "Aborted")
#: After so long a job and its results are gone.
KEPT: Final = timedelta(days=7)
#: Records of one batch.
BATCH: Final = 10_000
PREFIX: Final = "750"


@dataclass(frozen=True, kw_only=True)
class Line:
    """A record of an ingest job and its outcome; ``error`` is empty where it succeeded."""

    id: str
    created: bool
    error: str
    cells: tuple[str, ...]


@dataclass(kw_only=True)
class Job:
    """One job."""

    id: str
    kind: Kind
    operation: str
    sobject: str
    by: str
    created_at: datetime
    changed_at: datetime
    version: str
    state: State
    line_ending: str = "LF"
    delimiter: str = "COMMA"
    external_id: str | None = None
    #: What the query of a query job has found.
    found: Found | None = None
    #: What was uploaded, as it came.
    upload: bytes | None = None
    heading: tuple[str, ...] = ()
    #: Records that were done, and those that were not reached.
    lines: list[Line] = field(default_factory=list)
    left: list[tuple[str, ...]] = field(default_factory=list)
    words: str = ""

    def move(self, state: State, now: datetime) -> None:
        """Enter another state."""
        self.state, self.changed_at = state, now

    @property
    def failed(self) -> list[Line]:
        """The records that were refused."""
        return [line for line in self.lines if line.error]

    def short(self) -> dict[str, object]:
        """What every answer about the job tells."""
        own: dict[str, object] = {
            "id": self.id,
            "operation": self.operation,
            "object": self.sobject,
            "createdById": self.by,
            "createdDate": stamp(self.created_at),
            "systemModstamp": stamp(self.changed_at),
            "state": self.state,
            "concurrencyMode": "Parallel",
            "contentType": "CSV",
            "apiVersion": float(self.version.removeprefix("v")),
        }
        return own | ({"externalIdFieldName": self.external_id} if self.external_id else {})

    def opened(self) -> dict[str, object]:
        """What is told where the job is made, and in lists of jobs."""
        more: dict[str, object] = {"lineEnding": self.line_ending}
        more["columnDelimiter"] = self.delimiter
        if self.kind == "ingest":
            home = f"services/data/{self.version}/jobs/ingest/{self.id}/batches"
            more = {"contentUrl": home, **more}
        return {**self.short(), **more}

    def full(self) -> dict[str, object]:
        """What is told of the job when one asks for it."""
        told = self.opened()
        if self.state != "Open":
            told.pop("contentUrl", None)
        counts: dict[str, object] = {"jobType": "V2Ingest" if self.kind == "ingest" else "V2Query"}
        done = self.found.total if self.found and self.state == "JobComplete" else len(self.lines)
        counts |= {"numberRecordsProcessed": done, "retries": 0}
        counts |= {"totalProcessingTime": done, "isPkChunkingSupported": True}
        if self.kind == "ingest":
            spent = {"apiActiveProcessingTime": len(self.lines), "apexProcessingTime": 0}
            counts |= {"numberRecordsFailed": len(self.failed), **spent}
        if self.words:
            counts["errorMessage"] = self.words
        return {**told, **counts}


class Jobs:
    """The jobs of one org."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}

    def add(self, job: Job) -> None:
        """Keep a new job."""
        self._jobs[job.id] = job

    def find(self, id: str, kind: Kind) -> Job:
        """A job by its id in either form; raises Refusal."""
        found = next((job for key, job in self._jobs.items() if key[:15] == id[:15]), None)
        if found is None or found.kind != kind:
            raise not_found()
        return found

    def of(self, kind: Kind) -> Iterator[Job]:
        """All jobs of a kind, newest first."""
        return (job for job in reversed(self._jobs.values()) if job.kind == kind)

    def waiting(self) -> Iterator[Job]:
        """The jobs whose records are still to be done."""
        return (j for j in self._jobs.values() if j.state in ("UploadComplete", "InProgress"))

    def delete(self, job: Job) -> None:
        """Forget a job that has ended; raises Refusal."""
        if job.state not in (*ENDED, "UploadComplete"):
            raise wrong_state(f"Job {job.id} is {job.state}; only a job that has ended can go")
        del self._jobs[job.id]

    def forget(self, now: datetime) -> None:
        """Jobs go after seven days."""
        for job in list(self._jobs.values()):
            if now - job.created_at > KEPT:
                del self._jobs[job.id]


def wrong_state(words: str) -> Refusal:
    """The job is in no state for that."""
    return Refusal("INVALIDJOBSTATE", words)
