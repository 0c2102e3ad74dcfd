"""Whether a request comes from HubSpot. Source: "Validating requests", version 3.

Versions 1 and 2 have no time in them, so that whoever has seen a request can send it again for
ever: they are refused. The vendor's own helper takes times of the future and does not decode.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime
from typing import Final

from integrations.contract import Forged, Hook

SIGNATURE: Final = "x-hubspot-signature-v3"
TIMESTAMP: Final = "x-hubspot-request-timestamp"
#: Seconds by which a request may be old, or its sender's clock ahead.
TOLERANCE: Final = 300
#: What is decoded in the address before it is signed.
_DECODED: Final = {
    "%3A": ":", "%2F": "/", "%3F": "?", "%40": "@", "%21": "!", "%24": "$",
    "%27": "'", "%28": "(", "%29": ")", "%2A": "*", "%2C": ",", "%3B": ";",
}  # fmt: skip


def check(hook: Hook, *, secret: str, now: datetime) -> None:
    """Raise Forged unless the app with this client secret was called by HubSpot just now."""
    given, at = hook.headers.get(SIGNATURE, ""), hook.headers.get(TIMESTAMP, "")
    if not given:
        raise Forged("it has no signature of version 3")
    if not (at.isascii() and at.isdecimal() and len(at) < 20):
        raise Forged("its time is not a number of milliseconds")
    if abs(now.timestamp() - int(at) / 1000) > TOLERANCE:
        raise Forged("it was not signed within the last five minutes")
    told = f"{hook.method}{_decoded(hook.url)}".encode() + hook.body + at.encode()
    wanted = base64.b64encode(hmac.digest(secret.encode(), told, hashlib.sha256))
    if not hmac.compare_digest(wanted, given.encode()):
        raise Forged("its signature is not that of the app")


def _decoded(url: str) -> str:
    for code, letter in _DECODED.items():
        url = url.replace(code, letter).replace(code.lower(), letter)
    return url
