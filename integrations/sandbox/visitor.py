"""What a customer does with a link in a mail: opens the page in a browser, fills in the form."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import requests

#: Seconds.
PATIENCE: Final = 10
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


def fill_in(address: str, answers: Mapping[str, str]) -> None:
    """Open the page and send its form with these answers; raises requests' HTTPError."""
    page = requests.get(address, timeout=PATIENCE)
    page.raise_for_status()
    hidden = dict(_HIDDEN.findall(page.text))
    requests.post(address, data={**hidden, **answers}, timeout=PATIENCE).raise_for_status()
