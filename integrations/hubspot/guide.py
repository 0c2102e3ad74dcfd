"""What an admin does in HubSpot before the service can sign in.

Sources: "Service keys", and "Working with OAuth", in HubSpot's developer documentation.
"""

from __future__ import annotations

from typing import Final

_SCOPES: Final = (
    "crm.objects.companies.read and .write, crm.objects.contacts.read and"
    " .write, crm.objects.owners.read, crm.schemas.companies.read and .write,"
    " crm.schemas.contacts.read and .write, crm.lists.read and .write,"
    " communication_preferences.read; crm.objects.deals.read and .write if you watch deals;"
    " transactional-email if you have the add-on."
)
#: By a service key.
KEY: Final = (
    "As a super admin open Settings > Integrations > Service Keys, and create a key.",
    f"Give it these scopes: {_SCOPES}",
    "Copy the key. HubSpot shows it again under the same menu.",
)
#: By an app that is installed by OAuth.
APP: Final = (
    "In a developer account create a project with an app whose distribution is private and whose"
    " auth is oauth.",
    f"Give it these scopes: {_SCOPES}",
    "Add http://localhost:8012/ to its redirect URLs.",
    "Copy its client id and client secret, and run `aurevoir connect --oauth` to install it.",
)
