"""Our permission set: what lets the integration user see the fields that we add, and edit most.

What people alone set, the watched stage above all, it only reads.

A new field is hidden, from administrators too, until a permission set or a profile grants it. The
plugin brings the same set, by the same name. Sources: "PermissionSet", "FieldPermissions",
"ObjectPermissions" and "PermissionSetAssignment" in the Object reference.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from functools import cached_property
from typing import Any, Final

from integrations.contract import RELATION
from integrations.errors import Drift, Exists, Gone
from integrations.salesforce import soql
from integrations.salesforce.activities import TABLES
from integrations.salesforce.client import Client

NAME, LABEL = "Aurevoir_Service", "Aurevoir: service"
#: Access to tasks is a right of the user, not of an object.
_ALWAYS: Final = ("Task",)
#: Who may see one of these must be allowed to see accounts.
_OF_ACCOUNTS: Final = ("Contact", "Contract", "Opportunity")


#: Who contacts are to accounts.
_ROLES: Final = "AccountContactRelation"


class Permissions:
    """The permission set as the org has it; nothing that is granted already is granted again."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def grant(self, object: str, field: str, *, edit: bool) -> None:
        """Let the integration user read a field, or edit it too, and the records that have it."""
        needed = ("Account", object) if object in _OF_ACCOUNTS else (object,)
        for one in needed:
            if one not in _ALWAYS:
                self._grant("ObjectPermissions", {"SobjectType": one}, edit=True)
        what = {"SobjectType": object, "Field": f"{object}.{field}"}
        self._grant("FieldPermissions", what, edit=edit)

    def _grant(self, kind: str, what: Mapping[str, str], *, edit: bool) -> None:
        given = {"ParentId": self._id, **what}
        rights = {"PermissionsRead": True, "PermissionsEdit": edit}
        if (found := self._row(kind, given, "PermissionsEdit")) is None:
            with suppress(Exists):
                self._client.create(kind, {**given, **rights})
        elif edit and not found["PermissionsEdit"]:
            place = f"sobjects/{kind}/{found['Id']}"
            self._client.write(f"{kind}.update", "PATCH", place, body=rights)

    @cached_property
    def _id(self) -> str:
        """The id of the set, which the integration user has, or is given."""
        set = self._find("PermissionSet", {"Name": NAME}) or self._client.create(
            "PermissionSet", {"Name": NAME, "Label": LABEL}
        )
        given = {"PermissionSetId": set, "AssigneeId": self._client.me()}
        if not self._find("PermissionSetAssignment", given):
            self._client.create("PermissionSetAssignment", given)
        return set

    def _find(self, object: str, having: Mapping[str, str]) -> str | None:
        row = self._row(object, having)
        return str(row["Id"]) if row else None

    def _row(self, object: str, having: Mapping[str, str], *also: str) -> Mapping[str, Any] | None:
        where = (soql.equals(name, value) for name, value in having.items())
        query = soql.select(["Id", *also], object, *where)
        rows: list[Mapping[str, Any]] = self._client.query("permissions.query", query)["records"]
        return next(iter(rows), None)


def lacking(client: Client, objects: Collection[str], *, made: str = "") -> tuple[str, ...]:
    """The rights to these objects that our user lacks: ``Edit on Account``; a call for each.

    ``made``: an object whose records we create, as we do tasks.
    """
    found = []
    tables = {**TABLES, RELATION: _ROLES}
    for object in dict.fromkeys(tables.get(one, one) for one in objects):
        try:
            said = client.describe(object)
        except (Drift, Gone):
            found.append(f"Read on {object}")
            continue
        if object == _ROLES:
            continue  # they are only read
        create = {"createable": "Create"} if object in ("Task", made) else {}
        wanted = {"updateable": "Edit"} | create
        found += [f"{right} on {object}" for flag, right in wanted.items() if not said.get(flag)]
    return tuple(found)
