"""The choices of a custom picklist, which are part of its metadata.

Source: "CustomField" in the Tooling API developer guide: an update replaces the whole metadata, so
what is there is read first. A value that was taken away may be there still, and not be active.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from integrations.contract import Option
from integrations.errors import Drift
from integrations.salesforce import soql
from integrations.salesforce.client import Client

_FIELDS = "tooling/sobjects/CustomField"


def metadata(option: Option) -> dict[str, Any]:
    """One value as the metadata has it."""
    return {"valueName": option.value, "label": option.label, "default": False}


def add(client: Client, home: str, field: str, options: Sequence[Option]) -> None:
    """Add values behind those that are there; raises Drift where the field has none of its own."""
    query = soql.select(
        ("Id", "Metadata"),
        "CustomField",
        soql.equals("TableEnumOrId", home),
        soql.equals("DeveloperName", field.removesuffix("__c")),
    )
    found = client.tooling("fields.query", query)["records"]
    said = next((raw["Metadata"] for raw in found), None) or {}
    values = said.get("valueSet") or {}
    definition = values.get("valueSetDefinition")
    if not definition:
        words = f"the choices of {field} are kept elsewhere in Salesforce; add them there"
        raise Drift(words, field=field)
    lost = {option.value: option for option in options}
    there = [
        {**raw, "isActive": True}
        if raw["valueName"] in lost and raw.get("isActive") is False
        else raw
        for raw in definition["value"]
    ]
    known = {raw["valueName"] for raw in there}
    new = [metadata(option) for value, option in lost.items() if value not in known]
    if [*there, *new] == definition["value"]:
        return
    definition = {**definition, "value": [*there, *new]}
    body = {"Metadata": {**said, "valueSet": {**values, "valueSetDefinition": definition}}}
    client.write("fields.update", "PATCH", f"{_FIELDS}/{found[0]['Id']}", body=body)
