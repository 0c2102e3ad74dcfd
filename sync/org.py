"""What the CRM has of everything that a mapping relies on, read at a start and on schedule."""

from __future__ import annotations

from dataclasses import replace

from integrations.contract import NOTE, RELATION, TASK, Crm, Ref
from mappings.fitting import Remembered
from mappings.loaded import Loaded
from mappings.needs import looked_at, watched
from mappings.org import Org
from mappings.programme import Programme


def look(
    crm: Crm,
    loaded: Loaded,
    company: str | None = None,
    *,
    permissions: bool = False,
    remembered: Remembered | None = None,
) -> Org:
    """What the CRM has of everything that the mapping relies on; ``company`` goes by that name.

    ``permissions``: also what our user may not do; that costs a few calls more. ``remembered``:
    what the fields were like when they were there last.
    """
    programme = loaded.programme
    identity = crm.identity()
    objects = (*looked_at(programme), programme.people.object, TASK, NOTE)
    relation = (RELATION,) if programme.people.relation else ()
    # The object that keeps the departures, where it is asked for.
    own = (loaded.rows.departure.names[crm.name],) if programme.record.as_ == "object" else ()
    excluding = {one.list for one in programme.exclude if one.list}
    rosters = crm.rosters(sorted(excluding), _holding(programme)) if excluding else {}
    schemas = crm.schema(tuple(dict.fromkeys((*objects, *own))))
    # What cannot be made, or has a stand-in, is not missed by its permissions.
    able = crm.makes_objects and programme.record.otherwise is None
    used = (*objects, *(one for one in own if able or one in schemas), *relation)
    return Org(
        identity=replace(identity, name=company or identity.name),
        schemas=schemas,
        lacking=crm.lacking(used) if permissions else (),
        owners=crm.owners(),
        segments=crm.segments([segment.list for segment in programme.alumni]),
        rosters=rosters,
        remembered=remembered or {},
        excluded={
            name: frozenset(Ref(object=one.object, id=id) for id in crm.members(one.id))
            for name, one in rosters.items()
            if one.object
        },
    )


def _holding(programme: Programme) -> tuple[str, ...]:
    """What the lists of an exclusion may be of."""
    return tuple(dict.fromkeys((programme.people.object, *watched(programme))))
