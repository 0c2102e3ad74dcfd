"""What an admin does in HubSpot before the service can sign in. Source: "Service keys"."""

from __future__ import annotations

from typing import Final

GUIDE: Final = (
    "As a super admin open Settings > Integrations > Service Keys, and create a key.",
    "Give it these scopes: crm.objects.companies.read and .write, crm.objects.contacts.read and"
    " .write, crm.objects.owners.read, crm.schemas.companies.read and .write,"
    " crm.schemas.contacts.read and .write, crm.lists.read and .write,"
    " communication_preferences.read; crm.objects.deals.read and .write if you watch deals;"
    " transactional-email if you have the add-on.",
    "Copy the key. HubSpot shows it again under the same menu.",
)
