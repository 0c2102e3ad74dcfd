"""What a customer does with a link in a mail: opens the page in a browser, fills in the form."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import requests

#: Seconds.
PATIENCE: Final = 10
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


def fill_in(address: str, answers: Mapping[str, str], *, language: str = "") -> None:
    """Open the page and send its form with these answers; raises requests' HTTPError.

    ``language``: what the browser asks for.
    """
    headers = {"Accept-Language": language} if language else {}
    page = requests.get(address, headers=headers, timeout=PATIENCE)
    page.raise_for_status()
    sent = {**dict(_HIDDEN.findall(page.text)), **answers}
    requests.post(address, data=sent, headers=headers, timeout=PATIENCE).raise_for_status()
