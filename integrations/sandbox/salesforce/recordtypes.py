"""Record types: kinds of one object, each with the picklist values that it offers.

Source: Object Reference, "RecordType"; Metadata API Developer Guide, "RecordType"; User Interface
API Developer Guide, "Get Values for All Picklist Fields of a Record Type".
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any, Final

from integrations.sandbox.http import Answer
from integrations.sandbox.salesforce.call import Call, Resource
from integrations.sandbox.salesforce.draft import Draft
from integrations.sandbox.salesforce.field import Choice, Field, make
from integrations.sandbox.salesforce.ids import normal
from integrations.sandbox.salesforce.org import Org
from integrations.sandbox.salesforce.refusals import Refusal, missing, not_found, unparsed
from integrations.sandbox.salesforce.schema import SObject
from integrations.sandbox.salesforce.table import Row

FIELD: Final = "RecordTypeId"
#: The record type that every object has.
MASTER: Final = "012000000000000AAA"
_PICKLISTS: Final = ("picklist", "multipicklist")


def facts(sobject: SObject, name: str, metadata: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a record type's record, from its metadata; raises Refusal."""
    if not metadata.get("label"):
        raise missing(["label"])
    for entry in metadata.get("picklistValues") or ():
        if not isinstance(entry, Mapping):
            raise unparsed("picklistValues", entry)
        field = sobject.find(str(entry.get("picklist")))
        known = {choice.value for choice in field.choices} if field else set()
        for value in entry.get("values") or ():
            if value.get("fullName") not in known:
                words = f"Picklist value: {value.get('fullName')} in picklist: "
                words += f"{entry.get('picklist')} not found"
                raise Refusal("FIELD_INTEGRITY_EXCEPTION", words, fields=["Metadata"])
    return {
        "Name": str(metadata["label"]),
        "DeveloperName": name,
        "Description": metadata.get("description"),
        "SobjectType": sobject.name,
        "IsActive": metadata.get("active") is not False,
        "IsPersonType": False,
    }


def show(org: Org, sobject: SObject) -> None:
    """The object gets its field, as soon as there is a record type of it."""
    if sobject.find(FIELD) is None:
        sobject.add(
            make(
                {
                    "name": FIELD,
                    "label": "Record Type ID",
                    "type": "reference",
                    "referenceTo": ["RecordType"],
                    "relationshipName": "RecordType",
                    "defaultedOnCreate": True,
                }
            )
        )
        org[sobject.name].reindex()


def of(org: Org, object: str) -> list[Row]:
    """The active record types of an object; the first is what new records get."""
    return [r for r in org["RecordType"].live() if r["SobjectType"] == object and r["IsActive"]]


def check(draft: Draft) -> None:
    """Give a new record its type, and refuse values that its type does not offer."""
    sobject = draft.org.schema[draft.object]
    if sobject.find(FIELD) is None:
        return
    types = of(draft.org, draft.object)
    chosen = draft.text(FIELD)
    if chosen is None:
        if draft.new and types:
            chosen = str(types[0]["Id"])
            draft.values[FIELD] = chosen
    elif draft.changed(FIELD) and chosen not in [row["Id"] for row in types]:
        words = "Record Type ID: this ID value isn't valid for the user: " + chosen
        raise Refusal("INVALID_CROSS_REFERENCE_KEY", words, fields=[FIELD])
    for field in sobject.fields.values():
        if field.type in _PICKLISTS and field.restricted and draft.changed(field.name):
            offered = {choice.value for choice in _offered(draft.org, field, chosen)}
            for part in str(draft.values.get(field.name) or "").split(";"):
                if part and part not in offered:
                    raise Refusal(
                        "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
                        f"{field.label}: bad value for restricted picklist field: {part}",
                        fields=[field.name],
                    )


def infos(org: Org, sobject: SObject, version: str) -> Iterator[dict[str, Any]]:
    """The record types in a describe; Master is the last."""
    types = of(org, sobject.name)
    named = [(str(r["Id"]), str(r["DeveloperName"]), str(r["Name"])) for r in types]
    for number, (id, developer, name) in enumerate([*named, (MASTER, "Master", "Master")]):
        layout = f"/services/data/{version}/sobjects/{sobject.name}/describe/layouts/{id}"
        yield {
            "active": True,
            "available": True,
            "defaultRecordTypeMapping": number == 0,
            "developerName": developer,
            "master": id == MASTER,
            "name": name,
            "recordTypeId": id,
            "urls": {"layout": layout},
        }


def picklists(call: Call) -> Answer:
    """``/ui-api/object-info/{object}/picklist-values/{recordType}`` and ``.../{field}``"""
    org, sobject = call.org, call.sobject
    asked = normal(call.request.params["id"])
    if asked != MASTER and asked not in [row["Id"] for row in of(org, sobject.name)]:
        raise not_found()
    home = f"/services/data/{call.version}/ui-api/object-info/{sobject.name}"
    found = {
        field.name: _values(org, field, asked, f"{home}/picklist-values/{asked}/{field.name}")
        for field in org.visible(sobject)
        if field.type in _PICKLISTS
    }
    one = call.request.params.get("field")
    if one is not None:
        if one not in found:
            raise not_found()
        return Answer(body=found[one])
    url = f"{home}/picklist-values/{asked}"
    return Answer(body={"eTag": _tag(found), "picklistFieldValues": found, "url": url})


def _values(org: Org, field: Field, type: str | None, url: str) -> dict[str, Any]:
    values: list[dict[str, Any]] = [
        {"attributes": None, "label": choice.label, "validFor": [], "value": choice.value}
        for choice in _offered(org, field, type)
    ]
    default = next((value for value in values if value["value"] == field.default), None)
    return {
        "controllerValues": {},
        "defaultValue": default,
        "eTag": _tag(values),
        "url": url,
        "values": values,
    }


def _offered(org: Org, field: Field, type: str | None) -> Sequence[Choice]:
    """The values of a picklist that a record type has; without a word about it, all of them."""
    row = org["RecordType"].rows.get(type or "")
    made = org.record_types.get(str(row["Id"]), {}) if row else {}
    for entry in made.get("picklistValues") or ():
        if entry.get("picklist") == field.name:
            names = {value["fullName"] for value in entry["values"]}
            return [choice for choice in field.choices if choice.value in names]
    return field.choices


def _tag(value: object) -> str:
    return sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:32]


_HOME: Final = "/ui-api/object-info/{object}/picklist-values/{id}"
ROUTES: Final[tuple[Resource, ...]] = (
    ("GET", _HOME, "picklists.get", picklists),
    ("GET", f"{_HOME}/{{field}}", "picklists.get", picklists),
)
