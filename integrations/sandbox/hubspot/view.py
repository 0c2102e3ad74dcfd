"""Records as the API shows them: HubSpot's SimplePublicObject and its relatives."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Final

from integrations.sandbox.hubspot.kinds import Kind
from integrations.sandbox.hubspot.portal import Portal
from integrations.sandbox.hubspot.records import Record, Version
from integrations.sandbox.hubspot.wire import Json, instant

#: Associated records that an answer about other things tells of each object.
FIRST_PAGE: Final = 100
#: The ``paging`` of associations with an object, from a record on.
Further = Callable[[Kind, str], Json]


def shown(
    portal: Portal,
    record: Record,
    names: Collection[str] = (),
    *,
    history: Sequence[str] = (),
    associations: Sequence[Kind] = (),
    further: Further | None = None,
) -> Json:
    """A record with the properties asked for, or those that HubSpot shows unasked.

    A property without a value is null, and one that the portal does not have is left out.
    """
    kind = record.kind
    known = portal.schema(kind).properties
    wanted = dict.fromkeys((*kind.always, *(names or kind.shown)))
    found: Json = {
        "id": str(record.id),
        "properties": {name: record.get(name) for name in sorted(wanted) if name in known},
    }
    if history:
        found["propertiesWithHistory"] = {
            name: [_version(one) for one in record.history(name)]
            for name in history
            if name in known
        }
    found |= _envelope(portal, record)
    related: Json = {}
    for target in associations:
        ids = sorted(portal.links.of(record.kind, record.id, target))
        if ids:
            here = list(_associated(portal, record, target, ids[:FIRST_PAGE]))
            related[target.plural] = {"results": here}
            if further and len(ids) > FIRST_PAGE:
                related[target.plural]["paging"] = further(target, str(ids[FIRST_PAGE]))
    if related:
        found["associations"] = related
    return found


def everything(portal: Portal, record: Record) -> Json:
    """A record with every property that has a value, as a create answers."""
    return shown(portal, record, [name for name in record.now if record.get(name)])


def _envelope(portal: Portal, record: Record) -> Json:
    kind = record.kind
    found: Json = {
        "createdAt": instant(record.created_at),
        "updatedAt": instant(record.updated_at),
        "archived": record.archived_at is not None,
    }
    if record.archived_at is not None:
        found["archivedAt"] = instant(record.archived_at)
    place = f"{portal.id}/record/{kind.type_id}/{record.id}"
    return found | {"url": f"https://app.hubspot.com/contacts/{place}"}


def _version(version: Version) -> Json:
    source = version.source
    found: Json = {
        "value": version.value,
        "timestamp": instant(version.at),
        "sourceType": source.type,
    }
    if source.id:
        found["sourceId"] = source.id
    if source.label:
        found["sourceLabel"] = source.label
    if source.user:
        found["updatedByUserId"] = source.user
    return found


def _associated(portal: Portal, record: Record, target: Kind, ids: Sequence[int]) -> Iterable[Json]:
    types = portal.links.types(record.kind, target)
    held = portal.links.of(record.kind, record.id, target)
    for other in ids:
        # Labelled types come first.
        for type_ in reversed(types):
            if type_.id in held[other]:
                yield {"id": str(other), "type": type_.name}
