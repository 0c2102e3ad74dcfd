"""Around every HTTP request to a CRM: a crash point, a line in the log, a count and a duration."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from integrations.errors import CrmError
from sync import metrics, points

log = structlog.get_logger(__name__)


@contextmanager
def wire(operation: str) -> Iterator[None]:
    """Enter before the request, leave after its answer or its loss."""
    points.reach(f"call {operation} before")
    begun = time.monotonic()
    outcome = "ok"
    try:
        yield
    except CrmError as problem:
        outcome = problem.name
        raise
    finally:
        took = time.monotonic() - begun
        crm, _, rest = operation.partition(".")
        metrics.CALLS.labels(crm=crm, operation=rest, outcome=outcome).inc()
        metrics.CALL_SECONDS.labels(crm=crm).observe(took)
        log.debug("call", operation=operation, outcome=outcome, seconds=round(took, 3))
    points.reach(f"call {operation} after")
