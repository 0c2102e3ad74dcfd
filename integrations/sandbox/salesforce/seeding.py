"""Fills an org: what every org has, the company's users and queues, its customers.

The custom fields of a company that measures churn are there from the start; whatever an
integration wants beyond them it has to create.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from integrations.sandbox.salesforce import settings
from integrations.sandbox.salesforce.moments import stamp
from integrations.sandbox.salesforce.org import Org
from integrations.sandbox.salesforce.tooling import add_field
from integrations.sandbox.seed import STAGES, Colleague, Customer, Person, Seed

ZONE: Final = "America/New_York"
QUEUES: Final = ("Customer Success", "Billing", "IT")
_COUNT: Final = {"type": "Number", "precision": 10, "scale": 0}
_STAGE_VALUES: Final = [
    {"valueName": stage, "label": stage.replace("_", " ").capitalize(), "default": False}
    for stage in STAGES
]
#: The company's own fields on accounts.
FIELDS: Final[Mapping[str, Mapping[str, Any]]] = {
    "Customer_Stage__c": {
        "type": "Picklist",
        "label": "Customer stage",
        "trackHistory": True,
        "valueSet": {
            "restricted": True,
            "valueSetDefinition": {"sorted": False, "value": _STAGE_VALUES},
        },
    },
    "Csm__c": {
        "type": "Lookup",
        "label": "Customer success manager",
        "referenceTo": "User",
        "relationshipName": "Looked_After",
    },
    "Plan__c": {"type": "Text", "label": "Plan", "length": 80},
    "Seats__c": {"label": "Seats", **_COUNT},
    "Mrr__c": {"type": "Currency", "label": "MRR", "precision": 18, "scale": 2},
    "Open_Tickets__c": {"label": "Open tickets", **_COUNT},
    "Product_Usage_30_Days__c": {"label": "Product usage, 30 days", **_COUNT},
    "Contract_End_Date__c": {"type": "Date", "label": "Contract end date"},
}


def fill(org: Org, seed: Seed) -> None:
    """The org as it is before anything has happened."""
    began = stamp(seed.started_at)
    org.platform = org.integration = org.ids.next("005")
    org.id = org.make("Organization", org.platform, **_organization(seed, began))
    profiles = {name: org.make("Profile", org.platform, Name=name) for name in _PROFILES}
    process = _user_values(_PROCESS, profiles["System Administrator"], began)
    org.make("User", org.platform, **process | {"Id": org.platform, "UserType": "AutomatedProcess"})
    api = profiles["Salesforce API Only System Integrations"]
    org.integration = _user(org, _INTEGRATION, api, began)
    users = {c.handle: _user(org, c, profiles["Standard User"], began) for c in seed.colleagues}
    settings.add(org)
    for name in QUEUES:
        key = name.replace(" ", "_")
        queue = org.make("Group", org.platform, Name=name, DeveloperName=key, Type="Queue")
        org.make("QueueSobject", org.platform, QueueId=queue, SobjectType="Task")
    if seed.fields:
        _fields(org)
    for customer in seed.customers:
        _customer(org, customer, users, fields=seed.fields)


_PROFILES: Final = (
    "System Administrator",
    "Standard User",
    "Salesforce API Only System Integrations",
)
#: The user that automation without a user works as.
_PROCESS: Final = Colleague(
    handle="autoproc",
    first="Automated",
    last="Process",
    email="autoproc@sandbox.example",
    title="",
)
_INTEGRATION: Final = Colleague(
    handle="integration",
    first="Integration",
    last="User",
    email="integration@sandbox.example",
    title="API client",
)


def _organization(seed: Seed, began: str) -> dict[str, Any]:
    return {
        "Name": f"Sandbox {seed.name}".strip(),
        "Country": "US",
        "PrimaryContact": "Integration User",
        "DefaultLocaleSidKey": "en_US",
        "TimeZoneSidKey": ZONE,
        "LanguageLocaleKey": "en_US",
        "FiscalYearStartMonth": 1,
        "DefaultAccountAccess": "Edit",
        "DefaultContactAccess": "ControlledByParent",
        "DefaultOpportunityAccess": "Edit",
        "DefaultLeadAccess": "ReadEditTransfer",
        "DefaultCaseAccess": "ReadEditTransfer",
        "DefaultCalendarAccess": "HideDetailsInsert",
        "DefaultPricebookAccess": "ReadSelect",
        "DefaultCampaignAccess": "All",
        "UiSkin": "Theme3",
        "OrganizationType": "Enterprise Edition",
        "InstanceName": "CS001",
        "IsSandbox": True,
        "CreatedDate": began,
        "SystemModstamp": began,
        "LastModifiedDate": began,
    }


def _user(org: Org, colleague: Colleague, profile: str, began: str) -> str:
    return org.make("User", org.platform, **_user_values(colleague, profile, began))


def _user_values(colleague: Colleague, profile: str, began: str) -> dict[str, Any]:
    return {
        "Username": colleague.email,
        "FirstName": colleague.first,
        "LastName": colleague.last,
        "Name": f"{colleague.first} {colleague.last}",
        "Email": colleague.email.lower(),
        "Title": colleague.title or None,
        "Alias": colleague.handle[:8],
        "CommunityNickname": colleague.handle,
        "IsActive": colleague.active,
        "Country": colleague.country,
        "TimeZoneSidKey": colleague.zone or ZONE,
        "LocaleSidKey": "en_US",
        "LanguageLocaleKey": "en_US",
        "EmailEncodingKey": "UTF-8",
        "ProfileId": profile,
        "UserType": "Standard",
        "UserPermissionsMarketingUser": True,
        "CreatedDate": began,
        "LastModifiedDate": began,
        "SystemModstamp": began,
    }


def _fields(org: Org) -> None:
    """The company's fields, and the permission set that lets the integration use them."""
    names = {"Name": "Integration", "Label": "Integration"}
    permissions = org.make("PermissionSet", org.platform, **names, IsCustom=True)
    assigned = {"PermissionSetId": permissions, "AssigneeId": org.integration}
    org.make("PermissionSetAssignment", org.platform, **assigned, IsActive=True)
    for name, metadata in FIELDS.items():
        add_field(org, f"Account.{name}", metadata, by=org.platform)
        org.make(
            "FieldPermissions",
            org.platform,
            ParentId=permissions,
            SobjectType="Account",
            Field=f"Account.{name}",
            PermissionsRead=True,
            PermissionsEdit=True,
        )


