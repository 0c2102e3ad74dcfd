"""The Tooling API as far as custom fields go: make one, see which there are, take one away.

Source: Tooling API Developer Guide, "CustomField", "EntityDefinition".
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from integrations.sandbox.http import Answer
from integrations.sandbox.salesforce import customfields, persons
from integrations.sandbox.salesforce.call import Call, Resource
from integrations.sandbox.salesforce.field import Field, Value
from integrations.sandbox.salesforce.org import Org
from integrations.sandbox.salesforce.refusals import Refusal, missing, not_found, unparsed
from integrations.sandbox.salesforce.schema import ACTIVITIES, SObject
from integrations.sandbox.salesforce.shown import record
from integrations.sandbox.salesforce.soql.run import run
from integrations.sandbox.salesforce.table import Row

#: Fields that a query may ask for of no more than one record.
_HEAVY: Final = {"FullName", "Metadata"}


def query(call: Call) -> Answer:
    """``/tooling/query?q=``; every answer is one page."""
    text = call.request.query.get("q", "")
    found = run(call.org, text, f"{call.version}/tooling", tooling=True)
    if found.total > 1 and _HEAVY.intersection(found.fields):
        words = (
            "When retrieving results with Metadata or FullName fields, the query qualifications "
            f"must specify no more than one row for retrieval. Result size: {found.total}"
        )
        raise Refusal("MALFORMED_QUERY", words)
    rows = call.org[found.object].rows
    records = [*(found.groups or ()), *(found.show(rows[key]) for key in found.ids)]
    return Answer(
        body={
            "size": len(records),
            "totalSize": found.total,
            "done": True,
            "queryLocator": None,
            "entityTypeName": found.object if records else None,
            "records": records,
        }
    )


def create(call: Call) -> Answer:
    """``POST /tooling/sobjects/CustomField``"""
    new = add_field(call.org, *_asked(call), by=call.session.user)
    body = {"id": new, "success": True, "errors": [], "warnings": [], "infos": []}
    return Answer(status=201, body=body)


def read(call: Call) -> Answer:
    """``GET /tooling/sobjects/CustomField/{id}``"""
    sobject, row = call.org.schema["CustomField"], _present(call)
    fields = sobject.fields.values()
    return Answer(body=record(sobject, row, fields, f"{call.version}/tooling"))


def update(call: Call) -> Answer:
    """``PATCH /tooling/sobjects/CustomField/{id}``: the metadata replaces what was there."""
    row, metadata = _present(call), call.body.get("Metadata")
    if not isinstance(metadata, dict):
        raise missing(["Metadata"])
    home, name = customfields.split(str(row["FullName"]))
    field = customfields.build(name, metadata)
    before = call.org.schema.homes(home)[0].fields[name]
    if field.type != before.type:
        words = f"Cannot change the type of a field from {before.type} to {field.type}"
        raise Refusal("FIELD_INTEGRITY_EXCEPTION", words, fields=["Metadata"])
    for sobject, shown in persons.copies(call.org, home, field):
        sobject.add(shown)
        call.org[sobject.name].reindex()
    stamps = {"LastModifiedDate": call.org.now(), "SystemModstamp": call.org.now()}
    facts = _facts(metadata)
    call.org.put("CustomField", str(row["Id"]), {**row, **facts, **stamps})
    return Answer(status=204)


def delete(call: Call) -> Answer:
    """``DELETE /tooling/sobjects/CustomField/{id}``: the field goes, with its values."""
    row = _present(call)
    home, name = customfields.split(str(row["FullName"]))
    field = call.org.schema.homes(home)[0].fields[name]
    for sobject, shown in persons.copies(call.org, home, field):
        sobject.remove(shown.name)
        table = call.org[sobject.name]
        for key, values in list(table.rows.items()):
            table.rows[key] = {k: v for k, v in values.items() if k != shown.name}
        table.reindex()
    call.org.put("CustomField", str(row["Id"]), None)
    return Answer(status=204)


def add_field(org: Org, full_name: str, metadata: Mapping[str, Any], *, by: str) -> str:
    """A new custom field; the id of its definition. Raises Refusal."""
    home, name = customfields.split(full_name)
    homes = org.schema.homes(home)
    if home in ACTIVITIES or not homes:
        words = f"Entity Enumeration Or ID: bad value for restricted picklist field: {home}"
        raise Refusal("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", words, fields=["TableEnumOrId"])
    if homes[0].find(name):
        words = f"There is already a field named {name.removesuffix('__c')} on {home}."
        raise Refusal("DUPLICATE_DEVELOPER_NAME", words, fields=["DeveloperName"])
    field = customfields.build(name, metadata)
    for target in field.reference_to:
        if org.schema.find(target) is None:
            words = f"referenceTo value of '{target}' does not resolve to a valid sObject type"
            raise Refusal("FIELD_INTEGRITY_EXCEPTION", words, fields=["ReferenceTo"])
    for sobject, shown in persons.copies(org, home, field):
        sobject.add(shown)
        _fill(org, sobject, shown)
    return org.make(
        "CustomField",
        by,
        TableEnumOrId=home,
        DeveloperName=name.removesuffix("__c"),
        FullName=full_name,
        ManageableState="unmanaged",
        **_facts(metadata),
    )


def _fill(org: Org, sobject: SObject, field: Field) -> None:
    table = org[sobject.name]
    if field.type == "boolean":
        for key, row in table.rows.items():
            table.rows[key] = {**row, field.name: field.default}
    table.reindex()


def _facts(metadata: Mapping[str, Any]) -> dict[str, Value]:
    return {
        "Metadata": json.dumps(metadata),
        "InlineHelpText": metadata.get("inlineHelpText"),
        "Description": metadata.get("description"),
        "Length": metadata.get("length"),
        "Precision": metadata.get("precision"),
        "Scale": metadata.get("scale"),
    }


def _asked(call: Call) -> tuple[str, Mapping[str, Any]]:
    name, metadata = call.body.get("FullName"), call.body.get("Metadata")
    if not isinstance(name, str) or not name:
        raise missing(["FullName"])
    if not isinstance(metadata, dict):
        raise unparsed("complexvalue", metadata) if metadata else missing(["Metadata"])
    return name, metadata


def _present(call: Call) -> Row:
    row = call.org.locate(call.org.schema["CustomField"], call.request.params["id"])
    if row is None:
        raise not_found()
    return row


_HOME: Final = "/tooling/sobjects/CustomField"
ROUTES: Final[tuple[Resource, ...]] = (
    ("GET", "/tooling/query", "tooling.query", query),
    ("POST", _HOME, "tooling.create", create),
    ("GET", f"{_HOME}/{{id}}", "tooling.read", read),
    ("PATCH", f"{_HOME}/{{id}}", "tooling.update", update),
    ("DELETE", f"{_HOME}/{{id}}", "tooling.delete", delete),
)
