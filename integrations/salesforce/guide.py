"""What an admin does in Salesforce before the service can sign in.

Sources: "External Client Apps", and "OAuth 2.0 JWT Bearer Flow for Server-to-Server Integration",
in Salesforce Help.
"""

from __future__ import annotations

from typing import Final

_BEGIN: Final = (
    "Create a user for the service with the licence Salesforce Integration, and give it a"
    " permission set with API Enabled, View All on what you watch, and the rights to edit accounts,"
    " contacts, tasks and campaigns.",
    "In Setup open External Client App Manager, create an app, and turn on OAuth with the scope"
    " Manage user data via APIs (api).",
)
#: By client credentials.
SECRET: Final = (
    *_BEGIN,
    "Turn on the client credentials flow in its policies, and let it run as that user.",
    "Copy the consumer key and secret from its settings, and your own domain from My Domain.",
)
#: By an assertion that a private key signs.
CERTIFICATE: Final = (
    *_BEGIN,
    "Make a key and a certificate: openssl req -x509 -newkey rsa:2048 -nodes -days 730"
    " -subj /CN=aurevoir -keyout salesforce.pem -out salesforce.crt; then chmod 600"
    " salesforce.pem.",
    "Turn on the JWT bearer flow in the app's settings, with salesforce.crt as its certificate.",
    "In its policies let admin-approved users in, and choose the user's permission set.",
    "Copy the consumer key from its settings, the user's name, and your own domain from My Domain.",
)
