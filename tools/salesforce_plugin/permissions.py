"""The permission sets. Source: "PermissionSet" in the Metadata API developer guide.

A new field is seen by nobody, administrators included, until a permission set says so. Fields of
activities are permitted as fields of Task.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from tools.salesforce_plugin.model import Model, Placed
from tools.salesforce_plugin.xml import Element, Elements, document

#: Says whether a field may be edited; None hides it.
_Access = Callable[[Placed], bool | None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Grant:
    """One permission set."""

    name: str
    label: str
    description: str
    access: _Access
    #: For the stage's own package.
    watched: bool = False
    #: Objects -> what may be done with their records: r(ead), c(reate), e(dit), v(iew all).
    objects: tuple[tuple[str, str], ...] = ()
    permissions: tuple[str, ...] = ()


def _ours(placed: Placed) -> bool:
    return placed.row.written


def _people(placed: Placed) -> bool:
    return placed.row.set_by_people


def _look(placed: Placed) -> bool | None:
    """Whoever only reads needs nobody's own link to the survey."""
    return None if placed.row.key == "survey_url" else False


GRANTS: Final = (
    Grant(
        name="Aurevoir_Service",
        label="Aurevoir: service",
        description="For the user that Aurevoir signs in as: its fields, tasks, and campaigns.",
        access=_ours,
        objects=(("Account", "rev"), ("Campaign", "rcev"), ("Contact", "rev")),
        permissions=("ApiEnabled", "EditTask"),
    ),
    Grant(
        name="Aurevoir_Csm",
        label="Aurevoir: customer success",
        description="For whoever takes part in an off-boarding: sees everything, and edits what "
        "people decide: the decision, the last day, the reason, the exit interview.",
        access=_people,
    ),
    Grant(
        name="Aurevoir_Reader",
        label="Aurevoir: reader",
        description="Sees the off-boarding and changes nothing. Links to the survey stay hidden.",
        access=_look,
    ),
    Grant(
        name="Aurevoir_Stage_Reader",
        label="Aurevoir: customer stage, read only",
        description="Sees a customer's stage. For the service, which never writes it, and for "
        "whoever only looks. Only where the field comes from this plugin.",
        access=lambda placed: False,
        watched=True,
    ),
    Grant(
        name="Aurevoir_Stage",
        label="Aurevoir: customer stage",
        description="May move a customer's stage. Only where the field comes from this plugin.",
        access=_people,
        watched=True,
    ),
)

_RIGHTS: Final = {
    "r": "allowRead",
    "c": "allowCreate",
    "e": "allowEdit",
    "d": "allowDelete",
    "v": "viewAllRecords",
    "m": "modifyAllRecords",
}


def permissions(model: Model) -> Iterator[tuple[str, str]]:
    """The path and the text of each."""
    own_stage = not any(placed.watched for placed in model.fields)
    for grant in GRANTS:
        if grant.watched and own_stage:
            continue  # Who sees the org's own field is the org's own business.
        package = "stage" if grant.watched else "force-app"
        folder = f"{package}/main/default/permissionsets"
        yield f"{folder}/{grant.name}.permissionset-meta.xml", _document(grant, model)


def _document(grant: Grant, model: Model) -> str:
    made: dict[str, Element] = {
        "label": grant.label,
        "description": grant.description,
        "hasActivationRequired": False,
        "fieldPermissions": list(_fields(grant, model)),
    }
    if grant.objects:
        made["objectPermissions"] = [_object(*pair) for pair in grant.objects]
        made["userPermissions"] = [{"enabled": True, "name": name} for name in grant.permissions]
    return document("PermissionSet", made)


def _fields(grant: Grant, model: Model) -> Iterator[Elements]:
    if not grant.watched:
        # The cards and the service ask whether a person has opted out.
        yield _field("Contact.HasOptedOutOfEmail", editable=False)
    for placed in model.fields:
        editable = grant.access(placed)
        if placed.watched == grant.watched and editable is not None:
            yield _field(placed.permitted, editable=editable)


def _field(name: str, *, editable: bool) -> Elements:
    return {"editable": editable, "field": name, "readable": True}


def _object(name: str, rights: str) -> Elements:
    return {"object": name, **{says: letter in rights for letter, says in _RIGHTS.items()}}
