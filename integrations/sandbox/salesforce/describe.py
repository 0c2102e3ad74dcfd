"""What the org tells of its objects and fields: the describe resources."""

from __future__ import annotations

from typing import Any, Final

from integrations.sandbox.salesforce import recordtypes
from integrations.sandbox.salesforce.field import Field
from integrations.sandbox.salesforce.org import Org
from integrations.sandbox.salesforce.schema import SObject

#: Keys of a full describe that say the same of every object here.
_ALWAYS: Final[dict[str, Any]] = {
    "actionOverrides": [],
    "defaultImplementation": None,
    "extendedBy": None,
    "extendsInterfaces": None,
    "implementedBy": None,
    "implementsInterfaces": None,
    "listviewable": None,
    "lookupLayoutable": None,
    "namedLayoutInfos": [],
    "networkScopeFieldName": None,
    "sobjectDescribeOption": "FULL",
}


def all_objects(org: Org, version: str) -> dict[str, Any]:
    """The global describe; of the Tooling API where the version says so."""
    tooling = (sobject for sobject in org.schema.all() if sobject.tooling)
    objects = tooling if version.endswith("/tooling") else org.schema
    return {
        "encoding": "UTF-8",
        "maxBatchSize": 200,
        "sobjects": [in_short(sobject, version) for sobject in objects],
    }


def in_short(object: SObject, version: str) -> dict[str, Any]:
    """One object of the global describe."""
    return {**object.facts, "urls": _urls(object, version)}


def in_full(org: Org, object: SObject, version: str, base: str) -> dict[str, Any]:
    """The describe of one object: the fields that this user may read."""
    layout = bool(object.facts["layoutable"])
    urls = _urls(object, version)
    described = {
        **object.facts,
        **_ALWAYS,
        "childRelationships": _children(org, object),
        "compactLayoutable": layout,
        "fields": [field_body(org, object, field) for field in org.visible(object)],
        "recordTypeInfos": list(recordtypes.infos(org, object, version)),
        "searchLayoutable": layout or None,
        "supportedScopes": [{"label": label, "name": name} for name, label in object.scopes],
        "urls": {**urls, **_pages(object, base)} if layout else urls,
    }
    if not org.edits(object):
        described |= {"createable": False, "updateable": False}
    return dict(sorted(described.items()))


def field_body(org: Org, object: SObject, field: Field) -> dict[str, Any]:
    """One field of a describe."""
    body = {
        **field.facts,
        "picklistValues": [
            {
                "active": True,
                "defaultValue": choice.value == field.default,
                "label": choice.label,
                "validFor": None,
                "value": choice.value,
            }
            for choice in field.choices
        ],
    }
    if not org.sees(object, field, edit=True):
        body |= {"createable": False, "updateable": False}
    return dict(sorted(body.items()))


def _children(org: Org, object: SObject) -> list[dict[str, Any]]:
    return [
        {
            "cascadeDelete": field.cascade,
            "childSObject": child.name,
            "deprecatedAndHidden": False,
            "field": field.name,
            "junctionIdListNames": [],
            "junctionReferenceTo": [],
            "relationshipName": field.children,
            "restrictedDelete": field.restrict,
        }
        for child, field in org.schema.children(object.name)
        if org.sees(child, field)
    ]


def _urls(object: SObject, version: str) -> dict[str, str]:
    home = f"/services/data/{version}/sobjects/{object.name}"
    urls = {"rowTemplate": f"{home}/{{ID}}", "describe": f"{home}/describe", "sobject": home}
    if object.facts["layoutable"]:
        urls |= {
            "compactLayouts": f"{home}/describe/compactLayouts",
            "layouts": f"{home}/describe/layouts",
            "quickActions": f"{home}/quickActions",
        }
    return urls


def _pages(object: SObject, base: str) -> dict[str, str]:
    return {
        "uiDetailTemplate": f"{base}/{{ID}}",
        "uiEditTemplate": f"{base}/{{ID}}/e",
        "uiNewRecord": f"{base}/{object.prefix}/e",
    }
