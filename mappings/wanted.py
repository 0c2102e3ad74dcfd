"""What provisioning creates in a CRM: our fields under our own names, and the alumni segments."""

from __future__ import annotations

from collections.abc import Iterator

from integrations.contract import FieldSpec, SegmentSpec, Spec
from mappings.needs import needs, stages
from mappings.programme import Programme
from mappings.rows import Row, Rows


def wanted(programme: Programme, rows: Rows) -> tuple[Spec, ...]:
    """Everything that should be there; fields of the admin's own are never created."""
    return tuple(dict.fromkeys(_wanted(programme, rows)))


def _wanted(programme: Programme, rows: Rows) -> Iterator[Spec]:
    watched = stages(programme, rows)
    for need in needs(programme, rows):
        if need.ours:
            row = need.placed.row if need.placed else watched[need.field]
            yield _field(need.object, need.field, row)
    for segment in programme.alumni:
        yield SegmentSpec(object=programme.people.object, name=segment.list)


def _field(object: str, name: str, row: Row) -> FieldSpec:
    return FieldSpec(
        object=object,
        name=name,
        label=row.label,
        type=row.type,
        options=row.options,
        length=row.length,
        low=row.low,
        high=row.high,
        unique=row.unique,
        case_sensitive=row.case_sensitive,
        written=row.written,
        help=row.help,
    )
