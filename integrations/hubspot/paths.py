"""Where each operation lives, by API version. The only place that knows a path.

Source: HubSpot's API reference for date-based versions (2026-09).
"""

from __future__ import annotations

from typing import Final

VERSION: Final = "2026-09"

#: Operation -> (method, path). ``{...}`` is filled in, percent-encoded.
PATHS: Final[dict[str, tuple[str, str]]] = {
    "account.info": ("GET", f"/account-info/{VERSION}/details"),
    "objects.search": ("POST", f"/crm/objects/{VERSION}/{{object}}/search"),
    "objects.read": ("POST", f"/crm/objects/{VERSION}/{{object}}/batch/read"),
    "objects.one": ("GET", f"/crm/objects/{VERSION}/{{object}}/{{id}}"),
    "objects.create": ("POST", f"/crm/objects/{VERSION}/{{object}}/batch/create"),
    "objects.update": ("POST", f"/crm/objects/{VERSION}/{{object}}/batch/update"),
    "associations.read": ("POST", f"/crm/associations/{VERSION}/{{object}}/{{to}}/batch/read"),
    "owners.list": ("GET", f"/crm/owners/{VERSION}"),
    "properties.list": ("GET", f"/crm/properties/{VERSION}/{{object}}"),
    "properties.create": ("POST", f"/crm/properties/{VERSION}/{{object}}"),
    "groups.create": ("POST", f"/crm/properties/{VERSION}/{{object}}/groups"),
    "lists.search": ("POST", f"/crm/lists/{VERSION}/search"),
    "lists.create": ("POST", f"/crm/lists/{VERSION}"),
    "members.list": ("GET", f"/crm/lists/{VERSION}/{{list}}/memberships"),
    "members.change": ("PUT", f"/crm/lists/{VERSION}/{{list}}/memberships/add-and-remove"),
    "opt_outs.read": (
        "GET",
        f"/communication-preferences/{VERSION}/statuses/{{email}}/unsubscribe-all",
    ),
    "mail.send": ("POST", f"/marketing/transactional/{VERSION}/single-email/send"),
}
#: Operations that change something: their answers must not be lost.
WRITES: Final = frozenset(
    name for name in PATHS if name.endswith((".create", ".update", ".change", ".send"))
)
#: What an answer has at least; a success without it is not HubSpot's.
HOLDS: Final = {
    **{name: "results" for name in PATHS if name.endswith((".read", ".list", ".search"))},
    "account.info": "portalId",
    "objects.one": "id",
    "lists.search": "lists",
    "mail.send": "status",
}
