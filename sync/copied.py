"""A copy of another org: its customers carry keys that were made for the one it was copied from.

A sandbox that was refreshed has the records of production, our fields among them, and an id of its
own. Nobody there has asked for anything: a ledger that begins on such a copy writes nothing before
a person has said so.
"""

from __future__ import annotations

from typing import Final

from integrations.contract import Crm, Query, Ref
from mappings.loaded import Loaded
from mappings.needs import watched
from mappings.translate import placed
from sync.model import case_key

#: Departures of one customer that are thought of.
_DEPARTURES: Final = range(1, 10)


def copied(crm: Crm, loaded: Loaded, org: str) -> str:
    """What to say where no key that is found was made for this org, or nothing.

    One page of customers with a key is looked at: a call for each object.
    """
    place = placed(loaded.programme, loaded.rows, "customer").get("case")
    if place is None:
        return ""
    foreign, more = 0, False
    for object, schema in crm.schema(watched(loaded.programme)).items():
        if place.field not in schema.fields:
            continue
        query = Query(object=object, fields=(place.field,), having=place.field)
        page = next(crm.changes(query, None), None)
        for record in page.records if page else ():
            if _made_for(org, record.ref, record.fields.get(place.field)):
                return ""
            foreign += 1
        more = more or bool(page and not page.last)
    if not foreign:
        return ""
    subject = "1 customer carries" if foreign == 1 else f"{foreign} customers carry"
    return f"this is a copy of another org: {'at least ' if more else ''}{subject} its keys"


def _made_for(org: str, ref: Ref, key: object) -> bool:
    return any(case_key(org, ref, number) == key for number in _DEPARTURES)
