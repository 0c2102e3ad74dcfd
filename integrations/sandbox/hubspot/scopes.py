"""Which scopes a call needs; any one of those named will do. Source: "Scopes" in HubSpot's docs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from integrations.sandbox.hubspot.kinds import (
    ACTIVITIES,
    CONTACTS,
    EMAILS,
    KINDS,
    TICKETS,
    Kind,
    kind_of,
)

#: The scopes by which something is read, and written.
Needs = tuple[Sequence[str], Sequence[str]]

#: Those of the custom object types as such.
CUSTOM: Final[Needs] = (("crm.schemas.custom.read",), ("crm.schemas.custom.write",))
#: Endings of the names of operations that only read.
_READS: Final = frozenset({"list", "get", "search", "read"})


def needed(operation: str, params: Mapping[str, str], made: Sequence[Kind] = ()) -> Sequence[str]:
    """The scopes of an operation on what its path names; none where any key will do.

    ``made``: the object types that the portal made.
    """
    needs = _NEEDS.get(operation.partition(".")[0])
    if needs is None:
        return ()
    spelling = params.get("object") or params.get("from") or CONTACTS.plural
    if operation in ("schemas.list", "schemas.create"):
        reads, writes = CUSTOM
    else:
        reads, writes = needs(kind_of(spelling, made))
    return reads if operation.rpartition(".")[2] in _READS else writes


def _name(kind: Kind) -> str:
    """What a scope calls an object type; tasks and notes go by contacts."""
    if kind.custom:
        return "custom"
    return CONTACTS.plural if kind in ACTIVITIES else kind.plural


def _objects(kind: Kind) -> Needs:
    if kind is TICKETS:
        return ("crm.objects.tickets.read", "tickets"), ("crm.objects.tickets.write", "tickets")
    name = _name(kind)
    read = "sales-email-read" if kind is EMAILS else f"crm.objects.{name}.read"
    return (read,), (f"crm.objects.{name}.write",)


def _schemas(kind: Kind) -> Needs:
    if kind is TICKETS:
        return ("tickets",), ("tickets",)
    name = _name(kind)
    reads = (f"crm.schemas.{name}.read", f"crm.objects.{name}.read")
    return reads, (f"crm.schemas.{name}.write",)


def _always(reads: Sequence[str], writes: Sequence[str]) -> Callable[[Kind], Needs]:
    return lambda kind: (reads, writes)


_LISTS: Final = _always(("crm.lists.read",), ("crm.lists.write",))
_EITHER: Final = "communication_preferences.read_write"
_NEEDS: Final[Mapping[str, Callable[[Kind], Needs]]] = {
    "objects": _objects,
    "associations": _objects,
    "properties": _schemas,
    "groups": _schemas,
    "pipelines": _schemas,
    "stages": _schemas,
    "schemas": _schemas,
    "owners": _always(("crm.objects.owners.read",), ()),
    "lists": _LISTS,
    "memberships": _LISTS,
    "subscriptions": _always(
        ("communication_preferences.read", _EITHER), ("communication_preferences.write", _EITHER)
    ),
    "email": _always((), ("transactional-email",)),
}


def every() -> list[str]:
    """What somebody has who may do everything, but for what a portal has to buy."""
    custom = {f"crm.objects.custom.{what}" for what in ("read", "write")}
    found = {"oauth", *custom, *(scope for side in CUSTOM for scope in side)}
    for family, needs in _NEEDS.items():
        if family != "email":
            found.update(scope for kind in KINDS for side in needs(kind) for scope in side)
    return sorted(found)
