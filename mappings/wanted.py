"""What provisioning creates in a CRM: our fields under our own names, and the alumni segments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from integrations.contract import FieldSpec, Option, SegmentSpec, Spec
from mappings.needs import needs, stages
from mappings.programme import Programme
from mappings.rows import Row, Rows


def wanted(programme: Programme, rows: Rows) -> tuple[Spec, ...]:
    """Everything that should be there; fields of the admin's own are never created."""
    return tuple(dict.fromkeys(_wanted(programme, rows)))


def _wanted(programme: Programme, rows: Rows) -> Iterator[Spec]:
    watched = stages(programme, rows)
    for need in needs(programme, rows):
        if need.ours and need.placed:
            values = need.placed.values
            yield _field(need.object, need.field, need.placed.row, values)
        elif need.ours:
            # Which stages a customer goes through is the company's own affair.
            yield replace(_field(need.object, need.field, watched[need.field], {}), kept=False)
    for segment in programme.alumni:
        yield SegmentSpec(object=programme.people.object, name=segment.list)


def _field(object: str, name: str, row: Row, values: Mapping[str, str]) -> FieldSpec:
    """``values``: our choice -> the CRM's, where they differ."""
    options = {values.get(option.value, option.value): option.label for option in row.options}
    return FieldSpec(
        object=object,
        name=name,
        label=row.label,
        type=row.type,
        options=tuple(Option(value=value, label=label) for value, label in options.items()),
        length=row.length,
        low=row.low,
        high=row.high,
        unique=row.unique,
        case_sensitive=row.case_sensitive,
        written=row.written,
        help=row.help,
    )
