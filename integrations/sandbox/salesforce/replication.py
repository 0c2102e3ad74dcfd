"""What changed and what was deleted in a span of time.

Source: REST API Developer Guide, "sObject Get Updated", "sObject Get Deleted".
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from integrations.sandbox.http import Answer
from integrations.sandbox.salesforce.call import Call, Resource
from integrations.sandbox.salesforce.moments import parse, read_moment, stamp
from integrations.sandbox.salesforce.org import RECYCLE_BIN
from integrations.sandbox.salesforce.refusals import Refusal
from integrations.sandbox.salesforce.table import Row

#: How far back one may ask.
REACH: Final = timedelta(days=30)


def updated(call: Call) -> Answer:
    """``/sobjects/{object}/updated?start=&end=``"""
    start, end = _span(call)
    rows = _rows(call, start, end)
    ids = [row["Id"] for row in rows if not row.get("IsDeleted")]
    return Answer(body={"ids": ids, "latestDateCovered": _covered(call, end)})


def deleted(call: Call) -> Answer:
    """``/sobjects/{object}/deleted?start=&end=``"""
    start, end = _span(call)
    gone = [
        {"id": row["Id"], "deletedDate": row["SystemModstamp"]}
        for row in _rows(call, start, end)
        if row.get("IsDeleted")
    ]
    earliest = stamp(call.org.clock.now() - RECYCLE_BIN)
    return Answer(
        body={
            "deletedRecords": gone,
            "earliestDateAvailable": earliest,
            "latestDateCovered": _covered(call, end),
        }
    )


def _rows(call: Call, start: str, end: str) -> list[Row]:
    table = call.org[call.sobject.name]
    if not call.sobject.facts["replicateable"] or not table.sorted_by("SystemModstamp"):
        words = f"Entity '{call.sobject.name}' is not replicateable"
        raise Refusal("INVALID_TYPE_FOR_OPERATION", words)
    found = (table.rows[key] for key in table.between("SystemModstamp", start, end))
    return [row for row in found if str(row["SystemModstamp"]) < end]


def _span(call: Call) -> tuple[str, str]:
    """Both ends, their seconds cut off; raises Refusal."""
    ends = []
    for name in ("start", "end"):
        # A plus that was not percent-encoded has become a space.
        text = call.request.query.get(name, "").replace(" ", "+")
        moment = read_moment(text)
        if moment is None:
            raise Refusal("INVALID_REPLICATION_DATE", f"{name} is not a date and time: {text}")
        ends.append(stamp(parse(moment).replace(second=0)))
    start, end = ends
    now = call.org.clock.now()
    if start >= end:
        raise Refusal("INVALID_REPLICATION_DATE", "startDate before endDate")
    if start < stamp(now - REACH):
        raise Refusal("INVALID_REPLICATION_DATE", "startDate cannot be more than 30 days ago")
    return start, end


def _covered(call: Call, end: str) -> str:
    """Up to when all changes are known: to the beginning of a transaction that still runs."""
    held = (stamp(moment) for moment, _ in call.org.held)
    return min(end, call.org.now(), *held)


ROUTES: Final[tuple[Resource, ...]] = (
    ("GET", "/sobjects/{object}/updated", "updated.list", updated),
    ("GET", "/sobjects/{object}/deleted", "deleted.list", deleted),
)
