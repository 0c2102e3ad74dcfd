"""The stage of the company above, where conditions ask for it: one read for a page of children."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from integrations.contract import Crm, Record
from mappings.facts import above, parent_of
from mappings.needs import asks_for_parents
from mappings.programme import Programme, Watch
from sync.tally import Tally


def with_parents(
    crm: Crm, programme: Programme, watch: Watch, records: Iterable[Record], tally: Tally
) -> tuple[Record, ...]:
    """The records, each with its parent's stage beside its fields; nothing is read in vain."""
    listed = tuple(records)
    name = programme.customer.parent
    if name is None or not asks_for_parents(programme):
        return listed
    parents = {
        record.ref.id: parent
        for record in listed
        if not record.gone and (parent := parent_of(record, programme))
    }
    if not parents:
        return listed
    ids = sorted(set(parents.values()))
    read = crm.read(watch.object, ids, (watch.stage,))
    tally.add(f"read {watch.object}", len(ids), of="read")
    stages = {id: parent.fields.get(watch.stage) for id, parent in read.items() if not parent.gone}
    return tuple(
        replace(
            record, fields={**record.fields, above(name, watch): stages[parents[record.ref.id]]}
        )
        if parents.get(record.ref.id) in stages
        else record
        for record in listed
    )
