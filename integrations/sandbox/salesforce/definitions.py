"""Validation rules and record types through the Tooling API.

Source: Tooling API Developer Guide, "ValidationRule", "RecordType".
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from integrations.sandbox.http import Answer
from integrations.sandbox.salesforce import recordtypes, validation
from integrations.sandbox.salesforce.call import Call, Resource
from integrations.sandbox.salesforce.org import Org
from integrations.sandbox.salesforce.refusals import Refusal, missing, not_found
from integrations.sandbox.salesforce.schema import SObject
from integrations.sandbox.salesforce.shown import record
from integrations.sandbox.salesforce.table import Row

_NAME: Final = re.compile(r"(\w+)\.([A-Za-z]\w*)")


def create(call: Call) -> Answer:
    """``POST /tooling/sobjects/ValidationRule`` or ``RecordType``"""
    kind, org = call.request.params["kind"], call.org
    match = _NAME.fullmatch(str(call.body.get("FullName") or ""))
    sobject = org.schema.find(match[1]) if match else None
    if match is None or sobject is None:
        raise missing(["FullName"])
    values = _values(kind, sobject, match[2], _metadata(call))
    new = org.make(kind, call.session.user, **values)
    _settle(org, kind, sobject, new, _metadata(call))
    body = {"id": new, "success": True, "errors": [], "warnings": [], "infos": []}
    return Answer(status=201, body=body)


def read(call: Call) -> Answer:
    """``GET /tooling/sobjects/{kind}/{id}``"""
    sobject, row = call.org.schema[call.request.params["kind"]], _present(call)
    return Answer(body=record(sobject, row, sobject.fields.values(), f"{call.version}/tooling"))


def update(call: Call) -> Answer:
    """``PATCH /tooling/sobjects/{kind}/{id}``: the metadata replaces what was there."""
    kind, org, row = call.request.params["kind"], call.org, _present(call)
    home = str(row["EntityDefinitionId" if kind == "ValidationRule" else "SobjectType"])
    name = str(row["ValidationName" if kind == "ValidationRule" else "DeveloperName"])
    sobject = org.schema[home]
    values = _values(kind, sobject, name, _metadata(call))
    touched = org.touched(org.schema[kind], call.session.user)
    org.put(kind, str(row["Id"]), {**row, **values, **touched})
    _settle(org, kind, sobject, str(row["Id"]), _metadata(call))
    return Answer(status=204)


def delete(call: Call) -> Answer:
    """``DELETE /tooling/sobjects/ValidationRule/{id}``"""
    if call.request.params["kind"] == "RecordType":
        words = "entity type RecordType does not support delete"
        raise Refusal("INVALID_TYPE_FOR_OPERATION", words, fields=())
    call.org.put("ValidationRule", str(_present(call)["Id"]), None)
    return Answer(status=204)


def _values(kind: str, sobject: SObject, name: str, metadata: Mapping[str, Any]) -> dict[str, Any]:
    if kind == "RecordType":
        return recordtypes.facts(sobject, name, metadata)
    told = {"FullName": f"{sobject.name}.{name}", "Metadata": json.dumps(metadata)}
    return {**validation.facts(sobject, name, metadata), **told}


def _settle(org: Org, kind: str, sobject: SObject, id: str, metadata: Mapping[str, Any]) -> None:
    if kind == "RecordType":
        org.record_types[id] = metadata
        recordtypes.show(org, sobject)


def _metadata(call: Call) -> Mapping[str, Any]:
    metadata = call.body.get("Metadata")
    if not isinstance(metadata, dict):
        raise missing(["Metadata"])
    return metadata


def _present(call: Call) -> Row:
    row = call.org.locate(call.org.schema[call.request.params["kind"]], call.request.params["id"])
    if row is None:
        raise not_found()
    return row


_HOME: Final = "/tooling/sobjects/{kind:ValidationRule|RecordType}"
ROUTES: Final[tuple[Resource, ...]] = (
    ("POST", _HOME, "definitions.create", create),
    ("GET", f"{_HOME}/{{id}}", "definitions.read", read),
    ("PATCH", f"{_HOME}/{{id}}", "definitions.update", update),
    ("DELETE", f"{_HOME}/{{id}}", "definitions.delete", delete),
)
