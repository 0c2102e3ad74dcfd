"""Every customer that the CRM has, as conditions and roles see them. Only reads."""

from __future__ import annotations

from integrations.contract import Crm, Query
from mappings.facts import CustomerFacts, customer_facts
from mappings.loaded import Loaded
from mappings.needs import reads
from mappings.org import Org
from sync.family import with_parents
from sync.tally import Tally


def everybody(crm: Crm, loaded: Loaded, org: Org) -> list[CustomerFacts]:
    """The customers of every watched object, page by page; those without a stage are none."""
    programme, found = loaded.programme, []
    for watch in programme.watch:
        schema = org.schemas.get(watch.object)
        fields = (watch.stage, *(reads(programme, loaded.rows, schema) if schema else ()))
        query = Query(object=watch.object, fields=tuple(dict.fromkeys(fields)), having=watch.stage)
        for page in crm.changes(query, None):
            there = (record for record in page.records if not record.gone)
            records = with_parents(crm, programme, watch, there, Tally(crm.limits))
            found += [customer_facts(record, programme, loaded.rows) for record in records]
    return found
