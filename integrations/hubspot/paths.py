"""Where each operation lives, by API version. The only place that knows a path.

Sources: HubSpot's API reference for dated versions, and "What is going unsupported and when": each
dated version lives for 18 months, version 4 until March and version 3 until September of 2027.
"""

from __future__ import annotations

from typing import Final

#: In the order in which they are tried; ``NUMBERED`` stands for the last numbered one of a path.
NUMBERED: Final = "numbered"
VERSIONS: Final = ("2026-09", "2026-03", NUMBERED)

#: Operation -> method, family, the rest of the path, last numbered version. The family's first word
#: is followed by a numbered version, the whole of it by a dated one. ``{...}`` is filled in,
#: percent-encoded.
PATHS: Final[dict[str, tuple[str, str, str, str]]] = {
    "token": ("POST", "/oauth", "/token", "v3"),
    "account.info": ("GET", "/account-info", "/details", "v3"),
    "objects.list": ("GET", "/crm/objects", "/{object}", "v3"),
    "objects.search": ("POST", "/crm/objects", "/{object}/search", "v3"),
    "objects.read": ("POST", "/crm/objects", "/{object}/batch/read", "v3"),
    "objects.create": ("POST", "/crm/objects", "/{object}/batch/create", "v3"),
    "objects.update": ("POST", "/crm/objects", "/{object}/batch/update", "v3"),
    "labels.list": ("GET", "/crm/associations", "/{object}/{to}/labels", "v4"),
    "schemas.list": ("GET", "/crm-object-schemas", "/schemas", "v3"),
    "schemas.create": ("POST", "/crm-object-schemas", "/schemas", "v3"),
    "associations.read": ("POST", "/crm/associations", "/{object}/{to}/batch/read", "v4"),
    "owners.list": ("GET", "/crm/owners", "", "v3"),
    "pipelines.list": ("GET", "/crm/pipelines", "/{object}", "v3"),
    "properties.list": ("GET", "/crm/properties", "/{object}", "v3"),
    "properties.get": ("GET", "/crm/properties", "/{object}/{name}", "v3"),
    "properties.update": ("PATCH", "/crm/properties", "/{object}/{name}", "v3"),
    "properties.create": ("POST", "/crm/properties", "/{object}", "v3"),
    "groups.create": ("POST", "/crm/properties", "/{object}/groups", "v3"),
    "lists.search": ("POST", "/crm/lists", "/search", "v3"),
    "lists.create": ("POST", "/crm/lists", "", "v3"),
    "members.list": ("GET", "/crm/lists", "/{list}/memberships", "v3"),
    "rosters.read": ("POST", "/crm/lists", "/records/memberships/batch/read", "v3"),
    "members.change": ("PUT", "/crm/lists", "/{list}/memberships/add-and-remove", "v3"),
    "opt_outs.read": (
        "GET",
        "/communication-preferences",
        "/statuses/{email}/unsubscribe-all",
        "v4",
    ),
    "opt_outs.batch.read": (
        "POST",
        "/communication-preferences",
        "/statuses/batch/unsubscribe-all/read",
        "v4",
    ),
    "mail.send": ("POST", "/marketing/transactional", "/single-email/send", "v3"),
}
#: Operations that change something: their answers must not be lost.
WRITES: Final = frozenset(
    name for name in PATHS if name.endswith((".create", ".update", ".change", ".send"))
)
#: What an answer has at least; a success without it is not HubSpot's.
HOLDS: Final = {
    **{name: "results" for name in PATHS if name.endswith((".read", ".list", ".search"))},
    "account.info": "portalId",
    "lists.search": "lists",
    "mail.send": "status",
    "properties.get": "name",
    "token": "access_token",
}


def path(operation: str, version: str) -> tuple[str, str]:
    """Method and path of an operation in one of ``VERSIONS``."""
    method, family, rest, number = PATHS[operation]
    if version != NUMBERED:
        return method, f"{family}/{version}{rest}"
    _, first, *others = family.split("/")
    return method, "/".join(("", first, number, *others)) + rest


def named(operation: str, version: str) -> str:
    """The version as HubSpot calls it."""
    return PATHS[operation][3] if version == NUMBERED else version
