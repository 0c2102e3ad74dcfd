"""What an admin does in Salesforce before the service can sign in.

Source: "External Client Apps" in Salesforce Help.
"""

from __future__ import annotations

from typing import Final

GUIDE: Final = (
    "Create a user for the service with the licence Salesforce Integration, and give it a"
    " permission set with API Enabled, View All on what you watch, and the rights to edit accounts,"
    " contacts, tasks and campaigns.",
    "In Setup open External Client App Manager, create an app, and turn on OAuth with the scope"
    " Manage user data via APIs (api).",
    "Turn on the client credentials flow in its policies, and let it run as that user.",
    "Copy the consumer key and secret from its settings, and your own domain from My Domain.",
)
