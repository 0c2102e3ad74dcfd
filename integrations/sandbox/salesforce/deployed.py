"""What an admin deploys from source: a custom object with its fields, and who may use it.

Source: "CustomObject" and "PermissionSet" in the Metadata API developer guide. Only what a client
of the data API meets is looked at: layouts and list views are not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree

from integrations.sandbox.salesforce.field import make, read_data
from integrations.sandbox.salesforce.org import Org
from integrations.sandbox.salesforce.schema import SObject
from integrations.sandbox.salesforce.table import Row
from integrations.sandbox.salesforce.tooling import add_field

_SPACE: Final = "{http://soap.sforce.com/2006/04/metadata}"
#: The first characters of the ids of custom objects; each takes the next of these.
_PREFIXES: Final = tuple(f"a0{letter}" for letter in "0123456789ABCDEFGHIJ")
_LISTS: Final = ("value", "fieldPermissions", "objectPermissions")


def deploy(org: Org, source: Path) -> None:
    """Put every object and permission set of a source folder into the org, once."""
    for path in sorted(source.rglob("*.object-meta.xml")):
        name = path.name.split(".")[0]
        if org.schema.find(name) is None:
            _object(org, name, _read(path), read_data("custom"))
            for field in sorted(path.parent.glob("fields/*.field-meta.xml")):
                metadata = _read(field)
                add_field(org, f"{name}.{metadata['fullName']}", metadata, by=org.platform)
    for path in sorted(source.rglob("*.permissionset-meta.xml")):
        name = path.name.split(".")[0]
        known = (row["Name"] for row in org["PermissionSet"].live())
        if name not in known:
            _grants(org, name, _read(path))


def destroy(org: Org, name: str) -> None:
    """Take an object out of the org, with its records and whatever grants access to it."""
    sets = {str(row["ParentId"]) for row in org["FieldPermissions"].live() if _on(name, row)}
    for kind in ("FieldPermissions", "CustomField"):
        for row in [row for row in org[kind].live() if _on(name, row)]:
            org.put(kind, str(row["Id"]), None)
    sets -= {str(row["ParentId"]) for row in org["FieldPermissions"].live()}
    for kind, field in (("PermissionSetAssignment", "PermissionSetId"), ("PermissionSet", "Id")):
        for row in [row for row in org[kind].live() if row[field] in sets]:
            org.put(kind, str(row["Id"]), None)
    org.remove(org.schema[name])


def _on(name: str, row: Row) -> bool:
    return name in (row.get("SobjectType"), row.get("TableEnumOrId"))


def _object(org: Org, name: str, metadata: Mapping[str, Any], standard: Any) -> None:
    taken = {object.prefix for object in org.schema.all()}
    prefix = next(one for one in _PREFIXES if one not in taken)
    label, several = metadata["label"], metadata["pluralLabel"]
    facts = {
        **read_data("defaults")["object"],
        "name": name,
        "label": label,
        "labelPlural": several,
        "keyPrefix": prefix,
        "custom": True,
        "deepCloneable": False,
    }
    fields = {own["name"]: make(own) for own in standard["fields"]}
    called = {"name": "Name", "label": metadata["nameField"]["label"], "type": "string"}
    fields["Name"] = make({**called, "length": 80, "nameField": True, "defaultedOnCreate": True})
    org.add(
        SObject(
            name=name,
            label=label,
            prefix=prefix,
            facts=facts,
            scopes=(("everything", f"All {several}"), ("mine", f"My {several}")),
            tooling=False,
            fields=fields,
        )
    )


def _grants(org: Org, name: str, metadata: Mapping[str, Any]) -> None:
    """A permission set; the integration user is given it."""
    new = org.make("PermissionSet", org.platform, Name=name, Label=metadata["label"], IsCustom=True)
    given = {"PermissionSetId": new, "AssigneeId": org.integration}
    org.make("PermissionSetAssignment", org.platform, **given, IsActive=True)
    for field in metadata.get("fieldPermissions", ()):
        org.make(
            "FieldPermissions",
            org.platform,
            ParentId=new,
            SobjectType=field["field"].partition(".")[0],
            Field=field["field"],
            PermissionsRead=field["readable"],
            PermissionsEdit=field["editable"],
        )


def _read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = _plain(ElementTree.parse(path).getroot())  # noqa: S314
    return found


def _plain(element: ElementTree.Element) -> Any:
    """An element as JSON has it; what may stand there several times is a list."""
    if not len(element):
        text = element.text or ""
        return {"true": True, "false": False}.get(text, int(text) if text.isdigit() else text)
    found: dict[str, Any] = {}
    for name, value in _children(element):
        if name in _LISTS:
            found.setdefault(name, []).append(value)
        else:
            found[name] = value
    return found


def _children(element: ElementTree.Element) -> Iterator[tuple[str, Any]]:
    for child in element:
        yield child.tag.removeprefix(_SPACE), _plain(child)
