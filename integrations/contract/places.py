"""Where an admin of a CRM clicks to mend what no longer fits, in the words of its own setup.

Sources: "Create and edit properties", "Archive and restore properties" and "Set up pipelines" in
HubSpot's knowledge base; "Manage Deleted Custom Fields", "Change the Custom Field Type", "Manage
Picklist Values" and "Field Permissions in Permission Sets" in Salesforce Help.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final

#: Where an admin lets our user, or our key, do more.
PERMISSIONS: Final[Mapping[str, str]] = {
    "hubspot": "HubSpot: Settings > Integrations > Service Keys, or the scopes of the app",
    "salesforce": "Salesforce: Setup > Permission Sets > Aurevoir: service > Object Settings",
}
#: Where lists and campaigns are kept.
LISTS: Final[Mapping[str, str]] = {
    "hubspot": "HubSpot: CRM > Segments",
    "salesforce": "Salesforce: App Launcher > Campaigns",
}
#: HubSpot's objects -> as its list of properties names them.
_HUBSPOT: Final = {
    "companies": "Company", "company": "Company", "0-2": "Company",
    "contacts": "Contact", "contact": "Contact", "0-1": "Contact",
    "deals": "Deal", "deal": "Deal", "0-3": "Deal",
    "tickets": "Ticket", "ticket": "Ticket", "0-5": "Ticket",
    "task": "Task", "note": "Note",
}  # fmt: skip
#: What is chosen there in the settings of an object, not of a property.
_PIPELINES: Final = {
    "dealstage": "Deals", "pipeline": "Deals",
    "hs_pipeline_stage": "Tickets", "hs_pipeline": "Tickets",
}  # fmt: skip
#: Both have their fields on Activity, and the rights to them on Task.
_ACTIVITIES: Final = ("task", "note")
_PLURALS: Final = {"Opportunity": "Opportunities", "Task": "Tasks"}


class Trouble(StrEnum):
    """What has become of a field."""

    #: It was deleted, or hidden from our user.
    GONE = "gone"
    #: It is of another type, or too short.
    RETYPED = "retyped"
    #: It lacks a choice.
    OPTION = "option"
    #: Our user may no longer write it.
    PERMISSION = "permission"


def place(crm: str, object: str, field: str, trouble: Trouble) -> str:
    """Where to click for a field of an object: ``HubSpot: Settings > Properties > ...``."""
    return _PLACES[crm](object, field, trouble)


def _hubspot(object: str, field: str, trouble: Trouble) -> str:
    if trouble is Trouble.PERMISSION:
        return PERMISSIONS["hubspot"]
    if trouble is Trouble.OPTION and field in _PIPELINES:
        return f"HubSpot: Settings > Objects > {_PIPELINES[field]} > Pipelines"
    home = f"HubSpot: Settings > Properties > {_HUBSPOT.get(object, object)} properties"
    if trouble is Trouble.GONE:
        return f"{home} > Archived properties > Restore"
    return f"{home} > {field} > Field type"


def _salesforce(object: str, field: str, trouble: Trouble) -> str:
    acts = object in _ACTIVITIES
    of = "Task" if acts else object
    rights = f"Aurevoir: service > Object Settings > {_PLURALS.get(of, f'{of}s')}"
    if trouble is Trouble.PERMISSION:
        return f"Salesforce: Setup > Permission Sets > {rights} > Field Permissions"
    manager = f"Object Manager > {'Activity' if acts else object} > Fields & Relationships"
    home = f"Salesforce: Setup > {manager}"
    if trouble is Trouble.GONE:
        return f"{home} > Deleted Fields; if it is there: Setup > Permission Sets > {rights}"
    if trouble is Trouble.OPTION:
        return f"{home} > {field} > Values"
    return f"{home} > {field} > Edit > Change Field Type"


_PLACES: Final[Mapping[str, Callable[[str, str, Trouble], str]]] = {
    "hubspot": _hubspot,
    "salesforce": _salesforce,
}
