"""What provisioning creates in a CRM: our fields under our own names, the alumni segments, and the
object that keeps the departures, where it is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from integrations.contract import SegmentSpec, Spec
from mappings.needs import needs, stages
from mappings.programme import Programme
from mappings.rows import Rows


def wanted(programme: Programme, rows: Rows) -> tuple[Spec, ...]:
    """Everything that should be there; fields of the admin's own are never created."""
    return tuple(dict.fromkeys(_wanted(programme, rows)))


def _wanted(programme: Programme, rows: Rows) -> Iterator[Spec]:
    watched = stages(programme, rows)
    for need in needs(programme, rows):
        if need.ours and need.placed:
            yield need.placed.row.spec(need.object, need.field, need.placed.values)
        elif need.ours:
            # Which stages a customer goes through is the company's own affair.
            yield replace(watched[need.field].spec(need.object, need.field), kept=False)
    for segment in programme.alumni:
        yield SegmentSpec(object=programme.people.object, name=segment.list)
    if programme.record.as_ == "object":
        yield rows.departure.spec(programme.crm)
        yield from rows.departure.fields(programme.crm)
