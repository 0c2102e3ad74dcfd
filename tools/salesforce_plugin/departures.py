"""The object that keeps a record of each departure: a package of its own, for orgs that want it.

Sources: "CustomObject", "CustomField", "Layout" and "PermissionSet" in the Metadata API developer
guide.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mappings.departure import Shape
from tools.salesforce_plugin.fields import custom_field
from tools.salesforce_plugin.model import CRM, Model, Placed
from tools.salesforce_plugin.xml import Element, Elements, document

_MAIN: Final = "optional/departures/main/default"
#: Permission set -> its label, what it says of itself, and whether it may write.
_GRANTS: Final = {
    "Aurevoir_Departures_Service": (
        "Aurevoir: departures, service",
        "For the user that Aurevoir signs in as: keeps a record of each departure.",
        True,
    ),
    "Aurevoir_Departures": (
        "Aurevoir: departures",
        "Sees the record of each departure and changes nothing.",
        False,
    ),
}


def departures(model: Model) -> Iterator[tuple[str, str]]:
    """The path and the text of each file."""
    shape = model.loaded.rows.departure
    object = shape.names[CRM]
    home = f"{_MAIN}/objects/{object}"
    yield f"{home}/{object}.object-meta.xml", _object(shape)
    for name, text in _fields(shape):
        yield f"{home}/fields/{name}.field-meta.xml", text
    yield f"{home}/listViews/All.listView-meta.xml", _list(shape)
    yield f"{_MAIN}/layouts/{object}-{shape.label} Layout.layout-meta.xml", _layout(shape)
    for name in _GRANTS:
        yield f"{_MAIN}/permissionsets/{name}.permissionset-meta.xml", _grant(shape, name)


def _object(shape: Shape) -> str:
    return document(
        "CustomObject",
        {
            "label": shape.label,
            "pluralLabel": shape.plural,
            "description": shape.help,
            "nameField": {"label": shape.columns[shape.display].label, "type": "Text"},
            "deploymentStatus": "Deployed",
            "sharingModel": "ReadWrite",
            "enableReports": True,
            "enableSearch": True,
            "enableBulkApi": True,
            "enableSharing": True,
            "enableStreamingApi": True,
        },
    )


def _fields(shape: Shape) -> Iterator[tuple[str, str]]:
    """The fields, and what points to the customer."""
    for column in shape.columns.values():
        if CRM not in column.standard:
            spec = column.spec(shape.names[CRM], column.names[CRM])
            yield spec.name, custom_field(Placed(spec=spec, row=column, watched=False))
    for target, name in shape.about[CRM].items():
        made: Elements = {
            "fullName": name,
            "label": "Customer" if target == "Account" else "Consumer",
            "inlineHelpText": "Whose departure this is.",
            "type": "Lookup",
            "referenceTo": target,
            "relationshipLabel": shape.plural,
            "relationshipName": f"Aurevoir_{shape.plural}",
            "deleteConstraint": "SetNull",
            "required": False,
        }
        yield name, document("CustomField", made)


def _names(shape: Shape) -> list[str]:
    """The fields that people read, in their order; the key is nobody's business."""
    own = [c.names[CRM] for key, c in shape.columns.items() if key != "key"]
    return [own[0], *shape.about[CRM].values(), *own[1:]]


def _list(shape: Shape) -> str:
    shown = ("status", "exit_reason", "opened_on", "departs_on", "outcome")
    columns = [
        "NAME",
        *shape.about[CRM].values(),
        *(shape.columns[key].names[CRM] for key in shown),
    ]
    named: Elements = {"fullName": "All", "label": "All", "filterScope": "Everything"}
    return document("ListView", {**named, "columns": columns})


def _layout(shape: Shape) -> str:
    items: list[Element] = [
        {
            "behavior": "Required" if name == "Name" else "Edit",
            "field": name,
        }
        for name in _names(shape)
    ]
    return document(
        "Layout",
        {
            "layoutSections": {
                "label": shape.label,
                "style": "OneColumn",
                "customLabel": True,
                "detailHeading": True,
                "editHeading": True,
                "layoutColumns": {"layoutItems": items},
            },
        },
    )


def _grant(shape: Shape, name: str) -> str:
    label, description, writes = _GRANTS[name]
    object = shape.names[CRM]
    permitted = [one for one in shape.needed(CRM) if one.endswith("__c")]
    return document(
        "PermissionSet",
        {
            "label": label,
            "description": description,
            "hasActivationRequired": False,
            "fieldPermissions": [
                {"editable": writes, "field": f"{object}.{one}", "readable": True}
                for one in permitted
            ],
            "objectPermissions": {
                "object": object,
                "allowRead": True,
                "allowCreate": writes,
                "allowEdit": writes,
                "allowDelete": False,
                "viewAllRecords": writes,
                "modifyAllRecords": False,
            },
        },
    )