def enrolled(org: Org, customer: Customer) -> str:
    """A customer who comes later, with their people, by the nicknames of users; the id."""
    users = {str(row["CommunityNickname"]): str(row["Id"]) for row in org["User"].live()}
    return _customer(org, customer, users, fields=True)


def _customer(org: Org, customer: Customer, users: Mapping[str, str], *, fields: bool) -> str:
    owner = users.get(customer.owner or "", org.integration)
    born = _born(customer.created_at)
    own: dict[str, Any] = {
        "Name": customer.name,
        "Type": "Customer",
        "BillingCountry": customer.country,
        "Industry": customer.industry,
        "AnnualRevenue": None if customer.mrr is None else float(round(customer.mrr * 12)),
        "Website": customer.domain and f"https://{customer.domain}",
        "AccountNumber": customer.ref,
        "OwnerId": owner,
    }
    if fields:
        own |= {
            "Customer_Stage__c": customer.stage,
            "Csm__c": users.get(customer.csm or ""),
            "Plan__c": customer.plan,
            "Seats__c": _float(customer.seats),
            "Mrr__c": _float(customer.mrr),
            "Open_Tickets__c": _float(customer.open_tickets),
            "Product_Usage_30_Days__c": _float(customer.usage),
            "Contract_End_Date__c": customer.contract_end and customer.contract_end.isoformat(),
        }
    account = org.make("Account", owner, **own, **born)
    for person in customer.people:
        org.make("Contact", owner, **_person(person, customer, account, owner), **born)
    return account


def _person(person: Person, customer: Customer, account: str, owner: str) -> dict[str, Any]:
    return {
        "AccountId": account,
        "FirstName": person.first,
        "LastName": person.last,
        "Name": f"{person.first} {person.last}",
        "Email": person.email and person.email.lower(),
        "Title": person.title or None,
        "HasOptedOutOfEmail": person.opted_out,
        "MailingCountry": customer.country,
        "OwnerId": owner,
    }


def _born(moment: datetime) -> dict[str, str]:
    return dict.fromkeys(("CreatedDate", "LastModifiedDate", "SystemModstamp"), stamp(moment))


def _float(number: float | None) -> float | None:
    return None if number is None else float(number)
