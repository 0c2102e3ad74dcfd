"""What an admin of the CRM does to its fields, by the vendor's own API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.acceptance.office import Office

_HUBSPOT = {"Account": "companies", "Contact": "contacts", "Task": "tasks", "Note": "notes"}
_TOOLING = "/services/data/v62.0/tooling"


def drops(here: Office, object: str, name: str) -> None:
    """Delete a field."""
    if here.crm == "hubspot":
        here.ask("DELETE", f"/crm/properties/2026-09/{_HUBSPOT[object]}/{name}")
    else:
        here.ask("DELETE", f"{_TOOLING}/sobjects/CustomField/{_definition(here, name)['Id']}")


def renames(here: Office, object: str, name: str, to: str) -> None:
    """Delete a field and make it anew, under another name and the same label."""
    if here.crm == "hubspot":
        place = f"/crm/properties/2026-09/{_HUBSPOT[object]}"
        known = here.ask("GET", f"{place}/{name}")
        drops(here, object, name)
        keys = ("label", "type", "fieldType", "groupName", "options", "referencedObjectType")
        external = {"externalOptions": True} if known.get("externalOptions") else {}
        made = {key: known[key] for key in keys if key in known}
        here.ask("POST", place, {"name": to, **made, **external})
    else:
        known = _definition(here, name)["Metadata"]
        drops(here, object, name)
        body = {"FullName": f"{_home(object)}.{to}", "Metadata": known}
        here.ask("POST", f"{_TOOLING}/sobjects/CustomField", body)


def retypes(here: Office, object: str, name: str) -> None:
    """Make a field anew as a number, under the same name."""
    drops(here, object, name)
    if here.crm == "hubspot":
        body = {"name": name, "label": name, "type": "number", "fieldType": "number",
                "groupName": "aurevoir"}  # fmt: skip
        here.ask("POST", f"/crm/properties/2026-09/{_HUBSPOT[object]}", body)
    else:
        metadata = {"label": name, "type": "Number", "precision": 5, "scale": 0}
        body = {"FullName": f"{_home(object)}.{name}", "Metadata": metadata}
        here.ask("POST", f"{_TOOLING}/sobjects/CustomField", body)


def relabels(here: Office, object: str, name: str, label: str) -> None:
    """Give a field another label; its name stays."""
    if here.crm == "hubspot":
        place = f"/crm/properties/2026-09/{_HUBSPOT[object]}/{name}"
        here.ask("PATCH", place, {"label": label})
    else:
        _update(here, name, lambda metadata: {**metadata, "label": label})


def loses(here: Office, object: str, name: str, choice: str) -> None:
    """Take a choice away from a field."""
    if here.crm == "hubspot":
        place = f"/crm/properties/2026-09/{_HUBSPOT[object]}/{name}"
        options = here.ask("GET", place)["options"]
        here.ask("PATCH", place, {"options": [o for o in options if o["value"] != choice]})
        return

    def without(metadata: Any) -> Any:
        definition = metadata["valueSet"]["valueSetDefinition"]
        values = [one for one in definition["value"] if one["valueName"] != choice]
        changed = {**definition, "value": values}
        return {**metadata, "valueSet": {**metadata["valueSet"], "valueSetDefinition": changed}}

    _update(here, name, without)


def _home(object: str) -> str:
    return "Activity" if object == "Task" else object


def _update(here: Office, name: str, change: Callable[[Any], Any]) -> None:
    known = _definition(here, name)
    body = {"Metadata": change(known["Metadata"])}
    here.ask("PATCH", f"{_TOOLING}/sobjects/CustomField/{known['Id']}", body)


def _definition(here: Office, name: str) -> Any:
    soql = f"SELECT Id, Metadata FROM CustomField WHERE DeveloperName = '{name[:-3]}'"
    (found,) = here.ask("GET", f"{_TOOLING}/query", q=soql)["records"]
    return found
