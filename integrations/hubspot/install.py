"""Installing an app in a portal: the page where an admin agrees, and the token that comes of it.

Source: "Working with OAuth" in HubSpot's developer documentation.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from integrations.contract import Wire
from integrations.errors import Drift, Gone, Reauthorise, Reject
from integrations.hubspot.client import Client
from integrations.hubspot.sign_in import Key

HOST: Final = "https://app.hubspot.com"
SCOPES: Final = (
    "crm.objects.companies.read",
    "crm.objects.companies.write",
    "crm.objects.contacts.read",
    "crm.objects.contacts.write",
    "crm.objects.owners.read",
    "crm.schemas.companies.read",
    "crm.schemas.companies.write",
    "crm.schemas.contacts.read",
    "crm.schemas.contacts.write",
    "crm.lists.read",
    "crm.lists.write",
    "communication_preferences.read",
)
#: Asked for where the portal and the app have them.
OPTIONAL: Final = (
    "crm.objects.deals.read",
    "crm.objects.deals.write",
    "crm.objects.custom.read",
    "crm.objects.custom.write",
    "crm.schemas.custom.read",
    "crm.schemas.custom.write",
    "communication_preferences.statuses.batch.read",
    "transactional-email",
)


def page(*, client_id: str, back: str, state: str, url: str | None = None) -> str:
    """The address where an admin agrees; the browser is sent ``back`` with a code."""
    asked = {
        "client_id": client_id,
        "redirect_uri": back,
        "scope": " ".join(SCOPES),
        "optional_scope": " ".join(OPTIONAL),
        "state": state,
    }
    return f"{(url or HOST).rstrip('/')}/oauth/authorize?{urlencode(asked)}"


def refresh_token(
    *, client_id: str, client_secret: str, code: str, back: str, wire: Wire, url: str | None = None
) -> str:
    """The refresh token that a code is worth; raises Reauthorise, and what Client raises."""
    client = Client(sign_in=Key(""), wire=wire, url=url, paced=False)
    form = {
        "grant_type": "authorization_code",
        "client_id": client_id,
        "client_secret": client_secret,
        "redirect_uri": back,
        "code": code,
    }
    try:
        return str(client.tokens(form)["refresh_token"])
    except (Reauthorise, Reject, Gone, Drift, KeyError) as refusal:
        words = "HubSpot gives no token for this code; see the client secret and redirect URL"
        raise Reauthorise(words, code=getattr(refusal, "code", "")) from None
